#!/bin/bash
test_description='when an assessment may be started, and what ends it'
. "$(dirname "$0")/lib.sh"
. "$srcdir/tests/cli/fixture.sh"

# status_of ID
status_of() {
	sqlite3 store/tali.db "SELECT status FROM assessment WHERE id = '$1'"
}

test_expect_success 'a store with a task' 'make_store && add_tiny'

test_expect_success 'before --not-before it cannot be started' '
	invite_one soon@example.org --not-before 2h &&
	expect_error 5 "it can be started from 2" tali start "$passcode" soon &&
	test "$(status_of "$id")" = scheduled && test ! -e soon &&
	tali_at +121m start "$passcode" soon'

test_expect_success 'the window of --valid begins with --not-before' '
	invite_one later@example.org --not-before 10d --valid 2d &&
	tali_at +11d start "$passcode" later'

test_expect_success 'a live one begins at --at' '
	invite_one live@example.org --kind live --at 3d && expect_error 5 "it can be started from" \
		tali start "$passcode" live && tali_at +73h start "$passcode" live'

test_expect_success 'after --valid it is expired' '
	invite_one slow@example.org --valid 1d && tali_at +23h list --status scheduled >out &&
	grep -q "$id" out && expect_error 5 "the invitation expired at 2" \
		tali_at +25h start "$passcode" slow &&
	test "$(status_of "$id")" = expired && tali show "$id" --json >show.json &&
	check_schema show.json && tali logs "$id" | grep -q "system *status scheduled -> expired"'

test_expect_success 'expired stays expired: not even extend helps, a new round does' '
	expect_error 5 "invite again with --round 2" tali extend "$id" --until 7d &&
	expect_error 5 "the invitation expired at" tali start "$passcode" slow &&
	expect_error 5 "cannot become revoked" tali revoke "$id" &&
	expect_error 5 "there is nothing to open" tali resend "$id" &&
	invite_one slow@example.org --round 2 && tali start "$passcode" slow'

test_expect_success 'without --valid the setting counts' '
	tali config set invite.valid 3d && invite_one dflt@example.org && tali_at +2d list >out &&
	test "$(status_of "$id")" = scheduled && tali_at +73h list >out &&
	test "$(status_of "$id")" = expired && tali config set invite.valid'

test_expect_success 'extend --until moves the end of the window' '
	invite_one kind@example.org --valid 1d && tali extend "$id" --until 5d --json >out.json &&
	check_schema out.json && tali_at +4d start "$passcode" kind &&
	expect_error 5 "it was started already" tali extend "$id" --until 9d'

test_expect_success 'extend --until takes a time, but none that is over' '
	invite_one till@example.org &&
	tali extend "$id" --until 2099-01-01T00:00:00Z --json >out.json &&
	test "$(json_get out.json "j[\"expires\"]")" = 2099-01-01T00:00:00Z &&
	expect_error 2 "is in the past" tali extend "$id" --until 2020-01-01T00:00:00Z &&
	expect_error 2 "is not a time" tali extend "$id" --until tomorrow'

test_expect_success 'extend --by moves the deadline of one that is running' '
	invite_one more@example.org --duration 10m &&
	tali start "$passcode" more --json >start.json &&
	tali extend "$id" --by 15m --json >out.json && check_schema out.json &&
	/usr/bin/python3 -c "
import datetime, json
a, b = (datetime.datetime.fromisoformat(json.load(open(f))[\"deadline\"].replace(\"Z\", \"+00:00\"))
	for f in (\"start.json\", \"out.json\"))
assert (b - a).total_seconds() == 900, (a, b)" && tali_at +24m list >out &&
	test "$(status_of "$id")" = active && tali_at +26m list >out &&
	test "$(status_of "$id")" = submitted &&
	expect_error 5 "the assessment is submitted: its time is over" tali extend "$id" --by 15m'

test_expect_success 'extend --by before the start gives more time afterwards' '
	invite_one prep@example.org --duration 10m && tali extend "$id" --by 20m &&
	tali start "$passcode" prep >out && grep -q "29 min [45][0-9] s left\|30 min left" out'

test_expect_success 'extend says what it wants' '
	expect_error 2 "say --by or --until" tali extend "$id" &&
	expect_error 2 "--by must be longer than 0" tali extend "$id" --by 0 &&
	expect_error 2 "is not a duration" tali extend "$id" --by=-5m &&
	expect_error 2 "too much extra time" tali extend "$id" --by 100d &&
	tali show "$id" --json >show.json &&
	test "$(json_get show.json "j[\"extra_seconds\"]")" = 1200'

test_expect_success 'a revoked invitation cannot be started, and says why' '
	invite_one out@example.org &&
	tali revoke "$id" --reason "position is filled" --json >out.json &&
	check_schema out.json &&
	test "$(json_get out.json "j[\"status\"], j[\"reason\"]")" = \
		"[\"revoked\", \"position is filled\"]" &&
	expect_error 5 "the invitation was revoked: position is filled" \
		tali start "$passcode" never &&
	expect_error 5 "the assessment is revoked already" tali revoke "$id" &&
	tali show "$id" | grep -q "reason  *position is filled" && test ! -e never'

test_expect_success 'revoke stops one that is running' '
	invite_one stop@example.org && tali start "$passcode" stop && tali revoke "$id" &&
	expect_error 5 "the assessment is revoked; it must be active to be handed in" \
		in_folder stop tali submit --yes &&
	expect_error 5 "it must be active to run programs" in_folder stop tali run &&
	expect_error 5 "the invitation was revoked" tali start "$passcode" stop &&
	tali_at +1d list >out && test "$(status_of "$id")" = revoked && tali verify "$id" &&
	expect_error 5 "the assessment is revoked; it must be submitted" tali score "$id"'

test_expect_success 'a task may open later' '
	tiny_task opening && tali task create opening --from opening --opens 2098-01-01T00:00:00Z \
		--closes 2099-01-01T00:00:00Z && tali invite opening a@example.org >invitation &&
	expect_error 5 "the task is open from 2098-01-01T00:00:00Z on" \
		tali start "$(cut -f 4 invitation)" early'

test_expect_success 'a task that is closed takes no invitation and no start' '
	tiny_task closing && closes=$(date -u -d "+1 hour" +%Y-%m-%dT%H:%M:%SZ) &&
	tali task create closing --from closing --closes "$closes" &&
	tali invite closing a@example.org >invitation &&
	expect_error 5 "the task closed at 2" tali_at +2h start "$(cut -f 4 invitation)" shut &&
	expect_error 5 "task '\''closing'\'' closed at 2" \
		tali_at +2h invite closing b@example.org &&
	tali start "$(cut -f 4 invitation)" shut &&
	tali_at +20m start "$(cut -f 4 invitation)" shut'

test_done
