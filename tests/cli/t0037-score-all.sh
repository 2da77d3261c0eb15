#!/bin/bash
test_description='tali score --all: many submissions at once, fair, and safe to stop'
. "$(dirname "$0")/lib.sh"
. "$srcdir/tests/cli/fixture.sh"

# submit_at TIME ANSWER EMAIL [ROUND]: handed in so much later; sets $id
submit_at() {
	tali invite tiny "$3" --round "${4:-1}" >invitation &&
	IFS=$'\t' read -r _ id _ passcode <invitation &&
	tali_at "$1" start "$passcode" "work-$id" >/dev/null && echo "$2" >"work-$id/answer" &&
	in_folder "work-$id" tali_at "$1" submit --yes >/dev/null
}

# ids_of FILE: of score documents, one a line
ids_of() {
	sed 's/.*"assessment":"\([0-9a-z]*\)".*/\1/' "$1"
}

# count_runs: how many score runs each assessment has, smallest number first, in one line
count_runs() {
	sqlite3 store/tali.db "SELECT count(s.number) AS runs FROM assessment a
		LEFT JOIN score_run s ON s.assessment_id = a.id GROUP BY a.id
		ORDER BY runs" | paste -sd ' '
}

# until_is WORDS COMMAND...: asks again until that is what it prints; a test that waits for ever is
# ended by tests/run
until_is() {
	local words=$1
	shift
	until [ "$("$@")" = "$words" ]
	do
		:
	done
}

count_status() {
	sqlite3 store/tali.db "SELECT count(*) FROM assessment WHERE status = '$1'"
}

test_expect_success 'a task nobody handed in is no error' '
	make_store && add_tiny && tali invite tiny early@example.org >invitation &&
	tali score --all tiny --jobs 3 >out 2>err && test_must_be_empty out &&
	test_must_be_empty err'

test_expect_success 'candidates take turns, oldest submission first' '
	submit_at +1m 7 ann@example.org 1 && ann1=$id && submit_at +2m 7 ann@example.org 2 &&
	ann2=$id && submit_at +3m 42 ann@example.org 3 && ann3=$id &&
	submit_at +4m 42 bob@example.org && bob=$id &&
	submit_at +5m 7 cat@example.org && cat=$id &&
	tali score --all tiny --jobs 1 -n --json >all.jsonl && ids_of all.jsonl >ids &&
	printf "%s\n" "$ann1" "$bob" "$cat" "$ann2" "$ann3" >expected && test_cmp expected ids'

test_expect_success 'what was never scored comes before re-grading' '
	tali score "$ann1" >out && tali score --all tiny --jobs 1 --json >all.jsonl &&
	ids_of all.jsonl >ids &&
	printf "%s\n" "$ann2" "$bob" "$cat" "$ann3" "$ann1" >expected && test_cmp expected ids &&
	test "$(count_runs)" = "0 1 1 1 1 2"'

test_expect_success 'several at once do the same, each run once and whole' '
	tali score --all tiny --jobs 4 --json >four.jsonl && check_schema four.jsonl &&
	ids_of four.jsonl | sort >ids && sort expected >sorted && test_cmp sorted ids &&
	test "$(count_runs)" = "0 2 2 2 2 3" && test "$(count_status scored)" = 5 &&
	grep -c "\"percent\":100" four.jsonl >out && echo 2 | test_cmp - out && tali verify'

test_expect_success 'the default is the number of processors, and 64 may be asked for' '
	tali score --all tiny -n >out && test "$(grep -c ^grade out)" = 5 &&
	tali score --all tiny -n -j 64 >out && test "$(grep -c ^grade out)" = 5'

test_expect_success 'wrong numbers and --jobs without --all are refused' '
	for jobs in 0 65 1000000
	do
		expect_error 2 "--jobs is a number from 1 to 64" \
			tali score --all tiny --jobs $jobs || return 1
	done &&
	expect_error 2 "jobs" tali score --all tiny --jobs many &&
	expect_error 2 "jobs" tali score --all tiny --jobs=-1 &&
	expect_error 2 "--jobs goes with --all" tali score "$bob" --jobs 2'

test_expect_success 'a wrong request ends it with one line' '
	expect_error 5 "no task version" tali score --all tiny --version 0123456789 --jobs 4 &&
	expect_error 2 "has no test" tali score --all tiny --only none --jobs 4 &&
	expect_error 5 "no task" tali score --all none --jobs 4 &&
	test "$(count_runs)" = "0 2 2 2 2 3"'

test_expect_success '--diff prints what moved only' '
	tali score --all tiny --diff --jobs 4 -n >out && test_must_be_empty out &&
	submit_at +6m 42 dan@example.org && dan=$id &&
	tali score --all tiny --diff --jobs 4 >out && test "$(wc -l <out)" = 1 &&
	grep -q "^$dan  - -> 100.00  score - -> [0-9.]*$" out'

test_expect_success '--diff tells a level that moved though no score did' '
	levels="\"operator\": 1, \"architect\": 2, \"innovator\": 3" && tiny_task kind &&
	sed -i "s/^  \"run\"/  \"rubric\": {\"thresholds\": {$levels}},\n&/" kind/task.json &&
	tali task edit tiny --from kind >/dev/null &&
	tali score --all tiny --diff --jobs 4 -n --version latest >out && cat out &&
	grep "^$dan  100.00 -> 100.00  score \([0-9.]*\) -> \1  [a-z]* -> innovator$" out &&
	tali score --all tiny --diff --jobs 4 -n --version latest --json >out.jsonl &&
	head -n 1 out.jsonl >one.json && check_schema one.json &&
	test "$(json_get one.json "j[\"level_after\"]")" = innovator &&
	tiny_task usual && tali task edit tiny --from usual >/dev/null'

test_expect_success '--min is about the worst of all' '
	tali score --all tiny --jobs 4 -n --min 50 >out &&
	expect_exit 1 tali score --all tiny --jobs 4 -n --min 51 >out 2>err &&
	test_must_be_empty err && test "$(grep -c ^grade out)" = 6 &&
	tali score --all tiny --jobs 4 -n --min 51 --exit-zero >out'

# The tag is gone, and a folder stands where its new file would be written.
lose_tag() {
	rm "store/repos/$1.git/refs/tags/submission" && rm -f "store/repos/$1.git/ref.new" &&
	mkdir "store/repos/$1.git/ref.new"
}

find_tag() {
	rmdir "store/repos/$1.git/ref.new"
}

test_expect_success 'one that our side fails does not stop the others' '
	lose_tag "$bob" && expect_exit 3 tali score --all tiny --jobs 2 --json >out.jsonl 2>err &&
	cat err && test "$(wc -l <out.jsonl)" = 5 && ! grep "$bob" out.jsonl &&
	grep "^tali: score: assessment $bob: " err && test "$(grep -c "$bob" err)" = 1 &&
	grep -x "tali: score: 1 of 6 could not be scored" err &&
	expect_exit 3 tali score --all tiny --jobs 2 --quiet -n >out 2>err &&
	test "$(wc -l <err)" = 1 && find_tag "$bob" &&
	tali score --all tiny --jobs 1 -n --json >out.jsonl && test "$(wc -l <out.jsonl)" = 6'

test_expect_success 'one that was changed is told, and exit status 4 goes before 3' '
	cp -R store sound && sqlite3 store/tali.db "UPDATE event SET actor = '\''system'\''
		WHERE assessment_id = '\''$cat'\'' AND seq = 1" &&
	expect_exit 4 tali score --all tiny --jobs 2 -n >out 2>err &&
	test "$(grep -c ^grade out)" = 5 && grep "^tali: score: assessment $cat: " err &&
	lose_tag "$bob" && expect_exit 4 tali score --all tiny --jobs 2 -n >out 2>err &&
	test "$(grep -c ^grade out)" = 4 && rm -rf store && mv sound store'

test_expect_success 'output that cannot be written ends it' '
	expect_exit 3 tali score --all tiny --jobs 2 -n >/dev/full 2>err &&
	grep "cannot write the output" err && test "$(wc -l <err)" = 1'

# draw SETTINGS [OPTION...]: what a terminal gets on standard error, in `drawn`
draw() {
	script -qec "stty cols 60; $1 tali score --all tiny --jobs 2 -n ${*:2} >out" \
		/dev/null >drawn
}

test_expect_success 'progress is drawn on a terminal only, and not with --quiet' '
	draw TERM=dumb && grep "grading \[#\{14,\}\]  6/6  100%  0:[0-9]*  left 0:00" drawn &&
	grep "grading \[\.*\]  0/6  0%  0:00  left -:--" drawn &&
	test "$(grep -c ^grade out)" = 6 && draw TERM=dumb -q && test_must_be_empty drawn'

test_expect_success 'plain where colour is not wanted, and always erased at the end' '
	esc=$(printf "\033") && draw "NO_COLOR=1 TERM=xterm" && ! grep "$esc" drawn &&
	tail -c 8 drawn >end && printf "       \r" | test_cmp - end &&
	draw "NO_COLOR= TERM=xterm" && grep "grading \[$esc\[32m#*$esc\[0m\]  6/6" drawn &&
	tail -c 4 drawn >end && printf "\r\033[K" | test_cmp - end'

# A task whose tests never end: what runs is there as long as nobody ends it. The number tells it
# from other tests.
hang=$((86400 + $$))

count_hanging() {
	pgrep -fxc "sleep $hang" || :
}

test_expect_success 'a version of the task that hangs' '
	tiny_task hanging && echo "echo 1..1; exec sleep $hang" >hanging/hidden/judge.sh &&
	sed -i "s/^  \"run\"/  \"limits\": {\"wall_seconds\": 7200},\n&/" hanging/task.json &&
	tali task edit tiny --from hanging >/dev/null && mkdir tmp'

# sweep_hanging: in the background, with both jobs at work; sets $sweep
sweep_hanging() {
	TMPDIR=$PWD/tmp env --default-signal=INT "$root/bin/tali" score --all tiny --jobs 2 \
		--version latest >swept 2>swept.err &
	sweep=$!
	until_is 2 count_hanging
}

test_expect_success 'a submission that is live work, twice' '
	submit_at +7m 42 eve@example.org && submit_at +8m 42 fay@example.org && runs=$(count_runs)'

for signal in INT TERM
do
	test_expect_success "SIG$signal gives up what runs, and nothing stays behind" '
		sweep_hanging && test "$(count_status scoring)" = 2 && kill -'$signal' $sweep &&
		{ wait $sweep; test $? = 130; } && test_must_be_empty swept &&
		grep "^tali: score: interrupted after 0 of 8; the same command goes on" swept.err &&
		test "$(wc -l <swept.err)" = 1 &&
		until_is 0 count_hanging &&
		test "$(ls -A tmp)" = "" && test "$(count_status scoring)" = 2 &&
		test "$(count_runs)" = "$runs"'
done

test_expect_success 'a killed process leaves them in scoring as well' '
	sweep_hanging && kill -KILL $sweep && { wait $sweep; test $? = 137; } &&
	until_is 0 count_hanging &&
	test "$(count_status scoring)" = 2 && test "$(count_runs)" = "$runs"'

test_expect_success 'the same command goes on with them' '
	tiny_task again && tali task edit tiny --from again >/dev/null &&
	tali score --all tiny --jobs 1 --version latest --json >out.jsonl 2>err &&
	test_must_be_empty err && test "$(wc -l <out.jsonl)" = 8 &&
	head -n 2 out.jsonl | grep -c "\"number\":1," >out && echo 2 | test_cmp - out &&
	test "$(count_status scoring)" = 0 && test "$(count_status scored)" = 8 && tali verify'

# Two answers hang, the others are graded at once: so it is known what is done when it ends.
test_expect_success 'a version of the task on which two answers hang' '
	tiny_task partly && sed -i "1a grep -q hang answer && exec sleep $hang" \
		partly/hidden/judge.sh && sed -n 2p partly/hidden/judge.sh | grep -q sleep &&
	sed -i "s/^  \"run\"/  \"limits\": {\"wall_seconds\": 7200},\n&/" partly/task.json &&
	tali task edit tiny --from partly >/dev/null &&
	submit_at +9m hang gus@example.org && submit_at +10m hang hal@example.org'

# sweep_partly JOBS [OPTION...]: in the background; sets $sweep
sweep_partly() {
	env --default-signal=INT "$root/bin/tali" score --all tiny --version latest --json \
		--jobs "$@" >swept 2>swept.err &
	sweep=$!
	until_is 2 count_hanging
}

count_lines() {
	wc -l <"$1"
}

test_expect_success 'all but the two that hang are done when it is killed' '
	sweep_partly 3 && until_is 8 count_lines swept && kill -KILL $sweep &&
	{ wait $sweep; test $? = 137; } && until_is 0 count_hanging && sort swept >first &&
	count_runs >runs && test_must_be_empty swept.err'

test_expect_success 'the same command grades the two only, and can be interrupted again' '
	sweep_partly 3 && until_is 8 count_lines swept && kill -INT $sweep &&
	{ wait $sweep; test $? = 130; } && until_is 0 count_hanging && count_runs >now &&
	test_cmp runs now && sort swept >second && test_cmp first second &&
	grep "^tali: score: going on with what was begun 20.*: 8 of 10 are done$" swept.err &&
	grep "^tali: score: interrupted after 8 of 10" swept.err && test "$(wc -l <swept.err)" = 2'

test_expect_success 'another version, and a run that is not recorded, go on with nothing' '
	old=$(sqlite3 store/tali.db "SELECT version FROM task_version ORDER BY created LIMIT 1") &&
	tali score --all tiny --version $old -n --json >out.jsonl 2>err && test_must_be_empty err &&
	tali score --all tiny --version $old --json >out.jsonl 2>err && test_must_be_empty err &&
	test "$(wc -l <out.jsonl)" = 10 && ! cmp runs - <<<"$(count_runs)" && count_runs >runs'

test_expect_success '--diff and --min are about all of them' '
	sweep_partly 2 --diff --min 51 && pkill -KILL -fx "sleep $hang" &&
	{ wait $sweep; test $? = 1; } && count_runs >now && ! cmp runs now &&
	grep ": 8 of 10 are done$" swept.err && test "$(wc -l <swept.err)" = 1 && count_runs >runs'

test_expect_success 'when it is over, the same command begins anew; --again does so before' '
	sweep_partly 2 && kill -INT $sweep && { wait $sweep; test $? = 130; } &&
	until_is 0 count_hanging && sweep_partly 3 --again && until_is 8 count_lines swept &&
	kill -INT $sweep && { wait $sweep; test $? = 130; } && ! grep "going on" swept.err &&
	sqlite3 store/tali.db "SELECT count(*) FROM score_sweep WHERE finished = 0" >open &&
	until_is 0 count_hanging && tali verify'

test_expect_success '--again without --all is refused' '
	expect_error 2 "--again goes with --all" tali score "$bob" --again'

test_done
