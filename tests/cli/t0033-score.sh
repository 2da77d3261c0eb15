#!/bin/bash
test_description='tali score: graded in a fresh sandbox, recorded, and told by the exit status'
. "$(dirname "$0")/lib.sh"
. "$srcdir/tests/cli/fixture.sh"

# percent_of FILE: of a score document
percent_of() {
	json_get "$1" 'j["grade"]["percent"]'
}

test_expect_success 'a store with a task' 'make_store && add_tiny'

test_expect_success 'what is not handed in is not scored' '
	invite_one early@example.org && expect_error 5 \
		"the assessment is scheduled; it must be submitted to be scored" tali score "$id" &&
	tali start "$passcode" early && expect_error 5 \
		"the assessment is active; it must be submitted to be scored" tali score "$id"'

test_expect_success 'score grades, records, and moves the status on' '
	hand_in 7 && tali score "$id" --json >first.json && check_schema first.json &&
	test "$(percent_of first.json)" = 50 &&
	test "$(json_get first.json "j[\"grade\"][\"verdict\"], j[\"run\"][\"number\"]")" = \
		"[\"wrong_answer\", 1]" &&
	test "$(json_get first.json "j[\"assessment\"]")" = "$id" &&
	tali show "$id" --json >show.json && check_schema show.json &&
	test "$(json_get show.json "j[\"status\"]")" = scored &&
	test "$(json_get show.json "j[\"score\"][\"grade\"][\"percent\"]")" = 50'

test_expect_success 'again is run 2 with the same result, byte for byte' '
	tali score "$id" --format json >second.json && check_schema second.json &&
	test "$(json_get second.json "j[\"run\"][\"number\"]")" = 2 &&
	json_get first.json "{k: v for k, v in j.items() if k != \"run\"}" >one &&
	json_get second.json "{k: v for k, v in j.items() if k != \"run\"}" >two &&
	test_cmp one two &&
	sqlite3 store/tali.db "SELECT count(DISTINCT result), count(*) FROM score_run" >out &&
	test "$(cat out)" = "1|2"'

test_expect_success 'text tells each case and the sum' '
	tali score "$id" -n >out && grep -q "^    pass  judge/some$" out &&
	grep -q "^    FAIL  judge/right  (wrong_answer)$" out &&
	tail -n 1 out >last && echo "grade 50.00 % (5 of 10 points) wrong_answer" >expected &&
	test_cmp expected last'

test_expect_success '--dry-run records nothing' '
	sqlite3 store/tali.db .dump >before && tali score "$id" --dry-run --json >dry.json &&
	check_schema dry.json && sqlite3 store/tali.db .dump >after && test_cmp before after &&
	test "$(json_get dry.json "j[\"run\"][\"number\"]")" = null'

test_expect_success '--min is met or exit status 1' '
	tali score "$id" -n --min 50 >out && tali score "$id" -n --min 0 >out &&
	expect_exit 1 tali score "$id" -n --min 50.01 >out 2>err && test_must_be_empty err &&
	grep -q "^grade 50.00 %" out &&
	expect_exit 1 tali score "$id" -n --min 100 --json >out.json && check_schema out.json'

test_expect_success '--exit-zero is 0 whatever the grade, but not for errors' '
	tali score "$id" -n --min 100 --exit-zero >out && grep -q "^grade 50.00 %" out &&
	expect_error 5 "no assessment" tali score nonesuch --exit-zero'

test_expect_success 'wrong words are refused before anything is run or recorded' '
	sqlite3 store/tali.db .dump >before &&
	for min in 101 -1 high 50% "" nan
	do
		expect_error 2 "--min is a percentage from 0 to 100" \
			tali score "$id" --min="$min" || return 1
	done &&
	expect_error 2 "unknown format '\''yaml'\'' (text, json, csv, junit, " \
		tali score "$id" --format yaml &&
	expect_error 2 "--diff goes with --all" tali score "$id" --diff &&
	expect_error 2 "say an assessment, or --all" tali score &&
	expect_error 2 "say an assessment, or --all" tali score "$id" --all tiny &&
	expect_error 2 "--task and --workspace go together" tali score --task . &&
	expect_error 2 "--version needs a store" \
		tali score --task . --workspace . --version latest &&
	expect_error 2 "task '\''tiny'\'' has no test '\''jugde'\''" \
		tali score "$id" --only jugde &&
	expect_error 5 "no task version" tali score "$id" --version 0123456789 &&
	sqlite3 store/tali.db .dump >after && test_cmp before after'

test_expect_success '--only grades a part, which is not recorded' '
	tali score "$id" --only "ju*" --json >only.json && check_schema only.json &&
	json_get only.json "[t[\"id\"] for t in j[\"grade\"][\"tests\"]]" >out &&
	echo "[\"judge\"]" | test_cmp - out &&
	test "$(json_get only.json "j[\"run\"][\"number\"]")" = null &&
	sqlite3 store/tali.db .dump >after && test_cmp before after'

test_expect_success '--all scores what was handed in, what was never scored first' '
	seven=$id && hand_in 42 full@example.org && full=$id &&
	tali score --all tiny --json >all.jsonl &&
	check_schema all.jsonl && test "$(wc -l <all.jsonl)" = 2 &&
	grep "\"$full\"" all.jsonl >full.json && test "$(percent_of full.json)" = 100 &&
	tali score --all tiny -n --jobs 1 --json | head -n 1 >first-of-all.json &&
	test "$(json_get first-of-all.json "j[\"assessment\"]")" = "$full"'

test_expect_success '--all --min fails when one is below' '
	tali score --all tiny -n --min 50 >out &&
	expect_exit 1 tali score --all tiny -n --min 51 >out &&
	tali score --all tiny -n --min 51 --exit-zero >out'

test_expect_success 'without a change --diff prints nothing' '
	tali score --all tiny --diff -n >out && test_must_be_empty out'

test_expect_success 'an edited task changes no grade of those who had the old version' '
	tiny_task stricter && sed -i "/-s answer/d" stricter/hidden/judge.sh &&
	sed -i "s/1..2/1..1/; s/ 2 - / 1 - /g" stricter/hidden/judge.sh &&
	tali task edit tiny --from stricter && tali score --all tiny --diff -n >out &&
	test_must_be_empty out'

test_expect_success '--all --diff --version latest shows what would move' '
	tali score --all tiny --diff --version latest -n >out &&
	grep -q "^$seven  50.00 -> 0.00  score [0-9.]* -> [0-9.]*$" out &&
	tali score --all tiny --diff --version latest -n --json >diff.jsonl &&
	check_schema diff.jsonl &&
	json_get diff.jsonl "[j[\"assessment\"], j[\"before\"], j[\"after\"]]" >out &&
	echo "[\"$seven\", 50, 0]" >expected && test_cmp expected out &&
	tali show "$seven" | grep -q "^grade 50.00 %"'

test_expect_success 'a score by another version is recorded with it, the old one stays' '
	tali score "$seven" --version latest --json >latest.json && check_schema latest.json &&
	new=$(tali task list --json | sed "s/.*\"version\":\"\([0-9a-f]*\)\".*/\1/") &&
	test "$(json_get latest.json "j[\"task_version\"]")" = "$new" &&
	test "$(json_get first.json "j[\"task_version\"]")" != "$new" &&
	tali score "$seven" --json >back.json && test "$(percent_of back.json)" = 50 &&
	sqlite3 store/tali.db "SELECT number, json_extract(result, \"\$.grade.points\")
		FROM score_run WHERE assessment_id = '\''$seven'\'' ORDER BY number" >runs &&
	printf "%s\n" "1|5" "2|5" "3|5" "4|0" "5|5" >expected && test_cmp expected runs &&
	tali verify "$seven"'

test_expect_success 'a changed result in the store is an integrity failure' '
	cp -R store forged && sqlite3 forged/tali.db "UPDATE score_run SET
		result = replace(result, '\''wrong_answer'\'', '\''passed'\'') WHERE number = 2" &&
	expect_error 4 "score run 2 is not what the journal says" \
		tali verify "$seven" --store forged &&
	cp -R store short && sqlite3 short/tali.db "DELETE FROM score_run WHERE number = 5" &&
	expect_error 4 "a score run is missing" tali verify "$seven" --store short'

# --- without a store, as a pipeline does it

# bare COMMAND...: nothing of a user or a store is there
bare() {
	env -i PATH="$PATH" TMPDIR="$root" "$@"
}

test_expect_success 'folders are graded without store and HOME' '
	tiny_task task && mkdir workspace && echo 42 >workspace/answer &&
	bare tali score $weak --task task --workspace workspace --json >bare.json &&
	check_schema bare.json && test "$(percent_of bare.json)" = 100 &&
	test "$(json_get bare.json "j[\"assessment\"], j[\"run\"][\"number\"]")" = "[null, null]" &&
	echo 7 >workspace/answer && expect_exit 1 bare tali score $weak --task task \
		--workspace workspace --min 60 >out && grep -q "^grade 50.00 %" out'

test_expect_success 'the pipeline and the store agree on the tree and the grade' '
	cp task/start/main.sh task/README.md workspace &&
	bare tali score $weak --task task --workspace workspace --json >bare.json &&
	for field in "j[\"submission\"][\"tree\"]" "j[\"task_version\"]" "j[\"grade\"]"
	do
		test "$(json_get bare.json "$field")" = \
			"$(json_get first.json "$field")" || return 1
	done'

test_expect_success 'the workspace is only read' '
	find workspace -printf "%p %m %T@\n" | sort >before &&
	bare tali score $weak --task task --workspace workspace >out &&
	find workspace -printf "%p %m %T@\n" | sort >after && test_cmp before after'

test_expect_success 'a link or .git in the workspace brings nothing in' '
	mkdir -p hostile/.git && ln -s ../task/solution/answer hostile/answer &&
	printf "[core]\n\tfsmonitor = touch %s/pwned\n" "$PWD" >hostile/.git/config &&
	bare tali score $weak --task task --workspace hostile >out &&
	grep -q "^grade 0.00 %" out && test ! -e pwned'

test_expect_success 'a missing or wrong folder is told' '
	expect_error 2 "none: No such file" bare tali score $weak --task task --workspace none &&
	expect_error 5 "none: no such folder" \
		bare tali score $weak --task none --workspace workspace &&
	mkdir empty && expect_exit 2 \
		bare tali score $weak --task empty --workspace workspace 2>err &&
	grep -q "task.json: is missing" err &&
	bare tali score $weak --task task --workspace empty >out && grep -q "^grade 0.00 %" out'

test_expect_success 'a task whose own solution fails is not used to judge' '
	cp -R task wrong && echo 41 >wrong/solution/answer && expect_error 2 \
		"the task cannot grade: reference" \
		bare tali score $weak --task wrong --workspace workspace'

test_expect_success '--only works there too' '
	bare tali score $weak --task task --workspace workspace --only filled --json >only.json &&
	test "$(json_get only.json "[t[\"id\"] for t in j[\"grade\"][\"tests\"]]")" = \
		"[\"filled\"]" &&
	expect_error 2 "has no test '\''none'\''" bare tali score $weak --task task \
		--workspace workspace --only filled --only none'

test_expect_success 'an id without a store says so' '
	expect_error 5 "no store at" bare HOME="$PWD/none" tali score "$id"'

# The task needs more open files than this machine will give later on; those that it has at first
# stand for a compiler.
needy_task() {
	tiny_task folder && sed -i -e 's/"name": "tiny"/"name": "needy"/' \
		-e "s/\"tests\": \[/\"limits\": {\"open_files\": 200}, $1 &/" folder/task.json
}

test_expect_success ROOT 'a machine that cannot build a proved task gives nobody no points' '
	needy_task "\"build\": [\"sh\", \"-c\", \"test \$(ulimit -n) = 200\"]," &&
	tali task import -q folder && tali task prove -q needy &&
	tali invite needy ada@example.org >invitation && read -r _ id _ passcode <invitation &&
	tali start -q "$passcode" needy-work && echo 42 >needy-work/answer &&
	in_folder needy-work tali submit --yes -q &&
	( ulimit -n 150 && expect_error 3 "cannot grade on this machine" tali score -q "$id" ) &&
	tali score "$id" --min 100 --json >out.json &&
	test "$(json_get out.json "j[\"run\"][\"number\"]")" = 1'

test_expect_success ROOT 'nor does one that cannot run its tests, by a proof' '
	rm -r folder && needy_task "" && cat >folder/hidden/judge.sh <<-\END &&
	[ "$(ulimit -n)" = 200 ] || exit 127
	echo 1..1
	[ "$(cat answer)" = 42 ] && echo "ok 1 - right" || echo "not ok 1 - right"
	END
	sed -i "s/\"variants\": .*/\"attempts\": 1/" folder/task.json && rm -r folder/variants &&
	tali task prove $weak --json ./folder >proof.json &&
	( ulimit -n 150 && expect_error 3 "cannot grade on this machine" \
		tali score $weak -q --task folder --workspace folder/start --proof proof.json ) &&
	tali score $weak --task folder --workspace folder/start --proof proof.json >out &&
	grep -q "judge/right  (wrong_answer)" out'

test_done
