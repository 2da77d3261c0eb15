#!/bin/bash
test_description='groups of cases, judges that are built and give scores, any of several languages'
. "$(dirname "$0")/lib.sh"
. "$srcdir/tests/cli/fixture.sh"

# put PATH: standard input becomes that file of sums/
put() {
	mkdir -p "$(dirname "sums/$1")" && cat >"sums/$1"
}

# cases FOLDER NUMBER...: a case for each number, the answer is its double
cases() {
	local folder=$1 number
	shift
	for number in "$@"
	do
		echo "$number" | put "$folder/$number.in" &&
		echo $((number * 2)) | put "$folder/$number.ans"
	done
}

# sums_task: doubles its input; in Python, C or Bash. A judge of C is built; it gives half of the
# points to what ends in a dot.
sums_task() {
	rm -rf sums && cases start/io 1 && cases hidden/small 2 3 && cases hidden/large 1000 3000 &&
	put task.json <<-'END' &&
	{
	  "schema": "tali.task/1", "name": "sums", "title": "Sums", "type": "algorithm",
	  "difficulty": "basic", "language": ["python", "c", "bash"], "time_limit_minutes": 30,
	  "run": ["{program}"], "build": "language",
	  "judge_build": ["gcc", "-o", "judge/check", "judge/check.c"],
	  "limits": {"cpu_seconds": 2, "wall_seconds": 20},
	  "tests": [
	    {"id": "sample", "kind": "io", "visibility": "visible", "points": 0, "dir": "io",
	     "argv": ["{program}"], "compare": {"kattis": {"float_absolute_tolerance": 0}}},
	    {"id": "small", "kind": "io", "visibility": "hidden", "points": 4, "dir": "small",
	     "argv": ["{program}"], "compare": "tokens", "requires": ["sample"],
	     "aggregate": "min"},
	    {"id": "large", "kind": "io", "visibility": "hidden", "points": 6, "dir": "large",
	     "argv": ["{program}"], "compare": {"validator": ["judge/check"]},
	     "requires": ["sample", "small"], "stop_early": true,
	     "validator_args": ["half"], "validator_score": true}
	  ],
	  "variants": {
	    "in-c": {"expect": {"permitted": ["passed"]}, "points": 10},
	    "in-bash": {"expect": "wrong_answer", "fails": ["large/3000"], "points": [7, 7]},
	    "halves": {"expect": "passed", "points": 7},
	    "sample-only": {"expect": {"permitted": ["passed", "wrong_answer"],
	      "required": ["wrong_answer"]}, "points": 0},
	    "slow": {"expect": {"required": ["time_limit"]}, "points": 7}
	  }
	}
	END
	put hidden/judge/check.c <<-'END' &&
	#include <stdio.h>
	#include <string.h>
	int main(int argc, char **argv)
	{
		char path[4096], want[99] = "", got[99] = "", more[99] = "";
		FILE *answer = fopen(argv[2], "r");
		if (fscanf(answer, "%98s", want) != 1 || argc != 5 || strcmp(argv[4], "half"))
			return 1;
		if (scanf("%98s %98s", got, more) < 1 || strcmp(got, want))
			return 43;
		if (!strcmp(more, ".")) {
			snprintf(path, sizeof(path), "%sscore_multiplier.txt", argv[3]);
			fprintf(fopen(path, "w"), "0.5\n");
		}
		return 42;
	}
	END
	echo 'Double it.' | put README.md &&
	echo 'print(int(input()) * 2)' | put solution/double.py &&
	put variants/in-c/double.c <<-'END' &&
	#include <stdio.h>
	int twice(int);
	int main(void) { int n; return scanf("%d", &n) != 1 || printf("%d\n", twice(n)) < 0; }
	END
	echo 'int twice(int n) { return n + n; }' | put variants/in-c/twice.c &&
	put variants/in-bash/double.sh <<-'END' &&
	read n && { [ "$n" -gt 2000 ] && echo 0 || echo $((n * 2)); }
	END
	echo 'n = int(input()); print(n * 2, "." if n > 9 else "")' | put variants/halves/a.py &&
	echo 'n = int(input()); print(2 if n == 1 else n)' | put variants/sample-only/a.py &&
	put variants/slow/a.py <<-'END'
	n = int(input())
	while n > 2000:
	    pass
	print(n * 2)
	END
}

# points_of FILE: "VERDICT POINTS: TEST VERDICT POINTS, ..." of a score
points_of() {
	json_get "$1" '(lambda g: "%s %g: %s" % (g["verdict"], g["points"], ", ".join(
		"%s %s %g" % (t["id"], t["verdict"], t["points"])
		for t in g["tests"])))(j["grade"])'
}

# submit_one NAME: hands in the file NAME of this folder; sets $id, and leaves score.json
submit_one() {
	invite_sums "$2" && tali start "$passcode" "work-$id" >/dev/null && cp "$1" "work-$id/" &&
	(cd "work-$id" && tali submit --yes >/dev/null) && tali score "$id" --json >score.json &&
	check_schema score.json
}

invite_sums() {
	tali invite sums "$1" --json >invite.json &&
	id=$(json_get invite.json 'j["id"]') && passcode=$(json_get invite.json 'j["passcode"]')
}

test_expect_success 'the task is in order, and proved by what its variants may get' '
	sums_task && tali task check sums &&
	{ tali task prove $weak --json --repeats 2 sums >proof.json || true; } &&
	json_get proof.json "j[\"faults\"]" && check_schema proof.json &&
	test "$(json_get proof.json "j[\"proved\"]")" = true'

test_expect_success 'points and verdicts that differ are told' '
	sums_task && sed -i "s/\"points\": \[7, 7\]/\"points\": [8, 9]/;
	s/\"required\": \[\"time_limit\"\]/\"required\": [\"memory_limit\"]/" sums/task.json &&
	expect_exit 1 tali task prove $weak --repeats 1 sums >out 2>err && cat out &&
	grep -q "variant .in-bash.: expected 8 to 9 points, got 7" out &&
	grep -q "variant .slow.: no case is memory_limit" out'

test_expect_success 'what a judge cannot be built of is our failure' '
	sums_task && echo "int main(" >sums/hidden/judge/check.c &&
	expect_exit 3 tali task prove $weak --repeats 1 sums >out 2>err && cat err &&
	grep -q "judge_build: runtime_error (exit status 1): judge/check.c:1" err'

test_expect_success 'a required test comes before, and has to be there' '
	sums_task && sed -i "s/\[\"sample\", \"small\"\]/[\"sample\", \"large\"]/" sums/task.json &&
	expect_exit 2 tali task check sums 2>err && cat err &&
	grep -q "task.json:[0-9]*: /tests/2/requires/1: must be the id of a test before" err'

test_expect_success 'the languages of a task are shown' '
	make_store && sums_task && tali task create sums --from sums >/dev/null &&
	tali task show sums --json >task.json && check_schema task.json &&
	test "$(json_get task.json "j[\"language\"]")" = "python, c, bash" &&
	tali task list | grep -q "python, c, bash"'

test_expect_success 'tali run compiles and runs what is there, in the language that it has' '
	invite_sums run@example.com && tali start "$passcode" work >/dev/null && (cd work &&
	expect_exit 2 tali run </dev/null 2>../err && grep -q "no file of python, c, bash" ../err &&
	expect_exit 1 tali run --test >../out && grep -q "FAIL  sample/1  (compile_error)" ../out &&
	cp ../sums/variants/in-c/*.c . && test "$(echo 21 | tali run)" = 42 &&
	tali run --test >../out && grep -q "pass  sample/1" ../out &&
	rm -f *.c double && echo "echo of bash" >a.sh &&
	test "$(tali run </dev/null)" = "of bash")'

test_expect_success 'submissions are graded in the language of their choice' '
	submit_one sums/solution/double.py a@example.com && points_of score.json &&
	test "$(points_of score.json)" = \
		"passed 10: sample passed 0, small passed 4, large passed 6" &&
	submit_one sums/variants/in-bash/double.sh b@example.com &&
	test "$(points_of score.json)" = \
		"wrong_answer 7: sample passed 0, small passed 4, large wrong_answer 3" &&
	submit_one sums/variants/sample-only/a.py c@example.com &&
	test "$(points_of score.json)" = \
		"wrong_answer 0: sample passed 0, small wrong_answer 0, large wrong_answer 0"'

test_expect_success 'cases that were not run are skipped, with the reason' '
	test "$(json_get score.json "[(c[\"id\"], c[\"verdict\"], c[\"message\"])
		for t in j[\"grade\"][\"tests\"][2:] for c in t[\"cases\"]][0]")" = \
		"[\"large/1000\", \"skipped\", \"not run: test '\''small'\'' did not earn all\"]"'

test_expect_success 'a file of no language of the task is a compile error' '
	echo "puts 1" >a.rb && submit_one a.rb d@example.com && test "$(points_of score.json)" = \
	"compile_error 0: sample compile_error 0, small compile_error 0, large compile_error 0"'

test_done
