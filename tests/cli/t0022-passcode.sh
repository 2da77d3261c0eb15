#!/bin/bash
test_description='what opens an invitation, and what happens to those who guess'
. "$(dirname "$0")/lib.sh"
. "$srcdir/tests/cli/fixture.sh"

wrong='no invitation for this passcode or link'

# forget: as if nobody had ever typed anything wrong
forget() {
	sqlite3 store/tali.db 'DELETE FROM throttle'
}

test_expect_success 'a store with an invitation' 'make_store && add_tiny && invite_one'

test_expect_success 'passcode in small letters, with dashes and blanks' '
	lower=$(echo "$passcode" | tr A-Z a-z | sed "s/..../& - /") &&
	tali start "$lower" one && tali start "$passcode" one >out && grep -q "as you left it" out'

test_expect_success 'the link, its end alone, in capitals, on another server' '
	token=${link##*/} && tali start "$link" one >out && grep -q "^resumed tiny" out &&
	tali start "$token" one && tali start "$(echo "$token" | tr a-z A-Z)" one &&
	tali start "https://elsewhere.example.org/t/$token" one'

test_expect_success 'nothing else opens it' '
	for words in "$id" ada@example.org "" "${passcode%?}" "${passcode}A" "${token%?}" \
		"${token}0" "%" "../$token" AAAAAAAA
	do
		forget && expect_error 5 "$wrong" tali start "$words" two || return 1
	done &&
	test ! -e two'

test_expect_success 'a wrong passcode and a wrong link give the same answer' '
	forget && expect_error 5 "$wrong" tali start CCCCDDDD && cp error.err passcode.err &&
	expect_error 5 "$wrong" tali start "http://127.0.0.1:8080/t/00000000000000000000000000" &&
	test_cmp passcode.err error.err'

test_expect_success 'after three wrong ones it slows down, also for the right one' '
	now=$(date -u +=%Y-%m-%dT%H:%M:%SZ) && forget && for i in 1 2 3 4
	do
		expect_error 5 "$wrong" tali_at $now start CCCCDDDD || return 1
	done &&
	expect_error 5 "locked for another 2 s" tali_at $now start CCCCDDDD &&
	expect_error 5 "too many wrong passcodes" tali_at $now start "$passcode" one &&
	test "$(sqlite3 store/tali.db "SELECT failures FROM throttle")" = 4 &&
	tali_at +5s start "$passcode" one'

test_expect_success 'a right one is the end of the slowness' '
	test "$(sqlite3 store/tali.db "SELECT count(*) FROM throttle")" = 0 &&
	expect_error 5 "$wrong" tali start CCCCDDDD && tali start "$passcode" one'

test_expect_success 'after eight wrong ones it is locked for a quarter of an hour' '
	forget && for at in 0s 0s 0s 0s 3s 8s 17s 34s
	do
		expect_error 5 "$wrong" tali_at +$at start CCCCDDDD || return 1
	done &&
	expect_error 5 "locked for another 14 min" tali_at +40s start "$passcode" one &&
	expect_error 5 "locked for another 14 min" tali_at +40s start \
		"${passcode%?}------------------${passcode#???????}" one &&
	expect_error 5 "locked for another" tali_at +15m start "$passcode" one &&
	tali_at +16m start "$passcode" one'

test_expect_success 'what is forgotten takes no room in the store' '
	sqlite3 store/tali.db "INSERT INTO throttle \
		SELECT id, 0, 7, 1, 1 FROM organization" &&
	expect_error 5 "$wrong" tali start CCCCDDDD &&
	test "$(sqlite3 store/tali.db "SELECT count(*) FROM throttle")" = 1 && forget'

test_expect_success 'number of tries and length of the lock are settings' '
	forget && tali config set passcode.failures 4 && tali config set passcode.lock 2h &&
	for i in 1 2 3 4
	do
		expect_error 5 "$wrong" tali start CCCCDDDD || return 1
	done &&
	expect_error 5 "locked for another 1 h 59 min" tali_at +5s start "$passcode" one &&
	tali config set passcode.failures && tali config set passcode.lock && forget'

test_expect_success 'old slips are forgotten' '
	for at in 0s 1s 2s 20m 21m 22m
	do
		expect_error 5 "$wrong" tali_at +$at start CCCCDDDD || return 1
	done &&
	tali_at +23m start "$passcode" one'

test_expect_success 'resend makes new ones, and the old ones are dead' '
	forget && invite_one bob@example.org && tali resend "$id" >out &&
	IFS=$(printf "\t") read -r email same new_link new_passcode <out &&
	test "$email|$same" = "bob@example.org|$id" && test "$new_link" != "$link" &&
	test "$new_passcode" != "$passcode" && expect_error 5 "$wrong" tali start "$passcode" bob &&
	expect_error 5 "$wrong" tali start "$link" bob && tali start "$new_passcode" bob &&
	tali start "$new_link" bob'

test_expect_success 'resend in the middle keeps work and clock' '
	tali resend "$id" --json >out.json && check_schema out.json &&
	expect_error 5 "$wrong" tali start "$new_link" bob &&
	tali start "$(json_get out.json "j[\"passcode\"]")" bob >out &&
	grep -q "^resumed tiny" out &&
	tali invite tiny bob@example.org >out &&
	test "$(cut -f 4 out)" = "$(json_get out.json "j[\"passcode\"]")"'

test_expect_success 'the journal tells of the resend, and no secret' '
	tali logs "$id" --json >logs.jsonl &&
	test "$(grep -c "\"kind\":\"resend\"" logs.jsonl)" = 2 &&
	! grep -qi "$new_passcode\|${new_link##*/}" logs.jsonl'

test_expect_success 'an access code is a second factor' '
	forget && invite_one eve@example.org --code "Blue Horse" &&
	expect_error 5 "this invitation asks for an access code: --code" \
		tali start "$passcode" eve &&
	expect_error 5 "$wrong" tali start "$passcode" eve --code "blue horse" &&
	expect_error 5 "$wrong" tali start "$passcode" eve --code "" &&
	tali start "$passcode" eve --code "Blue Horse" &&
	test "$(sqlite3 store/tali.db "SELECT count(*) FROM throttle")" = 0'

test_expect_success 'the access code is asked for again, with the link too' '
	expect_error 5 "asks for an access code" tali start "$link" eve &&
	tali start "$link" eve --code "Blue Horse"'

test_expect_success 'guessing the access code is slowed down like guessing passcodes' '
	now=$(date -u +=%Y-%m-%dT%H:%M:%SZ) &&
	for i in 1 2 3 4
	do
		expect_error 5 "$wrong" tali_at $now start "$passcode" eve --code "guess $i" ||
			return 1
	done &&
	expect_error 5 "too many wrong" tali_at $now start "$passcode" eve --code "Blue Horse" &&
	forget'

test_expect_success 'the access code is not in the store' '
	! grep -rqa "Blue Horse" store'

test_done
