#!/bin/bash
# t0096-watch.sh - the candidate's own folder and the server are kept the same, through any fault
test_description='what is saved in a folder of a session at a server'
. "$(dirname "$0")/lib.sh"
. "$srcdir/tests/cli/fixture.sh"
. "$srcdir/tests/cli/server.sh"

export GIT_CONFIG_NOSYSTEM=1 GIT_CONFIG_GLOBAL=$PWD/gitconfig GIT_TERMINAL_PROMPT=0
export XDG_STATE_HOME=$PWD/state
git config -f gitconfig init.defaultBranch main
git config -f gitconfig pull.rebase true

repository() {
	echo "http://tali:${link##*/}@${url#http://}/git/$id.git"
}

# write_state FOLDER: this machine ($XDG_STATE_HOME) knows the session
write_state() {
	local state=$XDG_STATE_HOME/tali/$id
	mkdir -p "$state" && chmod 700 "$state" && printf %s "${link##*/}" >"$state/token" &&
	printf '{"schema": "tali.remote/1", "server": "%s", "assessment": "%s", "folder": "%s",
		"client": "%s"}' "$url" "$id" "$PWD/$1" "${2:-0123456789abcdef}" >"$state/state.json"
}

# attach FOLDER [CLIENT]: as `tali start` does
attach() {
	git clone -q "$(repository)" "$1" &&
	printf '{"schema": "tali.work/1", "server": "%s", "assessment": "%s"}' "$url" "$id" \
		>"$1/.git/tali.json" && write_state "$@"
}

# serve_again: at the same address
serve_again() {
	rm -f ready && mkfifo ready || return
	tali serve --listen "${url#http://}" --log none >ready 2>server.err &
	server=$!
	read -r line <ready
}

# once [FOLDER]: syncs; at_server PATH TEXT: it holds that there
once() {
	(cd "${1:-work}" && tali watch --once)
}
at_server() {
	code=$(curl -s -o file -w '%{http_code}' -b jar "$url/api/v1/files/$1") &&
	test "$code" = 200 && printf %s "$2" | cmp -s - file
}
not_at_server() {
	code=$(curl -s -o file -w '%{http_code}' -b jar "$url/api/v1/files/$1") &&
	test "$code" = 404
}
here() {
	printf %s "$2" | cmp -s - "work/$1"
}
# put PATH TEXT: by the page
put() {
	code=$(curl -s -o out -w '%{http_code}' -b jar -H 'Sec-Fetch-Site: same-origin' -X PUT \
		--data-binary "$2" "$url/api/v1/files/$1") && test "${code%??}" = 2
}
# watch [FOLDER]: in the background of the test; its process is $watcher
watcher=
watch() {
	(cd "${1:-work}" && exec "$builddir/tali" watch) >>watched 2>&1 &
	watcher=$!
}
end_watch() {
	local ended=$watcher
	watcher=
	[ -z "$ended" ] || { kill "${1:--TERM}" "$ended" && wait "$ended"; }
}
trap 'code=$?; end_watch -KILL; end_programs; (exit "$code"); die' EXIT
# sent_count: events of clients in the journal
events() {
	tali journal export "$id" >journal &&
	grep -c '"kind":"\(edit\|file\)"' journal
}

test_expect_success 'a folder that was just cloned has nothing to send' '
	make_store && add_tiny && invite_one && serve && begin && put a.txt "one" &&
	attach work && once >said && test "$(cat said)" = "sent 0, received 0, waiting 0" &&
	once >said && test "$(cat said)" = "sent 0, received 0, waiting 0"
'
test_expect_success 'a save goes there as an edit, exact to the byte' '
	printf "one two" >work/a.txt && once >said && grep "sent 1," said &&
	at_server a.txt "one two" && tali journal export "$id" >journal &&
	grep "\"ins\":\" two\"" journal && tali verify "$id"
'
test_expect_success 'made, moved, removed, executable: and folders' '
	mkdir -p work/deep/er && echo new >work/deep/er/file && cp work/a.txt work/b.txt && once &&
	at_server deep/er/file "new
" && mv work/deep work/other && rm work/b.txt && chmod +x work/a.txt && once &&
	at_server other/er/file "new
" && not_at_server deep/er/file && not_at_server b.txt &&
	tali journal export "$id" >journal && grep "\"op\":\"rename\"" journal &&
	curl -s -b jar "$url/api/v1/session" >out &&
	json_get out "j[\"workspace\"][\"files\"]" >files && tr "{" "\n" <files |
		grep "a.txt" | grep "executable.: True" && once >said && grep "sent 0," said
'
test_expect_success 'bytes that are no text, and large files; not what is too large' '
	head -c 5000 /dev/urandom >work/binary && head -c 3000000 /dev/zero >work/large &&
	head -c 11000000 /dev/zero >work/huge && once && curl -s -b jar \
		"$url/api/v1/files/binary" | cmp - work/binary &&
	curl -s -b jar "$url/api/v1/files/large" | cmp - work/large && not_at_server huge &&
	rm work/huge work/large && once && not_at_server large
'
test_expect_success 'what git ignores and what tools and editors leave stays here' '
	printf "*.log\n" >work/.gitignore && echo x >work/x.log && mkdir work/__pycache__ &&
	echo x >work/__pycache__/x && echo x >work/.a.swp && ln -s /etc/passwd work/link && once &&
	not_at_server x.log && not_at_server __pycache__/x && not_at_server .a.swp &&
	not_at_server link && rm work/link && at_server .gitignore "*.log
"
'
test_expect_success 'what the page does comes here' '
	put a.txt "page" && put new/page.txt "made" && gets 200 DELETE /api/v1/files/binary &&
	once >said && grep "received 3," said && here a.txt page && here new/page.txt made &&
	! test -e work/binary && test -x work/a.txt && once >said && grep "sent 0, received 0" said
'
test_expect_success 'both changed it in different places: both changes are in it' '
	printf "a\nb\nc\nd\n" >work/a.txt && once && put a.txt "a
b
c
D
" && printf "A\nb\nc\nd\n" >work/a.txt && once >said && grep "both changes" said &&
	here a.txt "A
b
c
D
" && at_server a.txt "A
b
c
D
"
'
test_expect_success 'both changed the same: it stays as it is here, the other is beside it' '
	put a.txt "theirs" && printf mine >work/a.txt && once >said && grep ".theirs" said &&
	here a.txt mine && at_server a.txt mine && here a.txt.theirs theirs &&
	not_at_server a.txt.theirs && tali verify "$id" && rm work/a.txt.theirs
'
test_expect_success 'removed here and changed there, and the other way round' '
	put r1 one && put r2 two && once && rm work/r1 && put r1 changed && echo mine >work/r2 &&
	gets 200 DELETE /api/v1/files/r2 && once && not_at_server r1 && here r1.theirs changed &&
	at_server r2 "mine
" && rm work/r1.theirs
'
test_expect_success 'a push of what was sent already does not stand in its own way' '
	printf v1 >work/p.txt && once && git -C work add -A && git -C work commit -qm one &&
	printf v2 >work/p.txt && once && git -C work commit -qam two &&
	git -C work push -q origin main && once >said &&
	grep "sent 0, received 0" said && at_server p.txt v2 && here p.txt v2 && tali verify "$id"
'
test_expect_success 'what was pushed is here already: nothing is sent twice' '
	printf v3 >work/p.txt && git -C work commit -qam three &&
	git -C work push -q origin main && before=$(events) && once >said &&
	grep "sent 0, received 0" said && test "$(events)" = "$before" && at_server p.txt v3
'
test_expect_success 'saves while the server is away are each sent later, in their order' '
	stop && for i in 1 2 3
	do
		echo "$i" >work/off.txt && expect_exit 3 once || return
	done && serve_again && once >said && grep "sent 3, received 0, waiting 0" said && at_server off.txt "3
" && tali journal export "$id" >journal && grep -o "\"ins\":\"[123]\"" journal >ins &&
	printf "\"ins\":\"2\"\n\"ins\":\"3\"\n" | test_cmp - ins && tali verify "$id"
'
test_done
