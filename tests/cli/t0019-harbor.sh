#!/bin/bash
test_description='tasks of Harbor come in and go out, and a reward is a share of the points'
. "$(dirname "$0")/lib.sh"
. "$srcdir/tests/cli/fixture.sh"

# package NAME [as COPY]: a package of ours, to be changed here
package() {
	rm -rf "${2:-$1}" && cp -R "$srcdir/tests/import/harbor/$1" "${2:-$1}" &&
	chmod -R u+w "${2:-$1}"
}

# import FOLDER: to out/NAME, the report in report.json
import() {
	rm -rf out && tali task import "$1" --output out --json $weak >report.json &&
	check_schema report.json
}

# said LIST TEXT: the report says it
said() {
	/usr/bin/python3 - "$1" "$2" <<-'END'
		import json, sys
		task = json.load(open("report.json"))["tasks"][0]
		lines = ["%s: %s" % (note["what"], note["why"]) for note in task[sys.argv[1]]]
		if not any(sys.argv[2] in line for line in lines):
		    sys.exit("not said: %s\n%s" % (sys.argv[2], "\n".join(lines)))
	END
}

# manifest EXPRESSION
manifest() {
	json_get out/word-count/task.json "$1"
}

prove() {
	tali task prove "$1" --repeats 1 $weak "${@:2}"
}

test_expect_success 'a task is read: its fields, its files, its statement' '
	package word-count && import word-count &&
	test "$(json_get report.json "j[\"format\"]")" = harbor &&
	test "$(json_get report.json "j[\"version\"]")" = 1.1 &&
	test "$(manifest "j[\"difficulty\"]")" = basic &&
	test "$(manifest "j[\"type\"]")" = bug_fix &&
	test "$(manifest "j[\"time_limit_minutes\"]")" = 13 &&
	test "$(manifest "j[\"limits\"][\"wall_seconds\"]")" = 60 &&
	test "$(manifest "j[\"limits\"][\"memory_mb\"]")" = 512 &&
	test "$(manifest "\" \".join(j[\"tags\"])")" = "text-files python debugging" &&
	cmp word-count/environment/count.py out/word-count/start/count.py &&
	test -f out/word-count/start/data/text.txt &&
	! grep canary out/word-count/README.md && ! grep /workspace out/word-count/README.md'

test_expect_success 'what needs a container engine or a network is said, with its line' '
	said left_out "environment/Dockerfile:3: RUN apt-get update" &&
	said left_out "environment/Dockerfile:6: FROM debian:bookworm-slim" &&
	said left_out "environment/Dockerfile:12: ADD https://" &&
	said left_out "outside of /workspace" &&
	said left_out "environment.allow_internet: a sandbox has no network" &&
	said left_out "verifier.env.API_KEY" &&
	said changed "tests/test_count.py: /workspace is /app in it"'

test_expect_success 'the script that solves it was run, and left the solution' '
	said changed "solution/solve.sh: was run on start/" &&
	test "$(cat out/word-count/solution/answer.txt)" = 5 &&
	cmp word-count/solution/count.py out/word-count/solution/count.py &&
	test ! -e out/word-count/solution/data'

test_expect_success 'it is proved, and half of the reward is half of the points' '
	mkdir -p out/word-count/variants/half &&
	cp out/word-count/solution/count.py out/word-count/variants/half &&
	/usr/bin/python3 - <<-\END &&
		import json
		path = "out/word-count/task.json"
		task = json.load(open(path))
		task["variants"] = {"half": {"points": 50, "fails": ["verify/reward"],
		    "expect": {"permitted": ["wrong_answer"], "required": ["wrong_answer"]}}}
		json.dump(task, open(path, "w"))
	END
	prove out/word-count >proof && grep -qx proved proof &&
	sed -i "s/\"points\": 50/\"points\": 49/" out/word-count/task.json &&
	test_expect_code 1 prove out/word-count'

test_expect_success 'a reward that the candidate brings along counts for nothing' '
	package word-count && echo "exit 0" >word-count/tests/test.sh && import word-count &&
	mkdir -p out/word-count/solution/.harbor/logs/verifier &&
	echo 1 >out/word-count/solution/.harbor/logs/verifier/reward.txt &&
	test_expect_code 1 prove out/word-count >proof 2>&1 &&
	grep -q "reference .* 0 of 100 points" proof'

test_expect_success 'a script that was killed is not believed, one that just ends badly is' '
	package word-count && import word-count &&
	tests=out/word-count/hidden/.harbor/tests/test.sh &&
	echo "mkdir -p /logs/verifier; echo 1 >/logs/verifier/reward.txt; exit 3" >$tests &&
	test_expect_code 1 prove out/word-count >proof 2>&1 &&
	grep -q "reference .* 100 of 100 points" proof &&
	echo "mkdir -p /logs/verifier; echo 1 >/logs/verifier/reward.txt; kill -9 \$\$" >$tests &&
	test_expect_code 1 prove out/word-count >proof 2>&1 &&
	grep -q "reference .* 0 of 100 points" proof'

test_expect_success 'reward.json is read' '
	tests=out/word-count/hidden/.harbor/tests/test.sh &&
	cat >$tests <<-\END &&
		echo "{\"reward\": 0.25, \"style\": 7}" >/logs/verifier/reward.json
	END
	test_expect_code 1 prove out/word-count >proof 2>&1 &&
	grep -q "reference .* 25 of 100 points" proof &&
	grep -q "the reward is 0.25" proof'

test_expect_success 'a solution that does not run here is left out, with its words' '
	package word-count && echo "echo no luck >&2; exit 7" >word-count/solution/solve.sh &&
	import word-count && test ! -e out/word-count/solution &&
	said left_out "does not run here: runtime_error (exit status 7), no luck" &&
	package word-count && echo "rm data/text.txt; echo >new" >word-count/solution/solve.sh &&
	import word-count && said changed "data/text.txt: the solution removes it" &&
	test -f out/word-count/solution/new'

test_expect_success 'the script that solves it cannot see the tests' '
	package word-count && echo "ls /tests/ >list 2>&1; echo >>list" \
		>word-count/solution/solve.sh &&
	import word-count && ! grep "test.sh" out/word-count/solution/list'

test_expect_success 'a task of Terminal-Bench is read as well' '
	package hello-file && import hello-file && prove out/hello-file >proof &&
	grep -qx proved proof && said left_out "docker-compose.yaml: no container engine" &&
	test "$(json_get report.json "j[\"version\"]")" = terminal-bench'

test_expect_success 'old spellings are read' '
	package word-count && sed -i "s/^schema_version.*/version = \"1.0\"/
		s/^memory_mb.*/memory = \"1G\"/" word-count/task.toml && import word-count &&
	test "$(json_get report.json "j[\"version\"]")" = 1.0 &&
	test "$(manifest "j[\"limits\"][\"memory_mb\"]")" = 1024'

test_expect_success 'packages that are not in order are refused, with file and line' '
	package word-count && echo "x = " >>word-count/task.toml &&
	expect_error 2 "task.toml:27: Invalid value" \
		tali task import word-count --output bad $weak &&
	package word-count && sed -i "s/^memory_mb.*/memory_mb = \"many\"/" word-count/task.toml &&
	expect_error 2 "task.toml: environment.memory_mb must be a number" \
		tali task import word-count --output bad $weak &&
	package word-count && rm word-count/environment/count.py &&
	expect_error 2 "environment/Dockerfile:9: '\''count.py'\'' is not in the package" \
		tali task import word-count --output bad $weak &&
	package word-count && rm word-count/tests/test.sh &&
	expect_error 2 "tests/test.sh: not in the package" \
		tali task import word-count --output bad $weak &&
	package word-count && mkdir -p word-count/steps/one &&
	: >word-count/steps/one/instruction.md &&
	expect_error 2 "a task of several steps" tali task import word-count --output bad $weak &&
	test -z "$(ls -A bad)"'

test_expect_success 'files that would leave the workspace or hide the statement do not' '
	package word-count && mkdir word-count/environment/files &&
	echo a >word-count/environment/README.md && echo b >word-count/environment/files/b &&
	printf "FROM x\nWORKDIR /app\nCOPY . .\nCOPY count.py ../../../etc/count.py\n" \
		>word-count/environment/Dockerfile && import word-count &&
	test "$(cat out/word-count/start/README.project.md)" = a &&
	test "$(cat out/word-count/files/b)" = b && test ! -e out/word-count/start/Dockerfile &&
	said left_out "goes to /etc/count.py, outside of /app"'

test_expect_success 'a share is shown as points where a score is printed' '
	make_store && tiny_task tiny-folder &&
	echo "if grep -qx 42 answer; then echo 1; else echo 0.75; fi >\"\$1\"" \
		>tiny-folder/hidden/judge.sh && rm -r tiny-folder/variants &&
	/usr/bin/python3 - <<-\END &&
		import json
		task = json.load(open("tiny-folder/task.json"))
		del task["variants"]
		task["tests"][1].update(report="reward", argv=["sh", "judge.sh", "{report}"])
		json.dump(task, open("tiny-folder/task.json", "w"))
	END
	tali task create tiny --from tiny-folder >/dev/null && hand_in 7 &&
	tali score "$id" >score && grep "judge/reward  (wrong_answer)  7.5 of 10 points" score &&
	tali report "$id" --format text >report && grep "7.5 of 10 points" report'

test_expect_success 'an exported task comes back and grades the same' '
	for name in debugging-challenge word-count; do
		tali task import "$srcdir/templates/$name" --quiet >/dev/null &&
		tali task prove "$srcdir/templates/$name" --repeats 1 $weak |
			grep "^  reference\|^  starter" >want &&
		tali task export "$name" "x-$name/" --as harbor >lost &&
		grep "left out: hints" lost && rm -rf out &&
		tali task import "x-$name" --output out --quiet $weak &&
		prove "out/$name" >proof && grep -qx proved proof &&
		grep "^  reference" proof >got && grep "^  reference" want | diff - got || return 1
	done &&
	sed -n "s/.* \([0-9.]* of 100 points\).*/\1/p" want >want.points &&
	sed -n "s/.* \([0-9.]* of 100 points\).*/\1/p" proof | diff - want.points'

# container NAME OVERLAY: grades as the container would, without tali; prints the reward
container() {
	rm -rf app && cp -R "x-$1/environment/workspace" app &&
	{ [ -z "$2" ] || cp -R "$2/." app; } &&
	PATH=/usr/bin:/bin python3 -B "x-$1/tests/grade.py" app reward >grade.out && cat reward
}

test_expect_success 'its script grades without tali' '
	test "$(container debugging-challenge "x-debugging-challenge/solution/files")" = 1 &&
	starter=$(container debugging-challenge) &&
	/usr/bin/python3 -c "assert 0 < $starter < 1" &&
	test "$(container word-count "x-word-count/solution/files")" = 1 &&
	mkdir -p forged && echo "import os; os._exit(0)" >forged/conftest.py &&
	test "$(container debugging-challenge forged)" = "$starter"'

# numbers COMPARE ANSWER OUTPUT: what tali and the script of the export say of one output, in points
numbers() {
	rm -rf numbers x-numbers && mkdir -p numbers/hidden/io numbers/solution numbers/start &&
	printf "# Numbers\n" >numbers/README.md && echo "$3" >numbers/start/said &&
	echo "$2" >numbers/solution/said && echo "$2" >numbers/hidden/io/1.ans &&
	: >numbers/hidden/io/1.in && cat >numbers/task.json <<-END &&
	{ "schema": "tali.task/1", "name": "numbers", "title": "Numbers", "type": "algorithm",
	  "difficulty": "basic", "language": "bash", "time_limit_minutes": 5,
	  "run": ["cat", "said"], "tests": [ { "id": "io", "kind": "io", "visibility": "hidden",
	  "points": 1, "dir": "io", "argv": ["cat", "said"], "compare": $1 } ] }
	END
	tali task export "$(tali task import numbers --quiet --name "$4" | cut -f 1)" x-numbers/ \
		--as harbor >/dev/null &&
	tali score $weak --task numbers --workspace numbers/start --json >score &&
	echo "$(json_get score "j[\"grade\"][\"points\"]") $(container numbers)"
}

test_expect_success 'its script takes for the same number what tali does' '
	test "$(numbers "{ \"kattis\": {} }" 1 1.0 words)" = "0 0" &&
	test "$(numbers "{ \"kattis\": { \"float_absolute_tolerance\": 1e-3 } }" \
		10000000000000.0009 10000000000000.0010 near)" = "1 1" &&
	test "$(numbers "{ \"float\": { \"abs\": 0.5 } }" \
		9007199254740993 9007199254740992 far)" = "0 0" &&
	test "$(numbers "{ \"float\": { \"rel\": 1e-6 } }" 1000000 1000001 edge)" = "1 1"'

test_expect_success 'an export is whole or not there, and other formats are named' '
	expect_error 5 "is not empty" tali task export word-count x-word-count/ --as harbor &&
	expect_error 2 "no format '\''moodle'\''; there are task, harbor" \
		tali task export word-count y/ --as moodle &&
	test ! -e y && ! ls -d .tali-export.* 2>/dev/null &&
	tali task export word-count word-count.tar.gz --as harbor --quiet >/dev/null &&
	tar -tzf word-count.tar.gz | grep -qx word-count/tests/test.sh'

test_done
