#!/bin/bash
test_description='packages of Kattis and DOMjudge become tasks that grade as their judge does'
. "$(dirname "$0")/lib.sh"

packages=$srcdir/tests/import/kattis

# take NAME: a package of ours as the folder NAME, to be written to
take() {
	rm -rf "$1" out && cp -r "$packages/$1" . && chmod -R u+w "$1"
}

# refused TEXT FOLDER: the import is refused, says TEXT, and leaves nothing
refused() {
	rm -rf out && expect_error 2 "$1" tali task import "$2" --as kattis --output out &&
	test -z "$(ls -A out)"
}

# tests EXPRESSION: of the tests of the task out/NAME, by id as t
tests() {
	json_get "out/$1/task.json" "str((lambda t: $2)({one['id']: one for one in j['tests']}))"
}

# points ID POINTS VALUE...: the list of those as Python prints it
points() {
	/usr/bin/python3 -c 'import sys
a = sys.argv[1:]
print([(a[i], float(a[i + 1]), eval(a[i + 2])) for i in range(0, len(a), 3)])' "$@"
}

# left_out TEXT: the report names it
left_out() {
	grep -qF -e "  left out: $1" report
}

for package in legacy 2025-09 scoring interactive domjudge
do
	test_expect_success "$package: every submission gets what its folder says" '
		rm -rf out && tali task import "$packages/$package" --output out >report &&
		tali task prove $weak --repeats 1 "./out/$package" >proof && cat proof &&
		tail -n 1 proof | grep -qx proved &&
		grep -q "reference  *passed  *100 of 100" proof'
done

test_expect_success 'a wrong expectation is seen' '
	take legacy && mv legacy/submissions/accepted/zero.c legacy/submissions/wrong_answer &&
	tali task import legacy --output out >report &&
	expect_exit 1 tali task prove $weak --repeats 1 ./out/legacy >proof 2>err &&
	grep -q "wrong-answer-zero-c  *passed" proof'

test_expect_success 'legacy: one hidden test for all or nothing, stopped by the first failure' '
	take legacy && tali task import legacy --output out >report &&
	test "$(tests legacy "[(t[i][\"points\"], t[i][\"visibility\"]) for i in t]")" = \
		"[(0.0, '\''visible'\''), (100.0, '\''hidden'\'')]" &&
	test "$(tests legacy "[t[\"secret\"][k] for k in (\"aggregate\", \"stop_early\",
		\"requires\", \"validator_args\")]")" = \
		"['\''min'\'', True, ['\''sample'\''], ['\''allow_zero'\'']]" &&
	test "$(ls out/legacy/hidden/secret/*.in | wc -l)" = 3 &&
	test "$(json_get out/legacy/task.json "str((j[\"limits\"][\"cpu_seconds\"],
		j[\"limits\"][\"memory_mb\"]))")" = "(1.0, 512)" &&
	left_out "problem_statement/problem.sv.tex: " && left_out "input_validators: " &&
	left_out "generators: " && left_out "problem.yaml: license: "'

test_expect_success 'LaTeX becomes Markdown, with samples, pictures and attachments' '
	readme=out/legacy/README.md && head -n 1 $readme | grep -qx "# Two Terms" &&
	grep -qF "find *any* two integers a, b ≥ 0 with a + b = n" $readme &&
	grep -qF "One line with n (0 ≤ n ≤ 10¹²)." $readme &&
	grep -qF "**fast**: use the type \`long long\` – 50% of all" $readme &&
	grep -qx "## Input" $readme && grep -qx -e "- the number b." $readme &&
	grep -qF "![Two terms](files/terms.png)" $readme && ! grep -q "remark" $readme &&
	test "$(grep -c "^## Sample" $readme)" = 2 && grep -qx "0 10" $readme &&
	cmp legacy/attachments/tool.py out/legacy/files/tool.py &&
	test -s out/legacy/files/terms.png'

test_expect_success '2025-09: constants, include/, arguments of cases, submissions.yaml' '
	take 2025-09 && tali task import 2025-09 --output out >report && folder=out/2025-09 &&
	grep -qF "Write the mean of up to 1000 numbers." $folder/README.md &&
	grep -qF "(files/mean.png)" $folder/README.md &&
	grep -qx "MOST = 1000" $folder/start/mean.py && grep -q "MOST 1000" $folder/start/mean.h &&
	test "$(json_get $folder/task.json "str(j[\"protected\"])")" = \
		"['\''limit.txt'\'', '\''mean.h'\'', '\''mean.py'\'', '\''sample/**'\'']" &&
	test "$(json_get $folder/task.json "str(j[\"language\"])")" = \
		"['\''python'\'', '\''c++'\'', '\''c'\'']" && left_out "language kotlin" &&
	test "$(tests 2025-09 "(t[\"secret-2\"][\"argv\"], t[\"secret-2\"][\"requires\"])")" = \
		"(['\''{program}'\'', '\''--floor'\''], ['\''sample'\'', '\''secret'\''])" &&
	test -s $folder/solution/model.cpp &&
	test "$(json_get $folder/task.json \
		"j[\"variants\"][\"partly-crashes\"][\"expect\"][\"required\"][0]")" = \
		runtime_error &&
	left_out "submissions/accepted/Main.kt" && left_out "data/invalid_input"'

test_expect_success 'what a candidate puts over include/ and the samples does not count' '
	rm -rf work && cp -r out/2025-09/solution work && mkdir work/sample &&
	echo "#define MOST 1" >work/mean.h && echo 9 >work/sample/9.in &&
	mkdir -p out/2025-09/variants/cheat && cp -r work/. out/2025-09/variants/cheat &&
	sed -i "s/\"variants\": {/&\"cheat\": {\"expect\": \"passed\"},/" out/2025-09/task.json &&
	tali task prove $weak --repeats 1 ./out/2025-09 >proof && cat proof &&
	grep -q "cheat  *passed  *as expected" proof'

test_expect_success 'legacy scoring: groups with their own points, and scores of the validator' '
	take scoring && tali task import scoring --output out >report &&
	test "$(tests scoring "[(i, t[i][\"points\"], t[i].get(\"aggregate\")) for i in t]")" = \
		"$(points sample 0.0 None group1 20.0 \"min\" group2 30.0 \"min\" \
			group3 50.0 None)"'

grading() {
	take scoring && printf "%s\n" "$2" >"scoring/data/$1"
}

test_expect_success 'legacy scoring: a rejected group takes all, where the flags say so' '
	rm -rf scoring && cp -r "$packages/scoring" . && chmod -R u+w scoring &&
	rm -rf scoring/output_validators out scoring/data/secret/group3/testdata.yaml &&
	sed -i "s/custom score/default/" scoring/problem.yaml &&
	printf "accept_score: 10\n" >scoring/data/secret/testdata.yaml &&
	rm scoring/data/testdata.yaml scoring/data/secret/group[12]/testdata.yaml &&
	tali task import scoring --output out >report &&
	test "$(tests scoring "[(i, t[i][\"points\"], t[i].get(\"aggregate\"),
		t[i].get(\"requires\")) for i in t]")" = \
		"[('\''sample'\'', 0.0, None, None), ('\''secret'\'', 60.0, '\''min'\'', \
['\''sample'\''])]"'

test_expect_success 'legacy scoring: with on_reject: break a group requires the one before' '
	rm -rf out && printf "on_reject: break\ngrader_flags: accept_if_any_accepted\n" \
		>scoring/data/secret/testdata.yaml &&
	for i in 1 2 3; do echo "accept_score: $i" >scoring/data/secret/group$i/testdata.yaml ||
		return 1; done &&
	tali task import scoring --output out >report &&
	test "$(tests scoring "[(i, t[i][\"points\"], t[i].get(\"requires\")) for i in t][1:]")" = \
		"$(points group1 2.0 "[\"sample\"]" group2 4.0 "[\"sample\", \"group1\"]" \
			group3 6.0 "[\"sample\", \"group2\"]")"'

test_expect_success 'legacy: it is told where the file of a group lacks what that above it says' '
	take legacy && echo "output_validator_flags: strict" >legacy/data/testdata.yaml &&
	echo "on_reject: continue" >legacy/data/secret/testdata.yaml &&
	tali task import legacy --output out >report &&
	grep "changed: data/secret/testdata.yaml: output_validator_flags: not there" report &&
	test "$(tests legacy "t[\"secret\"][\"validator_args\"]")" = "['\''allow_zero'\'']" &&
	test "$(tests legacy "t[\"sample\"][\"validator_args\"]")" = \
		"['\''allow_zero'\'', '\''strict'\'']" &&
	rm legacy/data/secret/testdata.yaml && rm -rf out &&
	tali task import legacy --output out >report && ! grep "not there" report &&
	tests legacy "t[\"secret\"][\"validator_args\"]" | grep strict'

test_expect_success '2025-09: a number is as good an argument as its text' '
	take 2025-09 && sed -i "s/\"1e-6\"/1e-6/" 2025-09/data/secret/test_group.yaml &&
	tali task import 2025-09 --output out >report &&
	test "$(tests 2025-09 "[t[i][\"compare\"] for i in t]")" = "$(take 2025-09 &&
		tali task import 2025-09 --output out >report &&
		tests 2025-09 "[t[i][\"compare\"] for i in t]")" &&
	tests 2025-09 "[t[i][\"compare\"] for i in t]" | grep float_relative_tolerance'

# plain_scoring LINE...: the package without its validator, and with these lines for group1
plain_scoring() {
	take scoring && rm -r scoring/output_validators scoring/data/secret/group3 &&
	sed -i "s/custom score/default/" scoring/problem.yaml &&
	printf "%s\n" "$@" >scoring/data/secret/group1/testdata.yaml
}

test_expect_success 'legacy scoring: accept_if_any_accepted may stand before the mode as well' '
	for flags in "first_error accept_if_any_accepted" "accept_if_any_accepted first_error"
	do
		plain_scoring "on_reject: continue" "grader_flags: $flags" &&
		tali task import scoring --output out >report &&
		test "$(tests scoring "t[\"group1\"].get(\"aggregate\")")" = None || return 1
	done'

test_expect_success 'legacy scoring: a group that may be accepted in part is none to require' '
	plain_scoring "grader_flags: accept_if_any_accepted" &&
	echo "on_reject: break" >scoring/data/secret/testdata.yaml &&
	tali task import scoring --output out >report &&
	test "$(tests scoring "t[\"group2\"].get(\"requires\")")" = None &&
	grep "changed: secret/group1: when it is rejected, groups after it are run" report &&
	grep "changed: secret: a rejected group takes its own points only" report'

test_expect_success 'legacy scoring: an average that ends early is told to be another' '
	plain_scoring "on_reject: break" "grader_flags: always_accept avg" &&
	tali task import scoring --output out >report &&
	grep "changed: secret/group1: the average is that of all parts" report &&
	plain_scoring "on_reject: continue" "grader_flags: always_accept avg" &&
	rm -rf out && tali task import scoring --output out >report && ! grep average report'

test_expect_success 'legacy scoring: nor is one whose points a validator gives' '
	take scoring && printf "%s\n" "on_reject: break" "grader_flags: accept_if_any_accepted" \
		>scoring/data/secret/testdata.yaml &&
	tali task import scoring --output out >report &&
	test "$(tests scoring "t[\"group2\"].get(\"requires\")")" = None &&
	grep "changed: secret/group1: when it is rejected, groups after it are run" report'

test_expect_success 'legacy scoring: what a task cannot say is refused with file and line' '
	grading testdata.yaml "on_reject: maybe" &&
	refused "data/testdata.yaml:1: on_reject" scoring &&
	grading secret/testdata.yaml "grading: custom" &&
	refused "data/secret/testdata.yaml:1: grading by a program" scoring &&
	grading secret/group1/testdata.yaml "reject_score: 5" &&
	refused "data/secret/group1/testdata.yaml:1: points for rejected" scoring &&
	grading secret/group1/testdata.yaml "grader_flags: fair" &&
	refused "the default grader has no flag '\''fair'\''" scoring &&
	grading secret/group1/testdata.yaml "range: 5" && refused "range must be two" scoring &&
	grading secret/group1/testdata.yaml "accept_score: ten" &&
	refused "accept_score must be" scoring &&
	grading secret/group1/testdata.yaml "on_reject: true" &&
	refused "on_reject must be a text" scoring &&
	take scoring && sed -i "s/objective: max/objective: min/" scoring/problem.yaml &&
	refused "problem.yaml:9: objective min" scoring'

test_expect_success 'legacy pass-fail: accepted in spite of rejected cases is refused' '
	take legacy && echo "grader_flags: accept_if_any_accepted" \
		>legacy/data/secret/testdata.yaml &&
	refused "data/secret: accepted in spite of rejected cases" legacy'

test_expect_success '2025-09 scoring: max_score, aggregation and require_pass' '
	take interactive && tali task import interactive --output out >report &&
	test "$(tests interactive "[(i, t[i][\"points\"], t[i].get(\"aggregate\"),
		t[i].get(\"requires\")) for i in t][1:]")" = \
		"[('\''large'\'', 60.0, None, None), ('\''small'\'', 40.0, '\''min'\'', \
['\''sample'\''])]" &&
	grep -qF ">500" out/interactive/README.md && left_out "submissions/submissions.yaml: "'

test_expect_success '2025-09 scoring: wrong groups are refused' '
	take interactive && echo "require_pass: secret/small" \
		>>interactive/data/secret/large/test_group.yaml &&
	refused "large/test_group.yaml:3: require_pass: '\''secret/small'\'' is no" interactive &&
	take interactive && sed -i "s/60/61/" interactive/data/secret/large/test_group.yaml &&
	refused "have 101 points together" interactive &&
	take interactive && rm interactive/data/secret/large/test_group.yaml &&
	refused "data/secret/large: has no max_score" interactive &&
	take interactive && echo "score_aggregation: most" \
		>>interactive/data/secret/small/test_group.yaml &&
	refused "test_group.yaml:4: score_aggregation must be" interactive &&
	take interactive && cp interactive/data/secret/small/a.* interactive/data/secret &&
	refused "data/secret: has cases beside groups" interactive'

test_expect_success 'DOMjudge: limits of its files, its tags, a validator in Java, a PDF' '
	take domjudge && tali task import domjudge --output out >report &&
	test "$(json_get out/domjudge/task.json "str((j[\"title\"], j[\"limits\"][\"cpu_seconds\"],
		j[\"limits\"][\"output_kb\"]))")" = "('\''Doubles'\'', 2.5, 1024)" &&
	grep -qF "files/problem.pdf" out/domjudge/README.md &&
	left_out "domjudge-problem.ini: color" &&
	echo 7 >domjudge/.timelimit && rm -rf out &&
	tali task import domjudge --output out >report &&
	test "$(json_get out/domjudge/task.json "j[\"limits\"][\"cpu_seconds\"]")" = 7.0 &&
	echo "special_run = '\''run'\''" >>domjudge/domjudge-problem.ini &&
	refused "domjudge-problem.ini:6: special_run names a program" domjudge'

test_expect_success 'a package without samples leaves nothing to start from' '
	take legacy && rm -r legacy/data/sample && tali task import legacy --output out >report &&
	tali task prove $weak --repeats 1 ./out/legacy >proof &&
	tail -n 1 proof | grep -qx proved && rm -rf empty && tali init empty &&
	tali task import out/legacy --store empty -q &&
	tali task export legacy back.tar.gz --store empty && rm -rf out &&
	tali task import back.tar.gz --output out -q &&
	tali score $weak --task out/legacy --workspace out/legacy/solution | tail -n 1 |
		grep passed'

test_expect_success 'an archive is as good as a folder, also as .kpp' '
	rm -rf out && take legacy && /usr/bin/python3 -m zipfile -c two.kpp legacy &&
	tali task import two.kpp --output out >report && mv out/two first &&
	tali task import legacy --output out --name two >report && diff -r first out/two'

test_expect_success 'no time limit: what was taken is said, and why' '
	take legacy && rm legacy/.timelimit && tali task import legacy --output out >report &&
	grep -q "changed: time limit: 5 s: the package says none" report'

test_expect_success 'a key of problem.yaml without a value is as if it were not there' '
	take legacy && rm legacy/.timelimit && cat >legacy/problem.yaml <<-\END &&
	name: Sums
	type:
	validation: custom
	validator_flags: allow_zero
	limits:
	#  time_limit: 2
	END
	tali task import legacy --output out >report &&
	grep -q "changed: time limit: 5 s: the package says none" report &&
	echo "limits: 5" >>legacy/problem.yaml && sed -i "/^limits:$/d" legacy/problem.yaml &&
	refused "problem.yaml:6: limits must hold keys with values" legacy &&
	take 2025-09 && printf "keywords:\nsource:\n" >>2025-09/problem.yaml &&
	sed -i "s/^  memory: .*/  memory:/" 2025-09/problem.yaml &&
	tali task import 2025-09 --output out >report && grep -q "memory: 2048 MiB" report'

test_expect_success 'nothing of a package is dropped without a word' '
	take 2025-09 && echo "full_feedback: true" >>2025-09/data/secret/test_group.yaml &&
	sed -i "s/^  output: 1/&\n  time_resolution: 0.5/" 2025-09/problem.yaml &&
	tali task import 2025-09 --output out >report &&
	left_out "data/secret/**.yaml: description" && left_out "limits: time_resolution" &&
	test "$(grep -c "data/secret/..\.yaml: full_feedback" report)" = 1 &&
	take scoring && echo "  accept_score: 5" >>scoring/problem.yaml &&
	tali task import scoring --output out >report &&
	left_out "problem.yaml: show_test_data_groups" && left_out "problem.yaml: accept_score" &&
	take legacy && mv legacy/submissions/wrong_answer legacy/submissions/no_output &&
	mkdir -p legacy/data/manual && echo 1 >legacy/data/manual/1.in && echo x >legacy/notes &&
	echo x >legacy/problem_statement/macros.sty &&
	tali task import legacy --output out >report &&
	grep -q "changed: submissions/no_output/.*: the format has no such folder" report &&
	left_out "data/manual: no part" && left_out "notes: no part" &&
	left_out "problem_statement/macros.sty: " && ! left_out data/secret:'

test_expect_success 'an unknown key: in 2025-09 an error with file and line, in legacy a note' '
	take 2025-09 && echo "colour: red" >>2025-09/problem.yaml &&
	refused "problem.yaml:18: unknown key '\''colour'\''" 2025-09 &&
	take 2025-09 && echo "  patience: 3" >>2025-09/problem.yaml &&
	sed -i "s/memory: 1024/swap: 1/" 2025-09/problem.yaml &&
	refused "problem.yaml:12: unknown key '\''swap'\''" 2025-09 &&
	take 2025-09 && echo "argz: [a]" >2025-09/data/secret/01.yaml &&
	refused "data/secret/01.yaml:1: unknown key '\''argz'\''" 2025-09 &&
	take legacy && echo "colour: red" >>legacy/problem.yaml &&
	tali task import legacy --output out >report && left_out "problem.yaml: colour"'

test_expect_success 'types that tali has no test for are refused in a sentence' '
	take 2025-09 && sed -i "s/type: pass-fail/type: [pass-fail, multi-pass]/" \
		2025-09/problem.yaml &&
	refused "problem.yaml:2: multi-pass problems cannot be imported" 2025-09 &&
	take 2025-09 && sed -i "s/type: pass-fail/type: submit-answer/" 2025-09/problem.yaml &&
	refused "problem.yaml:2: submit-answer problems cannot be imported" 2025-09 &&
	take 2025-09 && sed -i "s/: 2025-09/: 2031-01/" 2025-09/problem.yaml &&
	refused "problem.yaml:1: version '\''2031-01'\'' is not read" 2025-09'

test_expect_success 'missing data is refused with the name of what is missing' '
	take legacy && rm legacy/data/secret/big/01.ans &&
	refused "big/01.in: has no answer" legacy &&
	take legacy && rm legacy/data/secret/big/01.in &&
	refused "big/01.ans: is an answer" legacy &&
	take legacy && rm -r legacy/data && refused "data/secret: there is no case" legacy &&
	take legacy && rm -r legacy/problem_statement && refused "there is no statement" legacy &&
	take legacy && rm -r legacy/output_validators && refused "output_validators/" legacy &&
	take legacy && rm -r legacy/submissions && tali task import legacy --output out >report &&
	grep -q "changed: solution: no accepted submission" report'

test_expect_success 'validators that cannot be run are refused' '
	take legacy && mkdir legacy/output_validators/more &&
	echo 1 >legacy/output_validators/more/a.py &&
	refused "has several programs" legacy &&
	take legacy && rm legacy/output_validators/check/* &&
	echo 1 >legacy/output_validators/check/a.rb &&
	refused "is in none of the languages" legacy &&
	take 2025-09 && sed -i "s/float_tolerance/float_patience/" \
		2025-09/data/secret/test_group.yaml &&
	refused "has no argument '\''float_patience'\''" 2025-09 &&
	take 2025-09 && sed -i "s/1e-6/much/" 2025-09/data/secret/test_group.yaml &&
	refused "float_tolerance needs a number" 2025-09 &&
	mkdir 2025-09/data/secret/01.files && echo 1 >2025-09/data/secret/01.files/x &&
	refused "cases with files of their own cannot be imported" 2025-09'

# a build script that writes the validator: whole numbers must be the same
write_build() {
	cat <<'END'
#!/bin/sh
cat >run <<'RUN'
#!/bin/sh
read said
wanted=$(cat "$2")
[ "${wanted%%.*}" = "${said%%.*}" ] && exit 42
exit 43
RUN
chmod 755 run
END
}

test_expect_success 'a validator with build and run scripts, in a folder of 2025-09' '
	take 2025-09 && mkdir -p 2025-09/output_validator/any && rm 2025-09/data/*/test_group.yaml \
		2025-09/data/secret/03.* 2025-09/submissions/rejected/* &&
	write_build >2025-09/output_validator/any/build &&
	sed -i "s/\[WA\]/[AC, WA]/" 2025-09/submissions/submissions.yaml &&
	rm -r 2025-09/submissions/wrong_answer &&
	tali task import 2025-09 --output out >report &&
	test -x out/2025-09/hidden/judge/build &&
	tali task prove $weak --repeats 1 ./out/2025-09 >proof && cat proof'

test_expect_success 'odd names: what the format ignores is listed, and hurts nobody' '
	take legacy && echo 3 >"legacy/data/secret/small/a b.in" &&
	echo 3 >"legacy/data/secret/small/-x.in" && echo x >legacy/data/secret/.hidden.in &&
	echo "x = 1" >"legacy/submissions/accepted/a;touch pwned.py" &&
	echo 1 >"legacy/output_validators/check/\$(touch pwned).cpp" &&
	tali task import legacy --output out >report && left_out "data/secret/small/a b.in" &&
	left_out "data/secret/small/-x.in" && left_out "submissions/accepted/a;touch pwned.py" &&
	test "$(ls out/legacy/hidden/secret/*.in | wc -l)" = 3 &&
	tali task prove $weak --repeats 1 ./out/legacy >proof && ! find . -name pwned | grep .'

test_expect_success 'YAML that is wrong, and submissions.yaml that says nonsense' '
	take legacy && printf "name: [\n" >legacy/problem.yaml && refused "problem.yaml:" legacy &&
	take 2025-09 && printf "accepted/*:\n  required: [OK]\n" \
		>2025-09/submissions/submissions.yaml &&
	refused "submissions.yaml:2: required must be a list" 2025-09 &&
	echo "accepted/*: {permitted: [WA]}" >2025-09/submissions/submissions.yaml &&
	refused "leaves no permitted verdict" 2025-09 &&
	echo "{{{{a,b},c: {required: [WA]}" >2025-09/submissions/submissions.yaml &&
	refused "submissions.yaml:1" 2025-09 &&
	printf "\"%s\": {permitted: [AC]}\n" "$(printf "{a,*}*%.0s" $(seq 150))" \
		>2025-09/submissions/submissions.yaml &&
	timeout 20 tali task import 2025-09 --output out'

test_done
