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

# attach FOLDER: a folder of the session, as the candidate begins
attach() {
	(unset TALI_STORE && tali start --no-watch "$url/t/${link##*/}" "$1") >started
}

# serve_again: at the same address
serve_again() {
	rm -f ready && mkfifo ready || return
	tali serve --listen "${url#http://}" --log none >ready 2>server.err &
	server=$!
	read -r line <ready
}

# serve_late: the same two hours later
serve_late() {
	rm -f ready && mkfifo ready || return
	tali_at +2h serve --listen "${url#http://}" --log none >ready 2>server.err &
	server=$!
	read -r line <ready
}
end_server() {
	local ended=$server
	server=
	kill -KILL "$ended" && { wait "$ended" || :; }
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
	: >watched
	(cd "${1:-work}" && exec "$builddir/tali" watch) >watched 2>&1 &
	watcher=$!
}
is_watched() {
	grep -q watching watched
}
# gone PROCESS: it has ended, but for our wait; waits N: so many events are in the queue
gone() {
	! kill -0 "$1" || grep -q "^State:.Z" "/proc/$1/status"
}
waits() {
	test "$(grep -c "\"kind\"" "state/tali/$id/queue")" = "$1"
}
end_watch() {
	local ended=$watcher
	watcher=
	[ -z "$ended" ] || { kill "${1:--TERM}" "$ended"; wait "$ended"; } || :
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
	test "$(json_get out "[f[\"path\"] for f in j[\"workspace\"][\"files\"]
		if f[\"executable\"]]")" = "[\"a.txt\"]" && once >said && grep "sent 0," said
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
test_expect_success 'a repository within the folder is files of the work' '
	mkdir -p work/app/node_modules && echo 1 >work/app/main &&
	echo x >work/app/node_modules/x && git -C work/app init -q && once && at_server app/main "1
" && not_at_server app/node_modules/x && git -C work/app add main &&
	git -C work/app commit -qm inside && git -C work add app && mkdir work/app/in &&
	git -C work/app/in init -q && echo 2 >work/app/main && echo 3 >work/app/in/deep && once &&
	at_server app/main "2
" && at_server app/in/deep "3
" && git -C work rm -qrf --cached app && rm -rf work/app && once && not_at_server app/main &&
	git -C work worktree add -q tree 2>/dev/null && once 2>said && grep "1 left out" said &&
	not_at_server tree/main.sh && git -C work worktree remove --force tree &&
	git -C work branch -qD tree
'
test_expect_success 'what has a name that cannot be told is counted, not passed over' '
	printf x >"work/$(printf "odd\\377")" && once 2>said && grep "1 left out" said &&
	in_folder work tali status >said && grep "saved     all that can be .* 1 left out" said &&
	rm work/odd* && in_folder work tali status >said && grep "saved     all that is" said
'
test_expect_success 'files that take each others places are all moved' '
	echo a >work/m1 && echo b >work/m2 && once && mv work/m2 work/m3 && mkdir work/m2 &&
	mv work/m1 work/m2/x && once >said && ! grep m2 said && at_server m2/x "a
" && at_server m3 "b
" && not_at_server m1 && mv work/m2/x work/m0 && rmdir work/m2 && mv work/m3 work/m2 && once &&
	at_server m0 "a
" && at_server m2 "b
" && not_at_server m2/x
'
test_expect_success 'what stands in the way of a file keeps no other from coming' '
	echo way >>work/.git/info/exclude && echo here >work/way && put way/in there &&
	put near 1 && once >said 2>&1 && grep "cannot write .way/in. here" said &&
	grep "1 left out" said &&
	here near 1 && here way "here
" && rm work/way && once && here way/in there && rm -r work/way && once && mkdir work/way &&
	echo here >work/way/in && put way file && once >said 2>&1 &&
	grep "cannot write .way. " said && rm -r work/way && once && here way file &&
	rm work/way && once
'
test_expect_success 'what cannot be followed for a while does not undo what came meanwhile' '
	echo old >work/grown && once && truncate -s 11M work/grown && put grown new && once &&
	echo old >work/grown && once && at_server grown new && here grown new
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
		echo "save $i" >work/off.txt && expect_exit 3 once || return
	done && serve_again && once >said && grep "sent 3, received 0, waiting 0" said &&
	at_server off.txt "save 3
" && tali journal export "$id" >journal && grep "\"client_seq\"" journal | grep off.txt |
		grep -o "\"ins\":\"[123]\"" >ins &&
	printf "\"ins\":\"2\"\n\"ins\":\"3\"\n" | test_cmp - ins && tali verify "$id"
'

test_expect_success 'what waited when its folder was removed is in the next one' '
	echo old >work/waits && echo x >work/removed && once && stop && echo new >work/waits &&
	rm work/removed && echo y >work/added && expect_exit 3 once && rm -rf work &&
	serve_again && attach work && here waits "new
" && here added "y
" && ! test -e work/removed && ! ls work/*.theirs && once >said && grep "sent 0, received 0" said &&
	at_server waits "new
" && at_server added "y
" && not_at_server removed
'
# save_large FOLDER FROM TO: more than can wait, when FROM is 1 and TO is 6
save_large() {
	for i in $(seq "$2" "$3")
	do
		{ echo "$i" && head -c 9500000 /dev/zero; } >"$1/large" &&
			expect_exit 3 once "$1" || return
	done
}
test_expect_success 'more than can wait is not kept by itself, and is no reason to send nothing' '
	stop && save_large work 1 6 2>said && grep "send first" said &&
	(cd work && expect_exit 3 tali note not kept 2>../said) && grep "send first" said &&
	serve_again && (cd work && tali note after all that) &&
	tali logs "$id" | grep "after all that" &&
	curl -s -b jar "$url/api/v1/files/large" | cmp - work/large && rm work/large && once
'
test_expect_success 'nor is it when the answer to the first of it was lost' '
	stop && save_large work 1 1 && cp -a state before && serve_again && once && stop &&
	rm -rf state && mv before state && save_large work 2 6 2>said && grep "send first" said &&
	serve_again && once && curl -s -b jar "$url/api/v1/files/large" | cmp - work/large &&
	rm work/large* && once
'
test_expect_success 'the one that watches sends each save as it comes, whoever makes it' '
	watch && soon is_watched && printf "one\ntwo\n" >work/w.txt && soon at_server w.txt "one
two
" && vim.tiny -es -u NONE -c "2s/two/2/" -c wq work/w.txt && soon at_server w.txt "one
2
" && sed s/one/1/ work/w.txt >work/.fresh && mv work/.fresh work/w.txt && soon at_server w.txt "1
2
" && mkdir work/made && echo x >work/made/x && soon at_server made/x "x
" && mv work/made work/gone && soon at_server gone/x "x
" && rm -r work/gone && soon not_at_server gone/x && not_at_server .fresh
'
test_expect_success 'and what the page saves comes by itself' '
	put w.txt "by the page" && soon here w.txt "by the page"
'
test_expect_success 'another is not let in, and what it sent can be read' '
	expect_error 5 "another" in_folder work tali watch &&
	in_folder work tali watch --sent >said && grep "edit .* w.txt$" said &&
	in_folder work tali watch --sent --json >said &&
	tail -n 1 said >line && check_schema line
'
test_expect_success 'killed between saves, it goes on where it was' '
	end_watch -KILL && echo late >work/k1.txt && watch && soon at_server k1.txt "late
" && echo later >>work/k1.txt && soon at_server k1.txt "late
later
" && test "$(tali journal export "$id" | grep -c "k1.txt")" = 2 && tali verify "$id"
'
test_expect_success 'the server killed and back: nothing is gone, nothing twice' '
	end_server && echo 1 >s.new && mv s.new work/s.txt &&
	soon waits 1 && echo 2 >>work/s.txt && soon waits 2 && serve_again &&
	soon at_server s.txt "1
2
" && soon waits 0 && tali journal export "$id" | grep s.txt | grep -c client_seq >count &&
	test "$(cat count)" = 2 && tali verify "$id"
'
test_expect_success 'the link replaced: it waits for the new one and goes on' '
	before=$link && tali resend "$id" >invitation &&
	IFS=$'"'\\t'"' read -r _ id link passcode <invitation &&
	test "$link" != "$before" && enter && soon grep "does not know this link" watched &&
	echo t >work/t.txt && printf %s "${link##*/}" >state/tali/$id/token &&
	soon at_server t.txt "t
"
'
test_expect_success 'two machines at once come to the same' '
	XDG_STATE_HOME=$PWD/state2 attach work2 &&
	XDG_STATE_HOME=$PWD/state2 once work2 && echo second >work2/second.txt &&
	XDG_STATE_HOME=$PWD/state2 once work2 && soon here second.txt "second
" && echo first >work/first.txt && soon at_server first.txt "first
" && XDG_STATE_HOME=$PWD/state2 once work2 && test "$(cat work2/first.txt)" = first
'
# version N: some bytes of text that share some lines with the last
version() {
	/usr/bin/python3 -c "
import random
lines = ['line %d' % i for i in range(40)]
for n in range($1):
    random.seed(n)
    at = random.randrange(len(lines))
    lines[at:at + random.randrange(3)] = ['\u00e9\u4e2d %d' % random.random().__hash__()]
print('\n'.join(lines), end='')"
}
# seqs PATH: numbers of the events of a client about it
seqs() {
	tali journal export "$id" | grep "\"client_seq\"" | grep "\"$1\"" |
		grep -o "\"seq\":[0-9]*" |
		tr -dc "0-9\n" | sort -n
}
test_expect_success 'the record at each event is what was saved, also what waited' '
	in_folder work tali watch --stop && end_watch && for n in 1 2 3 4 5
	do
		version $n >work/v.txt && cp work/v.txt "saved$n" && once || return
	done && stop && for n in 6 7 8 9 10
	do
		version $n >work/v.txt && cp work/v.txt "saved$n" && expect_exit 3 once || return
	done && serve_again && once && seqs v.txt >numbers && test "$(wc -l <numbers)" = 10 &&
	n=0 && while read -r seq
	do
		n=$((n + 1)) && tali replay "$id" --at "#$seq" --file v.txt >replayed &&
			cmp replayed "saved$n" || return
	done <numbers && test "$n" = 10 && tali verify "$id"
'
test_expect_success 'the answer is lost: what was stored is not stored again' '
	stop && echo 1 >work/lost.txt && expect_exit 3 once && echo 2 >>work/lost.txt &&
	expect_exit 3 once && cp -a state before && serve_again && once && at_server lost.txt "1
2
" && rm -rf state && mv before state && echo 3 >>work/lost.txt && once && at_server lost.txt "1
2
3
" && test "$(seqs lost.txt | wc -l)" = 3 && once >said && grep "sent 0, received 0" said &&
	tali verify "$id"
'
test_expect_success 'the answer is lost, and another changed it meanwhile: both are there' '
	stop && printf "a\nb\nc\nd\n" >work/lost2.txt && expect_exit 3 once && cp -a state before &&
	serve_again && once && put lost2.txt "a
b
c
D
" && rm -rf state && mv before state && printf "A\nb\nc\nd\n" >work/lost2.txt && once &&
	at_server lost2.txt "A
b
c
D
" && here lost2.txt "A
b
c
D
" && tali verify "$id"
'
test_expect_success 'a state that was copied or set back takes nothing for sent that was not' '
	echo 1 >work/back.txt && once && cp -a state before && for n in 2 3 4
	do
		echo $n >work/back.txt && once || return
	done && rm -rf state && mv before state && echo mine >work/mine.txt &&
	echo 5 >work/back.txt && once && here mine.txt "mine
" && at_server mine.txt "mine
" && here back.txt "5
" && at_server back.txt "5
" && here back.txt.theirs "4
" && rm work/back.txt.theirs && tali verify "$id"
'
test_expect_success 'what a disk lost of the state is asked anew by tali start, as it is told' '
	hash_of() {
		json_get "state/tali/$id/base/index.json" "j[\"files\"][\"$1\"][\"hash\"]"
	} &&
	echo 1 >work/lost3 && once && : >"state/tali/$id/base/$(hash_of lost3)" &&
	echo 2 >work/lost3 && expect_error 4 "the link again" once &&
	rm "state/tali/$id/base/$(hash_of lost3)" && expect_exit 4 once && attach work 2>said &&
	grep "was damaged" said && once && here lost3 "2
" && at_server lost3 "2
" && here lost3.theirs "1
" && rm work/lost3.theirs && (cd work && tali note is there) && echo x >>"state/tali/$id/queue" &&
	expect_exit 4 once && attach work && echo 3 >work/lost3 && once && at_server lost3 "3
" && test -e "state/tali/$id/queue.damaged" && attach work 2>said && test_must_be_empty said
'
# is_under_way N: its save is in the queue, or (even N) was sent
is_under_way() {
	if [ $(($1 % 2)) = 1 ]
	then
		grep -q "k$1.txt" "state/tali/$id/queue" "state/tali/$id/sent.jsonl"
	else
		grep -q "k$1.txt" "state/tali/$id/sent.jsonl"
	fi
}
test_expect_success 'killed while it sends, again and again: in the end both are the same' '
	for n in 1 2 3 4 5 6 7 8
	do
		version $n >work/k.txt && version $n >work/k$n.txt || return
		(cd work && exec "$builddir/tali" watch --once) >/dev/null 2>&1 &
		one=$! && soon is_under_way $n && kill -KILL $one 2>/dev/null
		wait $one || :
	done && once && curl -s -b jar "$url/api/v1/files/k.txt" | cmp - work/k.txt &&
	curl -s -b jar "$url/api/v1/files/k3.txt" | cmp - work/k3.txt && once >said &&
	grep "sent 0, received 0, waiting 0" said && tali verify "$id"
'
# A small disk of our own: as root, or else as root of a namespace of our own.
if [ "$(id -u)" = 0 ]
then
	private='unshare -m'
else
	private='unshare -rm'
fi
if $private true 2>/dev/null
then
	test_set_prereq DISK
fi
cat >on-disk <<-\EOF
	# with the state on a disk of 4 MB: it fills up, and is emptied again
	set -e
	mount -t tmpfs -o size=4m,mode=700 tmpfs disk
	cp -a state/tali disk/
	export XDG_STATE_HOME=$PWD/disk
	cd work
	head -c 300000 /dev/urandom >full.bin
	dd if=/dev/zero of=../disk/filler bs=4096 2>/dev/null || :
	for n in 1 2
	do
		code=0
		"$builddir/tali" watch --once || code=$?
		test "$code" = 3
	done
	rm ../disk/filler
	"$builddir/tali" watch --once
	"$builddir/tali" watch --once >../said
	# and with the folder on it
	mkdir ../disk/small
	cd ../disk/small
	(unset TALI_STORE && export XDG_STATE_HOME=$PWD/../../state3 &&
		"$builddir/tali" start --no-watch "$link" folder)
	export XDG_STATE_HOME=$PWD/../../state3
	cd folder
	dd if=/dev/zero of=../filler bs=4096 2>/dev/null || :
	curl -s -f -o /dev/null -b ../../../jar -H 'Sec-Fetch-Site: same-origin' -X PUT \
		--data-binary @../../../work/full.bin "$url/api/v1/files/second.bin"
	code=0
	"$builddir/tali" watch --once || code=$?
	test "$code" = 3
	test ! -e second.bin
	rm ../filler
	"$builddir/tali" watch --once
	cmp second.bin ../../../work/full.bin
EOF
test_expect_success DISK 'a full disk is said, loses nothing, and afterwards all goes on' '
	mkdir disk && export builddir url link="$url/t/${link##*/}" && $private bash on-disk &&
	grep "sent 0, received 0, waiting 0" said &&
	curl -s -b jar "$url/api/v1/files/full.bin" | cmp - work/full.bin && once &&
	tali verify "$id"
'
test_expect_success 'told to stop, it stops; in the background it goes on' '
	watch && soon is_watched && in_folder work tali watch --stop && end_watch &&
	in_folder work tali watch --background && echo b >work/b.txt && soon at_server b.txt "b
" && in_folder work tali watch --stop &&
	in_folder work tali watch --stop 2>said && grep "nothing watches" said
'
test_expect_success 'a folder that is not of the session is left alone' '
	cp work/.git/tali.json pointer && printf "{\"schema\": \"tali.work/1\", \"server\": \"%s\",
		\"assessment\": \"0000000000000000\"}" "$url" >work/.git/tali.json &&
	expect_exit 5 once && cp pointer work/.git/tali.json && once
'
test_expect_success 'when the session ends, it ends' '
	watch && soon is_watched && gets 200 POST /api/v1/submit {} && soon gone "$watcher" &&
	end_watch && grep "the session is" watched && tali verify "$id"
'
test_expect_success 'time was up while the server was away: what was saved is late work' '
	invite_one late@example.org && begin && attach late && stop && echo 42 >late/answer &&
	expect_exit 3 once late && serve_late && enter && watch late && soon gone "$watcher" &&
	end_watch && cat watched && grep "1 file was sent as late work" watched &&
	not_at_server late && tali verify "$id" && tali show "$id" >said && grep -i "late" said &&
	tali show "$id" && stop
'

test_expect_success 'where nothing watched, status tells of it, and handing in sends it' '
	serve && invite_one later@example.org && begin && attach later && stop &&
	echo 42 >later/answer && expect_exit 3 once later && serve_late &&
	{ (cd later && tali status) >said || true; } && grep "1 change here did not come" said &&
	grep "tali submit. sends late work" said &&
	(cd later && expect_exit 5 tali submit --yes 2>../said) &&
	grep "1 file was sent as late work" said &&
	tali show "$id" | grep -i "late work *1 file" &&
	{ (cd later && tali status) >said || true; } && grep "saved     all" said && stop
'
test_expect_success 'more than could wait when time was up is late work, too' '
	serve && invite_one full@example.org && begin && attach full && stop &&
	save_large full 1 6 2>said && grep "send first" said && serve_late &&
	(cd full && expect_exit 5 tali submit --yes 2>../said) &&
	grep "1 file was sent as late work" said && tali show "$id" | grep -i "late work *1 file" &&
	stop
'

# portal STATUS: what answers everything in place of the server, when something on the way fails
portal() {
	cat >portal.py <<-\EOF
		import http.server, sys
		class Portal(http.server.BaseHTTPRequestHandler):
		    def answer(self):
		        self.rfile.read(int(self.headers.get("Content-Length") or 0))
		        self.send_response(int(sys.argv[2]))
		        self.end_headers()
		        self.wfile.write(b"<html>log in to the network of the hotel</html>")
		    do_GET = do_POST = do_PUT = answer
		    def log_message(self, *words): pass
		server = http.server.HTTPServer(("127.0.0.1", int(sys.argv[1])), Portal)
		print("http://ready", flush=True)
		server.serve_forever()
	EOF
	rm -f ready && mkfifo ready &&
	{ /usr/bin/python3 portal.py "${url##*:}" "$1" >ready & } && server=$! &&
	read -r line <ready
}
test_expect_success 'what answers in the place of the server takes nothing and ends nothing' '
	serve && invite_one hotel@example.org && begin && attach hotel && stop &&
	for status in 200 400 403 404 413
	do
		portal $status && echo $status >hotel/$status && expect_exit 3 once hotel &&
		(cd hotel && tali note "under $status") && watch hotel &&
		soon grep "cannot be reached" watched && end_watch && end_server || return
	done && serve_again && once hotel && enter && for status in 200 400 403 404 413
	do
		at_server $status "$status
" && tali logs "$id" | grep "note .*under $status" || return
	done && tali verify "$id" && stop
'

# evil ANSWER...: a server that means harm; its session says what is in the file `session`
evil() {
	cat >evil.py <<-\EOF
		import http.server, json, sys
		class Evil(http.server.BaseHTTPRequestHandler):
		    def answer(self):
		        self.rfile.read(int(self.headers.get("Content-Length") or 0))
		        text = open("session", "rb").read()
		        if "/files/" in self.path:
		            text = b"evil"
		        self.send_response(302 if b"elsewhere" in text else 200)
		        self.send_header("Location", "http://127.0.0.1:1/")
		        self.send_header("Content-Length", str(len(text)))
		        self.end_headers()
		        self.wfile.write(text)
		    do_GET = do_POST = do_PUT = answer
		    def log_message(self, *words): pass
		server = http.server.HTTPServer(("127.0.0.1", int(sys.argv[1])), Evil)
		print("http://ready", flush=True)
		server.serve_forever()
	EOF
	rm -f ready && mkfifo ready && { /usr/bin/python3 evil.py "${url##*:}" >ready & } &&
	server=$! && read -r line <ready
}
# session FILE...: the words of it for these paths
session() {
	printf "%s\n" "$@" | /usr/bin/python3 -c "
import json, sys
files = [{\"path\": line[:-1], \"rev\": 1, \"size\": 4, \"text\": True, \"executable\": True}
         for line in sys.stdin]
print(json.dumps({\"status\": \"active\", \"workspace\": {\"rev\": 1, \"files\": files}}))" >session
}
test_expect_success 'a server that means harm reaches nothing but files of the folder' '
	serve && invite_one evil@example.org && begin && attach prey && stop && evil &&
	ln -s "$PWD" prey/out && cp -a prey/.git git-before &&
	session ../x .git/hooks/post-checkout .GIT/config /tmp/evil-$$ a/../../y out/z \
		"back\\slash" fine && once prey && test "$(cat prey/fine)" = evil &&
	! test -e x && ! test -e y &&
	! test -e z && ! test -e "/tmp/evil-$$" && diff -r git-before prey/.git && ls -A prey
'
test_expect_success 'what it has and may not send is not taken for removed' '
	session fine and-more && once prey && test "$(cat prey/fine)" = evil &&
	sed "s/\"size\": 4/\"size\": 20000000/g" session >kept && cp kept session &&
	once prey 2>said && grep "3 left out" said && test "$(cat prey/fine)" = evil &&
	sed "s/\"rev\": 1, \"size\"/\"rev\": -1, \"size\"/g" kept >session && once prey &&
	test "$(cat prey/and-more)" = evil && echo "{\"status\": \"active\"}" >session &&
	expect_exit 3 once prey && test "$(cat prey/and-more)" = evil
'
test_expect_success 'a content that is not the one that was listed is not taken' '
	session fine and-more portal && sed "s/\"size\": 4/\"size\": 5/g" session >kept &&
	cp kept session && once prey && ! test -e prey/portal && session fine and-more portal &&
	once prey && test "$(cat prey/portal)" = evil
'
test_expect_success 'nor does nonsense, a redirection, or more than can be' '
	cp -a prey before && echo "[[[[" >session && expect_exit 3 once prey &&
	echo elsewhere >session && expect_exit 3 once prey && head -c 40000000 /dev/zero >session &&
	expect_exit 3 once prey && echo "{\"status\": \"\\u001b]0;evil\\u0007\"}" >session &&
	expect_exit 5 once prey 2>err && ! grep "$(printf "\033")" err && diff -r before prey
'
test_done
