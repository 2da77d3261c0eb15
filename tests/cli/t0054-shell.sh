#!/bin/bash
test_description='tali shell: a shell in the sandbox, its terminal and its files on the record'
. "$(dirname "$0")/lib.sh"
. "$srcdir/tests/cli/fixture.sh"

put_program pty_drive tests/fake/pty-drive

# at_desk COMMAND...: the command at a terminal, with the steps of standard input; its output in
# `screen`
at_desk() {
	cat >"$root/steps" && pty_drive "$root/steps" "$@" >"$root/screen"
}

# events KIND: data of the events of that kind, one a line, from the newest shell
events() {
	tali logs "$id" --json >"$root/logs" && /usr/bin/python3 -c '
import json, sys
events = [json.loads(line) for line in open(sys.argv[1])]
starts = [e["seq"] for e in events
          if e["kind"] == "terminal" and e["data"]["action"] == "start"]
for e in events[starts[-1]:]:
    if e["kind"] == sys.argv[2]:
        print(json.dumps(e["data"], sort_keys=True))' "$root/logs" "$1"
}

# replayed: what came out of the newest shell, byte for byte
replayed() {
	events "$1" >"$root/chunks" && /usr/bin/python3 -c '
import base64, json, sys
for line in open(sys.argv[1]):
    for chunk in json.loads(line)["chunks"]:
        sys.stdout.buffer.write(chunk["text"].encode() if "text" in chunk
                                else base64.b64decode(chunk["base64"]))' "$root/chunks"
}

test_expect_success 'an assessment that is running' '
	make_store && add_tiny && invite_one && tali start "$passcode" work >/dev/null && cd work'

test_expect_success 'a terminal of the size of ours, which follows it' '
	at_desk tali shell <<-\END &&
	expect $
	raw
	type stty size\r
	expect 24 80
	size 100 30
	type stty size\r
	expect 30 100
	type exit\r
	END
	test "$(events terminal_resize | head -n 1 | cut -d, -f 1-2)" = \
		"{\"columns\": 100, \"rows\": 30"'

test_expect_success 'its exit status is that of the shell, and is recorded' '
	expect_exit 7 at_desk tali shell <<-\END &&
	type exit 7\r
	END
	events terminal >../terminals &&
	test "$(head -n 1 ../terminals | cut -d , -f 1-2)" = \
		"{\"action\": \"start\", \"argv\": [\"bash\"]" &&
	grep "\"action\": \"end\", \"exit_status\": 7, \"signal\": null" ../terminals'

test_expect_success 'what was seen and typed is on record, byte for byte' '
	at_desk tali shell -- sh -c "stty -echo; echo ready; read -r x; echo \"got \$x\"" \
		<<-\END &&
	expect ready
	type \xe2\x82\xac 1 \xff\n
	END
	printf "ready\r\ngot \342\202\254 1 \377\r\n" | test_cmp - "$root/screen" &&
	replayed terminal_out | test_cmp "$root/screen" - &&
	printf "\342\202\254 1 \377\n" >../typed && replayed terminal_in | test_cmp ../typed -'

test_expect_success 'characters are never cut in two' '
	tali shell -- sh -c "i=0; while [ \$i -lt 9000 ]; do printf \"\\342\\202\\254\"; i=\$((i+1))
		done" </dev/null >../out && events terminal_out >../chunks &&
	! grep base64 ../chunks &&
	replayed terminal_out | test_cmp ../out - && test "$(wc -c <../out)" -ge 27000'

test_expect_success 'jobs are controlled: stop, go on, interrupt' '
	expect_exit 5 at_desk tali shell -- bash --norc --noediting <<-\END &&
	expect $
	type cat\nhello\n
	expect hello\r\nhello\r\n
	type \x1a
	expect Stopped
	type jobs\n
	expect Stopped
	type fg\nagain\n
	expect cat\r\nagain\r\n
	type \x03
	expect $
	type exit 5\n
	END
	! grep "no job control" "$root/screen"'

test_expect_success 'an editor like vim: one edit, exact, and the file is here at once' '
	printf "one\ntwo\nthree\n" >text &&
	at_desk tali shell -- vi -u NONE -N text <<-\END &&
	expect three
	type :2s/wo/o do/\r:set backup writebackup\r:w\r
	expect written
	run for i in $(seq 500); do grep -q "to do" text && exit; sleep 0.02; done; exit 1
	type :q!\r
	END
	events edit >../edits && test "$(wc -l <../edits)" = 1 &&
	test "$(json_get ../edits "[(e[\"file\"], e[\"at\"], e[\"del\"], e[\"ins\"],
		e[\"origin\"]) for e in j[\"edits\"]]")" = \
		"[[\"text\", 5, 1, \"o d\", \"saved\"]]" &&
	printf "one\nto do\nthree\n" | test_cmp - text'

test_expect_success 'full-screen programs leave nothing on the terminal' '
	! grep -q "$(printf "\033\]")" "$root/screen" &&
	! grep -q "$(printf "\033\[2[23];[0-9;]*t")" "$root/screen" &&
	printf "\033]0;evil\007\033[?1049h\033[?25l\033[?1000h\033[5mx" >screenful &&
	at_desk tali shell -- cat screenful </dev/null &&
	printf "\033[?1049h\033[?25l\033[?1000h\033[5mx\033[m\033[?1000l\033[?25h\033[?1049l" |
		test_cmp - "$root/screen"'

test_expect_success 'sed -i, new files, moves, removals, folders' '
	printf "1\n2\n" >old && printf "x\n" >gone && cp /bin/true binary &&
	at_desk tali shell <<-\END &&
	type sed -i s/2/two/ old; mkdir -p d/e; echo new >d/e/f; echo run"ning"\r
	expect running
	run for i in $(seq 500); do test -e d/e/f && exit; sleep 0.02; done; exit 1
	type mv old moved; rm gone; printf "\\0" >zero; chmod +x d/e/f; rm binary; exit\r
	END
	test ! -e old && test ! -e gone && test ! -e binary && test -x d/e/f &&
	test "$(cat d/e/f)" = new && printf "1\ntwo\n" | test_cmp - moved &&
	printf "\0" | test_cmp - zero &&
	events edit >../edits && grep "\"file\": \"old\"" ../edits && events file >../files &&
	grep "\"op\": \"mkdir\", \"path\": \"d/e\"" ../files &&
	grep "\"op\": \"create\", .*\"path\": \"d/e/f\"" ../files &&
	grep "\"op\": \"rename\", \"path\": \"old\", \"to\": \"moved\"" ../files &&
	grep "\"op\": \"delete\", \"path\": \"gone\"" ../files &&
	grep "\"op\": \"delete\", \"path\": \"binary\"" ../files &&
	grep "\"op\": \"create\", .*\"path\": \"zero\"" ../files &&
	grep "\"executable\": true, \"op\": \"write\", .*\"path\": \"d/e/f\"" ../files'

test_expect_success 'the snapshot says which texts are on record to the last byte' '
	events snapshot | tail -n 1 >../snapshot &&
	sum=$(sha256sum <moved) && test "$(json_get ../snapshot "j[\"open\"][\"moved\"]")" = \
		"${sum%% *}" &&
	sum=$(sha256sum <d/e/f) && test "$(json_get ../snapshot "j[\"open\"][\"d/e/f\"]")" = \
		"${sum%% *}" &&
	git -C "../store/repos/$id.git" show HEAD:moved | test_cmp moved - && tali verify "$id"'

test_expect_success 'the edits lead from snapshot to snapshot, byte for byte' '
	cat >edits.py <<-\END &&
	import os, random, sys
	random.seed(int(sys.argv[1]))
	words = ["eins", "zw\u00f6lf", "\u20ac", "x\ny", "\U0001f600", "", "\r\n", "abc" * 50]
	for round in range(40):
	    name = "text%d" % random.randrange(4)
	    try:
	        text = open(name, newline="").read()
	    except FileNotFoundError:
	        text = ""
	    at = random.randint(0, len(text))
	    end = random.randint(at, min(len(text), at + 40))
	    text = text[:at] + "".join(random.choices(words, k=random.randrange(9))) + text[end:]
	    way = random.randrange(6)
	    if way == 0 and os.path.exists(name):
	        os.rename(name, "text%d" % random.randrange(4))
	    elif way == 1 and os.path.exists(name):
	        os.remove(name)
	    elif way == 2:
	        open(".new", "w", newline="").write(text)
	        os.rename(".new", name)
	    elif way == 3:
	        open(name, "wb").write(random.randbytes(100))
	        os.remove(name)
	        open(name, "w", newline="").write(text)
	    else:
	        open(name, "w", newline="").write(text)
	END
	at_desk tali shell <<-\END &&
	type python3 edits.py 1; sleep 0.3; python3 edits.py 2; echo al"pha"\r
	expect alpha
	type python3 edits.py 3; sleep 0.3; python3 edits.py 4; sleep 0.3; echo be"ta"\r
	expect beta
	run tali run -- true
	type for i in 5 6 7 8; do python3 edits.py $i; sleep 0.2; done; exit\r
	END
	tali journal export "$id" >../export.jsonl &&
	/usr/bin/python3 "$srcdir/tests/cli/fold.py" ../export.jsonl \
		"../store/repos/$id.git" >../folded &&
	cat ../folded && test "$(wc -l <../folded)" -ge 2 && tali verify "$id"'

test_expect_success 'a file that changed here meanwhile is kept' '
	echo 1 >both && at_desk tali shell >../out <<-\END &&
	expect $
	run echo mine >both
	type echo theirs >both; exit\r
	END
	test "$(cat both)" = mine && grep "1 file left as found here" "$root/screen" &&
	tali verify "$id"'

test_expect_success 'a run in between does not confuse the record' '
	echo 1 >both && at_desk tali shell <<-\END &&
	expect $
	run echo mine >both && tali run >/dev/null
	type echo theirs >both; echo more >after; exit\r
	END
	test "$(cat both)" = mine && test "$(cat after)" = more && events file >../files &&
	tali verify "$id"'

test_expect_success 'only one shell at a time' '
	at_desk tali shell <<-\END
	expect $
	run tali shell </dev/null 2>../err; test $? = 5 && grep "open already" ../err
	type exit\r
	END'

test_expect_success 'standard input need not be a terminal' '
	printf "echo \$((6 * 7))\nstty size\nexit 4\n" >../script &&
	expect_exit 4 tali shell <../script >../out && grep "^42" ../out && grep "^24 80" ../out &&
	expect_exit 4 tali shell <../script | cat >../out && grep "^42" ../out &&
	printf "no line feed" | tali shell -- cat >../out && grep "no line feed" ../out &&
	tali shell -- wc -l </dev/null >../out && grep "^0" ../out'

test_expect_success 'handed in elsewhere, it ends' '
	cd .. && first=$id && invite_one other@example.org &&
	tali start "$passcode" other >/dev/null && cd other &&
	expect_exit 129 at_desk tali shell <<-\END &&
	expect $
	run tali submit --yes
	type echo more\r
	expect ended by somebody else
	END
	id=$first && cd ../work'

test_expect_success 'when the sandbox dies, that is told and the terminal is given back' '
	expect_exit 3 at_desk tali shell <<-\END &&
	expect $
	raw
	run kill -9 $(pgrep -P "$PTY_CHILD")
	expect tali: shell:
	END
	tali verify "$id"'

test_expect_success ROOT 'an ordinary user has all of it, but for weak limits' '
	mkdir ../home && cp "$builddir/tali" "$builddir/tests/fake/pty-drive" ../home/ &&
	cp -R ../tiny-folder ../home/task && cat >../home/steps <<-\END &&
	expect $
	type sed -i s/a/b/ f; stty size; echo ok"ay"\r
	expect 24 80
	expect okay
	type echo st"art"; cat\r
	expect start
	type hello\n
	expect hello\r\nhello
	type \x1a
	expect Stopped
	type exit; exit 6\r
	END
	cat >../home/script <<-\END &&
	export HOME=$PWD TMPDIR=$PWD PATH=$PWD:$PATH TALI_STORE=$PWD/store
	tali init && tali config set sandbox.allow_weak true &&
	tali task create tiny --from task && tali invite tiny a@example.org >invitation &&
	tali start "$(cut -f 4 invitation)" work && cd work && echo a >f || exit 9
	pty-drive ../steps tali shell
	test $? = 6 && test "$(cat f)" = b && tali verify
	END
	chown -R 65534:65534 ../home && chmod o+x "$root" .. &&
	(cd ../home && setpriv --reuid=65534 --regid=65534 --clear-groups bash script)'

test_expect_success ROOT 'when the record cannot be written it ends, and what was saved is here' '
	mkdir ../disk ../full && cat >../full/steps <<-\END &&
	expect $
	type echo before >saved\r
	run for i in $(seq 500); do test -s saved && exit; sleep 0.02; done; exit 1
	run dd if=/dev/zero of="$TALI_STORE/filler" bs=4096 2>/dev/null; true
	type echo after >saved; seq 9999\r
	expect tali: shell:
	END
	cat >../full/script <<-\END &&
	mount -t tmpfs -o size=4m,mode=700 tmpfs ../disk && export TALI_STORE=$PWD/../disk/store &&
	tali init && { [ -z "$weak" ] || tali config set sandbox.allow_weak true; } &&
	tali task create tiny --from ../tiny-folder && tali invite tiny a@example.org >invitation &&
	tali start "$(cut -f 4 invitation)" work && cd work || exit 9
	pty_drive ../steps tali shell
	test $? = 3 && test "$(cat saved)" = after && rm "$TALI_STORE/filler" && tali verify &&
	tali shell -- cat saved </dev/null
	END
	(cd ../full && weak=$weak unshare -m bash script)'

test_expect_success 'suspended from outside, it gives the terminal back and takes it again' '
	at_desk tali shell <<-\END
	expect $
	raw
	signal 20
	stopped
	cooked
	size 90 20
	signal 18
	raw
	type stty size\r
	expect 20 90
	type exit\r
	END'

test_expect_success 'ended by a signal, it saves all and gives the terminal back' '
	expect_exit 129 at_desk tali shell <<-\END &&
	expect $
	type echo last >saved; echo do"ne"\r
	expect done
	signal 15
	END
	test "$(cat saved)" = last && events terminal | grep "\"action\": \"end\"" &&
	tali verify "$id"'

test_expect_success 'a line that is cut is the end' '
	expect_exit 129 at_desk tali shell <<-\END &&
	expect $
	type echo cut >saved; echo do"ne"\r
	expect done
	hang-up
	END
	test "$(cat saved)" = cut && events terminal | grep "\"action\": \"end\""'

test_expect_success 'killed, it loses nothing that was saved, and all is in order' '
	expect_exit 137 at_desk tali shell <<-\END &&
	expect $
	type echo precious >saved\r
	run for i in $(seq 500); do grep -q precious saved && exit; sleep 0.02; done; exit 1
	type echo mark"ed"\r
	expect marked
	signal 9
	END
	test "$(cat saved)" = precious && tali verify "$id" && events edit | grep precious &&
	at_desk tali shell -- cat saved </dev/null && grep precious "$root/screen"'

test_expect_success 'the sandbox has no network, no store, and no terminal of ours' '
	at_desk tali shell <<-\END &&
	type ls /dev/pts /dev/ptmx; ls -d "$TALI_STORE"x /root/; exit 0\r
	END
	test "$(grep -c "No such file" "$root/screen")" = 4'

test_expect_success 'it starts in the folder that corresponds to the current one' '
	mkdir -p below && echo x >below/y &&
	(cd below && tali shell -- pwd </dev/null >../../out) &&
	grep "^/work/below" ../out'

test_expect_success 'near the deadline it warns, and then hands in what is saved' '
	cd .. && invite_one late@example.org && tali start "$passcode" late >/dev/null && cd late &&
	expect_exit 129 at_desk tali_at +29m56s shell <<-\END &&
	expect left
	type echo late >answer\r
	expect time is up
	END
	cd .. && tali logs "$id" >logs && grep "submit [0-9a-f]* (time was up)" logs &&
	grep "time was up: the work is handed in" "$root/screen" &&
	test "$(git -C "store/repos/$id.git" show submission:answer)" = late && tali verify "$id"'

test_expect_success 'after that there is no shell any more' '
	expect_error 5 "it must be active to open a shell" in_folder late tali shell </dev/null'

test_expect_success 'outside a work folder there is none either' '
	expect_error 5 "not in a work folder" tali shell </dev/null'

test_done
