#!/bin/bash
# t0098-late.sh - work that came after the time was up: kept, marked, and never graded
test_description='late work is kept beside the submission'
. "$(dirname "$0")/lib.sh"
. "$srcdir/tests/cli/fixture.sh"
. "$srcdir/tests/cli/server.sh"

export XDG_STATE_HOME=$PWD/state

# file PATH CONTENT: one of a request. late FILE...: sends them
file() {
	printf '{"path":"%s","content":"%s"}' "$1" "$(printf %s "$2" | base64 -w0)"
}
late() {
	(IFS=, && printf '{"schema":"tali.late/1","files":[%s]}' "$*") >request &&
	ask POST /api/v1/late @request
}
kept() {
	late "$@" && test "$code" = 200
}
refused() {
	late "${@:2}" && test "$code" = "$1"
}
is_over() {
	gets 200 GET /api/v1/session && test "$(json_get out 'j["status"]')" = submitted
}
# events KIND: how many there are of the session
events() {
	tali journal export "$id" >journal && grep -c "\"kind\":\"$1\"" journal
}

test_expect_success 'a session that runs, or was handed in in time, has no late work' '
	make_store && add_tiny && invite_one && serve && enter &&
	refused 409 "$(file answer 1)" && grep "did not end by its deadline" out &&
	gets 409 POST /api/v1/late "{" && begin &&
	refused 409 "$(file answer 1)" && grep "did not end by its deadline" out &&
	gets 200 POST /api/v1/submit "{}" && refused 409 "$(file answer 42)" &&
	grep "handed in in time" out && test "$(events signature)" = 1
'
test_expect_success 'before its deadline it is as ever' '
	invite_one bob@example.org && begin && code=$(curl -s -o out -w "%{http_code}" -b jar \
		-H "Sec-Fetch-Site: same-origin" -X PUT -H "If-None-Match: *" \
		--data-binary 7 "$url/api/v1/files/saved") && test "$code" = 200 && stop
'
test_expect_success 'what was handed in already is no late work' '
	serve tali_at +2h && soon is_over && kept "$(file saved 7)" &&
	test "$(json_get out "j[\"late\"]")" = null && ! events late
'
test_expect_success 'what comes is kept on the submission, and on record after the seal' '
	kept "$(file answer 42)" "$(file sub/new hello)" \
		"{\"path\":\"saved\",\"content\":null}" &&
	test "$(json_get out "j[\"late\"][\"files\"]")" = 3 &&
	commit=$(json_get out "j[\"late\"][\"commit\"]") && repo=store/repos/$id.git &&
	test "$(git --git-dir="$repo" rev-parse refs/tali/late)" = "$commit" &&
	test "$(git --git-dir="$repo" rev-parse refs/tali/late^)" = \
		"$(git --git-dir="$repo" rev-parse submission^{commit})" &&
	test "$(git --git-dir="$repo" show refs/tali/late:answer)" = 42 &&
	test "$(git --git-dir="$repo" show refs/tali/late:sub/new)" = hello &&
	! git --git-dir="$repo" cat-file -e refs/tali/late:saved 2>/dev/null &&
	test "$(events late)" = 1 && test "$(events signature)" = 2 && tali verify "$id"
'
test_expect_success 'the same again is kept once, and more adds to it' '
	kept "$(file answer 42)" && test "$(events late)" = 1 &&
	test "$(json_get out "j[\"late\"][\"commit\"]")" = "$commit" &&
	kept "$(file more 1)" && test "$(json_get out "j[\"late\"][\"files\"]")" = 4 &&
	test "$(git --git-dir="$repo" rev-parse refs/tali/late^)" = "$commit" &&
	test "$(events late)" = 2 && tali verify "$id"
'
test_expect_success 'nothing of it is graded, and people are told' '
	tali score $weak "$id" >score.out && grep "(0 of 10 points)" score.out &&
	tali show "$id" >show &&
	grep "late work *4 files, .* after the deadline, not graded" show &&
	tali show --json "$id" >show.json && check_schema show.json &&
	test "$(json_get show.json "j[\"late\"][\"files\"]")" = 4 &&
	tali report "$id" >report && grep "Late work.*4 files, .* not graded" report &&
	tali report --format json "$id" >report.json && check_schema report.json &&
	tali logs "$id" >logs && grep "late 4 files" logs && tali verify "$id"
'
test_expect_success 'it can be seen that it was taken away' '
	git --git-dir="$repo" cat-file -e refs/tali/late && cp -r "$repo" kept.git &&
	object=$(git --git-dir="$repo" rev-parse refs/tali/late) &&
	find "$repo/objects" -path "*/${object%${object#??}}/${object#??}" -delete &&
	test_expect_code 4 tali verify "$id" && rm -rf "$repo" && mv kept.git "$repo" &&
	tali verify "$id"
'
test_expect_success 'an export has the event, and is good without the work' '
	tali journal export "$id" >late.jsonl && tali verify ./late.jsonl --key store/keys/sign.pub
'
test_expect_success 'requests that are none are refused, and nothing is kept of them' '
	refused 400 "$(file ../x 1)" && refused 400 "$(file .git/hooks/x 1)" &&
	refused 400 "$(file /etc/x 1)" && refused 400 "$(file a 1)" "$(file a 2)" &&
	grep "is there twice" out && refused 400 "{\"path\":\"a\",\"content\":\"?\"}" &&
	refused 400 "{\"path\":\"a\"}" && refused 400 &&
	refused 400 "$(file good 1)" "$(file sub/.GIT/x 1)" &&
	gets 400 POST /api/v1/late "[]" && gets 400 POST /api/v1/late "{}" &&
	head -c 10485761 /dev/zero | base64 -w0 >large &&
	{ printf "{\"schema\":\"tali.late/1\",\"files\":[{\"path\":\"l\",\"content\":\"" &&
		cat large && printf "\"}]}"; } >request && ask POST /api/v1/late @request &&
	test "$code" = 400 && grep "at most 10 MiB" out &&
	cat large large >request && ask POST /api/v1/late @request && test "$code" = 413 &&
	code=$(curl -s -o out -w "%{http_code}" --data-binary "{}" "$url/api/v1/late") &&
	test "$code" = 401 && test "$(events late)" = 2 && tali verify "$id"
'
test_expect_success 'it comes five times at most' '
	for i in 3 4 5; do kept "$(file "more$i" 1)" || exit; done &&
	refused 409 "$(file more6 1)" && grep "5 times already" out &&
	kept "$(file more5 1)" && test "$(events late)" = 5 && stop
'
test_expect_success 'and for seven days' '
	serve tali_at +216h && refused 409 "$(file answer 43)" && grep "for 7 days" out && stop &&
	tali verify
'

# --- what a work folder sends

# attach FOLDER: of the session. once FOLDER: syncs
attach() {
	(unset TALI_STORE && tali start --no-watch "$url/t/${link##*/}" "$1")
}
once() {
	(cd "$1" && tali watch --once)
}
# over FOLDER: a server whose session is over; what comes late is kept in late.N. While the first of
# it is on its way, FOLDER/answer is changed, and each time FOLDER/log, if it is there
over() {
	cat >over.py <<-\EOF
		import http.server, os, sys
		class Over(http.server.BaseHTTPRequestHandler):
		    times = 0
		    def do_POST(self):
		        body = self.rfile.read(int(self.headers.get("Content-Length") or 0))
		        late = self.path.endswith("/late")
		        if late:
		            Over.times += 1
		            open("late.%d" % Over.times, "wb").write(body)
		        if late and Over.times == 1:
		            open(sys.argv[2] + "/answer", "w").write("newer")
		        if late and os.path.exists(sys.argv[2] + "/log"):
		            open(sys.argv[2] + "/log", "a").write("more")
		        self.send_response(200 if late else 409)
		        self.end_headers()
		        self.wfile.write(b'{"error": {"message": "it is over"}}')
		    def log_message(self, *words): pass
		server = http.server.HTTPServer(("127.0.0.1", int(sys.argv[1])), Over)
		print("http://ready", flush=True)
		server.serve_forever()
	EOF
	rm -f ready && mkfifo ready &&
	{ /usr/bin/python3 over.py "${url##*:}" "$1" >ready & } && server=$! && read -r line <ready
}
# late_file N NAME: what the Nth time brought of it; late_count N: of how many files
late_file() {
	json_get "late.$1" "[[f[\"content\"], f[\"executable\"]]
		for f in j[\"files\"] if f[\"path\"] == \"$2\"][0]"
}
late_count() {
	json_get "late.$1" "len(j[\"files\"])"
}
test_expect_success 'what is changed while late work is sent is sent, too, and as it is' '
	serve && invite_one over@example.org && begin && attach over && stop && over over &&
	printf first >over/answer && echo 1 >over/tool && chmod +x over/tool &&
	expect_exit 5 once over && test "$(late_file 1 answer)" = "[\"Zmlyc3Q=\", false]" &&
	test "$(late_file 1 tool)" = "[\"MQo=\", true]" && test "$(late_count 2)" = 1 &&
	test "$(late_file 2 answer)" = "[\"bmV3ZXI=\", false]" && ! test -e late.3
'
test_expect_success 'of many files each time brings as many as are taken' '
	mkdir over/many && (cd over/many && seq -f f%g 5001 | xargs touch) &&
	expect_exit 5 once over && test "$(late_count 3)" = 5000 && test "$(late_count 4)" = 1 &&
	! test -e late.5
'
test_expect_success 'what changes without end does not use up all the times there are' '
	echo 1 >over/log && expect_exit 5 once over >said && test -e late.6 &&
	! test -e late.7 && grep "1 file was sent as late work" said && { stop || true; }
'
test_done
