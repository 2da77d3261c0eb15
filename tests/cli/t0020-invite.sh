#!/bin/bash
test_description='tali invite: one line for each candidate, again and again the same'
. "$(dirname "$0")/lib.sh"
. "$srcdir/tests/cli/fixture.sh"

test_expect_success 'a store with a task' 'make_store && add_tiny'

test_expect_success 'invite prints address, id, link and passcode between tabs' '
	tali invite tiny Ada@Example.org --name "Ada L" >out && test "$(wc -l <out)" = 1 &&
	IFS=$(printf "\t") read -r email id link passcode <out &&
	test "$email" = ada@example.org && echo "$id" | grep -qxE "[0-9a-z]{16}" &&
	echo "$link" | grep -qxE "http://127.0.0.1:8080/t/[0-9a-hjkmnp-tv-z]{26}"'

test_expect_success 'a passcode is eight signs that nobody takes for others' '
	seq 40 | sed "s/.*/pass&@example.org/" | xargs tali invite tiny >many &&
	test "$(wc -l <many)" = 40 && cut -f 4 many >passcodes &&
	test "$(grep -cxE "[A-Z0-9]{8}" passcodes)" = 40 && ! grep -q "[0O1I25SZ8B]" passcodes &&
	test "$(sort -u passcodes | wc -l)" = 40'

test_expect_success 'a link carries 128 bits that differ from link to link' '
	cut -f 3 many | sed "s|.*/t/||" >tokens && test "$(sort -u tokens | wc -l)" = 40 &&
	test "$(grep -cxE "[0-9a-hjkmnp-tv-z]{26}" tokens)" = 40 &&
	test "$(cut -c 1-4 tokens | sort -u | wc -l)" -gt 30 &&
	test "$(cut -c 14-17 tokens | sort -u | wc -l)" -gt 30'

test_expect_success 'neither passcode nor token stands in the store' '
	tr "\n" "\t" <many | tr -s "\t" "\n" | grep -qxf passcodes &&
	cat passcodes tokens >secrets && test "$(wc -l <secrets)" = 80 &&
	! grep -rqaiFf secrets store && ! sqlite3 store/tali.db .dump | grep -qiFf secrets'

test_expect_success 'the same task, address and round again is the same invitation' '
	cp out first && tali invite tiny ADA@example.org >out && test_cmp first out &&
	test "$(tali list --count)" = 41'

test_expect_success 'other terms for the same invitation are not taken in silence' '
	for terms in "--duration 45m" "--extra-time 15m" "--kind live" "--code secret"
	do
		tali invite tiny ada@example.org $terms >out 2>err && test_cmp first out &&
		grep -q "tali: invite: ada@example.org was invited before, on other terms" err ||
			return 1
	done &&
	tali invite tiny ada@example.org --duration 30m --valid 9d 2>err >out &&
	test_must_be_empty err && tali invite tiny ada@example.org --code secret -q 2>err >out &&
	test_must_be_empty err'

test_expect_success 'an invitation that opens nothing any more is told' '
	tali invite tiny gone@example.org >gone && tali revoke "$(cut -f 2 gone)" &&
	tali invite tiny gone@example.org >out 2>err && test_cmp gone out &&
	echo "tali: invite: gone@example.org: the invitation is revoked; --round 2 makes another" \
		>expected && test_cmp expected err &&
	tali candidate delete gone@example.org'

test_expect_success 'another round is another invitation' '
	tali invite tiny ada@example.org --round 2 >second && ! cmp -s first second &&
	test "$(cut -f 2 first)" != "$(cut -f 2 second)" &&
	tali invite tiny ada@example.org --round 2 >again && test_cmp second again'

test_expect_success 'a new name with the same address is kept' '
	tali invite tiny ada@example.org --name "Ada King" >out && test_cmp first out &&
	tali candidate list ada >list && grep -q "Ada King" list && test "$(wc -l <list)" = 1'

test_expect_success 'JSON lines are valid and say which are new' '
	tali invite tiny new@example.org --json --duration 45m --extra-time 15m --round 1 \
		--instructions "Read first" --message "Hello" >out.json && check_schema out.json &&
	test "$(json_get out.json "j[\"made\"], j[\"duration_seconds\"], j[\"extra_seconds\"]")" = \
		"[true, 2700, 900]" &&
	tali invite tiny new@example.org ada@example.org --json >both.jsonl &&
	check_schema both.jsonl && test "$(grep -c "\"made\":false" both.jsonl)" = 2 &&
	test "$(json_get out.json "j[\"passcode\"]")" = \
		"$(tali invite tiny new@example.org | cut -f 4)"'

test_expect_success 'without --duration it is the time of the task' '
	tali invite tiny plain@example.org --json >out.json &&
	test "$(json_get out.json "j[\"duration_seconds\"]")" = 1800'

test_expect_success '--dry-run changes nothing' '
	sqlite3 store/tali.db .dump >before &&
	tali invite tiny dry@example.org ada@example.org -n >out &&
	sqlite3 store/tali.db .dump >after && test_cmp before after &&
	printf "dry@example.org\t-\t-\t-\n" >expected && cat first >>expected &&
	test_cmp expected out &&
	tali invite tiny dry@example.org -n --json >out.json && check_schema out.json &&
	test "$(json_get out.json "j[\"id\"], j[\"made\"]")" = "[null, true]" &&
	expect_error 2 "is not an e-mail address" tali invite tiny bad -n'

test_expect_success 'an address must be one' '
	for bad in plain @example.org a@ a@b "a b@example.org" "a@b@example.org" "a@example." \
		"<a@example.org>" "$(printf "a\tb@example.org")" ""
	do
		expect_error 2 "is not an e-mail address" tali invite tiny "$bad" || return 1
	done &&
	tali invite tiny "first+tag@sub.example.co.uk" dev@localhost'

test_expect_success 'good addresses before a bad one are invited' '
	expect_exit 2 tali invite tiny before@example.org bad after@example.org >out 2>err &&
	test "$(cut -f 1 out)" = before@example.org && grep -q "bad: .bad. is not an e-mail" err &&
	test -z "$(tali candidate list after)"'

test_expect_success 'the duration has bounds' '
	expect_error 2 "5 to 480 minutes" tali invite tiny b@example.org --duration 4m &&
	expect_error 2 "5 to 480 minutes" tali invite tiny b@example.org --duration 481m &&
	expect_error 2 "--duration must be longer than 0" \
		tali invite tiny b@example.org --duration 0 &&
	expect_error 2 "is not a duration" tali invite tiny b@example.org --duration soon &&
	expect_error 2 "is not a duration" tali invite tiny b@example.org --valid=-1d &&
	expect_error 2 "--valid must be longer than 0" tali invite tiny b@example.org --valid 0m &&
	test -z "$(tali candidate list b@example.org)" &&
	tali invite tiny b@example.org --duration 5m &&
	tali invite tiny c@example.org --duration 8h'

test_expect_success 'options that do not go together are refused' '
	expect_error 2 "either addresses or --csv" tali invite tiny &&
	expect_error 2 "either addresses or --csv" tali invite tiny a@example.org --csv - &&
	expect_error 2 "--name goes with one address" \
		tali invite tiny a@b.example c@d.example --name A &&
	expect_error 2 "--kind is take-home or live" tali invite tiny a@b.example --kind online &&
	expect_error 2 "--at goes with --kind live" tali invite tiny a@b.example --at 1h &&
	expect_error 2 "--round counts from 1" tali invite tiny a@b.example --round 0 &&
	expect_error 2 "at least 4 characters" tali invite tiny a@b.example --code abc'

test_expect_success 'a live one begins at its time' '
	tali invite tiny live@example.org --kind live --at 2099-05-01T09:00:00+02:00 \
		--json >out.json &&
	check_schema out.json &&
	test "$(json_get out.json "j[\"kind\"], j[\"not_before\"]")" = \
		"[\"live\", \"2099-05-01T07:00:00Z\"]"'

test_expect_success 'an unknown task is not found' '
	expect_error 5 "no task '\''tinny'\''" tali invite tinny a@example.org'

test_expect_success 'a CSV file is a line for each candidate, with or without a name' '
	cat >people.csv <<-\END &&
	Email,Name
	grace@example.org,Grace Hopper
	"alan@example.org","Turing, Alan ""Mathison"""

	emmy@example.org
	  zoe@example.org  ,  Zoë Ångström-李
	END
	tali invite tiny --csv people.csv >out && test "$(wc -l <out)" = 4 &&
	tali candidate list --json >list.jsonl && check_schema list.jsonl &&
	grep -qF "\"Turing, Alan \\\"Mathison\\\"\"" list.jsonl &&
	grep -q "\"Zoë Ångström-李\"" list.jsonl &&
	grep "emmy@" list.jsonl | grep -qF "\"name\":\"emmy@example.org\""'

test_expect_success 'the same file again, from standard input with Windows line ends, is the same' '
	cp out first && sed "s/$/\r/" people.csv | tali invite tiny --csv - >out &&
	test_cmp first out'

test_expect_success 'bad lines are named with their number, the others are invited' '
	printf "%s\n" ok1@example.org,One oops "" two@@example.org,Two ok2@example.org >mixed.csv &&
	expect_exit 2 tali invite tiny --csv mixed.csv >out 2>err &&
	cut -f 1 out >addresses && printf "%s\n" ok1@example.org ok2@example.org >expected &&
	test_cmp expected addresses &&
	sed "s/'\''//g" err >said && cat >expected <<-\END &&
	tali: invite: mixed.csv:2: oops: oops is not an e-mail address
	tali: invite: mixed.csv:4: two@@example.org: two@@example.org is not an e-mail address
	tali: invite: 2 of 4 lines were not invited
	END
	test_cmp expected said'

test_expect_success 'a line number counts the lines of a quoted field' '
	printf "a1@example.org,\"two\nlines\"\nbad\n" >lines.csv &&
	expect_exit 2 tali invite tiny --csv lines.csv >out 2>err && grep -q "lines.csv:3: bad" err'

test_expect_success 'a file that is missing, cut off, or no text is refused' '
	expect_error 2 "none.csv" tali invite tiny --csv none.csv &&
	printf "q@example.org,\"open" | expect_error 2 "-: line 1: a quote is not closed" \
		tali invite tiny --csv - &&
	printf "q@example.org,a\0b\n" | expect_error 2 "not text" tali invite tiny --csv - &&
	test -z "$(tali candidate list q@example.org)"'

test_expect_success 'a name that is not UTF-8 is refused' '
	expect_error 2 "UTF-8" tali invite tiny latin@example.org --name "$(printf "Zo\353")" &&
	printf "latin@example.org,Zo\353\n" >latin.csv &&
	expect_exit 2 tali invite tiny --csv latin.csv 2>err >out &&
	grep -q "latin.csv:1: .*UTF-8" err &&
	test ! -s out'

test_expect_success 'the link begins with the server of the settings' '
	tali config set server.url https://jobs.example.org/tali/ &&
	tali invite tiny ada@example.org >out &&
	cut -f 3 out | grep -q "^https://jobs.example.org/tali/t/"'

test_expect_success 'invite of an archived task is refused, but what was invited stays' '
	tali task archive tiny && expect_error 5 "is archived" tali invite tiny late@example.org &&
	tali invite tiny ada@example.org >again && test_cmp out again &&
	test -z "$(tali candidate list late)"'

test_done
