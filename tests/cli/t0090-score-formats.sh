#!/bin/bash
test_description='tali score --format, --output: reports for pipelines and platforms'
. "$(dirname "$0")/lib.sh"
. "$srcdir/tests/cli/fixture.sh"

# bare COMMAND...: nothing of a user or a store is there
bare() {
	env -i PATH="$PATH" TMPDIR="${TMPDIR:-$root}" "$@"
}

# grade [OPTION...]: the workspace by the task
grade() {
	bare tali score $weak --task task --workspace work "$@"
}

# py FILE STATEMENT...: asserts in Python over the JSON document j
py() {
	/usr/bin/python3 -c 'import json, sys
j = json.load(open(sys.argv[1]))
exec(sys.argv[2])' "$1" "$2"
}

# cases FILE...: NAME STATUS of each case of a JUnit file
cases() {
	/usr/bin/python3 -c '
import sys, xml.etree.ElementTree as tree
for suite in tree.parse(sys.argv[1]).getroot():
    cases = suite.findall("testcase")
    kinds = [c[0].tag if len(c) else "passed" for c in cases]
    assert int(suite.get("tests")) == len(cases)
    assert int(suite.get("failures")) == kinds.count("failure")
    assert int(suite.get("errors")) == kinds.count("error")
    for case, kind in zip(cases, kinds):
        print(case.get("classname"), case.get("name"), kind)' "$1"
}

formats="text json junit tap ctrf sarif gradescope classroom classroom50"
formats="$formats prairielearn check50 github"
hostile='::error::pwned'

# the second case says on the record what the answer is
test_expect_success 'a task whose report has what the candidate wrote' '
	tiny_task task && cat >task/hidden/judge.sh <<-\END && mkdir work &&
	echo 1..2
	[ -s answer ] && echo "ok 1 - some" || echo "not ok 1 - some"
	[ "$(head -n 1 answer)" = 42 ] && echo "ok 2 - right" && exit
	echo "not ok 2 - right"
	sed "s/^/# /" answer
	END
	printf "%s\n" 7 "$hostile" "  $hostile" "##[error]pwned" "not ok 3 - forged" \
		"<b>&amp;]]></b>" "a|b %0A" >work/answer &&
	printf "\033[31mred\033[0m \001\177 \377\n" >>work/answer'

test_expect_success 'each format is written, and nothing else; the exit status is the same' '
	for format in $formats
	do
		grade --format $format >out.$format 2>err && test_must_be_empty err &&
		test -s out.$format &&
		expect_exit 1 grade --format $format --min 51 >out 2>err &&
		test_must_be_empty err || return 1
	done && check_schema out.json'

test_expect_success 'no line of any of them is a command to a runner, but for those of github' '
	grep -l pwned out.* | wc -l >count && test "$(cat count)" -ge 6 &&
	! grep -E "^[[:space:]]*::|##\[" $(ls out.* | grep -v github) &&
	! LC_ALL=C grep -P "[\x00-\x08\x0b-\x1f\x7f]" out.* &&
	! grep -q "##\[" out.github && grep -c ^:: out.github >count &&
	wc -l <out.github | test_cmp - count &&
	! grep -v "^::error title=tiny%3A \|^::notice title=tiny::" out.github'

test_expect_success 'who lacks a point, whatever it is worth, has no 100 %' '
	rm -rf large && cp -R task large && rm -r large/variants && /usr/bin/python3 - <<-\END &&
		import json
		task = json.load(open("large/task.json"))
		del task["variants"]
		task["tests"][0]["points"] = 100000
		task["tests"][1]["points"] = 1
		json.dump(task, open("large/task.json", "w"))
	END
	expect_exit 1 bare tali score $weak --task large --workspace work --min 100 >out &&
	grep "^grade 99.99 % (100000 of 100001 points)" out &&
	bare tali score $weak --task large --workspace large/solution --min 100 >out &&
	grep "^grade 100.00 %" out'

test_expect_success 'junit: what failed and what not, readable whatever was said' '
	cases out.junit >actual && cat >expected <<-END && test_cmp expected actual &&
	tiny.filled exit passed
	tiny.judge some passed
	tiny.judge right failure
	END
	grep -q "&lt;b&gt;&amp;amp;\]\]&gt;" out.junit'

test_expect_success 'tap: prove reads it, and what is said is no test point' '
	test_must_fail prove --exec cat out.tap >log 2>&1 &&
	grep -q "Failed 1/3 subtests" log && ! grep -q "Parse errors" log &&
	! grep -q "^not ok 3 - forged" out.tap'

test_expect_success 'ctrf: the summary counts what is listed' '
	py out.ctrf "
r = j[\"results\"]; s = r[\"summary\"]
assert j[\"reportFormat\"] == \"CTRF\" and r[\"tool\"][\"name\"] == \"tali\"
assert [t[\"status\"] for t in r[\"tests\"]] == [\"passed\", \"passed\", \"failed\"]
assert (s[\"tests\"], s[\"passed\"], s[\"failed\"], s[\"other\"]) == (3, 2, 1, 0)
assert s[\"stop\"] >= s[\"start\"]
"'

test_expect_success 'sarif: what failed is a result of a rule that is there' '
	py out.sarif "
run, = j[\"runs\"]; result, = run[\"results\"]
assert j[\"version\"] == \"2.1.0\" and run[\"invocations\"][0][\"executionSuccessful\"]
assert result[\"ruleId\"] in [r[\"id\"] for r in run[\"tool\"][\"driver\"][\"rules\"]]
assert result[\"message\"][\"text\"].startswith(\"judge/right: wrong_answer\")
assert result[\"locations\"][0][\"physicalLocation\"][\"artifactLocation\"][\"uri\"]
"'

test_expect_success 'gradescope: points, and hidden tests are hidden' '
	py out.gradescope "
assert j[\"score\"] == 5 and j[\"stdout_visibility\"] == \"hidden\"
assert [(t[\"name\"], t[\"visibility\"], t[\"status\"]) for t in j[\"tests\"]] == [
    (\"filled/exit\", \"visible\", \"passed\"), (\"judge/some\", \"hidden\", \"passed\"),
    (\"judge/right\", \"hidden\", \"failed\")]
assert sum(t.get(\"max_score\", 0) for t in j[\"tests\"]) == 10
"'

test_expect_success 'classroom: a test is a test, and the step has it in base64' '
	py out.classroom "
assert (j[\"version\"], j[\"status\"], j[\"max_score\"]) == (1, \"fail\", 10)
assert [(t[\"name\"], t[\"status\"], t[\"score\"]) for t in j[\"tests\"]] == [
    (\"filled\", \"pass\", 0), (\"judge\", \"fail\", 5)]
" && bare GITHUB_OUTPUT="$PWD/step" tali score $weak --task task --workspace work \
		--format classroom >out &&
	sed -n "s/^result=//p" step | base64 -d >decoded && json_get decoded "j[\"max_score\"]" &&
	grep -q "^points=5$" step && grep -q "^max-points=10$" step &&
	grep -q "^percent=50.00$" step'

test_expect_success 'classroom50: its own words, and whose it is from its runner' '
	bare CLASSROOM=cs ASSIGNMENT=one SUBMISSION_TAG=submit/x COMMIT_URL=https://c.invalid \
		RELEASE_URL=https://r.invalid tali score $weak --task task --workspace work \
		--format classroom50 >out && py out "
assert j[\"schema\"] == \"classroom50/result/v1\" and j[\"review\"] == \"https://c.invalid\"
assert set(j) == {\"schema\", \"classroom\", \"assignment\", \"submission\", \"commit\",
    \"release\", \"review\", \"datetime\", \"score\", \"max-score\", \"tests\"}
assert (j[\"score\"], j[\"max-score\"]) == (5, 10)
assert j[\"tests\"][1] == {\"test-name\": \"judge\", \"passed\": False, \"score\": 5,
    \"max-score\": 10}
import re; assert re.fullmatch(r\"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ\", j[\"datetime\"])
"'

test_expect_success 'prairielearn and check50: a hidden test is one, without what it says' '
	py out.prairielearn "
assert j[\"gradable\"] is True and j[\"score\"] == 0.5
assert [t[\"name\"] for t in j[\"tests\"]] == [\"filled/exit\", \"judge\"]
assert j[\"tests\"][1][\"message\"] == \"1 of 2 cases passed\"
" && py out.check50 "
assert j[\"slug\"] == \"tiny\" and [r[\"passed\"] for r in j[\"results\"]] == [True, False]
assert j[\"results\"][1][\"cause\"][\"rationale\"] == \"wrong_answer\"
" && ! grep pwned out.prairielearn out.check50 out.classroom out.classroom50 &&
	! grep judge/right out.prairielearn out.check50 out.classroom out.classroom50'

test_expect_success 'github: annotations, summary and outputs' '
	echo kept >summary && bare GITHUB_STEP_SUMMARY="$PWD/summary" GITHUB_OUTPUT="$PWD/output" \
		tali score $weak --task task --workspace work --format github >out &&
	head -n 1 summary | grep -qx kept && grep -q "^<h3>tiny: grade 50.00 %" summary &&
	grep -q "&lt;b&gt;" summary && ! grep -q "<b>" summary &&
	sed 1d summary | sed "\$d" >middle && ! grep -n "^$" middle && grep -q ^verdict= output'

# --- several outputs

test_expect_success 'several files at once, by suffix or by word, and text for people' '
	grade -o r.xml -o r.tap -o r.sarif -o r.ctrf.json -o r.json \
		--output gradescope=results.json >out && grep -q "^grade 50.00 %" out &&
	cases r.xml >actual && test_cmp expected actual && check_schema r.json &&
	head -n 1 r.tap | grep -qx "TAP version 13" && py r.sarif "j[\"runs\"]" &&
	py r.ctrf.json "j[\"results\"]" && test "$(json_get results.json "j[\"score\"]")" = 5'

test_expect_success 'a file without a suffix of its own has the format of --format' '
	grade --format junit -o plain >out && head -n 1 out | grep -q "^<?xml" &&
	cases plain >actual &&
	test_cmp expected actual'

test_expect_success '- is standard output, in place of the text' '
	grade -o tap=- -o junit=r2.xml >out && head -n 1 out | grep -qx "TAP version 13" &&
	! grep -q "^grade " out && cases r2.xml >actual && test_cmp expected actual'

test_expect_success 'an old file is replaced whole, a link stays, a device is written to' '
	echo old >target && ln -sf target link.xml && grade -o link.xml -o tap=/dev/null >out &&
	test -L link.xml && cases target >actual && test_cmp expected actual &&
	test -c /dev/null && ! ls | grep "^target\.\|^link\.xml\."'

test_expect_success 'wrong words are told before anything is graded' '
	expect_error 2 "unknown format '\''junti'\''" grade -o junti=r.xml &&
	expect_error 2 "no such folder" grade -o none/r.xml &&
	expect_error 2 "not a file" grade -o work &&
	expect_error 2 "prints text or json" grade --explain correctness -o r.xml &&
	expect_error 2 "no archive is named" \
		bare tali score --task task --archive --format junit &&
	expect_error 2 "--proof goes with --task" bare tali score some --proof x &&
	expect_error 2 "say an assessment, or" grade a &&
	expect_error 2 "unexpected argument '\''b'\''" bare tali score a b'

# --- what is nobody's wrong answer

test_expect_success 'our fault is an error in every format, exit status 3, and no text' '
	for format in $formats
	do
		TMPDIR=$PWD/none expect_exit 3 grade --format $format --exit-zero \
			>fault.$format 2>err && test "$(wc -l <err)" = 1 || return 1
	done && test_must_be_empty fault.text && test_must_be_empty fault.json &&
	cases fault.junit >actual && echo "tali grading error" | test_cmp - actual &&
	grep -q "^Bail out! tali: " fault.tap && ! grep -q "^not ok" fault.tap &&
	py fault.ctrf "assert j[\"results\"][\"summary\"][\"failed\"] == 0
assert j[\"results\"][\"summary\"][\"other\"] == 1" &&
	py fault.sarif "run, = j[\"runs\"]; assert not run[\"results\"]
assert not run[\"invocations\"][0][\"executionSuccessful\"]" &&
	py fault.gradescope "assert \"score\" not in j and j[\"output\"] and not j[\"tests\"]" &&
	py fault.classroom "assert j[\"status\"] == \"error\"" &&
	py fault.classroom50 "assert \"score\" not in j" &&
	py fault.prairielearn "assert j[\"gradable\"] is False and \"score\" not in j" &&
	py fault.check50 "assert j[\"error\"][\"type\"] == \"InternalError\"" &&
	grep -q "^::error title=tali::" fault.github'

test_expect_success 'a file is written for it as well' '
	TMPDIR=$PWD/none expect_exit 3 grade -o fault.xml 2>err &&
	cases fault.xml >actual && echo "tali grading error" | test_cmp - actual'

test_expect_success 'a task that its own solution fails here is an error too, not a failure' '
	cp -R task wrong && echo 41 >wrong/solution/answer &&
	expect_exit 2 bare tali score $weak --task wrong --workspace work --format junit >out \
		2>err &&
	grep -q "the task cannot grade: reference" err && cases out >actual &&
	echo "tali grading error" | test_cmp - actual'

test_expect_success 'whoever is graded learns of no hidden test from it' '
	grep -q "judge/right" out &&
	for format in classroom classroom50 prairielearn check50
	do
		GITHUB_OUTPUT=$PWD/outputs expect_exit 2 bare tali score $weak --task wrong \
			--workspace work --format $format >out 2>err && ! grep "judge" out &&
			grep -q "could not be graded" out || return 1
	done'

# --- the reference is asked once, and only when it must be

# a program that says in a file of the host that it ran is not possible: what it costs shows instead
io_task() {
	mkdir -p io/start io/hidden/io io/solution && echo "# Add" >io/README.md &&
	echo "echo 0" >io/start/main.sh && echo "cat" >io/solution/main.sh &&
	echo 1 >io/hidden/io/a.in && echo 1 >io/hidden/io/a.ans && cat >io/task.json <<-\END
	{"schema": "tali.task/1", "name": "echo", "title": "Echo", "type": "algorithm",
	 "difficulty": "basic", "language": "bash", "time_limit_minutes": 30,
	 "run": ["sh", "main.sh"],
	 "tests": [{"id": "io", "kind": "io", "visibility": "hidden", "points": 1, "dir": "io",
	  "argv": ["sh", "main.sh"], "compare": "tokens"}]}
	END
}

test_expect_success 'who passes all needs no reference; who fails is not blamed when it fails too' '
	io_task && mkdir ok bad && echo cat >ok/main.sh && echo "echo 2" >bad/main.sh &&
	echo "exit 1" >io/solution/main.sh &&
	bare tali score $weak --task io --workspace ok --json >out &&
	test "$(json_get out "j[\"grade\"][\"percent\"]")" = 100 &&
	expect_error 2 "the task cannot grade: reference" \
		bare tali score $weak --task io --workspace bad &&
	echo cat >io/solution/main.sh &&
	bare tali score $weak --task io --workspace bad --json >out &&
	test "$(json_get out "j[\"grade\"][\"percent\"]")" = 0'

test_expect_success 'a proof stands for the reference, when it is of this task and says yes' '
	bare tali task prove $weak ./task --repeats 1 --json >proof.json &&
	grade --proof proof.json --json >with.json && grade --json >without.json &&
	for field in "j[\"grade\"]" "j[\"task_version\"]"
	do
		test "$(json_get with.json "$field")" = "$(json_get without.json "$field")" || \
		return 1
	done &&
	echo "more" >>task/README.md &&
	expect_error 2 "it proves another version of the task" grade --proof proof.json &&
	echo "{}" >none.json && expect_error 2 "none.json: " grade --proof none.json &&
	expect_error 5 "missing.json" grade --proof missing.json'

# --- nothing is needed

test_expect_success 'no HOME, no store, read-only folders: the same, and nothing is left' '
	chmod -R a-w task work && mkdir tmp &&
	env -i PATH="$PATH" TMPDIR="$PWD/tmp" tali score $weak --task task --workspace work \
		-o here.xml >out && grep -q "^grade 50.00 %" out && test -z "$(ls tmp)" &&
	chmod -R u+w task work'

test_expect_success 'a store that cannot be opened is not looked at' '
	mkdir broken && echo nonsense >broken/tali.db &&
	TALI_STORE=$PWD/broken grade --store broken >out && grep -q "^grade 50.00 %" out'

# --- recorded runs

test_expect_success 'the same formats for what is recorded' '
	rm -rf io && make_store && add_tiny && hand_in 7 && one=$id && hand_in 42 b@example.org &&
	tali score "$one" --format junit >out && cases out >actual && test_cmp expected actual &&
	tali score --all tiny --format tap -o all.xml >out &&
	test_must_fail prove --exec cat out >log 2>&1 &&
	grep -q "Failed 1/6" log && cases all.xml | grep -c passed >count && grep -qx 5 count &&
	expect_error 2 "has room for one submission" tali score --all tiny --format gradescope &&
	expect_error 2 "prints text or json" tali score --all tiny --diff --format junit'

test_expect_success 'every exit status, and what the report says then' '
	tali score "$one" --min 50 -o said.xml >out &&
	expect_exit 1 tali score "$one" --min 51 -o said.xml >out && cases said.xml >actual &&
	test_cmp expected actual && rm said.xml &&
	expect_error 2 "--min is" tali score "$one" --min x -o said.xml && test ! -e said.xml &&
	TMPDIR=$PWD/none expect_error 3 "tali" tali score "$one" -o said.xml &&
	cases said.xml >actual && echo "tali grading error" | test_cmp - actual && rm said.xml &&
	cp -R store twisted && sqlite3 twisted/tali.db "UPDATE assessment
		SET commit_id = \"$(printf %040d 1)\" WHERE id = \"$one\"" &&
	expect_error 4 "commit" tali score "$one" --store twisted -o said.xml &&
	cases said.xml >actual && echo "tali grading error" | test_cmp - actual && rm said.xml &&
	expect_error 5 "no assessment" tali score nonesuch -o said.xml && test ! -e said.xml'

test_done
