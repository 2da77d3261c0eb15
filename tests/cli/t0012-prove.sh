#!/bin/bash
test_description='tali task prove: the tests of a task tell right from wrong, every time'
. "$(dirname "$0")/lib.sh"
. "$srcdir/tests/cli/fixture.sh"

# not_proved FOLDER TEXT: prove ends with exit status 1 and says TEXT
not_proved() {
	expect_exit 1 tali task prove $weak "$1" >prove.out 2>prove.err && cat prove.out &&
	grep -qF -e "$2" prove.out && tail -n 1 prove.out | grep -qx 'not proved' &&
	grep -qx "tali: task prove: '$1' is not proved" prove.err
}

test_expect_success 'a proof is kept with the version of a stored task' '
	make_store && add_tiny && tali task list | grep -q "not proved$" &&
	tali task prove tiny --json >proof.json && check_schema proof.json &&
	test "$(json_get proof.json "[j[k] for k in (\"proved\", \"repeats\", \"flaky\",
		\"faults\")]")" = "[true, 3, [], []]" &&
	test "$(json_get proof.json "sorted(j[\"cases\"][\"judge\"])")" = \
		"[\"judge/right\", \"judge/some\"]" &&
	! tali task list | grep "not proved" && tali task show tiny --json >task.json &&
	test "$(json_get task.json "j[\"proved\"], j[\"versions\"][0][\"proved\"]")" = \
		"[true, true]"'

test_expect_success 'another version has to be proved anew, the old one stays proved' '
	tali task edit tiny --title Changed && tali task list | grep -q "not proved$" &&
	tali task show tiny --json >task.json &&
	test "$(json_get task.json "sorted(v[\"proved\"] for v in j[\"versions\"])")" = \
		"[false, true]"'

test_expect_success 'a folder is proved without a store' '
	tiny_task good && (unset TALI_STORE && tali task prove $weak ./good --repeats 2) >out &&
	grep -qE "^  reference +passed +10 of 10 points$" out &&
	grep -qE "^  starter +wrong_answer +0 of 10 points$" out &&
	grep -qE "^  variant almost +wrong_answer +as expected$" out'

test_expect_success 'a variant that passes is not proved' '
	tiny_task lax && sed -i "s/= 42/-gt 0/" lax/hidden/judge.sh &&
	not_proved lax "expected wrong_answer, got passed"'

test_expect_success 'a variant that fails other cases is not proved' '
	tiny_task other && sed -i "s|judge/right|judge/some|" other/task.json &&
	not_proved other "no case that matches '\''judge/some'\'' fails"'

test_expect_success 'a reference that fails is not proved' '
	tiny_task wrong && echo 41 >wrong/solution/answer && not_proved wrong "reference"'

test_expect_success 'a starter that passes everything is not proved' '
	tiny_task easy && echo 42 >easy/start/answer && not_proved easy "starter"'

test_expect_success 'a test that changes between repeats is flaky' '
	tiny_task flaky && sed -i "2,\$d" flaky/hidden/judge.sh &&
	cat >>flaky/hidden/judge.sh <<-\END &&
		[ "$(cat answer)" = 42 ] && ok=ok || ok="not ok"
		now=$(date +%N | sed "s/^0*//;s/^$/0/")
		[ $((now / 1000 % 2)) = 0 ] && luck=ok || luck="not ok"
		echo "$luck 1 - some"
		echo "$ok 2 - right"
	END
	expect_exit 1 tali task prove $weak flaky --repeats 40 --json >proof.json &&
	check_schema proof.json &&
	test "$(json_get proof.json "\"judge/some\" in j[\"flaky\"]")" = true &&
	test "$(json_get proof.json "j[\"proved\"]")" = false'

test_expect_success 'a proof that fails is kept as one' '
	tali task create lax --from lax && expect_exit 1 tali task prove lax &&
	tali task show lax --json >task.json &&
	test "$(json_get task.json "j[\"proved\"]")" = false'

test_expect_success 'a task with faults is not even tried' '
	tiny_task bad && sed -i "s/bug_fix/bug/" bad/task.json &&
	expect_error 2 "task.json:5: /type" tali task prove $weak bad'

test_expect_success 'the number of repeats has bounds' '
	expect_error 2 "--repeats is 1 to 100" tali task prove tiny --repeats 0 &&
	expect_error 2 "--repeats is 1 to 100" tali task prove tiny --repeats 101 &&
	expect_error 2 "--repeats wants a number" tali task prove tiny --repeats many'

test_expect_success 'what is not there is not proved' '
	expect_error 5 "no task '\''nothing'\''" tali task prove nothing &&
	expect_error 5 "no such folder" tali task prove ./nothing'

test_expect_success 'without a solution nothing is proved, and submissions are graded' '
	tiny_task bare && rm -r bare/solution && mkdir work && echo 42 >work/answer &&
	expect_error 2 "the task has no solution/" tali task prove $weak bare &&
	tali score $weak --task bare --workspace work --min 100 &&
	echo 41 >work/answer &&
	expect_exit 1 tali score $weak --task bare --workspace work --min 100'

test_done
