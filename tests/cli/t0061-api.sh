#!/bin/bash
# t0061-api.sh - a candidate's session by HTTP, and what other commands do to it meanwhile
test_description='a session by HTTP: link, start, typing, files, runs, handing in'
. "$(dirname "$0")/lib.sh"
. "$srcdir/tests/cli/fixture.sh"
. "$srcdir/tests/cli/server.sh"

# batch FROM BASE EDIT...: edits of the file answer, one event each
batch() {
	local seq=$1 base=$2 events=
	shift 2
	for edit
	do
		events="$events${events:+,}{\"seq\":$seq,\"time\":1,\"kind\":\"edit\",
			\"data\":{\"edits\":[{\"file\":\"answer\",$edit}]}}"
		seq=$((seq + 1))
	done
	echo "{\"schema\":\"tali.batch/1\",\"client\":\"page\",\"sent\":1,\"events\":[$events],
		\"base\":{\"answer\":$base}}"
}

rev() {
	gets 200 GET /api/v1/session >/dev/null &&
	json_get out '[f["rev"] for f in j["workspace"]["files"] if f["path"] == "answer"][0]'
}

elsewhere=",\"where\":\"candidate's machine\""
# ran MEMBERS: a batch with a run that has these members too
ran() {
	local empty hello
	empty="{\"blob\":\"$(printf "" | sha256sum | cut -c1-64)\",\"size\":0}"
	hello="{\"blob\":\"$(printf hello | sha256sum | cut -c1-64)\",\"size\":5}"
	echo "{\"schema\":\"tali.batch/1\",\"client\":\"machine\",\"sent\":1,
		\"payloads\":[\"hello\",\"\"],\"events\":[{\"seq\":1,\"time\":1,\"kind\":\"run\",
		\"data\":{\"argv\":[\"make\"],\"stdout\":$hello,\"stderr\":$empty,
		\"verdict\":\"ok\",\"exit_status\":0,\"weak\":[]$1}}]}"
}

# settle: waits until nothing runs
settle() {
	until [ "$(gets 200 GET /api/v1/session >/dev/null &&
		json_get out 'j["workspace"]["running"]')" = null ]
	do :; done
}

is_revoked() {
	gets 200 GET /api/v1/session && test "$(json_get out 'j["status"]')" = revoked
}

test_expect_success 'a server starts and stops' '
	make_store && add_tiny && serve && gets 200 GET /healthz && stop
'
test_expect_success 'where nothing is people get a page, and programs what they can read' '
	serve && gets 404 GET /nothing &&
	test "$(json_get out "j[\"error\"][\"code\"]")" = not_found &&
	gets 404 POST /nothing "{}" && gets 404 GET /api/v1/nothing &&
	code=$(curl -s -o out -w "%{http_code}" -H "Accept: text/html" "$url/nothing") &&
	test "$code" = 404 && grep -q "<title>" out && stop
'
test_expect_success 'without a link there is nothing' '
	invite_one && serve && gets 401 GET /api/v1/session && gets 401 POST /api/v1/start "{}" &&
	gets 401 GET /api/v1/files/answer
'
test_expect_success 'a link lets in and starts nothing' '
	enter && grep tali_c jar >cookie && ! grep -q "${link##*/}" jar &&
	gets 200 GET /api/v1/session && test "$(json_get out "j[\"status\"]")" = scheduled &&
	test "$(json_get out "j[\"task\"][\"statement\"]")" = "" &&
	test "$(json_get out "j[\"workspace\"]")" = null
'
test_expect_success 'so does a passcode, and wrong ones end in a lock' '
	rm -f jar && gets 204 POST /api/v1/enter "{\"passcode\":\"$passcode\"}" &&
	gets 200 GET /api/v1/session && gets 400 POST /api/v1/enter "{}" &&
	gets 400 POST /api/v1/enter "[" &&
	gets 404 POST /api/v1/enter "{\"passcode\":\"AAAAAAAA\"}" &&
	for i in 1 2 3 4 5 6 7
	do
		ask POST /api/v1/enter "{\"passcode\":\"AAAAAAAA\"}" || return 1
	done &&
	gets 429 POST /api/v1/enter "{\"passcode\":\"$passcode\"}" &&
	curl -sf -H "Authorization: Bearer ${link##*/}" "$url/api/v1/session" >out &&
	wrong=$(printf %026d 0) &&
	test "$(curl -s -o out -w "%{http_code}" -H "Authorization: Bearer $wrong" \
		"$url/api/v1/session")" = 401 &&
	sqlite3 store/tali.db "DELETE FROM throttle"
'
test_expect_success 'a program that goes on with a link that was replaced locks nobody out' '
	for i in $(seq 20)
	do
		for key in "$wrong" sk-of-somebody-else; do
			test "$(curl -s -o out -w "%{http_code}" -H "Authorization: Bearer $key" \
				"$url/api/v1/session")" = 401 || return 1
		done
	done &&
	test "$(sqlite3 store/tali.db "SELECT count(*) FROM throttle")" = 0 &&
	rm -f jar && gets 204 POST /api/v1/enter "{\"passcode\":\"$passcode\"}"
'
test_expect_success 'a page of another site cannot start it' '
	code=$(curl -s -o out -w "%{http_code}" -b jar -X POST -H "Sec-Fetch-Site: cross-site" \
		-d "{}" "$url/api/v1/start") && test "$code" = 403 &&
	code=$(curl -s -o out -w "%{http_code}" -b jar -X POST -d "{}" "$url/api/v1/start") &&
	test "$code" = 403
'
test_expect_success 'start is once' '
	begin && deadline=$(json_get out "j[\"deadline\"]") &&
	gets 200 POST /api/v1/start "{}" && gets 200 GET /api/v1/session &&
	test "$(json_get out "j[\"deadline\"]")" = "$deadline" &&
	json_get out "j[\"task\"][\"statement\"]" | grep -q "Write 42" &&
	tali logs "$id" | grep -c "configuring -> active" | grep -qx 1
'
test_expect_success 'what is typed is there, once, whoever is asked' '
	four="\"at\":0,\"del\":0,\"ins\":\"4\"" && two="\"at\":1,\"del\":0,\"ins\":\"2\"" &&
	first=$(rev) && gets 200 POST /api/v1/events "$(batch 1 $first "$four")" &&
	gets 200 POST /api/v1/events \
		"$(batch 1 $first "$four" "$two")" &&
	test "$(json_get out "j[\"duplicates\"], j[\"conflicts\"]")" = "[1, []]" &&
	test "$(json_get out "j[\"revs\"][\"answer\"]")" = "$(rev)" &&
	gets 200 POST /api/v1/events \
		"$(batch 1 $first "$four" "$two")" &&
	test "$(json_get out "j[\"duplicates\"]")" = 2 && gets 200 GET /api/v1/files/answer &&
	test "$(cat out)" = 42 && tali replay "$id" --at end --file answer | grep -qx 42 &&
	tali verify "$id"
'
test_expect_success 'an edit of an older text is a conflict, and is not stored' '
	gets 409 POST /api/v1/events "$(batch 3 $first "\"at\":0,\"del\":2,\"ins\":\"x\"")" &&
	test "$(json_get out "j[\"conflicts\"][0][\"rev\"]")" = "$(rev)" &&
	gets 200 GET /api/v1/files/answer && test "$(cat out)" = 42
'
test_expect_success 'what cannot be is refused' '
	gets 400 POST /api/v1/events "$(batch 3 "$(rev)" "\"at\":9,\"del\":0,\"ins\":\"x\"")" &&
	gets 400 POST /api/v1/events "$(batch 3 0 "\"at\":0,\"del\":-1,\"ins\":\"x\"")" &&
	gets 400 POST /api/v1/events "no json" && gets 409 POST /api/v1/events \
		"$(batch 9 "$(rev)" "\"at\":0,\"del\":0,\"ins\":\"x\"")" &&
	test "$(json_get out "j[\"gap\"][\"from\"]")" = 3 && tali verify "$id"
'
test_expect_success 'files are put, read, renamed and removed' '
	gets 200 PUT /api/v1/files/lib/a "some" && gets 200 GET /api/v1/files/lib/a &&
	test "$(cat out)" = some &&
	gets 200 POST /api/v1/files/lib "{\"op\":\"rename\",\"to\":\"b\"}" &&
	gets 200 GET /api/v1/files/b/a && gets 200 DELETE /api/v1/files/b/a &&
	gets 404 GET /api/v1/files/b/a && gets 404 DELETE /api/v1/files/b/a &&
	gets 400 POST /api/v1/files/x "{\"op\":\"chmod\"}" &&
	gets 400 POST /api/v1/files/x "{\"op\":\"mkdir\"}" &&
	gets 200 GET /api/v1/archive && tar tzf out | grep -qx tiny/answer
'
test_expect_success 'no path leads out' '
	for path in .git/config a/.git/config .GIT/x %2e%2e/x a/%2e%2e/x /etc/passwd a%00b a%5cb
	do
		gets 400 PUT "/api/v1/files/$path" x || return 1
	done
'
test_expect_success 'nor can a path be what git cannot hold: all that is saved is handed in' '
	for path in "git~1" a/GIT~1/x ".git%20/x" a/.git. .git:x "$(printf "a/%.0s" $(seq 65))a"
	do
		gets 400 PUT "/api/v1/files/$path" x || return 1
	done && gets 400 POST /api/v1/events "{\"schema\":\"tali.batch/1\",\"client\":\"git\",
		\"sent\":1,\"payloads\":[\"x\"],\"events\":[{\"seq\":1,\"time\":1,\"kind\":\"file\",
		\"data\":{\"op\":\"create\",\"path\":\"git~1\"}}]}" &&
	/usr/bin/python3 - <<-\END &&
		import hashlib, json
		blob = {"blob": hashlib.sha256(b"x").hexdigest(), "size": 1}
		for batch in range(2):
		    data = [{"op": "create", "path": f"{n}/" + 62 * "d/" + "f", "content": blob}
		            for n in range(batch * 250, batch * 250 + 250)]
		    events = [{"seq": batch * 250 + i + 1, "time": 1, "kind": "file", "data": d}
		              for i, d in enumerate(data)]
		    json.dump({"schema": "tali.batch/1", "client": "deep", "sent": 1,
		               "payloads": ["x"], "events": events,
		               "base": {d["path"]: 0 for d in data}},
		              open(f"batch-{batch}", "w"))
	END
	gets 200 POST /api/v1/events @batch-0 >/dev/null &&
	gets 400 POST /api/v1/events @batch-1 && grep "more than 20000 files and folders" out &&
	gets 200 GET /api/v1/archive >/dev/null &&
	for folder in $(seq 0 249); do
		gets 200 POST "/api/v1/files/$folder" "{\"op\":\"delete\"}" >/dev/null || return 1
	done &&
	deep=$(printf "a/%.0s" $(seq 64))a && gets 200 PUT "/api/v1/files/$deep" x &&
	gets 200 GET /api/v1/archive >/dev/null && gets 200 DELETE "/api/v1/files/$deep"
'
test_expect_success 'a run tells what was typed, and is on record' '
	gets 202 POST /api/v1/run "{}" && settle && gets 200 GET /api/v1/session &&
	test "$(json_get out "j[\"workspace\"][\"run\"][\"verdict\"]")" = ok &&
	gets 202 POST /api/v1/test "{}" && settle && gets 200 GET /api/v1/session &&
	test "$(json_get out "j[\"workspace\"][\"test\"][\"passed\"]")" = 1 && tali verify "$id"
'
# written: what the session says that the last run wrote
written() {
	settle && gets 200 GET /api/v1/session >/dev/null &&
	json_get out "j[\"workspace\"][\"output\"]"
}
test_expect_success 'the end of what a run wrote is told to who comes later, until the next' '
	test "$(written)" = null &&
	gets 202 POST /api/v1/run "{\"argv\":[\"sh\",\"-c\",\"echo one; echo two >&2\"]}" &&
	written >told &&
	test "$(json_get told "[j[\"cut\"], *sorted(j[\"text\"].split())]")" = \
		"[false, \"one\", \"two\"]" &&
	gets 202 POST /api/v1/run "{\"argv\":[\"seq\",\"9000\"]}" && written >told &&
	test "$(json_get told "j[\"cut\"], 8000 < len(j[\"text\"]) <= 16384, j[\"text\"][-6:]")" = \
		"[true, true, \"\\n9000\\n\"]" &&
	gets 202 POST /api/v1/run "{\"argv\":[\"true\"]}" && test "$(written)" = null
'
test_expect_success 'what a run reads is sent with it' '
	gets 202 POST /api/v1/run "{\"argv\":[\"sort\"],\"stdin\":\"YgphCg==\"}" &&
	written >told && test "$(json_get told "j[\"text\"]")" = "$(printf "a\nb\n")" &&
	gets 400 POST /api/v1/run "{\"argv\":[\"sort\"],\"stdin\":\"no base64\"}" &&
	grep "stdin must be" out
'
test_expect_success 'what runs can be stopped, and nothing else runs meanwhile' '
	gets 202 POST /api/v1/run "{\"argv\":[\"sleep\",\"1000\"]}" &&
	until [ "$(gets 200 GET /api/v1/session >/dev/null &&
		json_get out "j[\"workspace\"][\"running\"]")" != null ]; do :; done &&
	gets 409 POST /api/v1/run "{}" && gets 204 DELETE /api/v1/run && settle &&
	gets 204 DELETE /api/v1/test &&
	gets 400 POST /api/v1/run "{\"argv\":[]}" && tali verify "$id"
'
test_expect_success 'a server that is killed has lost nothing' '
	gets 200 POST /api/v1/events "$(batch 3 "$(rev)" "\"at\":2,\"del\":0,\"ins\":\"0\"")" &&
	gets 202 POST /api/v1/run "{\"argv\":[\"sleep\",\"1000\"]}" && kill -9 "$server" &&
	{ wait "$server"; serve; } && gets 200 GET /api/v1/files/answer &&
	test "$(cat out)" = 420 && settle && gets 200 GET /api/v1/session &&
	test "$(json_get out "j[\"deadline\"]")" = "$deadline" && tali verify
'
test_expect_success 'more time is told at once to who listens' '
	mkfifo stream && { curl -sN -b jar "$url/api/v1/stream" >stream & } && listener=$! &&
	exec 7<stream && read -r line <&7 && test "$line" = "event: session" &&
	tali extend "$id" --by 5m && told= &&
	while [ "$told" != "event: state" ]; do read -r told <&7 || return 1; done &&
	read -r told <&7 && echo "$told" | grep -q "\"status\":\"active\"" && exec 7<&- &&
	gets 200 GET /api/v1/session && test "$(json_get out "j[\"deadline\"]")" != "$deadline" &&
	{ kill $listener || :; }
'
test_expect_success 'a candidate sees what is recorded so far' '
	gets 200 GET /me && grep -q "Changes of texts" out &&
	grep -q "href=./api/v1/journal. download" out &&
	runs=$(sqlite3 store/tali.db "SELECT COUNT(*) FROM event WHERE assessment_id = \"$id\"
		AND kind = \"run\"") && grep "Runs of your program" out | grep -q ">$runs</td>" &&
	code=$(curl -s -o out -w "%{http_code}" "$url/me") && test "$code" = 303
'
test_expect_success 'handing in is once, and ends all changes' '
	gets 200 POST /api/v1/submit "{}" && cp out receipt && gets 200 POST /api/v1/submit "{}" &&
	cmp receipt out && gets 409 PUT /api/v1/files/answer x &&
	gets 409 POST /api/v1/events "$(batch 4 1 "\"at\":0,\"del\":0,\"ins\":\"x\"")" &&
	gets 200 GET /api/v1/session && test "$(json_get out "j[\"status\"]")" = submitted &&
	git --git-dir="store/repos/$id.git" show submission:answer >answer &&
	test "$(cat answer)" = 420 && gets 200 GET /api/v1/journal &&
	tali verify ./out --key store/keys/sign.pub && tali verify
'
test_expect_success 'what the team makes of it is not in what the candidate can have' '
	tali score $weak "$id" >score.out && grep judge score.out && tali verify "$id" &&
	gets 200 GET /api/v1/journal && ! grep judge out &&
	! grep "\"kind\":\"score\"" out && ! grep "^{\"score\"" out &&
	tali verify ./out --key store/keys/sign.pub
'
test_expect_success 'a new link ends the session of the old one' '
	invite_one other@example.org && begin && gets 200 GET /api/v1/session &&
	tali revoke "$id" && soon is_revoked && gets 409 PUT /api/v1/files/answer x &&
	invite_one third@example.org && enter && gets 200 GET /api/v1/session &&
	tali resend "$id" && soon gets 401 GET /api/v1/session
'
test_expect_success 'time is up with nobody there: what was acknowledged is handed in' '
	invite_one late@example.org && begin && gets 200 POST /api/v1/events \
		"$(batch 1 "$(rev)" "\"at\":0,\"del\":0,\"ins\":\"last\"")" && stop &&
	serve tali_at +2h && until [ "$(sqlite3 store/tali.db \
		"SELECT status FROM assessment WHERE id = \"$id\"")" = submitted ]; do :; done &&
	stop && git --git-dir="store/repos/$id.git" show submission:answer >answer &&
	test "$(cat answer)" = last && tali verify
'
test_expect_success 'who stops the server does not wait for what runs' '
	invite_one last@example.org && serve && begin &&
	gets 202 POST /api/v1/run "{\"argv\":[\"sleep\",\"1000\"]}" &&
	until [ "$(gets 200 GET /api/v1/session >/dev/null &&
		json_get out "j[\"workspace\"][\"running\"]")" != null ]; do :; done &&
	before=$(date +%s) && stop && test $(($(date +%s) - before)) -lt 10 && tali verify
'
is_active() {
	gets 200 GET /api/v1/session && test "$(json_get out 'j["status"]')" = active
}
test_expect_success 'who begins, runs or tests does not wait for what others run' '
	tiny_task slow-folder && sed -i "s/\"run\"/\"limits\": {\"wall_seconds\": 3600}, \"run\"/" \
		slow-folder/task.json && tali task create slow --from slow-folder && serve &&
	for number in $(seq "$(getconf _NPROCESSORS_ONLN)"); do
		tali invite slow "slow-$number@example.org" >invitation &&
		IFS="$(printf "\t")" read -r _ id link passcode <invitation && begin &&
		gets 202 POST /api/v1/run "{\"argv\":[\"sleep\",\"1000\"]}" || return 1
	done && mv jar running && invite_one quick@example.org && enter &&
	gets 202 POST /api/v1/start "{}" && soon is_active &&
	gets 202 POST /api/v1/run "{}" && settle && gets 202 POST /api/v1/test "{}" && settle &&
	gets 200 GET /api/v1/session && json_get out "j[\"workspace\"][\"test\"][\"passed\"]" &&
	mv running jar &&
	gets 200 GET /api/v1/session &&
	test "$(json_get out "j[\"workspace\"][\"running\"]")" != null && stop
'
test_expect_success 'a run on the own machine is on record as what it is' '
	invite_one own@example.org && serve && begin &&
	gets 400 POST /api/v1/events "$(ran "")" && grep "only with .where" out &&
	gets 400 POST /api/v1/events "$(ran ",\"where\":\"server\"")" &&
	gets 400 POST /api/v1/events "$(ran "$elsewhere,\"tree\":\"$(printf %040d 0)\"")" &&
	grep "/tree: is not known" out && gets 200 POST /api/v1/events "$(ran "$elsewhere")" &&
	tali logs "$id" >logs && grep "run ok: make (on the candidate.s machine)" logs &&
	gets 200 GET /api/v1/session && json_get out "j[\"workspace\"][\"run\"]" >run &&
	grep "candidate.s machine" run && tali verify "$id"
'
test_expect_success 'what models may cost is told, also where there are none' '
	test "$(json_get out "j[\"ai\"][\"policy\"]")" = off &&
	test "$(json_get out "j[\"ai\"][\"tools\"]")" = false &&
	test "$(json_get out "j[\"ai\"][\"limits\"][\"tokens\"]")" = null &&
	test "$(json_get out "j[\"ai\"][\"used\"][\"tokens\"]")" = 0 && stop
'
test_expect_success 'the command that is told is what runs, whichever file it is' '
	tiny_task pick-folder && python3 - <<-\END &&
		import json
		task = json.load(open("pick-folder/task.json"))
		task.update(name="pick", language=["python", "c"], build="language",
		            run=["{program}", "a b"])
		json.dump(task, open("pick-folder/task.json", "w"))
	END
	tali task create pick --from pick-folder >/dev/null && serve &&
	tali invite pick picker@example.org >invitation &&
	IFS="$(printf "\t")" read -r _ id link passcode <invitation && begin &&
	gets 200 GET /api/v1/session && test "$(json_get out "j[\"task\"][\"command\"]")" = null &&
	test "$(json_get out "j[\"task\"][\"extensions\"]")" = "[\".py\", \".c\"]" &&
	gets 200 PUT /api/v1/files/mine.py "import sys; print(sys.argv)" &&
	gets 202 POST /api/v1/run "{}" && settle && gets 200 GET /api/v1/session &&
	test "$(json_get out "j[\"task\"][\"command\"]")" = "python3 mine.py '\''a b'\''" &&
	tali logs "$id" --json | grep "\"kind\":\"run\"" | tail -n 1 |
		grep -qF "[\"python3\",\"mine.py\",\"a b\"]" &&
	gets 200 PUT /api/v1/files/more.c "int main(void) { return 0; } /* more than that */" &&
	gets 202 POST /api/v1/run "{}" && settle && gets 200 GET /api/v1/session &&
	json_get out "j[\"task\"][\"command\"]" >command && cat command &&
	grep -q "^gcc .* more.c.* && exec ./more '\''a b'\''$" command &&
	invite_one plain@example.org && begin && gets 200 GET /api/v1/session &&
	test "$(json_get out "j[\"task\"][\"command\"]")" = "sh main.sh" && stop
'
test_expect_success 'nobody fills the disk: who stores too much waits, and others do not' '
	tali config set server.session_mib 1 && head -c 2M /dev/urandom >much && serve &&
	invite_one modest@example.org && begin && mv jar modest && invite_one much@example.org &&
	begin && gets 200 PUT /api/v1/files/much @much && gets 503 PUT /api/v1/files/more @much &&
	gets 503 POST /api/v1/events "$(batch 1 "$(rev)" "\"at\":0,\"del\":0,\"ins\":\"x\"")" &&
	mv jar other && mv modest jar && gets 200 PUT /api/v1/files/answer 7 &&
	gets 200 PUT /api/v1/files/answer 42 && mv other jar &&
	gets 200 POST /api/v1/submit "{}" && stop && tali config set server.session_mib 1024 &&
	tali verify
'
test_expect_success 'nor by what runs make and nobody keeps' '
	invite_one maker@example.org && serve && begin &&
	gets 202 POST /api/v1/run "{\"argv\":[\"sh\",\"-c\",
		\"for i in 1 2 3; do head -c 12M /dev/urandom >made\$i; done; echo 7 >kept\"]}" &&
	settle && gets 200 GET /api/v1/files/kept && test "$(cat out)" = 7 &&
	gets 404 GET /api/v1/files/made1 &&
	size=$(du -sk "store/repos/$id.git" | cut -f1) && test "$size" -lt 8192 && stop &&
	tali verify "$id"
'
test_expect_success 'a candidate has four downloads at a time, whatever else a request says' '
	invite_one four@example.org && head -c 8M /dev/urandom >big && serve && begin &&
	gets 200 PUT /api/v1/files/big @big && cookie=$(awk "/tali_c/ { print \$7 }" jar) &&
	/usr/bin/python3 - "${url#http://}" "tali_c=$cookie" "${link##*/}" <<-\END &&
		import socket, sys
		where, cookie, token = sys.argv[1:]
		host, port = where.split(":")
		waiting = []
		# who reads no more than the beginning
		def download(*fields):
		    peer = socket.socket()
		    peer.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 4096)
		    peer.connect((host, int(port)))
		    waiting.append(peer)
		    lines = ["GET /api/v1/archive HTTP/1.1", "Host: " + where, *fields]
		    peer.sendall("".join(line + "\r\n" for line in [*lines, ""]).encode())
		    return peer.recv(12).decode().split()[1]
		keys = ["none", "ABCDEFGH", "ABCDEFGJ", "ABCDEFGK", "ABCDEFGM"]
		got = [download("Cookie: " + cookie, "X-Api-Key: " + key) for key in keys]
		assert got == 4 * ["200"] + ["503"], got
		assert download("Authorization: Bearer " + token) == "200"
	END
	stop
'
is_saved() {
	tali logs "$id" --json | grep "\"kind\":\"snapshot\"" | grep -q "\"reason\":\"idle\""
}
test_expect_success 'what is at rest for a minute is saved' '
	invite_one rest@example.org && serve && begin &&
	gets 200 PUT /api/v1/files/answer 7 && stop &&
	! is_saved && serve tali_at +2m && gets 200 GET /api/v1/session &&
	soon is_saved && test "$(git -C "store/repos/$id.git" show main:answer)" = 7 && stop &&
	tali verify "$id"
'
test_expect_success 'an access code is asked for at the start' '
	invite_one code@example.org --code sesame && serve && enter &&
	gets 200 GET /api/v1/session &&
	test "$(json_get out "j[\"invitation\"][\"code_needed\"]")" = true &&
	gets 409 POST /api/v1/start "{}" && gets 404 POST /api/v1/start "{\"code\":\"wrong\"}" &&
	grep "access code is not right" out &&
	gets 202 POST /api/v1/start "{\"code\":\"sesame\"}" && stop
'
test_done
