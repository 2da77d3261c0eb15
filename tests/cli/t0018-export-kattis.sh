#!/bin/bash
test_description='tasks become packages of Kattis, which grade the same when they come back'
. "$(dirname "$0")/lib.sh"
. "$srcdir/tests/cli/fixture.sh"

packages=$srcdir/tests/import/kattis
make_store

# lines of the proof that say who got what, without names that the way may change
verdicts() {
	tali task prove $weak --repeats 1 "./$1" >"$1.proof" || {
		cat "$1.proof"
		return 1
	}
	sed -nE 's/^  (reference|starter) +/\1 /p; s/^  variant [^ ]+ +([a-z_]+) .*/\1/p' \
		"$1.proof" | sed s/wall_limit/time_limit/ | sort
}

# what a test is worth, whatever it is called
worth() {
	json_get "$1/task.json" 'str(sorted((t["kind"], t["points"], t.get("aggregate", "sum"),
		t["argv"], t.get("compare") != None, len(t.get("requires", [])),
		t.get("validator_args", []), t.get("validator_score", False))
		for t in j["tests"] if t["visibility"] == "hidden"))'
}

for package in legacy 2025-09 scoring interactive
do
	test_expect_success "$package: out and in again, it grades the same" '
		rm -rf first second &&
		tali task import "$packages/$package" --name numbers >in.report &&
		tali task export numbers first/ --as task &&
		tali task export numbers package/ --as kattis >report && cat report &&
		tali task import package --as kattis --output . --name second >back.report &&
		cat back.report && worth first >a && worth second >b && diff a b &&
		verdicts first >a && verdicts second >b && diff a b &&
		rm -rf package store && make_store'
done

test_expect_success 'pictures, attachments and the text of a statement survive' '
	rm -rf first second && tali task import "$packages/2025-09" --name numbers >in.report &&
	tali task export numbers first/ && tali task export numbers package/ --as kattis >report &&
	tali task import package --as kattis --output . --name second >back.report &&
	diff first/README.md second/README.md && cmp first/files/mean.png second/files/mean.png &&
	cmp first/files/hello.txt second/files/hello.txt &&
	cmp first/start/mean.py second/start/mean.py &&
	grep -q "^uuid: " package/problem.yaml &&
	grep -q "^type: \[pass-fail\]" package/problem.yaml'

test_expect_success 'an archive is written as well' '
	tali task export numbers numbers.zip --as kattis >report &&
	/usr/bin/python3 -m zipfile -t numbers.zip &&
	tali task import numbers.zip --output zipped --as kattis >report &&
	diff second/README.md zipped/numbers/README.md'

test_expect_success 'what cannot be carried is listed' '
	mkdir -p io/start/sample io/hidden/io io/solution io/variants/none &&
	cat >io/task.json <<-END &&
	{"schema": "tali.task/1", "name": "io", "title": "Io", "type": "algorithm",
	 "difficulty": "basic", "language": "python", "time_limit_minutes": 30,
	 "run": ["python3", "main.py"], "hints": [{"text": "read", "cost": 1}],
	 "tests": [
	  {"id": "s", "kind": "io", "visibility": "visible", "points": 0,
	   "argv": ["python3", "main.py"], "dir": "sample", "compare": "exact"},
	  {"id": "unit", "kind": "command", "visibility": "hidden", "points": 10, "argv": ["true"],
	   "report": "exit"},
	  {"id": "z", "kind": "io", "visibility": "hidden", "points": 2.5,
	   "argv": ["python3", "main.py", "-x"], "dir": "io", "compare": {"float": {"rel": 1e-6}},
	   "cases": {"b": {"weight": 2}}},
	  {"id": "zz", "kind": "io", "visibility": "hidden", "points": 1,
	   "argv": ["sh", "run.sh", "main.py"], "dir": "io", "compare": "exact"},
	  {"id": "check", "kind": "io", "visibility": "hidden", "points": 1,
	   "argv": ["python3", "main.py"], "dir": "io", "compare": {"validator": ["true"]}}],
	 "variants": {"none": {"expect": "tampered"}}}
	END
	echo "# Io" >io/README.md && echo "print(input())" >io/solution/main.py &&
	echo "print()" >io/start/main.py && cp io/start/main.py io/variants/none &&
	for f in start/sample/a hidden/io/a hidden/io/b; do echo 1 >io/$f.in && echo 1 >io/$f.ans ||
		return 1; done &&
	tali task import io >report && tali task export io out/ --as kattis >report && cat report &&
	grep -q "left out: test unit: a package has io tests" report &&
	grep -q "left out: test check: a package has one validator" report &&
	grep -q "left out: test z: weights and tags" report && grep -q "left out: hints" report &&
	grep -q "changed: test z: its points are no whole number" report &&
	grep -q "changed: test zz: its command runs the submission in a way" report &&
	! grep -q "test [sz]: its command" report &&
	! grep ^args: out/data/secret/zz/test_group.yaml &&
	grep -q "left out: variant none: the format has no such verdict" report &&
	grep -q "changed: input_validators/any.py: takes every input" report &&
	grep -qF "[\"case_sensitive\", \"float_relative_tolerance\", \"1e-6\"]" \
		out/data/secret/z/test_group.yaml &&
	grep -qx "args: \[\"-x\"\]" out/data/secret/z/test_group.yaml &&
	test -s out/submissions/accepted/reference/main.py && test -s out/attachments/main.py'

test_expect_success 'arguments are what stands behind the program, however it is run' '
	sed -i "s/\"python\"/\"javascript\"/; s/python3\", \"main.py/node\", \"main.js/
		s/\"name\": \"io\"/\"name\": \"js\"/" io/task.json &&
	for part in start solution variants/none
	do
		mv io/$part/main.py io/$part/main.js || return 1
	done &&
	tali task import io >report && tali task export js out-js/ --as kattis >report &&
	grep -qx "args: \[\"-x\"\]" out-js/data/secret/*z/test_group.yaml &&
	! grep -q "test z: its command" report'

test_expect_success 'a command of its own is told where programs are compiled, too' '
	sed -i "s/\"javascript\"/\"c\"/; s/node\", \"main.js/.\/main\", \"4/
		s/\"name\": \"js\"/\"name\": \"compiled\"/" io/task.json &&
	for part in start solution variants/none
	do
		mv io/$part/main.js io/$part/main.c || return 1
	done &&
	tali task import io >report && tali task export compiled out-c/ --as kattis >report &&
	grep -q "changed: test zz: its command runs the submission in a way" report &&
	! grep -q "^args: .*run.sh\|main.py" out-c/data/secret/*zz/test_group.yaml &&
	grep -qx "args: \[\"4\", \"-x\"\]" out-c/data/secret/*z/test_group.yaml'

test_expect_success 'a task without io tests is refused, and nothing is written' '
	add_tiny && expect_error 2 "a package needs a hidden test of kind io or interactive" \
		tali task export tiny none/ --as kattis && ! test -e none &&
	! ls -A | grep tali-export'

test_done
