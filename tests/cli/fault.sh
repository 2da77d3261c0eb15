# fault.sh - what the fault tests (t4000 to t4005) share; they read it after lib.sh
#
#	$base			the folder of the test
#	make_task		./tiny: a task whose grading takes a few milliseconds
#	make_store		$TALI_STORE with that task
#	invite EMAIL		sets $id and $passcode
#	field NAME FILE		a string member of a line of JSON, without the cost of Python
#	begin EMAIL WORK	invites and starts: the work folder is WORK
#	hand_in WORK		changes the work, runs it, hands it in

base=$PWD
export TALI_STORE=$base/store

make_task() {
	mkdir -p tiny/start/samples tiny/solution tiny/hidden/io &&
	cat >tiny/task.json <<-\EOF &&
	{
	  "schema": "tali.task/1", "name": "tiny", "title": "Say it twice", "type": "algorithm",
	  "difficulty": "basic", "language": "bash", "time_limit_minutes": 30,
	  "run": ["sh", "run.sh"],
	  "tests": [
	    { "id": "samples", "kind": "io", "visibility": "visible", "points": 0,
	      "dir": "samples", "argv": ["sh", "run.sh"], "compare": "exact" },
	    { "id": "hidden", "kind": "io", "visibility": "hidden", "points": 100,
	      "dir": "io", "argv": ["sh", "run.sh"], "compare": "exact" }
	  ]
	}
	EOF
	echo '# Say it twice' >tiny/README.md &&
	echo 'cat' >tiny/start/run.sh &&
	echo 'read -r a; echo "$a"; echo "$a"' >tiny/solution/run.sh &&
	echo a >tiny/start/samples/a.in && printf 'a\na\n' >tiny/start/samples/a.ans &&
	echo b >tiny/hidden/io/b.in && printf 'b\nb\n' >tiny/hidden/io/b.ans
}

make_store() {
	make_task && tali init "$TALI_STORE" && tali task import tiny
}

field() {
	sed -n 's/.*"'"$1"'":"\([^"]*\)".*/\1/p' "$2"
}

invite() {
	tali invite --json tiny "$1" >invite.out &&
	id=$(field id invite.out) && passcode=$(field passcode invite.out)
}

begin() {
	invite "$1" && tali start "$passcode" "$2"
}

hand_in() {
	(
		cd "$1" && cp "$base/tiny/solution/run.sh" . &&
		tali run $weak </dev/null && tali submit --yes
	)
}
