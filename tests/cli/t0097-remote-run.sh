#!/bin/bash
# t0097-remote-run.sh - programs, tests, a shell and talks in a work folder whose session is at a server
test_description='run, shell and chat on the own machine, with the session at a server'
. "$(dirname "$0")/lib.sh"
. "$srcdir/tests/cli/fixture.sh"
. "$srcdir/tests/cli/server.sh"
. "$srcdir/tests/cli/assistant.sh"

export XDG_STATE_HOME=$HOME/state

# away FOLDER: a folder of another machine, whose session of $id is at $url
away() {
	git clone -q "http://tali:${link##*/}@${url#http://}/git/$id.git" "$1" &&
	/usr/bin/python3 - "$1" "$url" "$id" "${link##*/}" <<-'END'
		import json, os, sys
		folder, server, id, token = sys.argv[1:]
		folder = os.path.realpath(folder)
		state = os.environ["XDG_STATE_HOME"] + "/tali/" + id
		os.makedirs(state, mode=0o700)
		json.dump({"schema": "tali.work/1", "server": server, "assessment": id},
		          open(folder + "/.git/tali.json", "w"))
		json.dump({"schema": "tali.remote/1", "server": server, "assessment": id,
		           "folder": folder, "client": "0123456789abcdef"}, open(state + "/state.json", "w"))
		with open(os.open(state + "/token", os.O_CREAT | os.O_WRONLY, 0o600), "w") as file:
		    file.write(token)
	END
}

test_expect_success 'a session at a server has a folder here' '
	make_store && add_tiny && invite_one && serve && begin && away work
'
test_expect_success 'the visible tests run at the server, and are printed as those of a store' '
	expect_exit 1 in_folder work tali run --test >out && grep "FAIL  filled" out &&
	grep "0 of 1 passed" out
'
test_expect_success 'a program runs at the server, and its exit status is ours' '
	in_folder work tali run --server >out && echo "the answer is " | test_cmp - out &&
	expect_exit 7 in_folder work tali run --server -- sh -c "echo oops >&2; exit 7" >out 2>err &&
	grep oops err
'
test_expect_success 'a program runs here' '
	expect_exit 3 in_folder work tali run $weak -- sh -c "cat answer; echo hello >made; exit 3" >out
'
test_expect_success 'a shell is that of the server' '
	echo "echo in\$((40 + 2)); exit 5" >typed &&
	expect_exit 5 in_folder work tali shell <typed >out && grep in42 out
'
test_expect_success 'a program has a terminal there' '
	expect_exit 4 in_folder work tali shell -- sh -c "read x; echo got \$x; exit 4" <typed >out && grep "got echo" out
'
stop
test_done
