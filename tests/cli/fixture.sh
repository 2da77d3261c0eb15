# fixture.sh - a store, a task that is graded in no time, and the steps to an assessment
#
# Read after lib.sh. Each makes its things in the folder of the test:
#	make_store		$TALI_STORE; settings let weak limits pass where they must
#	tiny_task FOLDER	a task folder: the file `answer` must hold 42. Its name is `tiny`,
#				its starter gets nothing, "7" half of the points, "42" all of them
#	add_tiny [OPTION...]	stores it as task `tiny`
#	invite_one [EMAIL [OPTION...]]
#				invites to `tiny`; sets $id, $link and $passcode
#	hand_in ANSWER [EMAIL]	invites, starts in a folder work-$id, answers, submits; sets $id
#	in_folder FOLDER COMMAND...
#				the command, run in that folder

make_store() {
	export TALI_STORE=$PWD/store
	tali init >/dev/null && { [ -z "$weak" ] || tali config set sandbox.allow_weak true; }
}

tiny_task() {
	mkdir -p "$1/start" "$1/hidden" "$1/solution" "$1/variants/almost" || return
	cat >"$1/task.json" <<-'END'
		{
		  "schema": "tali.task/1",
		  "name": "tiny",
		  "title": "The answer",
		  "type": "bug_fix",
		  "difficulty": "basic",
		  "language": "bash",
		  "time_limit_minutes": 30,
		  "run": ["sh", "main.sh"],
		  "tests": [
		    {"id": "filled", "kind": "command", "visibility": "visible", "points": 0,
		     "argv": ["test", "-s", "answer"], "report": "exit"},
		    {"id": "judge", "kind": "command", "visibility": "hidden", "points": 10,
		     "argv": ["sh", "judge.sh"], "report": "tap"}
		  ],
		  "variants": {"almost": {"expect": "wrong_answer", "fails": ["judge/right"]}}
		}
	END
	echo 'Write 42 into the file `answer`.' >"$1/README.md"
	echo 'echo "the answer is $(cat answer)"' >"$1/start/main.sh"
	: >"$1/start/answer"
	cat >"$1/hidden/judge.sh" <<-'END'
		echo 1..2
		[ -s answer ] && echo 'ok 1 - some' || echo 'not ok 1 - some'
		[ "$(cat answer)" = 42 ] && echo 'ok 2 - right' || echo 'not ok 2 - right'
	END
	echo 42 >"$1/solution/answer"
	echo 7 >"$1/variants/almost/answer"
}

add_tiny() {
	tiny_task tiny-folder && tali task create tiny --from tiny-folder "$@" >/dev/null
}

invite_one() {
	tali invite tiny "${1:-ada@example.org}" "${@:2}" >invitation || return
	IFS=$'\t' read -r _ id link passcode <invitation
}

hand_in() {
	invite_one "${2:-ada@example.org}" &&
	tali start "$passcode" "work-$id" >/dev/null &&
	echo "$1" >"work-$id/answer" &&
	(cd "work-$id" && tali submit --yes >/dev/null)
}

in_folder() {
	(cd "$1" && "${@:2}")
}
