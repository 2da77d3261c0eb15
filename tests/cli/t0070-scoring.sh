#!/bin/bash
# t0070-scoring.sh - sessions of people that everybody has met: their order, and every number traced
test_description='a score is computed from facts, cites them, and repeats exactly'
. "$(dirname "$0")/lib.sh"
. "$srcdir/tests/cli/fixture.sh"

. "$srcdir/tests/score/golden.sh"

people="careful strong once agent terminal paster empty"

test_expect_success 'a task, and seven people who work on it' '
	make_store && python3 "$golden" task bill-folder &&
	tali_at "=$began" task create bill --from bill-folder >/dev/null &&
	tali_at "=$began" task prove bill >/dev/null &&
	for name in $people
	do
		play "$name" || return 1
	done'

test_expect_success 'their scores are documents with a schema' '
	for name in $people
	do
		score_as "$name" || return 1
	done'

test_expect_success 'a person would order them so' '
	test "$(value careful)" -gt "$(($(value agent) + 300))" &&
	test "$(value agent)" -gt "$(($(value strong) + 200))" &&
	test "$(value terminal)" -gt "$(($(value once) + 1000))" &&
	test "$(value strong)" -gt "$(($(value once) + 1000))" &&
	test "$(value once)" -gt "$(($(value paster) + 2000))" &&
	test "$(value paster)" -gt "$(($(value empty) + 500))" &&
	test "$(json_get careful.json "j[\"score\"][\"level\"]")" = innovator &&
	test "$(json_get strong.json "j[\"score\"][\"level\"]")" = architect &&
	test "$(json_get once.json "j[\"score\"][\"level\"]")" = operator &&
	test "$(json_get paster.json "j[\"score\"][\"level\"]")" = developing'

# who moves one of these moves a signal, its table or a weight, and says so in their version
test_expect_success 'these are the scores, to the hundredth' '
	for name in $people
	do
		echo "$name $(value_text "$name")" || return 1
	done >out &&
	cat >expected <<-END && test_cmp expected out
		careful 94.08
		strong 84.78
		once 59.20
		agent 90.46
		terminal 86.53
		paster 19.50
		empty 0.00
	END
'

test_expect_success 'an agent'\''s code is the assistant'\''s, and nobody typed what was saved' '
	json_get agent.json "j[\"work\"][\"origins\"]" >out &&
	test "$(json_get agent.json "j[\"work\"][\"origins\"][\"typed\"]")" = 0 &&
	test "$(json_get agent.json "j[\"work\"][\"origins\"][\"ai_applied\"] > 700")" = true &&
	test "$(json_get agent.json "[p[\"value\"] for p in j[\"work\"][\"prompts\"]]")" = \
		"[7, 7]" &&
	test "$(of agent "g[\"ai_code_checked\"][\"number\"]")" = 100 &&
	test "$(of agent "g[\"tools_used\"][\"number\"]")" = 4 &&
	test "$(json_get terminal.json "j[\"work\"][\"origins\"][\"typed\"]")" = 0 &&
	test "$(of terminal "g[\"tools_used\"][\"number\"]")" = 1 &&
	test "$(of terminal "g[\"checked_work\"][\"number\"]")" = 100 &&
	test "$(of terminal "g[\"final_check\"][\"number\"]")" = 1 &&
	test "$(of terminal "s[\"clarity_specificity\"][\"why\"]")" = \
		"The assistant was asked nothing."'

test_expect_success 'every number is found again in the journal, by other means' '
	for name in $people
	do
		tali journal export "$(cat "id-$name")" >"$name.journal" &&
		python3 "$srcdir/tests/score/trace.py" "$name.json" "$name.journal" || return 1
	done'

test_expect_success 'the tracer sees a number, a mean and an event that are wrong' '
	for change in "s[\"value\"] += 1" "g[\"number\"] += 1" "g[\"events\"] = [0]"
	do
		python3 -c "
import json
j = json.load(open(\"careful.json\"))
s = j[\"score\"]
g = s[\"categories\"][0][\"subitems\"][0][\"signals\"][0]
$change
json.dump(j, open(\"wrong.json\", \"w\"))" &&
		expect_exit 1 python3 "$srcdir/tests/score/trace.py" wrong.json careful.journal \
			>out || return 1
	done'

# elsewhere COMMAND...: in a zone with an odd offset and a locale with a comma in its numbers, which
# is made here; where its source is not installed (package locales), in the zone alone
elsewhere() {
	TZ=Asia/Kathmandu LOCPATH=$PWD/locale LANG=de_DE.UTF-8 LC_ALL=de_DE.UTF-8 "$@"
}
if command -v localedef >/dev/null && [ -e /usr/share/i18n/locales/de_DE ]
then
	test_expect_success 'there is a locale with a comma' '
		mkdir locale && localedef -i de_DE -f UTF-8 "$PWD/locale/de_DE.UTF-8" &&
		elsewhere python3 -c "import locale; locale.setlocale(locale.LC_ALL, str());
print(locale.str(1.5))" >out && test "$(cat out)" = 1,5'
fi

test_expect_success 'again it is the same, byte for byte, in another zone and locale' '
	tali_at "=$(after 9000)" score "$(cat id-careful)" --json >again.json &&
	elsewhere tali_at "=$(after 9999)" score "$(cat id-careful)" --json >elsewhere.json &&
	for name in careful again elsewhere
	do
		sed "s/\"run\":{\"measured\".*\"sandbox\"/\"sandbox\"/" "$name.json" \
			>"$name.part" || return 1
	done &&
	grep -q "\"score\":{" again.part && ! grep -q "\"run\":" again.part &&
	test_cmp careful.part again.part && test_cmp careful.part elsewhere.part &&
	test "$(sqlite3 store/tali.db "SELECT count(DISTINCT digest), count(*) FROM score_run
		WHERE assessment_id = \"$(cat id-careful)\"")" = "1|3"'

test_expect_success 'so are its lines for people, its explanation and its report' '
	for words in "score -n" "score --explain correctness" "report -f csv" "report -f text"
	do
		set -- $words && tali_at "=$(after 9999)" "$1" "$(cat id-careful)" "${@:2}" >here &&
		elsewhere tali_at "=$(after 9999)" "$1" "$(cat id-careful)" "${@:2}" >there &&
		test -s here && test_cmp here there || return 1
	done'

test_expect_success 'what was not done is unmeasured, and says so' '
	test "$(of strong "s[\"clarity_specificity\"][\"value\"]")" = null &&
	test "$(of strong "s[\"clarity_specificity\"][\"why\"]")" = \
		"The assistant was asked nothing." &&
	test "$(of strong "s[\"time_estimation\"][\"why\"]")" = \
		"The candidate gave no estimate." &&
	test "$(of empty "s[\"code_quality\"][\"why\"]")" = \
		"No changed code is in a language that is read." &&
	test "$(json_get empty.json "[c[\"used\"] for c in j[\"score\"][\"categories\"]]")" = \
		"[0, 0, 0, 100]" &&
	test "$(json_get strong.json "[c[\"used\"] for c in j[\"score\"][\"categories\"]]")" = \
		"[33.33, 0, 33.33, 33.33]"'

test_expect_success 'origins tell who wrote what' '
	test "$(json_get once.json "j[\"work\"][\"origins\"][\"typed\"]")" = 0 &&
	test "$(json_get once.json "j[\"work\"][\"origins\"][\"ai_applied\"] > 100")" = true &&
	test "$(json_get once.json "(j[\"work\"][\"exchanges\"][0][\"bytes\"] ==
		j[\"work\"][\"origins\"][\"ai_applied\"])")" = true &&
	test "$(json_get paster.json "j[\"work\"][\"origins\"][\"outside\"] > 200")" = true &&
	test "$(json_get paster.json "[p[\"value\"] for p in j[\"work\"][\"prompts\"]]")" = \
		"[0, 0]" &&
	json_get careful.json "[t[\"passed\"] for t in j[\"work\"][\"tests_over_time\"]]" >out &&
	test "$(cat out)" = "[0, 2, 3, 3]"'

# --- why

test_expect_success '--explain shows numbers, tables, events and the words that replay them' '
	tali score "$(cat id-careful)" --explain task_breakdown >out &&
	grep -q "^planning.task_breakdown: 95.5 of 100, weight 20 in the rubric" out &&
	grep -q "plan_before_code: 5 items, value 92.5, share 60" out &&
	grep -q "worth: 0 -> 20, 2 -> 55, 4 -> 85, 6 -> 100" out &&
	grep -q "#8  .*2026-01-05T09:01:45Z  0:01:45  note .*Plan:" out &&
	command=$(sed -n "s/^ *\(tali replay .*\)/\1/p" out | head -n 1) &&
	eval "$command" >replayed && test -s replayed &&
	tali score "$(cat id-careful)" --explain planning.task_breakdown --json >why.json &&
	check_schema why.json &&
	test "$(json_get why.json "j[\"signals\"][0][\"events\"][0][\"event\"]")" = 8'

test_expect_success '--explain says why there is no value, and which subitems there are' '
	tali score "$(cat id-strong)" --explain error_recovery >out &&
	grep -q "error_recovery: unmeasured. The assistant was asked nothing.$" out &&
	expect_error 2 "the rubric has no subitem '\''charm'\'': task_breakdown, " \
		tali score "$(cat id-strong)" --explain charm &&
	expect_error 2 "the rubric has no subitem" \
		tali score "$(cat id-strong)" --explain outcome_quality.task_breakdown &&
	expect_error 2 "is for one submission" tali score --all bill --explain correctness &&
	play empty bill nobody &&
	expect_error 5 "it has no score run yet" \
		tali score "$(cat id-nobody)" --explain correctness'

test_expect_success 'text tells the card, then the grade' '
	tali score "$(cat id-careful)" -n >out &&
	grep -q "^ *$(json_get careful.json "j[\"score\"][\"categories\"][0][\"value\"]")  \
planning  counts 25 %$" out && grep -q "^   95.50  task_breakdown$" out &&
	grep -q "^score $(value_text careful) of 100, innovator$" out &&
	tail -n 1 out | grep -q "^grade 100.00 %" &&
	tali score "$(cat id-strong)" -n >out &&
	grep -q "^       -  clarity_specificity  The assistant was asked nothing.$" out'

# --- without a record

test_expect_success 'a folder has an outcome and no session' '
	tali score $weak --task bill-folder --workspace work-careful --json >folder.json &&
	check_schema folder.json &&
	test "$(json_get folder.json "j[\"work\"]")" = null &&
	test "$(of folder "s[\"task_breakdown\"][\"why\"]")" = \
		"There is no record of a session." &&
	test "$(of folder "s[\"correctness\"][\"value\"]")" = 100 &&
	test "$(json_get folder.json "[c[\"used\"] for c in j[\"score\"][\"categories\"]]")" = \
		"[0, 0, 0, 100]" &&
	tali score $weak --task bill-folder --workspace work-careful --json >folder2.json &&
	json_get folder.json "[j[\"score\"], j[\"code\"]]" >one &&
	json_get folder2.json "[j[\"score\"], j[\"code\"]]" >two && test_cmp one two &&
	tali score $weak --task bill-folder --workspace work-careful --explain correctness >out &&
	grep -q "^outcome_quality.correctness: 100 of 100" out'

test_expect_success 'and its text says nothing of a session that there is none of' '
	tali score $weak --task bill-folder --workspace work-careful >out &&
	! grep -q "session\|planning\|prompt\|tool_orchestration" out &&
	grep -q "^100.00  outcome_quality  counts 100 %$" out && grep -q "  correctness$" out &&
	grep -q "^score [0-9.]* of 100" out && tail -n 1 out | grep -q "^grade 100.00 %"'

# --- tasks of other kinds

# other NAME EXPRESSION: a task like it, whose manifest m is changed so
other() {
	cp -r bill-folder "$1-folder" && python3 -c "
import json
m = json.load(open('$1-folder/task.json'))
m['name'] = '$1'
$2
json.dump(m, open('$1-folder/task.json', 'w'))" &&
	tali_at "=$began" task create "$1" --from "$1-folder" >/dev/null
}

test_expect_success 'where the task allows no assistant, nobody is measured by prompts' '
	other alone "m[\"ai\"] = {\"policy\": \"off\"}" && play careful alone alone &&
	score_as alone &&
	test "$(of alone "s[\"error_recovery\"][\"why\"]")" = "The task allows no assistant." &&
	test "$(json_get alone.json "j[\"score\"][\"categories\"][1][\"used\"]")" = 0'

test_expect_success 'a rubric of its own: a category less, one that nothing measures, levels' '
	other own "m[\"rubric\"] = {\"categories\": {\"outcome_quality\": 60, \"planning\": 30,
		\"charm\": {\"weight\": 10, \"subitems\": {\"wit\": 100}}},
		\"thresholds\": {\"innovator\": 99}}" &&
	play careful own own && score_as own &&
	test "$(json_get own.json "[c[\"name\"] for c in j[\"score\"][\"categories\"]]")" = \
		"[\"outcome_quality\", \"planning\", \"charm\"]" &&
	test "$(of own "s[\"wit\"][\"why\"]")" = \
		"No signal measures it: a person has to look." &&
	test "$(json_get own.json "[c[\"used\"] for c in j[\"score\"][\"categories\"]]")" = \
		"[66.67, 33.33, 0]" &&
	test "$(json_get own.json "j[\"score\"][\"level\"]")" = architect'

test_expect_success 'no test that earns points, no correctness' '
	other idle "m[\"tests\"] = m[\"tests\"][:1]" && play strong idle idle && score_as idle &&
	test "$(of idle "s[\"correctness\"][\"why\"]")" = "No test of the task earns points." &&
	test "$(of idle "s[\"code_quality\"][\"value\"]")" = 100'

test_expect_success 'edge cases that were never come to were not passed' '
	other crash "" && tali_at "=$began" invite crash crash@example.org >invitation &&
	IFS="$(printf "\t")" read -r _ id _ passcode <invitation && echo "$id" >id-crash &&
	tali_at "=$began" start "$passcode" work-crash >/dev/null &&
	echo "import nowhere" >work-crash/bill.py &&
	(cd work-crash && tali_at "=$(after 60)" submit --yes >/dev/null) && score_as crash &&
	test "$(of crash "g[\"edge_points\"][\"value\"]")" = 0 &&
	test "$(of crash "g[\"edge_points\"][\"text\"]")" = \
		"No edge case gave points (0 of 0 passed)."'

# --- perturbations: what must not move a score moves it by so much at most (hundredths)

# moved NAME MOST: the score of NAME is not further than that from that of careful
moved() {
	local by=$(($(value "$1") - $(value careful)))
	echo "$1: $by"
	test "${by#-}" -le "$2"
}

# perturbed NAME: plays careful, perturbed by golden.py
perturbed() {
	PERTURB=$1 play careful bill "$1" && score_as "$1"
}

test_expect_success 'renaming all that has a name of its own moves nothing' '
	perturbed rename && moved rename 0'

test_expect_success 'padded prompts and notes gain nothing, and lose little' '
	perturbed padding && moved padding 50 &&
	test "$(value padding)" -le "$(value careful)"'

test_expect_success 'comments for a judge that read "score: 100" gain nothing' '
	perturbed comments && moved comments 50 && test "$(value comments)" -le "$(value careful)"'

test_expect_success 'the order of looks and notes before the work moves little' '
	perturbed order && moved order 100'

test_expect_success 'files that are no text are nobody'\''s bytes' '
	play strong bill odd && id=$(cat id-odd) && rm -rf work-odd2 &&
	tali_at "=$began" invite bill latin@example.org >invitation &&
	IFS="$(printf "\t")" read -r _ id _ passcode <invitation &&
	tali_at "=$began" start "$passcode" work-odd2 >/dev/null &&
	printf "x = 1 \377\376 \200\n" >work-odd2/odd.py &&
	head -c 3000000 /dev/zero >work-odd2/z.c &&
	(cd work-odd2 && tali_at "=$(after 600)" submit --yes >/dev/null) &&
	echo "$id" >id-odd && score_as odd &&
	test "$(json_get odd.json "[f[\"path\"] for f in j[\"work\"][\"files\"]]")" = "[]" &&
	test "$(of odd "g[\"reading_first\"][\"number\"]")" = null &&
	json_get odd.json "[i[\"name\"] for i in j[\"integrity\"]]" >names &&
	grep code_not_read names'

test_expect_success 'who works in an own editor is not taken for idle' '
	tali_at "=$began" invite bill vim@example.org >invitation &&
	IFS="$(printf "\t")" read -r _ id _ passcode <invitation && echo "$id" >id-vim &&
	tali_at "=$began" start "$passcode" work-vim >/dev/null &&
	(cd work-vim && tali_at "=$began" estimate 30 && cp ../work-once/bill.py . &&
		tali_at "=$(after 1200)" run --test >/dev/null && cp ../work-strong/bill.py . &&
		tali_at "=$(after 1500)" run --test >/dev/null &&
		tali_at "=$(after 1800)" submit --yes) >/dev/null && score_as vim &&
	test "$(json_get vim.json "j[\"work\"][\"seen\"]")" = false &&
	test "$(json_get careful.json "j[\"work\"][\"seen\"]")" = true &&
	test "$(of vim "g[\"active_share\"][\"number\"]")" = null &&
	test "$(of vim "g[\"reading_first\"][\"number\"]")" = null &&
	test "$(of vim "g[\"estimate_error\"][\"number\"]")" = 0 &&
	test "$(of vim "g[\"time_for_points\"][\"number\"]")" = 50 &&
	test "$(of vim "g[\"increments\"][\"number\"]")" = 2'

test_expect_success 'a record that does not fold is told, and scores nobody' '
	tali_at "=$began" invite bill bent@example.org >invitation &&
	IFS="$(printf "\t")" read -r _ id _ passcode <invitation && echo "$id" >id-bent &&
	tali_at "=$began" start "$passcode" work-bent >/dev/null &&
	edit="{\"file\": \"bill.py\", \"at\": 99999, \"del\": 0, \"ins\": \"x\"}" &&
	echo "{\"after\": 9, \"kind\": \"edit\", \"data\": {\"edits\": [$edit]}}" >bent-line &&
	"$builddir/tests/fake/tell-lines" "$TALI_STORE" "$id" <bent-line &&
	cp work-careful/bill.py work-bent/ &&
	(cd work-bent && tali_at "=$(after 60)" submit --yes >/dev/null) && score_as bent &&
	test "$(json_get bent.json "j[\"work\"]")" = null &&
	test "$(json_get bent.json "j[\"score\"][\"needs_review\"]")" = true &&
	test "$(json_get bent.json "j[\"integrity\"][0][\"name\"]")" = record_does_not_fold &&
	test "$(of bent "s[\"correctness\"][\"value\"]")" = 100 &&
	test "$(of bent "s[\"task_breakdown\"][\"value\"]")" = null'

test_expect_success 'and a comparison does not rank it without a word' '
	tali compare bill >out && grep -q "^[0-9]*=*!  *$(cat id-bent) " out &&
	grep -q "^[0-9]*=*!  *$(cat id-odd) " out &&
	test "$(grep -c "^[0-9][0-9]*=*! " out)" = 2 &&
	grep -q "^! a person has to look" out &&
	tali compare bill --csv >out && test "$(grep -c ",yes," out)" = 2 &&
	tali compare bill --json >compare.json && check_schema compare.json'

# poor LINES FILE: code that nobody would praise, and so many lines of a comment
poor() {
	python3 -c "
import sys
print(\"def f(a, b):\")
for depth in range(1, 9):
    print(\"  \" * depth + \"if a > %d and b:\" % depth)
print(\"  \" * 9 + \"print(a)\")
print(\"# nothing is said here\\n\" * int(sys.argv[1]))" "$1" >"$2"
}

# graded FOLDER EXPRESSION: of the score of a folder, by a task of its own
graded() {
	tali score $weak --task poor-folder --workspace "$1" --json >"$1.json" &&
	check_schema "$1.json" && json_get "$1.json" "$2"
}

test_expect_success 'code that is too large to be read needs a review, unless it was given so' '
	tiny_task poor-folder && poor 50000 poor-folder/start/given.py &&
	cp -R poor-folder/start small && echo 42 >small/answer && cp -R small large &&
	cp -R small many && poor 1 small/bill.py && poor 60000 large/bill.py &&
	poor 1 many/x.py && (cd many && seq -f "touch m%g.py" 5000 | sh) &&
	test "$(graded small "j[\"score\"][\"needs_review\"], j[\"code\"] is None")" = \
		"[false, false]" &&
	test "$(graded large "j[\"score\"][\"needs_review\"], j[\"code\"] is None")" = \
		"[true, true]" && tali score $weak --task poor-folder --workspace large >out &&
	grep "needs review" out && json_get large.json "j[\"integrity\"]" >out &&
	grep "too many to be measured: 1\." out &&
	test "$(of large "s[\"code_quality\"][\"why\"]")" = \
		"The changed code is too large to be read: a person has to look." &&
	test "$(graded many "j[\"score\"][\"needs_review\"]")" = true'

# --- what moves

test_expect_success '--all --diff tells a score that moved though no grade did' '
	other again "m[\"name\"] = \"again\"" && play careful again again &&
	tali_at "=$(after 4000)" score --all again --diff --jobs 1 >out &&
	grep -q "^$(cat id-again)  - -> 100.00  score - -> $(value_text careful)$" out &&
	python3 -c "
import json
m = json.load(open(\"again-folder/task.json\"))
m[\"rubric\"] = {\"categories\": {\"planning\": 70, \"outcome_quality\": 30}}
json.dump(m, open(\"again-folder/task.json\", \"w\"))" &&
	tali_at "=$(after 4000)" task edit again --from again-folder >/dev/null &&
	tali_at "=$(after 4000)" score --all again --version latest --diff --jobs 1 >out &&
	grep -q "^$(cat id-again)  100.00 -> 100.00  score $(value_text careful) -> [0-9.]*$" out &&
	tali_at "=$(after 4000)" score --all again --diff --again --json --jobs 1 >diff.json &&
	check_schema diff.json &&
	test "$(json_get diff.json "round(j[\"score_after\"] * 100)")" = "$(value careful)" &&
	tali_at "=$(after 4000)" score --all again --diff --again --jobs 1 >out &&
	test_must_be_empty out'

test_done
