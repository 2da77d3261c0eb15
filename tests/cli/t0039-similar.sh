#!/bin/bash
test_description='tali similar: code in common is found and shown, starter and habits are not'
. "$(dirname "$0")/lib.sh"
. "$srcdir/tests/cli/fixture.sh"

# one FILE OFFSET: a solution of its own, renamed by OFFSET
solution_one() {
	cat <<-END
		# notes of $1
		def read_$1(path_$1):
		    rows_$1 = {}
		    with open(path_$1) as $1:
		        for number, line in enumerate($1):
		            if number > 10 or not line.strip():
		                continue
		            name, price, *rest = line.split(',')
		            rows_$1.setdefault(name, []).append((float(price), rest))
		    return sorted(rows_$1.items(), key=lambda item: -len(item[1]))
		class Book_$1:
		    def __init__(self, rate, *, $1='EUR'):
		        self.rate, self.total = rate, 0
		        self.entries = [None] * 10
		    def book(self, amount):
		        if amount < 0 and self.total + amount < 0:
		            raise ValueError(f'no cover for {amount}')
		        while self.entries and self.entries[-1] is None:
		            self.entries.pop()
		        self.total += amount * self.rate
		        return self.total % 7 == 3 or self.entries == []
	END
}

solution_two() {
	cat <<-'END'
		import re
		PATTERN = re.compile(r'(\w+),([0-9.]+)')
		def parse(text):
		    result = []
		    position = 0
		    while position < len(text):
		        match = PATTERN.match(text, position)
		        if match is None:
		            position += 1
		            continue
		        result.append({'name': match.group(1), 'price': match.group(2)})
		        position = match.end()
		    return result
		def totals(rows):
		    sums = {}
		    for row in rows:
		        try:
		            sums[row['name']] += int(row['price'])
		        except (KeyError, ValueError) as error:
		            print(error)
		            sums[row['name']] = 0
		    assert sums, 'nothing'
		    return [key for key in sums if sums[key] > 0]
	END
}

# submit_code FILE EMAIL [INVITE-OPTION...]: hands it in as main.py; sets $id
submit_code() {
	invite_one "${@:2}" && tali start "$passcode" "work-$id" >/dev/null &&
	cp "$1" "work-$id/main.py" && in_folder "work-$id" tali submit --yes >/dev/null
}

test_expect_success 'a task without submissions has no pairs' '
	make_store && tiny_task tiny-folder && solution_two | sed s/totals/given/ >starter.py &&
	cp starter.py tiny-folder/start/starter.py &&
	tali task create tiny --from tiny-folder >/dev/null && tali similar tiny >out &&
	grep "^0 submissions, 0 pairs" out && grep "no pair has 50 % or more" out &&
	tali similar tiny --json >out.json && check_schema out.json'

test_expect_success 'a renamed copy is found, and its rank told' '
	solution_one ada >code && submit_code code ada@example.org && ada=$id &&
	solution_one bob >code && submit_code code bob@example.org --name "read_bob" && bob=$id &&
	solution_two >code && submit_code code cat@example.org && cat=$id &&
	seq 200 | sed "s/.*/value_& = compute(&) if flag_& else [&]/" >code &&
	submit_code code dan@example.org && dan=$id &&
	tali similar tiny --json >out.json && check_schema out.json &&
	test "$(json_get out.json "len(j[\"pairs\"])")" = 1 &&
	test "$(json_get out.json "sorted([j[\"pairs\"][0][\"a\"], j[\"pairs\"][0][\"b\"]])")" = \
		"$(printf "%s\n" "$ada" "$bob" | sort | paste -sd, |
			sed "s/\(.*\),\(.*\)/[\"\1\", \"\2\"]/")" &&
	test "$(json_get out.json "j[\"pairs\"][0][\"value\"]")" = 10000 &&
	test "$(json_get out.json "j[\"threshold\"]")" = 5000'

test_expect_success 'what is the starter is not compared' '
	json_get out.json "[s[\"compared\"] for s in j[\"submissions\"]
		if s[\"assessment\"] == \"$cat\"]" >compared &&
	echo "[false]" | test_cmp - compared &&
	test "$(json_get out.json "j[\"base\"][\"pairs\"]")" = 1'

test_expect_success 'the text tells the same, and that it is no verdict' '
	tali similar tiny >out && grep "^4 submissions, 1 pairs; 2 with too little" out &&
	grep "^100.00 %" out && grep "100.00 % of $ada ada@example.org" out &&
	grep "None of this is a verdict" out'

test_expect_success 'the pieces are shown side by side' '
	tali similar tiny --show "$ada" "$bob" >out &&
	grep "^$ada and $bob have 1 piece in common" out &&
	grep "main.py:2-21  and  main.py:2-21" out &&
	grep "rows_ada = {} .* |.*rows_bob = {}" out &&
	! grep "notes of" out &&
	tali similar tiny --show "$bob" "$ada" --json >out.json && check_schema out.json &&
	test "$(json_get out.json "j[\"shown\"][\"a\"]")" = "$bob" &&
	test "$(json_get out.json "j[\"shown\"][\"regions\"][0][\"b\"][\"lines\"][1]")" = \
		"    rows_ada = {}"'

test_expect_success 'two without anything in common show nothing' '
	tali similar tiny --show "$ada" "$dan" >out && grep "have 0 pieces in common" out'

test_expect_success 'only the newest submission of a candidate takes part' '
	solution_one again >code && submit_code code ada@example.org --round 2 && again=$id &&
	tali similar tiny --json >out.json &&
	test "$(json_get out.json "len(j[\"submissions\"])")" = 4 &&
	json_get out.json "[s[\"assessment\"] for s in j[\"submissions\"]]" >ids &&
	grep "$again" ids && ! grep "$ada" ids &&
	expect_error 5 "is no newest submission" tali similar tiny --show "$ada" "$bob"'

test_expect_success 'what is asked wrongly is refused' '
	expect_error 2 "10 to 100" tali similar tiny --threshold 9 &&
	expect_error 2 "10 to 100" tali similar tiny -t 101 &&
	expect_error 2 "wants two assessments" tali similar tiny --show "$bob" &&
	expect_error 2 "go with --show" tali similar tiny "$bob" "$cat" &&
	expect_error 2 "with itself" tali similar tiny --show "$bob" "$bob" &&
	expect_error 5 nothing tali similar nothing'

test_expect_success 'files that are no text, hostile ones and huge ones do no harm' '
	invite_one eve@example.org && tali start "$passcode" work-eve >/dev/null &&
	head -c 2000000 /dev/zero >work-eve/big.c &&
	head -c 20000 /dev/urandom >work-eve/noise.rs &&
	printf "\\033[2J\\000\\377x = \"open\n%s" "$(solution_one eve)" >work-eve/main.py &&
	in_folder work-eve tali submit --yes >/dev/null &&
	tali similar tiny --json >out.json && check_schema out.json &&
	test "$(json_get out.json "[s[\"large_files\"] for s in j[\"submissions\"]
		if s[\"assessment\"] == \"$id\"][0]")" = 1 &&
	tali similar tiny --show "$id" "$bob" >out && ! grep -q "$(printf "\033")" out &&
	tali similar tiny --show "$id" "$bob" --json >out.json && check_schema out.json'

test_expect_success 'who hides a copy behind what is not read is told of' '
	invite_one eve@example.org --round 2 && tali start "$passcode" work-pad >/dev/null &&
	python3 -c "print(\"x = 1\\n\" * 90000)" >work-pad/first.py &&
	head -c 2000000 /dev/zero >work-pad/big.c && solution_one bob >work-pad/main.py &&
	in_folder work-pad tali submit --yes >/dev/null && tali similar tiny >out &&
	grep "^not all of $id is compared: 1 file of .* MiB, more code than is read$" out &&
	test "$(grep -c "^not all of" out)" = 1'

# pastes SIZE: a batch of one paste from outside
pastes() {
	printf '{"schema":"tali.batch/1","client":"page","sent":2,"events":[%s,%s]}' \
		'{"seq":1,"time":1,"kind":"focus","data":{"state":"focus"}}' \
		'{"seq":2,"time":2,"kind":"paste","data":{"size":'"$1"',"hash":"'"$(
			printf x | sha256sum | cut -c -64)"'","origin":"outside"}}'
}

test_expect_success 'what stands out in the sessions is told beside what is usual' '
	for size in 10 20 3000
	do
		invite_one "paste$size@example.org" && tali start "$passcode" "work-$id" &&
		pastes "$size" | tali journal append "$id" &&
		in_folder "work-$id" tali submit --yes && tali score "$id" || return 1
	done >steps 2>&1 &&
	tali similar tiny --json >out.json && check_schema out.json &&
	test "$(json_get out.json "j[\"sessions\"][\"usual\"][0][\"base\"]")" = \
		"{\"submissions\": 3, \"median\": 20}" &&
	test "$(json_get out.json "len(j[\"sessions\"][\"observed\"])")" = 3 &&
	tali similar tiny >out &&
	grep "^outside_pastes: the median of 3 sessions is 20" out &&
	grep "^  $id: 1 paste from outside brought 3000 bytes" out &&
	! grep "brought 20 bytes" out'

test_expect_success 'a report tells what is usual among the others' '
	tali report "$id" --json >out.json && check_schema out.json &&
	json_get out.json "j[\"score\"][\"integrity\"][0][\"base\"][\"median\"]" >median &&
	echo 10 | test_cmp - median && tali report "$id" >out &&
	grep "Median of 2 submissions of this task: 10" out'

test_expect_success 'names and addresses are left out when that is wished' '
	tali similar tiny -t 10 --blind >out && ! grep "@" out && grep "of $bob" out &&
	tali similar tiny --show "$again" "$bob" --blind --json >out.json &&
	check_schema out.json && ! grep "@\|def read_bob" out.json &&
	tali config set review.blind true && tali similar tiny >out && ! grep "@" out &&
	tali similar tiny --named >out && grep "bob@example.org" out &&
	tali config set review.blind false'

test_expect_success 'a store that cannot be written is read' '
	cp -R store readonly && chmod -R a-w readonly &&
	test_when_finished "chmod -R u+w readonly" &&
	tali --store readonly similar tiny >out && grep "^8 submissions" out'

test_done
