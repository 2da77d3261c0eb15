#!/bin/bash
# t0097-remote-run.sh - programs, tests, shells and talks of a session that is at a server
test_description='run, shell and chat on the own machine, with the session at a server'
. "$(dirname "$0")/lib.sh"
. "$srcdir/tests/cli/fixture.sh"
. "$srcdir/tests/cli/server.sh"
. "$srcdir/tests/cli/assistant.sh"

export XDG_STATE_HOME=$HOME/state

# away FOLDER: a work folder of another machine, of the session at $link
away() {
	env -u TALI_STORE tali start --no-watch "$link" "$1"
}

q=\'
cat >script.json <<'END'
{"schema": "tali.script/1", "models": ["demo", "other"], "turns": [
  {"answer": "Good day. What is it about?"},
  {"when": "slow", "answer": "1 2 3 4 5 6 7 8 9", "chunk_ms": 10000},
  {"when": "steer", "answer": "a\u001b[2Jb"},
  {"when": "fail", "status": 401, "error": "wrong key sk-1234"},
  {"answer": "That is the second."}]}
END

# at FOLDER ...: the command in that folder, whose store is elsewhere
at() {
	in_folder "$1" env -u TALI_STORE "${@:2}"
}
# runs EXPRESSION: of each event `run` d, in order
runs() {
	events run "$1"
}

# play.py SIGNAL COMMAND RUN...: `tali run RUN...` in work; when it has said a line, COMMAND is run
# there, a line is typed and the signal is sent
cat >play.py <<'END'
import os, signal, subprocess, sys
environment = {name: value for name, value in os.environ.items() if name != "TALI_STORE"}
play = subprocess.Popen(["tali", "run"] + sys.argv[3:], cwd="work", env=environment,
                        stdin=subprocess.PIPE, stdout=subprocess.PIPE)
assert play.stdout.readline() == b"go\n"
subprocess.run(sys.argv[2], shell=True, cwd="work", check=True)
play.stdin.write(b"\n")
play.stdin.close()
if sys.argv[1]:
    play.send_signal(getattr(signal, sys.argv[1]))
sys.exit(play.wait())
END

test_expect_success 'a session at a server has a folder here' '
	make_store && tali ai provider add demo --kind script --url script.json >out &&
	ai_task tiny "{\"policy\": \"full\", \"max_messages\": 9}" && serve && invite_one &&
	link=$url/t/${link##*/} && away work
'

# --- at the server

test_expect_success 'the visible tests run at the server, and are printed as those of a store' '
	expect_exit 1 at work tali run --test >out &&
	printf "  FAIL  filled/exit  (wrong_answer)\n0 of 1 passed\n" | test_cmp - out
'
test_expect_success 'what was saved here just now is what they test' '
	echo 42 >work/answer && at work tali run --test >out &&
	printf "  pass  filled/exit\n1 of 1 passed\n" | test_cmp - out &&
	at work tali run --test --json >out && check_schema out &&
	test "$(json_get out "j[\"recorded\"]")" = true &&
	test "$(events test "d[\"passed\"]" | xargs)" = "0 1 1"
'
test_expect_success 'a program runs at the server, and its exit status is ours' '
	at work tali run --server >out && echo "the answer is 42" | test_cmp - out &&
	expect_exit 7 at work tali run --server -- sh -c "echo oops >&2; exit 7" >out 2>err &&
	echo oops | test_cmp - err && test_must_be_empty out &&
	expect_exit 127 at work tali run --server -- no-such-program
'
test_expect_success 'it reads what is read here, all of it and only so much' '
	head -c 1048576 /dev/urandom >most &&
	cat most | at work tali run --server --stdin - -- sha256sum >out &&
	sha256sum <most | test_cmp - out &&
	at work tali run --server --stdin ../most -- sha256sum >out &&
	sha256sum <most | test_cmp - out && at work tali run --server -- wc -c <most >out &&
	test "$(cat out)" = 0 &&
	{ cat most; echo; } | expect_error 2 "more than the 1048576 bytes" \
		at work tali run --server --stdin - -- true &&
	expect_error 2 "nothing-here" at work tali run --server --stdin nothing-here -- true
'
test_expect_success 'it runs in the folder that one stands in, and what it made comes here' '
	mkdir work/sub && echo here >work/sub/file &&
	at work/sub tali run --server --json -- sh -c "cat file; echo made >by-run" >out 2>err &&
	echo here | test_cmp - err && check_schema out && test "$(cat work/sub/by-run)" = made &&
	test "$(runs "d[\"cwd\"], d.get(\"where\")" | tail -n 1)" = "(${q}sub$q, None)"
'
test_expect_success 'Ctrl-C stops it there, and that is on the record' '
	expect_exit 130 /usr/bin/python3 play.py SIGINT "" --server -- sh -c "echo go; sleep 1000" \
		2>err && grep "run: stopped" err &&
	test "$(runs "d[\"verdict\"]" | tail -n 1)" = stopped
'

# --- here

test_expect_success 'a program runs here, with what is saved here' '
	echo 43 >work/answer && at work tali run $weak >out &&
	echo "the answer is 43" | test_cmp - out &&
	expect_exit 3 at work tali run $weak -- sh -c "ls -a; echo out; echo err >&2; exit 3" \
		>out 2>err && echo err | test_cmp - err && ! grep -F .git out
'
test_expect_success 'it reads what is typed, and what it made is here' '
	echo hello | at work/sub tali run $weak -- sh -c "cat >typed" &&
	test "$(cat work/sub/typed)" = hello
'
test_expect_success 'a file that was changed here meanwhile stays as it is here' '
	/usr/bin/python3 play.py "" "echo ours >answer" $weak -- \
		sh -c "echo go; read x; echo theirs >answer; echo new >new" 2>err &&
	grep "1 file left as found here" err && test "$(cat work/answer)" = ours &&
	test "$(cat work/new)" = new
'
test_expect_success 'links stay behind, and nothing is deleted here' '
	ln -s ../outside work/way && mkdir outside &&
	at work tali run $weak -- \
		sh -c "rm answer; ln -s /etc/passwd link; mkdir way; echo no >way/file" 2>err &&
	grep "1 file left" err && ! test -e work/link && test -f work/answer &&
	! test -e outside/file && rm work/way
'
test_expect_success 'that is on the record as of this machine, once, with its output' '
	told="d.get(\"where\"), d.get(\"tree\"), d[\"exit_status\"], d[\"cwd\"]" &&
	test "$(runs "$told" | tail -n 5)" = \
"(\"candidate${q}s machine\", None, 0, ${q}$q)
(\"candidate${q}s machine\", None, 3, ${q}$q)
(\"candidate${q}s machine\", None, 0, ${q}sub$q)
(\"candidate${q}s machine\", None, 0, ${q}$q)
(\"candidate${q}s machine\", None, 0, ${q}$q)" &&
	tali journal export "$id" >journal && tali verify "$id"
'

# --- a shell

test_expect_success 'a shell is that of the server, and its exit status is ours' '
	echo "cat answer; echo in\$((40 + 2)); exit 5" >typed &&
	expect_exit 5 at work tali shell <typed >out && grep ours out && grep in42 out
'
test_expect_success 'what is saved in it is here afterwards' '
	echo "echo by the shell >shell.txt" >typed && at work tali shell <typed >out &&
	test "$(cat work/shell.txt)" = "by the shell"
'
test_expect_success 'a program has the terminal instead, where one stands' '
	echo some words >typed && expect_exit 4 at work/sub tali shell -- \
		sh -c "read x; echo got \$x in \$(cat file); test -t 1 && exit 4" <typed >out &&
	grep "got some words in here" out
'
cat >sit.py <<'END'
import fcntl, os, pty, signal, struct, sys, termios
signal.alarm(60)
child, terminal = pty.fork()
if child == 0:
    os.environ.pop("TALI_STORE")
    os.chdir("work")
    fcntl.ioctl(0, termios.TIOCSWINSZ, struct.pack("HHHH", 30, 100, 0, 0))
    os.execvp("tali", ["tali", "shell"])
shown = b""
def until(text):
    global shown
    while text not in shown:
        shown += os.read(terminal, 4096)
    shown = shown.split(text, 1)[1]
def types(text):
    os.write(terminal, text)
until(b"$ ")
types(b"stty size; cat\r")
until(b"30 100")
fcntl.ioctl(terminal, termios.TIOCSWINSZ, struct.pack("HHHH", 40, 120, 0, 0))
os.kill(child, signal.SIGWINCH)
types(b"\x03")
until(b"$ ")
types(b"until [ \"$(stty size)\" = '40 120' ]; do :; done; echo it$((1 + 1)); exit 6\r")
until(b"it2")
sys.exit(os.waitstatus_to_exitcode(os.waitpid(child, 0)[1]))
END
test_expect_success 'at a terminal every key goes there, and so does its size' '
	expect_exit 6 /usr/bin/python3 sit.py
'
test_expect_success 'each has its end on the record' '
	test "$(events terminal "d.get(\"exit_status\")" | xargs)" = \
		"None 5 None 0 None 4 None 6" &&
	tali verify "$id"
'

# --- a talk

test_expect_success 'a question is answered by the server, and printed as in a store' '
	at work tali chat Hello there >out && echo "Good day. What is it about?" | test_cmp - out &&
	at work tali chat --json And then >out && check_schema out &&
	test "$(json_get out "j[\"text\"], j[\"left\"][\"messages\"], j[\"stop\"]")" = \
		"[\"That is the second.\", 7, \"end\"]" &&
	test "$(events ai_prompt "d[\"conversation\"]" | sort -u | wc -l)" = 1
'
test_expect_success 'a talk, line by line, with its commands' '
	printf "%s\n" "/left" "/models" "/new" "Hello" "" "/model other" "More" "/quit" "Not this" |
		at work tali chat >out &&
	printf "%s\n" "7 messages left" "demo	demo" "other	demo" \
		"Good day. What is it about?" "That is the second." | test_cmp - out &&
	test "$(events model "d[\"from\"], d[\"to\"]")" = "(${q}demo$q, ${q}other$q)"
'
test_expect_success 'faults are one sentence each, with the exit status of a store' '
	expect_error 5 "none${q} is not known here" at work tali chat --model none Hm &&
	expect_error 3 "does not accept the key" at work tali chat fail
'
test_expect_success 'what an answer says cannot steer the terminal' '
	at work tali chat steer >out && grep -F "a\\x1b[2Jb" out
'
test_expect_success 'an agent is not there' '
	expect_error 5 "this needs the store" at work tali agent Do it
'

# --- without the server

test_expect_success 'without the server a program runs here, and the record gets it later' '
	before=$(runs 1 | wc -l) && stop && at work tali run $weak -- sh -c "echo alone" >out &&
	echo alone | test_cmp - out && test "$(runs 1 | wc -l)" = "$before"
'
test_expect_success 'what needs the server says so' '
	expect_error 3 "cannot be reached" at work tali run --test &&
	expect_error 3 "cannot be reached" at work tali run --server &&
	expect_error 3 "cannot be reached" at work tali shell &&
	expect_error 3 "cannot be reached" at work tali chat Hello
'
test_expect_success 'when it is back it gets the run that it missed, once' '
	mkfifo again && { tali serve --listen "${url#http://}" --log none >again 2>server.err & } &&
	server=$! && read -r line <again &&
	at work tali run --server -- true && at work tali run --server -- true &&
	test "$(runs "d.get(\"where\") is not None" | tail -n 3 | xargs)" = "True False False" &&
	tali verify "$id" && stop
'
cat >lost.py <<'END'
import os, pty, signal, subprocess, sys
signal.alarm(90)
store = os.environ.pop("TALI_STORE")
child, terminal = pty.fork()
if child == 0:
    os.chdir("work")
    os.execvp("tali", ["tali", "shell"])
shown = b""
def until(text):
    global shown
    while text not in shown:
        shown += os.read(terminal, 4096)
    shown = shown.split(text, 1)[1]
until(b"$ ")
os.kill(int(sys.argv[1]), signal.SIGKILL)
until(b"trying again")
server = subprocess.Popen(["tali", "serve", "--listen", sys.argv[2], "--log", "none"],
                          env={**os.environ, "TALI_STORE": store}, stdout=subprocess.DEVNULL)
until(b"$ ")
os.write(terminal, b"echo it$((1 + 1)); exit 6\r")
until(b"it2")
status = os.waitstatus_to_exitcode(os.waitpid(child, 0)[1])
server.terminate()
sys.exit(server.wait() or status)
END
test_expect_success 'a shell whose connection is lost comes back by itself' '
	mkfifo back && { tali serve --listen "${url#http://}" --log none >back 2>server.err & } &&
	server=$! && read -r line <back &&
	expect_exit 6 /usr/bin/python3 lost.py "$server" "${url#http://}" &&
	{ wait "$server" || server=; }
'
test_done
