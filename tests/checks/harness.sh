#!/bin/bash
# harness.sh - the tests of the tests: what fails is counted as failed, and once
. "$(dirname "$0")/lib.sh"

unset CI TALI_COUNTS TALI_VALGRIND

# tap TEXT STATUS COMMAND...: tests/run writes TEXT for the command, and ends with STATUS
tap() {
	local text=$1 status=$2 output actual
	shift 2
	output=$("$srcdir/tests/run" "$@" 2>/dev/null)
	actual=$?
	[ "$output" = "$text" ] && [ "$actual" = "$status" ] && return 0
	printf '%s\n' "status $actual:" "$output"
	return 1
}
program() {
	printf '#!/bin/sh\n%s\n' "$1" >program
	chmod +x program
}
program 'echo 1..2; echo ok 1 - a; echo "not ok 2 - b"; exit 1'
it 'a failed test is not counted again for the exit status' \
	tap $'ok 1 - a\nnot ok 2 - b\n1..2' 0 ./program
program 'echo 1..1; echo ok 1 - a; exit 3'
it 'an exit status without a failed test is kept' tap $'ok 1 - a\n1..1' 3 ./program
program 'echo 1..2; echo "not ok 1 - a"; kill -SEGV $$'
it 'a crash is kept' tap $'not ok 1 - a\n1..2' 139 ./program
program 'echo 1..2; echo ok 1 - a; echo "not ok 2 # SKIP b"'
it 'a test that cmocka skipped is skipped' tap $'ok 1 - a\nok 2 # SKIP b\n1..2' 0 ./program
program 'echo 1..1; echo ok 1 - a; echo 1..2; echo ok 1 - b; echo ok 2 - c'
it 'two groups become one plan' tap $'ok 1 - a\nok 2 - b\nok 3 - c\n1..3' 0 ./program
program 'echo 1..2; echo ok 1 - a'
it 'a plan that was not kept stays visible' tap $'ok 1 - a\n1..2' 0 ./program
program 'echo "1..0 # SKIP no time"'
it 'a program that skips all says why' tap '1..0 # SKIP no time' 0 ./program
program 'sleep 10'
it 'a program that hangs is ended' env TALI_TEST_TIMEOUT=0.2 "$BASH" -c \
	'! "$0" ./program 2>error && grep -q "ended after" error' "$srcdir/tests/run"

cat >probe.sh <<-'END'
	echo "$TMPDIR $HOME $TALI_TEMPLATES ${TALI_STORE-none}" >seen
	echo 1..1
	echo ok 1 - "$CMOCKA_MESSAGE_OUTPUT"
END
TALI_STORE=/x "$srcdir/tests/run" ./probe.sh >/dev/null
read -r tmp home templates store <seen
it 'a test gets a TMPDIR and a HOME of its own' [ "$home" = "$tmp/home" ]
it 'they are gone afterwards' [ ! -e "$tmp" ]
it 'templates are those of the source' [ "$templates" = "$srcdir/templates" ]
it 'a store of the user is not seen' [ "$store" = none ]

# summary TEXT STATUS FILE...: run-summary ends with this line and this status
summary() {
	local text=$1 status=$2 output actual
	shift 2
	output=$("$srcdir/tests/run-summary" "$@")
	actual=$?
	[ "${output##*$'\n'}" = "$text" ] && [ "$actual" = "$status" ] && return 0
	printf '%s\n' "status $actual:" "$output"
	return 1
}
results() {
	local result
	echo ":global-test-result: X"
	for result in "$@"; do
		echo ":test-result: $result"
	done
}
results PASS PASS >good.trs
results PASS FAIL ERROR XPASS XFAIL >bad.trs
results SKIP PASS >skip.trs
it 'results are summed over files' summary '3 passed, 4 failed' 1 good.trs bad.trs
it 'all passed is a success' summary '2 passed, 0 failed' 0 good.trs
it 'a test without a result has failed' summary '2 passed, 1 failed' 1 good.trs gone.trs
it 'a skipped test is no failure at home' summary '1 passed, 0 failed' 0 skip.trs
export CI=true
it 'a skipped test is a failure in CI' summary '1 passed, 1 failed' 1 skip.trs

finish
