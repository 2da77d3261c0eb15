#!/bin/bash
test_description='packages of other formats become tasks: all are stored, or none'
. "$(dirname "$0")/lib.sh"
. "$srcdir/tests/cli/fixture.sh"

packages=$srcdir/tests/import

# report EXPRESSION: something of the report of the last import --json
report() {
	check_schema report.json && json_get report.json "$1"
}

# proves FOLDER: the reference passes, the starter does not
proves() {
	tali task prove "./$1" --repeats 1 $weak >proof && grep -qx proved proof
}

test_expect_success 'a task folder is kept byte for byte' '
	tiny_task tiny && tali task import tiny --output out --json >report.json &&
	test "$(report "j[\"format\"]")" = task &&
	test "$(report "j[\"tasks\"][0][\"folder\"]")" = out/tiny &&
	diff -r tiny out/tiny'

test_expect_success 'with another name only the name changes' '
	tali task import tiny --output out --name other && diff -r -x task.json tiny out/other &&
	sed "s/\"tiny\"/\"other\"/" tiny/task.json | /usr/bin/python3 -m json.tool >want &&
	/usr/bin/python3 -m json.tool out/other/task.json | diff want -'

test_expect_success 'a folder that is there already is not touched' '
	expect_error 5 "'\''out/tiny'\'' is there already" tali task import tiny --output out &&
	test -z "$(ls -A out | grep tali-import)" && diff -r tiny out/tiny'

test_expect_success 'without a store --output is needed' '
	expect_error 5 "no store (--output DIR needs none)" tali task import tiny'

test_expect_success 'stored, the report has id and version' '
	make_store && tali task import tiny --json >report.json &&
	id=$(report "j[\"tasks\"][0][\"id\"]") &&
	version=$(report "j[\"tasks\"][0][\"version\"]") &&
	tali task show tiny --json >task.json && test "$(json_get task.json "j[\"id\"]")" = "$id" &&
	test "$(json_get task.json "j[\"version\"]")" = "$version" &&
	tali task import tiny --name again --quiet >out.txt && test "$(wc -l <out.txt)" = 1'

test_expect_success 'a format is asked for by name, and unknown ones are refused with the list' '
	expect_error 2 "no format '\''word'\''; there are task, " \
		tali task import tiny --as word --output out2 &&
	expect_error 2 ".meta/config.json: not in the package" \
		tali task import tiny --as exercism --output out2 &&
	mkdir nothing && echo x >nothing/x &&
	expect_error 2 "'\''nothing'\'' is no package that tali knows" \
		tali task import nothing --output out2'

skipped='^ *(@unittest.skip|TEST_IGNORE|t.Skip|\[\[ .BATS_RUN)|[^.]xtest[(.]|\.skip'
for language in python javascript c bash go
do
	test_expect_success "exercism: $language, and no test is skipped" '
		tali task import "$packages/exercism/count-vowels-$language" --output ex \
			--json >report.json &&
		report "j[\"tasks\"][0][\"changed\"]" | grep -q "no longer skips" &&
		! grep -rnE "$skipped" ex/count-vowels-$language/start --include="*test*" \
			--include="*.bats" --include="*.spec.js" &&
		proves ex/count-vowels-$language &&
		grep -q "passed  *100 of 100" proof'
done

test_expect_success 'exercism: statement, hints and what is left out' '
	folder=ex/count-vowels-python &&
	head -n 1 $folder/README.md | grep -qx "# Count Vowels Python" &&
	grep -q "Texts have letters" $folder/README.md && grep -q "A text is a" $folder/README.md &&
	grep -qF "Source: made for this test (<https://example.org/vowels>)" $folder/README.md &&
	test "$(json_get $folder/task.json "len(j[\"hints\"])")" = 2 &&
	test "$(json_get $folder/task.json "j[\"protected\"]")" = "[\"count_vowels_test.py\"]" &&
	tali task import "$packages/exercism/count-vowels-python" --output ex2 >out.txt &&
	grep -qx "  left out: .meta/design.md: of those who make or explain the exercise" out.txt'

test_expect_success 'exercism: a starter that fails some tests fails those by name' '
	cp -R ex/count-vowels-javascript js && mkdir -p js/variants/small &&
	sed "s/.toLowerCase()//" js/solution/count-vowels.js >js/variants/small/count-vowels.js &&
	fails="tests/Count Vowels > of words > capital" &&
	variant="{\"small\": {\"expect\": \"wrong_answer\", \"fails\": [\"$fails\"]}}" &&
	sed -i "s|\"protected\"|\"variants\": $variant,\n&|" js/task.json &&
	proves js && grep -q "variant small *wrong_answer *as expected" proof'

test_expect_success 'exercism: of a C program that does not end well no test passes' '
	cp -R ex/count-vowels-c c && mkdir -p c/variants/crash &&
	printf "#include \"count_vowels.h\"\nint count_vowels(const char *t)\n%s\n" \
		"{ return *(volatile int *)0 + (t == 0); }" >c/variants/crash/count_vowels.c &&
	sed -i "s|\"protected\"|\"variants\": {\"crash\": {\"expect\": \"runtime_error\"}},\n&|" \
		c/task.json && proves c'

test_expect_success 'exercism: other tracks are named' '
	cp -R "$packages/exercism/count-vowels-python" rust &&
	mv rust/count_vowels_test.py rust/t.rs &&
	sed -i "s/count_vowels_test.py/t.rs/" rust/.meta/config.json &&
	expect_error 2 "t.rs: exercises of this track are not read" \
		tali task import rust --output out2'

test_expect_success 'classroom: autograding.json with its comparisons' '
	tali task import "$packages/classroom/greeting" --output cl >out.txt &&
	grep -q "left out: setup of any-name: sudo" out.txt &&
	test "$(json_get cl/greeting/task.json "[t[\"points\"] for t in j[\"tests\"]]")" = \
		"[10.0, 5.0, 5.0, 20.0]" &&
	mkdir cl/greeting/solution &&
	sed "s/return \"\"/return f\"Hello, {name}!\"/" cl/greeting/start/hello.py \
		>cl/greeting/solution/hello.py &&
	proves cl/greeting && grep -q "reference  *passed  *40 of 40" proof &&
	grep -q "starter  *wrong_answer  *0 of 40" proof'

test_expect_success 'classroom: the steps of a workflow' '
	tali task import "$packages/classroom/shout" --output cl &&
	mkdir cl/shout/solution && echo "tr a-z A-Z" >cl/shout/solution/shout.sh &&
	proves cl/shout && grep -q "reference  *passed  *10 of 10" proof &&
	grep -q "starter  *wrong_answer  *3 of 10" proof'

# graded FOLDER COMMAND: what a solution of that command earns
graded() {
	echo "$2" >"$1/start/shout.sh" &&
	tali score --task "$1" --workspace "$1/start" $weak | tail -n 1
}

test_expect_success 'classroom: a text of a workflow has no white space at its ends' '
	cp -R "$packages/classroom/shout" block &&
	sed -i "s/expected-output: HELLO/expected-output: |\n            HELLO/
		s/comparison-method: exact/comparison-method: contains/" \
		block/.github/workflows/classroom.yml &&
	tali task import block --output cl -q &&
	graded cl/block "printf HELLO" | grep -q "10 of 10"'

# legacy KEYS: an assignment of one test with these keys, as the task cl/legacy
legacy() {
	mkdir -p legacy/.github/classroom && printf "# A\n" >legacy/README.md &&
	: >legacy/shout.sh && echo "{\"tests\": [{\"name\": \"a\", \"run\": \"sh shout.sh\",
		\"points\": 4, $1}]}" >legacy/.github/classroom/autograding.json &&
	rm -rf cl/legacy && tali task import legacy --output cl >legacy.txt
}

test_expect_success 'classroom: white space at the ends of what is to be included does not count' '
	legacy "\"comparison\": \"included\", \"output\": \"\\nHELLO YOU\\n\"" &&
	graded cl/legacy "printf \"HELLO YOU\"" | grep -q "4 of 4" &&
	graded cl/legacy "echo SO HELLO YOU ALL" | grep -q "4 of 4" &&
	graded cl/legacy "echo HELLO; echo YOU" | grep -q "0 of 4"'

test_expect_success 'classroom: a setup installs what it calls, not what its words end like' '
	legacy "\"setup\": \"cat shout.sh >adapt && test -s adapt || sed s/apt/x/ adapt\"" &&
	grep -q "changed: build does what" legacy.txt && ! grep "left out: setup" legacy.txt &&
	for setup in "apt-get install -y jq" "venv/bin/pip install x" "cd web && npm install"
	do
		legacy "\"setup\": \"$setup\"" && grep -q "left out: setup" legacy.txt || return 1
	done'

test_expect_success 'classroom: groups of a pattern may have names, as JavaScript writes them' '
	legacy "\"comparison\": \"regex\", \"output\": \"^\\\\(?(?<year>[0-9]{4})-\\\\d\\\\d$\"" &&
	graded cl/legacy "echo \"(2024-05\"" | grep -q "4 of 4" &&
	graded cl/legacy "echo 24-05" | grep -q "0 of 4"'

test_expect_success 'classroom: ^ and $ of a pattern are the ends of the output' '
	cp -R "$packages/classroom/shout" pattern &&
	sed -i "s/expected-output: HELLO/expected-output: ^HELLO\$/
		s/comparison-method: exact/comparison-method: regex/" \
		pattern/.github/workflows/classroom.yml &&
	tali task import pattern --output cl -q &&
	graded cl/pattern "echo; echo HELLO" | grep -q "10 of 10" &&
	graded cl/pattern "echo no; echo HELLO; echo no" | grep -q "3 of 10"'

test_expect_success 'classroom: scripts in .github/ that tests call come along, protected' '
	cp -R "$packages/classroom/shout" called && mkdir -p called/.github/scripts &&
	echo "grep -q tr shout.sh" >called/.github/scripts/check.sh &&
	echo x >called/.github/CODEOWNERS &&
	sed -i "s|test -s shout.sh|sh .github/scripts/check.sh|" \
		called/.github/workflows/classroom.yml &&
	tali task import called --output cl >out.txt &&
	grep -q "left out: .github/CODEOWNERS" out.txt && mkdir cl/called/solution &&
	echo "tr a-z A-Z" >cl/called/solution/shout.sh && proves cl/called &&
	grep -q "reference  *passed  *10 of 10" proof &&
	cp -R cl/called/start mine &&
	echo "exit 0" >mine/.github/scripts/check.sh && echo cat >mine/shout.sh &&
	expect_exit 0 tali score --task cl/called --workspace mine $weak >score.txt &&
	grep -q "0 of 10 points" score.txt'

test_expect_success 'classroom: what a test compiles or sets up is there for those after it' '
	mkdir -p hello/.github/classroom && cat >hello/.github/classroom/autograding.json <<-END &&
	{"tests": [
	  {"name": "Compiles", "setup": "echo Ann >name", "run": "gcc -o hello hello.c",
	   "points": 1},
	  {"name": "Greets", "run": "./hello <name", "output": "Hello, Ann", "points": 5},
	  {"name": "Runs", "run": "gcc -o own hello.c && ./own", "points": 1}]}
	END
	echo "int main(void) { return 0; }" >hello/hello.c &&
	tali task import hello --output cl >out.txt && grep -q "changed: build does" out.txt &&
	! grep own cl/hello/start/grader/build.sh && mkdir cl/hello/solution &&
	printf "%s\n" "#include <stdio.h>" "int main(void) { char name[9];" \
		"scanf(\"%8s\", name); printf(\"Hello, %s\", name); return 0; }" \
		>cl/hello/solution/hello.c &&
	proves cl/hello && grep -q "reference  *passed  *7 of 7" proof &&
	mkdir -p cl/hello/variants/broken && echo "int main(" >cl/hello/variants/broken/hello.c &&
	variant="{\"broken\": {\"expect\": \"runtime_error\", \"points\": 0}}" &&
	sed -i "s|\"protected\"|\"variants\": $variant,\n&|" cl/hello/task.json && proves cl/hello'

test_expect_success 'classroom: the build runs no program, which might never end' '
	mkdir -p ends/.github/classroom && cat >ends/.github/classroom/autograding.json <<-\END &&
	{"tests": [
	  {"name": "Compiles", "run": "cd . && gcc -o other other.c 2>&1 | tee log", "points": 1},
	  {"name": "By lines", "run": "gcc -o own own.c\n./own", "points": 1},
	  {"name": "In time", "run": "gcc -o own own.c; timeout 9 ./own", "points": 1},
	  {"name": "Java", "run": "javac Own.java && java Own", "points": 1},
	  {"name": "Checks", "run": "make -s check", "points": 1}]}
	END
	tali task import ends --output cl -q && cat >expected <<-\END &&
	(
	cd . && gcc -o other other.c 2>&1 | tee log
	) </dev/null || :
	END
	cmp expected cl/ends/start/grader/build.sh'

test_expect_success 'classroom: the file alone' '
	tali task import "$packages/classroom/greeting/.github/classroom/autograding.json" \
		--output alone --json >report.json && tali task check ./alone/autograding'

test_expect_success 'coderunner: each question is a task, and the others are named' '
	tali task import "$packages/coderunner/questions.xml" --output cr --json >report.json &&
	test "$(report "[t[\"name\"] for t in j[\"tasks\"]]")" = "[\"square-of-a-number\", $(:
		)\"add-numbers\", \"double-it\", \"reverse\", \"greatest\", \"lines-of-a-file\"]" &&
	test "$(report "len(j[\"left_out\"])")" = 3 &&
	report "j[\"left_out\"][0][\"why\"]" | grep -qx "has a template of its own"'

for name in square-of-a-number add-numbers double-it reverse greatest lines-of-a-file
do
	test_expect_success "coderunner: $name is proved" 'proves cr/$name'
done

test_expect_success 'coderunner: examples are visible, marks are weights, HTML is Markdown' '
	folder=cr/square-of-a-number &&
	test "$(json_get $folder/task.json "[(t[\"visibility\"], t[\"points\"]) for t in $(:
		)j[\"tests\"]]")" = "[[\"visible\", 1.0], [\"hidden\", 3.0]]" &&
	test "$(json_get $folder/task.json "j[\"tests\"][1][\"cases\"]")" = \
		"{\"002\": {\"weight\": 2.0}}" &&
	test "$(json_get $folder/task.json "j[\"limits\"]")" = \
		"{\"cpu_seconds\": 5, \"wall_seconds\": 15, \"memory_mb\": 200}" &&
	grep -qF "Write a function \`square(n)\` that gives **n** × n." $folder/README.md &&
	! grep -q alert $folder/README.md'

test_expect_success 'coderunner: all or nothing' '
	test "$(json_get cr/double-it/task.json "[(t[\"points\"], t.get(\"requires\"), $(:
		)t.get(\"aggregate\")) for t in j[\"tests\"]]")" = \
		"[[0, null, null], [3.0, [\"examples\"], \"min\"]]"'

test_expect_success 'coderunner: of all or nothing, one wrong case leaves nothing' '
	cp -R cr/double-it aon && mkdir -p aon/variants/low &&
	echo "int twice(int n) { return n < 0 ? 0 : 2 * n; }" >aon/variants/low/answer.c &&
	variant="{\"low\": {\"expect\": \"wrong_answer\", \"points\": 0}}" &&
	sed -i "s|\"protected\"|\"variants\": $variant,\n&|" aon/task.json && proves aon &&
	cp -R cr/reverse part && mkdir -p part/variants/first &&
	echo "string reversed(string text) { return \"cba\"; }" >part/variants/first/answer.cpp &&
	variant="{\"first\": {\"expect\": \"wrong_answer\", \"points\": 1}}" &&
	sed -i "s|\"protected\"|\"variants\": $variant,\n&|" part/task.json && proves part'

test_expect_success 'coderunner: cases see what the built-in templates give them' '
	tali task import "$packages/coderunner/templates.xml" --output types --json >report.json &&
	proves types/without-a-loop && proves types/area && proves types/point &&
	report "j[\"tasks\"][3][\"left_out\"]" | grep -q "extra of cases" &&
	report "j[\"tasks\"][2][\"left_out\"]" >out.txt && ! grep -q extra out.txt &&
	grep -q attachments out.txt && grep -q sandboxparams out.txt'

test_expect_success 'coderunner: files of the answer are files of the solution' '
	code=$(printf "def area(a, b):\n    return a * b\n" | base64 -w 0) &&
	cat >attached.xml <<-END &&
	<quiz><question type="coderunner"><name><text>Attached</text></name>
	<questiontext format="html"><text>Write it.</text></questiontext>
	<coderunnertype>python3</coderunnertype><prototypetype>0</prototypetype>
	<allornothing>1</allornothing><template></template>
	<answer>from areas import area</answer><attachments>1</attachments>
	<testcases><testcase testtype="0" useasexample="0" mark="1.0000000">
	<testcode><text>print(area(2, 3))</text></testcode><expected><text>6</text></expected>
	</testcase></testcases>
	<answerfiles><file name="areas.py" path="/" encoding="base64">$code</file></answerfiles>
	</question></quiz>
	END
	tali task import attached.xml --output types >out.txt && proves types/attached &&
	grep -q "mapped: areas.py -> solution/areas.py" out.txt &&
	test ! -e types/attached/start/areas.py'

test_expect_success 'coderunner: whatever an answer is written in and does, cases see its text' '
	cp -R types/without-a-loop/start latin && printf "%s\n" "# coding: latin-1" "import os" \
		"os.chdir(\"/tmp\")  # X" "def total(numbers):" "    return sum(numbers)" |
		LC_ALL=C sed "s/X/$(printf "\351")/" >latin/answer.py &&
	tali score --task types/without-a-loop --workspace latin $weak >score.txt &&
	tail -n 1 score.txt | grep passed'

test_expect_success 'coderunner: cases of a selected precheck alone are not graded' '
	test "$(ls types/without-a-loop/hidden/grader/tests/*.in | wc -l)" = 2 &&
	report "j[\"tasks\"][0][\"left_out\"]" | grep -q "cases of the precheck alone" &&
	test -e types/tries-count/hidden/grader/tests/001.in &&
	! report "j[\"tasks\"][1][\"left_out\"]" | grep -q precheck'

test_expect_success 'several tasks are stored together, or none of them' '
	tali init many && tali task import "$packages/coderunner/questions.xml" --store many &&
	test "$(tali task list --store many | wc -l)" = 6 &&
	tali init one && sed "s/\"tiny\"/\"reverse\"/" tiny/task.json >tiny/new &&
	mv tiny/new tiny/task.json && tali task import tiny --store one -q &&
	ls one/repos >before && expect_error 5 "there is a task '\''reverse'\'' already" \
		tali task import "$packages/coderunner/questions.xml" --store one &&
	test "$(tali task list --store one | wc -l)" = 1 && ls one/repos | diff before -'

test_expect_success 'one name does not do for several tasks' '
	expect_error 2 "the package has several tasks" \
		tali task import "$packages/coderunner/questions.xml" --name x1 --output out3 &&
	test -z "$(ls -A out3)"'

test_expect_success 'packages come in archives too' '
	tar -czf count.tgz -C "$packages/exercism" count-vowels-bash &&
	tali task import count.tgz --output zipped -q &&
	test -x zipped/count/start/count_vowels.sh &&
	(cd "$packages/exercism/count-vowels-bash" &&
		/usr/bin/python3 -m zipfile -c "$OLDPWD/vowels.kpp" .meta .docs count_vowels.sh \
		count_vowels.bats bats-extra.bash) &&
	tali task import vowels.kpp --output zipped -q && test -e zipped/vowels/task.json'

test_expect_success 'what macOS adds to an archive is passed over' '
	mkdir -p mac/__MACOSX/tiny && cp -R tiny mac/tiny &&
	echo x >mac/__MACOSX/tiny/._task.json &&
	(cd mac && /usr/bin/python3 -m zipfile -c ../mac.zip tiny __MACOSX) &&
	tali task import mac.zip --output unzipped -q && diff -r mac/tiny unzipped/*'

test_done
