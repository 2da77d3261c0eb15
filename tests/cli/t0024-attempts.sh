#!/bin/bash
test_description='a task that allows several attempts: each is an assessment of its own'
. "$(dirname "$0")/lib.sh"
. "$srcdir/tests/cli/fixture.sh"

test_expect_success 'a task with one attempt gives no second' '
	make_store && add_tiny && hand_in 7 && expect_error 5 "it was handed in at 2" \
		tali start "$passcode" again --again && test ! -e again'

test_expect_success 'a task with two attempts, the first handed in' '
	tiny_task twice && tali task create twice --from twice --attempts 2 >/dev/null &&
	tali invite twice ada@example.org >invitation &&
	IFS=$(printf "\t") read -r email id link passcode <invitation &&
	tali start "$passcode" one && echo 7 >one/answer && in_folder one tali submit --yes &&
	tali score "$id"'

test_expect_success 'the second wants --again' '
	expect_error 5 "attempt 1 of 2 was handed in; --again begins the next one" \
		tali start "$passcode" two && test ! -e two'

test_expect_success '--again does not go into the folder of the first' '
	expect_error 5 "one is the work folder of the attempt before" \
		tali start "$passcode" one --again &&
	test "$(tali list --task twice --count)" = 1'

test_expect_success '--again begins anew, with the starter files and a clock of its own' '
	tali start "$passcode" two --again --json >start.json && check_schema start.json &&
	second=$(json_get start.json "j[\"id\"]") && test "$second" != "$id" &&
	test "$(json_get start.json "j[\"attempt\"], j[\"resumed\"], j[\"status\"]")" = \
		"[2, false, \"active\"]" && test ! -s two/answer && test -e two/main.sh &&
	test "$(tali list --task twice --count)" = 2'

test_expect_success 'the second attempt runs, resumes and is handed in on its own' '
	echo 42 >two/answer && in_folder two tali run >out && grep -qx "the answer is 42" out &&
	tali start "$passcode" two >out && grep -q "^resumed twice" out &&
	tali start "$link" two --again >out && grep -q "^resumed twice" out &&
	in_folder two tali submit --yes && tali score "$second" >out &&
	grep -q "^grade 100.00 %" out'

test_expect_success 'the first keeps its grade, and both verify' '
	tali show "$id" >out && grep -q "^grade 50.00 %" out && grep -q "attempt 1$" out &&
	tali show "$second" >out && grep -q "^grade 100.00 %" out && grep -q "attempt 2$" out &&
	tali verify >verified'

test_expect_success 'there is no third' '
	expect_error 5 "it was handed in at 2" tali start "$passcode" three --again &&
	test ! -e three'

test_expect_success 'invite again gives the newest attempt, resend a new link to its receipt' '
	tali invite twice ada@example.org >out && test "$(cut -f 2 out)" = "$second" &&
	test "$(cut -f 4 out)" = "$passcode" &&
	tali resend "$id" >out && test "$(cut -f 2 out)" = "$id" &&
	test "$(cut -f 4 out)" != "$passcode" && tali verify "$id"'

test_expect_success 'an attempt that time has ended can be followed by the next' '
	tali invite twice bob@example.org >invitation && passcode=$(cut -f 4 invitation) &&
	tali start "$passcode" bob-one && tali_at +31m start "$passcode" bob-two --again >out &&
	grep -q "^started twice: 29 min\|^started twice: 30 min" out &&
	tali list bob --status submitted --count >out && test "$(cat out)" = 1'

test_expect_success 'a new attempt needs an open window too' '
	tali invite twice eve@example.org --valid 1d >invitation &&
	passcode=$(cut -f 4 invitation) &&
	tali start "$passcode" eve-one && expect_error 5 "the invitation expired at" \
		tali_at +2d start "$passcode" eve-two --again'

test_expect_success 'the number of attempts is that of the version the candidate got' '
	tali task edit twice --attempts 5 && expect_error 5 "it was handed in at 2" \
		tali start "$link" three --again'

test_expect_success 'attempts have bounds' '
	expect_error 2 "task.json:" tali task create none --from twice --attempts 101'

test_done
