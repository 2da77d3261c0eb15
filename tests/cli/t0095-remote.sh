#!/bin/bash
test_description='a session at a server, worked on from another machine'
. "$(dirname "$0")/lib.sh"
. "$srcdir/tests/cli/fixture.sh"
. "$srcdir/tests/cli/server.sh"

# on MACHINE COMMAND...: there is no store on that machine, and no other's state
on() {
	mkdir -p "machine-$1" &&
	(unset TALI_STORE XDG_STATE_HOME && HOME=$PWD/machine-$1 && export HOME && "${@:2}")
}
# at FOLDER MACHINE COMMAND...
at() {
	mkdir -p "machine-$2" || return
	local home=$PWD/machine-$2
	(unset TALI_STORE XDG_STATE_HOME && HOME=$home && export HOME && cd "$1" && "${@:3}")
}
# every program that git is asked with, and what it can see, for a look
spy_on_git() {
	mkdir -p spy && cat >spy/git <<-END && chmod +x spy/git
		#!/bin/sh
		{ printf '%s ' "\$@"; echo; env; } >>"$PWD/git.log"
		exec $(command -v git) "\$@"
	END
}
state() {
	echo "machine-$1/.local/state/tali/$id"
}

test_expect_success 'what is no link of an invitation is refused before anything is asked' '
	expect_error 2 "only https:// will do" on ann tali start http://tali.example.org/t/abc &&
	expect_error 2 "not the link of an invitation" on ann tali start https://127.0.0.1/x/a &&
	expect_error 2 "no proper host" on ann tali start https://a:b@127.0.0.1/t/abc &&
	expect_error 3 "cannot be reached" on ann tali start http://127.0.0.1:1/t/abc &&
	! test -e machine-ann/.local
'
test_expect_success 'a link starts the session and lays out its folder' '
	make_store && add_tiny && invite_one && serve && spy_on_git && token=${link##*/} &&
	link=$url/t/$token && : >file &&
	expect_error 3 "HOME is not set" on ann env -u HOME tali start --no-watch "$link" work &&
	expect_error 3 "cannot write in file: " on ann tali start --no-watch "$link" file/work &&
	tali list --status scheduled >out && grep "$id" out &&
	(PATH=$PWD/spy:$PATH && on ann tali start --no-watch "$link" work) >out &&
	grep "^started tiny: [23][09].* min.* left, until " out && grep "^$PWD/work$" out &&
	grep "git push" out && test -f work/README.md && test -f work/main.sh &&
	test_cmp work/README.md tiny-folder/README.md
'
test_expect_success 'the token is in no argument, no environment, no setting and no address' '
	grep fetch git.log && ! grep "$token" git.log && ! grep -r "$token" work
'
test_expect_success 'what the machine knows is for its owner alone' '
	test "$(stat -c %a "$(state ann)")" = 700 &&
	test "$(stat -c %a "$(state ann)/token")" = 600 &&
	test "$(cat "$(state ann)/token")" = "$token" &&
	check_schema "$(state ann)/state.json" && check_schema work/.git/tali.json
'
test_expect_success 'git status is clean, and git fetches with the credentials of the helper' '
	on ann git -C work status --porcelain >out && test_must_be_empty out &&
	on ann git -C work pull -q
'
test_expect_success 'git pushes' '
	echo pushed >work/pushed && on ann git -C work add pushed &&
	on ann git -C work commit -qm "By git" && on ann git -C work push -q && tali verify "$id" &&
	tali journal export "$id" >journal && grep "\"reason\":\"push\"" journal
'
test_expect_success 'the helper answers for that repository of that server alone' '
	asked() {
		printf "protocol=%s\nhost=%s\npath=%s\n\n" "$@" | on ann tali credential get
	} &&
	host=${url#http://} && asked http "$host" "git/$id.git" >out &&
	printf "username=tali\npassword=%s\n" "$token" | test_cmp - out &&
	asked https "$host" "git/$id.git" >out && test_must_be_empty out &&
	asked http evil.example.org "git/$id.git" >out && test_must_be_empty out &&
	asked http "$host" "git/../../$id.git" >out && test_must_be_empty out &&
	asked http "$host" git/0000000000000000.git >out && test_must_be_empty out &&
	asked http "$host" "" >out && test_must_be_empty out &&
	on ann tali credential store </dev/null && on ann tali credential erase </dev/null &&
	expect_error 2 "not get, store or erase" on ann tali credential tell
'
test_expect_success 'the same link comes back to the folder, which is left as it is' '
	echo mine >work/mine && on ann tali start --no-watch "$link" work >out &&
	grep "^resumed tiny" out && grep "(as you left it)" out && test "$(cat work/mine)" = mine
'
test_expect_success 'with --json it prints a tali.start/1' '
	on ann tali start --json --no-watch "$link" work >out && check_schema out &&
	test "$(json_get out "j[\"server\"]")" = "$url" &&
	test "$(json_get out "j[\"id\"]")" = "$id"
'
test_expect_success 'a folder with something in it is not touched, nor a second one made' '
	mkdir full && echo x >full/x && expect_error 5 "is not empty" \
		on ann tali start --no-watch "$link" full && test "$(ls -A full)" = x &&
	expect_error 5 "has its work folder in $PWD/work" \
		on ann tali start --no-watch "$link" second
'
test_expect_success 'status tells of the session by the clock of the server' '
	at work ann tali status >out && cat out && grep "^tiny: active, .* left, until " out &&
	grep "  server    $url" out && grep "watch     does not run" out &&
	at work ann tali status --json >out && check_schema out &&
	test "$(json_get out "[j[\"reached\"], j[\"over\"]]")" = "[true, false]"
'
test_expect_success 'what is saved and not sent shows in status' '
	echo more >>work/mine && at work ann tali status >out && grep "saved .*to be sent" out
'
test_expect_success 'a note and an estimate come on record, with what was saved before them' '
	at work ann tali note first the parser && at work ann tali estimate 20m &&
	at work ann tali note --json - <tiny-folder/README.md >out && check_schema out &&
	tali logs "$id" >logs && grep "note .*first the parser" logs && grep "estimate" logs &&
	enter && gets 200 GET /api/v1/files/mine && grep more out &&
	tali verify "$id" && at work ann tali status >out && grep "saved     all" out
'
test_expect_success 'what was sent and is not committed here does not keep git from pulling' '
	echo "# changed" >>work/main.sh && at work ann tali note a change &&
	on ann git -C work add -A && on ann git -C work pull -q &&
	grep "# changed" work/main.sh && grep more work/mine &&
	on ann git -C work cat-file -e HEAD:mine
'
test_expect_success 'a bad note is refused here as there' '
	expect_error 2 "the note is empty" at work ann tali note " " &&
	expect_error 2 "not UTF-8" at work ann tali note "$(printf "\\377")"
'
test_expect_success 'commands that want a store say where the session is' '
	expect_error 5 "this needs the store, and the session is at $url" at work ann tali agent x
'
test_expect_success 'another machine has the same session at the same time' '
	on bea tali start --no-watch "$link" bea-work >out && grep "^resumed tiny" out &&
	test "$(cat bea-work/mine)" = "$(cat work/mine)" && echo bea >bea-work/bea &&
	at bea-work bea tali note from the other machine && at work ann tali note and from here &&
	test "$(cat work/bea)" = bea && tali verify "$id"
'
test_expect_success 'a server that is away leaves notes here, and status as it was' '
	stop && at work ann tali note while it was away 2>err && grep "kept, and sent later" err &&
	at work ann tali note --json again >out 2>err && check_schema out &&
	test "$(json_get out "j[\"queued\"]")" = true &&
	at work ann tali status >out && cat out && grep "cannot be reached" out &&
	grep "saved .*wait here" out && grep "^tiny: active" out &&
	expect_error 3 "not handed in" at work ann tali submit --yes
'
test_expect_success 'when it is back, on another port, the machine does not follow' '
	old=$url && serve && test "$url" != "$old" &&
	at work ann tali status >out && grep "cannot be reached" out
'
# listen at the port that was
serve_at() {
	rm -f ready && mkfifo ready || return
	tali serve --listen "${old#http://}" --log none >ready 2>server.err &
	server=$!
	read -r line <ready && url=http://${line##*http://}
}
test_expect_success 'at its old place what was kept is sent, in order and once' '
	stop && serve_at && at work ann tali note now it is back && tali logs "$id" >logs &&
	grep -o "while it was away\|note  *again\|now it is back" logs | tr -s " " >said &&
	printf "%s\n" "while it was away" "note again" "now it is back" | test_cmp - said
'
test_expect_success 'a link that was replaced is not good any more, and status says what to do' '
	tali resend "$id" >resent && new=$(cut -f 3 resent) && new=$url/t/${new##*/} &&
	expect_error 5 "does not know this link" at work ann tali status &&
	expect_error 5 "does not know this link" at work ann tali note lost &&
	expect_error 5 "does not know this link" on ann tali start --no-watch "$link" work
'
test_expect_success 'the new one goes on in the same folder' '
	on ann tali start --no-watch "$new" work >out && grep "as you left it" out &&
	test "$(cat "$(state ann)/token")" = "${new##*/}" && at work ann tali status >out &&
	at work ann tali note with the new one && tali logs "$id" >logs &&
	grep "with the new one" logs && on ann git -C work fetch -q
'
test_expect_success 'a folder that points elsewhere is not believed' '
	cp -r work copied && expect_error 5 "has its work folder in" at copied ann tali status &&
	rm -r copied && cp work/.git/tali.json kept &&
	sed "s|$url|http://127.0.0.1:1|" kept >work/.git/tali.json &&
	expect_error 5 "and this folder says http://127.0.0.1:1" at work ann tali note x &&
	cp kept work/.git/tali.json && expect_error 5 "does not know the session" \
		at work eve tali status
'
test_expect_success 'handing in sends what is saved, and prints as a store does' '
	echo 42 >work/answer && at work ann tali submit --yes >out &&
	grep "^handed in tiny at " out && grep "^commit " out && tali score "$id" >score &&
	grep "10 of 10" score && tali verify "$id"
'
test_expect_success 'then it is over' '
	expect_exit 5 at work ann tali status >out && grep "^tiny: s.*, handed in at " out &&
	expect_error 5 "" at work ann tali note too late &&
	expect_error 5 "handed in" on ann tali start --no-watch "$new" work
'
test_expect_success 'settings and attributes that turn lines make no other files of the work' '
	invite_one hal@example.org && link=$url/t/${link##*/} && mkdir -p machine-hal &&
	git config -f machine-hal/.gitconfig core.autocrlf true &&
	(unset GIT_CONFIG_GLOBAL && on hal tali start --no-watch "$link" hal-work) &&
	test_cmp tiny-folder/README.md hal-work/README.md && ! ls hal-work/*.theirs &&
	(unset GIT_CONFIG_GLOBAL && on hal git -C hal-work status --porcelain) >out &&
	test_must_be_empty out &&
	(unset GIT_CONFIG_GLOBAL && at hal-work hal tali watch --once) >out &&
	grep "sent 0, received 0" out
'
test_expect_success 'one that was taken back is over, too, and says why' '
	invite_one bob@example.org && link=$url/t/${link##*/} &&
	on bob tali start --no-watch "$link" bob-work && tali revoke "$id" --reason "found out" &&
	expect_exit 5 at bob-work bob tali status >out && cat out && grep "revoked: found out" out
'
test_expect_success 'a clone that was cut off is gone on with' '
	invite_one cy@example.org && link=$url/t/${link##*/} &&
	on cy tali start --no-watch "$link" cy-work && rm cy-work/.git/tali.json cy-work/main.sh &&
	printf "%s/git/%s.git" "$url" "$id" >cy-work/.git/tali.unfinished &&
	: >cy-work/.git/index.lock && : >cy-work/.git/config.lock &&
	on cy tali start --no-watch "$link" cy-work && test -f cy-work/main.sh &&
	test "$(grep -c "of tali" cy-work/.git/config)" = 1 &&
	! test -e cy-work/.git/tali.unfinished
'
test_expect_success 'where there is a store, a link is one of it unless --server says otherwise' '
	expect_error 5 "store was asked, not the link'\''s server (--server): no invitation" \
		tali start "$url/t/00000000000000000000000000" &&
	invite_one dan@example.org && link=$url/t/${link##*/} && HOME=$PWD/machine-dan tali start \
		--server --no-watch "$link" dan-work >out && grep "git pull" out && stop
'
test_expect_success 'start lets what is saved be sent by itself, until the session ends' '
	invite_one fay@example.org && serve && link=$url/t/${link##*/} &&
	test_when_finished "at fay-work fay tali watch --stop || true" &&
	on fay tali start "$link" fay-work >out && grep "what you save is sent" out &&
	at fay-work fay tali status >out && grep "watch     runs (process [0-9]*)" out &&
	on fay tali start "$link" fay-work && echo 42 >fay-work/answer &&
	enter && has_42() { gets 200 GET /api/v1/files/answer && grep -q 42 out; } && soon has_42 &&
	at fay-work fay tali submit --yes &&
	over() { at fay-work fay tali status --json >out;
		test "$(json_get out "j[\"watch\"][\"running\"]")" = false; } && soon over &&
	expect_exit 5 at fay-work fay tali note "one more thing" &&
	expect_exit 5 at fay-work fay tali status >out && ! grep "^  watch" out &&
	grep "1 change here did not come before the end, and is no part of it" out && stop
'
test_expect_success 'over a store status has the same form' '
	invite_one gus@example.org && tali start "$passcode" gus-work &&
	in_folder gus-work tali status >out && cat out &&
	grep "^tiny: active, .* left, until" out &&
	grep "saved     all" out && ! grep server out &&
	in_folder gus-work tali run $weak && in_folder gus-work tali status >out &&
	grep "last run  ok" out && { in_folder gus-work tali run --test $weak || true; } &&
	in_folder gus-work tali status --json >out && check_schema out &&
	test "$(json_get out "[j[\"test\"][\"passed\"], j[\"server\"]]")" = "[0, null]" &&
	in_folder gus-work tali submit --yes &&
	expect_exit 5 in_folder gus-work tali status >out && grep "^tiny: submitted, handed" out
'
# hostile [CERTIFICATE KEY]
hostile() {
	rm -f ready elsewhere && mkfifo ready || return
	/usr/bin/python3 "$srcdir/tests/fake/hostile_server.py" "$@" >ready 2>fake.err &
	server=$!
	read -r port other <ready
}
# evil TOKEN: what a start at it does; nothing may be left
evil() {
	on eve tali start --no-watch "http://127.0.0.1:$port/t/$1" "${@:2}"
}
test_expect_success 'a server that sends us elsewhere is not followed' '
	hostile && expect_error 3 "not followed" evil redirect lost && ! test -e elsewhere
'
test_expect_success 'answers that are too long, too deep or no session end in a sentence' '
	expect_error 3 "longer than" evil huge lost &&
	expect_error 3 "not the answer of a tali server" evil deep lost &&
	expect_error 3 "not the answer of a tali server" evil id lost &&
	expect_error 3 "not the answer of a tali server" evil status lost &&
	expect_error 5 "does not know this link" evil nothing lost && ! test -e lost
'
test_expect_success 'a name that leads elsewhere makes no folder there' '
	expect_error 2 "no name for a folder" evil name && ! test -e ../evil && ! test -e ../../evil
'
test_expect_success 'what it says cannot drive the terminal' '
	expect_error 5 "no ]0;title" evil escape lost &&
	! LC_ALL=C grep "[[:cntrl:]]" error.err &&
	! LC_ALL=C grep "$(printf "\\302\\233")" error.err
'
test_expect_success 'git does not follow it either, and the folder is no work folder' '
	expect_error 3 "the clock is running, but" evil git cloned && ! test -e elsewhere &&
	! test -e cloned/.git/tali.json && expect_error 5 "not in a work folder" \
		at cloned eve tali status
'
test_expect_success 'a certificate must be one that is trusted, and of that server' '
	{ stop || true; } && {
		openssl req -x509 -newkey rsa:2048 -nodes -days 2 -subj /CN=127.0.0.1 \
		-addext subjectAltName=IP:127.0.0.1 -keyout good.key -out good.pem 2>/dev/null; } &&
	openssl req -x509 -newkey rsa:2048 -nodes -days 2 -subj /CN=other.example \
		-addext subjectAltName=DNS:other.example -keyout bad.key -out bad.pem 2>/dev/null &&
	hostile good.pem good.key && tls() {
		on eve tali start --no-watch "https://127.0.0.1:$port/t/x" lost
	} &&
	expect_error 3 "cannot prove" tls && (TALI_CA_FILE=$PWD/good.pem && export TALI_CA_FILE &&
		expect_error 5 "does not know this link" tls) &&
	{ stop || true; } && hostile bad.pem bad.key &&
	(TALI_CA_FILE=$PWD/bad.pem && export TALI_CA_FILE &&
		expect_error 3 "cannot prove" tls) && { stop || true; }
'
test_done
