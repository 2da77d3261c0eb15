#!/bin/bash
test_description='reports, comparisons and what reviewers say: of scored work, and truly blind'
. "$(dirname "$0")/lib.sh"
. "$srcdir/tests/cli/fixture.sh"
. "$srcdir/tests/cli/server.sh"

evil='=cmd()<script>alert(1)</script>'

test_expect_success 'three submissions of one task' '
	make_store && add_tiny &&
	invite_one ada@example.org --name "Ada Lovelace" && ada=$id ada_link=$link &&
	tali start "$passcode" ada && echo 42 >ada/answer &&
	printf "# by Ada Lovelace\n# <img src=x>\n" >ada/notes.py && printf "a\0b" >ada/blob &&
	printf "caf\351\n" >ada/latin.txt &&
	in_folder ada tali note "first read, then write (by Ada)" &&
	in_folder ada tali run --test >/dev/null && in_folder ada tali submit --yes >/dev/null &&
	expect_error 5 "it must be scored first" tali report "$ada" &&
	expect_error 5 "no score run" tali override "$ada" --value 1 --reason x &&
	expect_error 5 "no score run" tali release "$ada" &&
	tali score "$ada" >/dev/null &&
	invite_one bob@example.org --name "$evil" && bob=$id &&
	tali start "$passcode" bob && echo 7 >bob/answer &&
	in_folder bob tali submit --yes >/dev/null && tali score "$bob" >/dev/null &&
	invite_one eve@example.org --name "王小明" && eve=$id &&
	tali start "$passcode" eve && echo 7 >eve/answer &&
	in_folder eve tali submit --yes >/dev/null && tali score "$eve" >/dev/null'

test_expect_success 'a report as text and JSON' '
	tali report "$ada" >out && grep -q "^Score$" out && grep -q "Ada Lovelace" out &&
	grep -q "pass  judge/right" out && grep -q "first read, then write" out &&
	grep -q "changed  +1 -0  answer" out &&
	tali report "$ada" --json >report.json && check_schema report.json &&
	json_get report.json "[f[\"path\"] for f in j[\"changes\"][\"files\"]]" >out &&
	echo "[\"answer\", \"blob\", \"latin.txt\", \"notes.py\"]" \
		>expected && test_cmp expected out &&
	test "$(json_get report.json "j[\"changes\"][\"files\"][1][\"why\"]")" = "not a text" &&
	json_get report.json "ascii(j[\"changes\"][\"files\"][2][\"lines\"])" >out &&
	grep -q "caf.*ufffd" out &&
	test "$(json_get report.json "j[\"score\"][\"run\"][\"number\"]")" = 1'

test_expect_success 'a moment of the report is a moment of the replay' '
	seq=$(json_get report.json "[t[\"seq\"] for t in j[\"timeline\"][\"items\"]
		if t[\"kind\"] == \"note\"][0]") &&
	tali replay "$ada" --at "#$seq" >out && grep -q "first read" out'

test_expect_success 'HTML is one file that runs nothing' '
	tali report "$bob" --format html -o report.html 2>/dev/null &&
	grep -q "Content-Security-Policy" report.html && ! grep -qi "<script" report.html &&
	grep -q "=cmd()&lt;script&gt;" report.html && ! grep -qi "src=\|@import\|url(" report.html'

test_expect_success 'PDF has the name in its own script' '
	tali report "$eve" --format pdf >one.pdf && tali report "$eve" --format pdf >two.pdf &&
	test_cmp one.pdf two.pdf && head -c 5 one.pdf >out && test "$(cat out)" = "%PDF-"'

if command -v pdftotext >/dev/null && fc-list :lang=zh 2>/dev/null | grep -q .
then
	test_expect_success 'and its characters can be read again' '
		pdftotext one.pdf - >out && grep -q "王小明" out && grep -q "eve@example.org" out'
fi

test_expect_success 'a file is there whole or not at all' '
	expect_error 3 "no/such" tali report "$ada" --format html -o no/such/file &&
	expect_error 2 "unknown format" tali report "$ada" --format doc &&
	expect_error 5 "no score run 9" tali report "$ada" --run 9 &&
	expect_error 5 "no assessment" tali report zzzz'

test_expect_success 'a comparison ranks, and shows who is level' '
	tali compare tiny --json >compare.json && check_schema compare.json &&
	json_get compare.json "[e[\"assessment\"] for e in j[\"entries\"]][0]" >out &&
	test "$(cat out)" = "$ada" &&
	json_get compare.json "[(e[\"rank\"], e[\"tied\"]) for e in j[\"entries\"]]" >out &&
	echo "[[1, false], [2, true], [2, true]]" >expected && test_cmp expected out &&
	test "$(json_get compare.json "j[\"cohorts\"][0][\"scored\"]")" = 3 &&
	tali compare "$bob" "$eve" --json >two.json &&
	json_get two.json "len(j[\"entries\"]), j[\"cohorts\"][0][\"scored\"]" >out &&
	test "$(cat out)" = "[2, 3]" &&
	test "$(json_get two.json "j[\"entries\"][0][\"percentile\"]")" = \
		"$(json_get compare.json "j[\"entries\"][1][\"percentile\"]")" &&
	tali compare tiny >out && grep -q "^2=  " out &&
	expect_error 5 "no assessment" tali compare nonesuch'

test_expect_success 'one that is named twice is compared once' '
	tali compare "$bob" "${bob:0:8}" --json >out.json && check_schema out.json &&
	test "$(json_get out.json "[e[\"tied\"] for e in j[\"entries\"]]")" = "[false]"'

test_expect_success 'no name is a formula in CSV' '
	tali compare tiny --csv >compare.csv && grep -q "\"'\''=cmd()" compare.csv &&
	! grep -q "[,\"]=cmd" compare.csv && test "$(wc -l <compare.csv)" = 4 &&
	tali report "$bob" --format csv >report.csv && test "$(wc -l <report.csv)" = 2 &&
	expect_error 2 "not both" tali compare tiny --csv --json'

test_expect_success 'a value of a reviewer stands beside the computed one' '
	sqlite3 store/tali.db "SELECT * FROM score_run" >before &&
	tali override "$ada" --subitem correctness --value 71.5 --reason "by hand" --by Mia \
		--json >review.json && check_schema review.json &&
	test "$(json_get review.json "j[\"subject\"], j[\"value\"]")" = \
		"[\"outcome_quality.correctness\", 71.5]" &&
	tali report "$ada" --json >report.json && check_schema report.json &&
	json_get report.json "j[\"overrides\"][\"outcome_quality.correctness\"]" >out &&
	grep -q "\"computed\": 100" out && grep -q "\"value\": 71.5" out && grep -q Mia out &&
	tali report "$ada" | grep -q "reviewer: 71.5 (Mia) by hand" &&
	tali override "$ada" --value 80.5 --reason "as a whole" >/dev/null &&
	tali compare "$ada" --json >out.json &&
	test "$(json_get out.json "j[\"entries\"][0][\"reviewed\"]")" = 80.5 &&
	sqlite3 store/tali.db "SELECT * FROM score_run" >after && test_cmp before after'

test_expect_success 'an earlier value can be taken back, and stays on record' '
	tali override "$ada" --subitem correctness --remove --reason "was wrong" >/dev/null &&
	tali report "$ada" --json >report.json &&
	test "$(json_get report.json "list(j[\"overrides\"])")" = "[\"\"]" &&
	test "$(tali review "$ada" | wc -l)" = 3'

test_expect_success 'wrong values are refused' '
	for value in 101 -1 50.123 high "" 1e1 .5 5.
	do
		expect_error 2 "a value is a number from 0 to 100" \
			tali override "$ada" --value="$value" --reason x || return 1
	done &&
	expect_error 2 "say why" tali override "$ada" --value 5 &&
	expect_error 2 "the reason is empty" tali override "$ada" --value 5 --reason " " &&
	expect_error 2 "planning.task_breakdown" \
		tali override "$ada" --subitem x --value 5 --reason x &&
	expect_error 2 "say --value NUMBER, or --remove" tali override "$ada" --reason x &&
	test "$(tali review "$ada" | wc -l)" = 3'

test_expect_success 'notes of reviewers' '
	tali review "$ada" --by Mia ask about the cache >/dev/null &&
	tali review "$ada" --json >reviews.json && test "$(wc -l <reviews.json)" = 4 &&
	tail -n 1 reviews.json >review.json && check_schema review.json &&
	tali report "$ada" | grep -q "Mia: ask about the cache" &&
	printf "from a\nfile\n" | tali review "$ada" --json - >review.json &&
	test "$(json_get review.json "j[\"text\"]")" = "from a${LF}file" &&
	expect_error 2 "the note is empty" tali review "$ada" "" &&
	expect_error 2 "not UTF-8" tali review "$ada" "$(printf "\377")"'

test_expect_success 'blind, a report does not have the name anywhere' '
	tali report "$ada" --blind --json >blind.json && check_schema blind.json &&
	! grep -qi "lovelace\|ada@" blind.json && grep -q "by \[" blind.json &&
	for format in text html csv
	do
		tali report "$ada" --blind --format $format >out &&
			! grep -qi "lovelace\|ada@" out || return 1
	done &&
	tali compare tiny --blind >out && ! grep -qi "lovelace\|cmd()\|@" out &&
	tali compare tiny --blind --csv >out && ! grep -qi "lovelace\|cmd()\|@" out'

test_expect_success 'a blind report does not lead to a page with the name' '
	expect_error 2 "the replay page has the name" \
		tali report "$ada" --blind --format html --replay session.html'

test_expect_success 'blind, show and logs do not have it either' '
	tali show "$ada" >out && grep -q "Ada Lovelace" out && grep -q "ada@example.org" out &&
	tali show "$ada" --blind >out && ! grep -qi "lovelace\|ada@" out && grep -q "grade" out &&
	tali show "$ada" --blind --json >out.json && check_schema out.json &&
	! grep -qi "lovelace\|ada@" out.json && test "$(json_get out.json "j[\"blind\"]")" = true &&
	tali logs "$ada" --named >named && grep -q "by Ada" named &&
	tali logs "$ada" --blind >out && ! grep -q "Ada" out && grep -q "note.*(by \[" out &&
	test "$(wc -l <out)" = "$(wc -l <named)" &&
	tali show "$ada" --json >one.json && candidate=$(json_get one.json "j[\"candidate\"]") &&
	tali logs "$ada" --json >out && grep -q "$candidate" out &&
	tali logs "$ada" --blind --json >out && ! grep -q "Ada\|$candidate" out &&
	head -n 1 out >one.json && check_schema one.json &&
	expect_error 2 "not both" tali show "$ada" --named --blind &&
	expect_error 2 "not both" tali logs "$ada" --named --blind'

test_expect_success 'a blind replay says neither name nor address' '
	tali replay "$ada" --at start >out && grep -q "^tiny  ada@example.org " out &&
	tali replay "$ada" --at start --blind >out &&
	grep -q "^tiny  candidate $(echo "$ada" | cut -c 1-6)  $ada " out &&
	tali replay "$ada" --at start --blind --json >out.json && check_schema out.json &&
	test -z "$(json_get out.json "j[\"email\"]")" &&
	tali replay "$ada" --html named.html && grep -q "Ada Lovelace" named.html &&
	tali replay "$ada" --html blind.html --blind && ! grep -q "ada@" blind.html &&
	grep -o "Lovelace" blind.html >out && test "$(wc -l <out)" = 1 && # in notes.py
	tali replay "$ada" --branch blind.git --blind &&
	git -C blind.git log --format="%an %ae" >out && test -s out && ! grep -q "Ada\|ada@" out &&
	expect_error 2 "not both" tali replay "$ada" --named --blind'

test_expect_success 'a setting makes it the rule' '
	tali config set review.blind true &&
	tali replay "$ada" --at start >out && ! grep -q "@" out &&
	tali show "$ada" >out && ! grep -qi "lovelace\|ada@" out &&
	tali show "$ada" --named >out && grep -q "Ada Lovelace" out &&
	tali logs "$ada" >out && ! grep -q "Ada" out &&
	tali score "$ada" --explain tool_selection >out && grep -q "(by \[" out &&
	! grep -q Ada out && tali replay "$ada" --html page 2>/dev/null &&
	grep -q "\"candidate\":\"candidate ${ada%??????????}\"" page && ! grep -q "ada@" page &&
	tali replay "$ada" --branch branch 2>/dev/null &&
	test "$(git -C branch log --format=%an main | sort -u)" = "candidate ${ada%??????????}" &&
	tali release "$ada" -n >out && ! grep -q "Ada\|Lovelace" out &&
	tali release "$ada" -n --json >out.json && check_schema out.json &&
	test "$(json_get out.json "j[\"candidate\"]")" = "candidate ${ada%??????????}" &&
	tali list >out && ! grep -q "@" out && tali list --json >out.json &&
	! grep -qi "lovelace\|@example" out.json && head -n 1 out.json >one.json &&
	check_schema one.json && tali compare tiny >out && ! grep -qi "lovelace" out &&
	expect_error 2 "cannot look for candidates" tali list ada &&
	expect_error 2 "cannot look for candidates" tali list --sort candidate &&
	tali list --named >out && grep -q "ada@example.org" out &&
	expect_error 2 "not both" tali list --named --blind && tali config set review.blind'

test_expect_success 'a list by score, and of some levels' '
	tali list --sort score >out && head -n 1 out | grep -q "^$ada" &&
	value=$(json_get compare.json "j[\"entries\"][0][\"value\"]") &&
	level=$(json_get compare.json "j[\"entries\"][0][\"level\"]" | tr -d \") &&
	tali list --min-score "$value" >out && test "$(wc -l <out)" = 1 && grep -q "^$ada" out &&
	tali list --level "$level" --task tiny --sort score | grep -q "^$ada" &&
	test "$(tali list --level "$level" --min-score "$value" --count)" = 1 &&
	tali list --sort candidate >out && head -n 1 out | grep -q "^$ada" &&
	expect_error 2 "no order" tali list --sort size &&
	expect_error 2 "no level" tali list --level guru &&
	expect_error 2 "min-score" tali list --min-score 101'

test_expect_success 'a candidate sees the result when it is released, and not before' '
	tali release "$ada" --dry-run --json >result.json && check_schema result.json &&
	! grep -q "judge" result.json && ! grep -q "cache" result.json &&
	serve && link=$ada_link && enter && gets 409 GET /api/v1/result &&
	gets 200 GET /take-home >page && grep -q "Your work is handed in" page &&
	tali release "$ada" --message "Well <b>done</b>" >/dev/null 2>said &&
	grep -q "and not the 80.50 of a reviewer" said &&
	gets 200 GET /take-home >page && grep -q "Your result" page &&
	grep -q "Well &lt;b&gt;done&lt;/b&gt;" page && ! grep -q "judge\|ask about\|by hand" page &&
	gets 200 GET /api/v1/result && check_schema out && ! grep -q "judge" out &&
	test "$(json_get out "j[\"score\"][\"value\"]")" = "$value"'

test_expect_success 'without the score, and not any more' '
	tali release "$ada" --feedback-only >/dev/null 2>said && ! test -s said &&
	gets 200 GET /api/v1/result &&
	test "$(json_get out "j[\"score\"]")" = null &&
	tali release "$ada" --withdraw >/dev/null && gets 409 GET /api/v1/result &&
	gets 200 GET /take-home >page && grep -q "Your work is handed in" page &&
	expect_error 5 "not released" tali release "$ada" --withdraw && stop'

test_expect_success 'a comparison shows the categories of every rubric' '
	tiny_task other && python3 -c "
import json
m = json.load(open(\"other/task.json\"))
m[\"name\"] = \"other\"
m[\"rubric\"] = {\"categories\": {\"outcome_quality\": 90, \"taste\": {\"weight\": 10,
	\"subitems\": {\"eye\": 100}}}}
json.dump(m, open(\"other/task.json\", \"w\"))" && tali task create other --from other >/dev/null &&
	tali invite other ann@example.org >invitation &&
	IFS=$(printf "\t") read -r _ ann _ passcode <invitation && tali start "$passcode" ann &&
	echo 42 >ann/answer && in_folder ann tali submit --yes >/dev/null &&
	tali score "$ann" >/dev/null && tali compare "$ada" "$ann" >out && cat out &&
	head -n 1 out >head && grep " planning " head && grep " taste " head'

test_expect_success 'the store verifies as before' 'tali verify >out'

test_done
