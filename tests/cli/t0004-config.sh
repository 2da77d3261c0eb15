#!/bin/bash
test_description='tali config: one typed table of settings'
. "$(dirname "$0")/lib.sh"
. "$srcdir/tests/cli/fixture.sh"

test_expect_success 'list has each setting with value and meaning' '
	export TALI_STORE=$PWD/store && tali init && tali config list >out &&
	grep -qE "^invite.valid +14d +[a-z]" out &&
	grep -qE "^server.url +http://127.0.0.1:8080 " out &&
	! grep "(set)" out && tali config list --json >list.jsonl && check_schema list.jsonl &&
	test "$(wc -l <list.jsonl)" = "$(wc -l <out)"'

test_expect_success 'get prints the default until set says something else' '
	test "$(tali config get invite.valid)" = 14d && tali config set invite.valid 3w >out &&
	test_must_be_empty out && test "$(tali config get invite.valid)" = 3w &&
	tali config list | grep -qE "^invite.valid +3w .*\(set\)$" &&
	tali config get invite.valid --json >out.json && check_schema out.json &&
	test "$(json_get out.json "j[\"value\"], j[\"set\"]")" = "[\"3w\", true]"'

test_expect_success 'set without a value goes back to the default' '
	tali config set invite.valid && test "$(tali config get invite.valid)" = 14d &&
	tali config get invite.valid --json >out.json &&
	test "$(json_get out.json "j[\"set\"]")" = false && test "$(cat store/config.json)" = "{}"'

test_expect_success 'a setting belongs to its store' '
	tali init other && tali config set invite.valid 2d --store other &&
	test "$(tali config get invite.valid)" = 14d'

test_expect_success 'the file stays private and readable JSON' '
	tali config set server.url "https://example.org/ä" &&
	test "$(stat -c %a store/config.json)" = 600 &&
	test "$(json_get store/config.json "j[\"server.url\"]")" = "https://example.org/ä"'

# refused NAME VALUE TEXT: and the setting stays as it was
refused() {
	local before
	before=$(tali config get "$1") && expect_error 2 "$3" tali config set "$1" "$2" &&
	[ "$(tali config get "$1")" = "$before" ]
}

test_expect_success 'a value of the wrong type or outside the bounds is refused' '
	refused sandbox.allow_weak yes "sandbox.allow_weak is true or false, not '\''yes'\''" &&
	refused passcode.failures 3 "passcode.failures is a number from 4 to 100, not '\''3'\''" &&
	refused passcode.failures 101 "a number from 4 to 100" &&
	refused passcode.failures 8x "a number from 4 to 100" &&
	refused passcode.failures "" "a number from 4 to 100" &&
	refused passcode.lock 2d "passcode.lock: 2d is outside the bounds" &&
	refused passcode.lock 59s "outside the bounds" &&
	refused passcode.lock long "is not a duration" &&
	for value in "" jobs.example.org javascript:1 http:// https:///tali "https://a b" \
		"https://jobs.example.org/?x=" ftp://jobs.example.org
	do
		refused server.url "$value" "server.url is an address that begins with https://" ||
			return 1
	done'

test_expect_success 'an unknown setting is not found' '
	expect_error 5 "no setting '\''invite.vald'\'' (see \`tali config list\`)" \
		tali config get invite.vald &&
	expect_error 5 "no setting" tali config set invite.vald 1d &&
	expect_error 5 "no setting" tali config set invite.vald'

test_expect_success 'a file edited by hand is checked' '
	echo "{\"passcode.failures\": \"2\"}" >store/config.json &&
	expect_error 2 "a number from 4 to 100" tali config get passcode.failures &&
	echo "{\"passcode.failures\": 8}" >store/config.json &&
	expect_error 2 "config.json: /passcode.failures: must be a string" \
		tali config get passcode.failures &&
	printf "{\n\"a\":\n" >store/config.json &&
	expect_error 2 "config.json:3" tali config list &&
	echo "[]" >store/config.json &&
	expect_error 2 "config.json: not an object" tali config list'

test_expect_success 'without the file all is default' '
	rm store/config.json && test "$(tali config get passcode.failures)" = 8 &&
	tali config set passcode.failures 9 && test "$(tali config get passcode.failures)" = 9'

test_expect_success 'a key of a newer program is kept' '
	echo "{\"future.setting\": \"x\"}" >store/config.json &&
	tali config set passcode.failures 9 &&
	grep -q future.setting store/config.json'

test_done
