#!/bin/bash
# t0063-operator.sh - what commands do beside a server is seen by the pages that are open
test_description='list, logs, extend, revoke and resend beside a server'
. "$(dirname "$0")/lib.sh"
. "$srcdir/tests/cli/fixture.sh"
. "$srcdir/tests/cli/server.sh"

# watch WHAT EXPECTED COMMAND...: the page of the cookie is told; in told
watch() {
	"$srcdir/tests/fake/page-watch.py" "$url" \
		"$(awk '$6 == "tali_c" { print $7 }' jar)" "$@" >told && cat told
}

type_one() {
	gets 200 GET /api/v1/session >/dev/null &&
	rev=$(json_get out \
		'[f["rev"] for f in j["workspace"]["files"] if f["path"] == "answer"][0]') &&
	gets 200 POST /api/v1/events "{\"schema\":\"tali.batch/1\",\"client\":\"page\",\"sent\":1,
		\"base\":{\"answer\":$rev},\"events\":[{\"seq\":$1,\"time\":1,\"kind\":\"edit\",
		\"data\":{\"edits\":[{\"file\":\"answer\",\"at\":0,\"del\":0,\"ins\":\"$2\"}]}}]}"
}

state() {
	tali list --json | grep "\"$id\"" >row && json_get row 'j["status"]'
}

test_expect_success 'list knows a session of the server' '
	make_store && add_tiny && invite_one && serve && test "$(state)" = scheduled && begin &&
	test "$(state)" = active
'
# follows TEXT: reads what logs -f prints, up to a line with that
follows() {
	until echo "$line" | grep "$1"
	do
		read -r line <&7 || return
	done
}

test_expect_success 'logs follow what is typed and handed in' '
	mkfifo journal && { tali logs -f "$id" >journal & } && follower=$! && exec 7<journal &&
	line= && follows "configuring -> active" && type_one 1 4 && follows "edit answer" &&
	gets 200 POST /api/v1/submit "{}" && follows "active -> submitted" &&
	test "$(state)" = submitted && kill $follower && { wait $follower; exec 7<&-; }
'
test_expect_success 'extend moves the deadline of an open page' '
	invite_one two@example.org && begin && gets 200 GET /api/v1/session >/dev/null &&
	json_get out "j[\"deadline\"]" >before &&
	watch stream "event: state" tali extend "$id" --by 5m &&
	gets 200 GET /api/v1/session >/dev/null && json_get out "j[\"deadline\"]" >after &&
	! cmp -s before after && grep "\"deadline\":\"$(cat after)\"" told
'
test_expect_success 'a new link closes stream and cookie of the old one, and the shell goes on' '
	watch stream END tali resend "$id" && gets 401 GET /api/v1/session &&
	gets 401 GET /api/v1/stream
'
test_expect_success 'and the terminal, whose shell waits for the new one' '
	invite_one three@example.org && begin && cp jar old && watch terminal "a new link" \
		tali resend --json "$id" &&
	gets 401 GET /api/v1/session && tali logs "$id" | grep "terminal" >terminals &&
	! grep -q "end" terminals
'
test_expect_success 'revoke tells an open page, and closes its stream' '
	invite_one four@example.org && begin && watch stream END tali revoke "$id" &&
	grep "\"status\":\"revoked\"" told && gets 409 PUT /api/v1/files/answer x &&
	gets 409 POST /api/v1/run "{}" && test "$(state)" = revoked
'
test_expect_success 'a page that is opened again can say why, and has no stream' '
	gets 200 GET /api/v1/session >/dev/null && json_get out "j[\"status\"]" | grep -x revoked &&
	gets 409 GET /api/v1/stream
'
test_expect_success 'revoke ends a terminal' '
	invite_one five@example.org && begin &&
	watch terminal "not open any more" tali revoke "$id" && stop && tali verify
'
test_done
