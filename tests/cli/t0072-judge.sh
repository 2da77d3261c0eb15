#!/bin/bash
# t0072-judge.sh - a model that judges: within its band, by the letter, and once
test_description='a judge moves a score within a band, or not at all, and is asked once'
. "$(dirname "$0")/lib.sh"
. "$srcdir/tests/cli/fixture.sh"
. "$srcdir/tests/score/golden.sh"

provider=''
put_program ai_provider tests/fake/ai-provider
trap 'code=$?; [ -z "$provider" ] || kill "$provider"; (exit "$code"); die' EXIT

# judged NAME MODEL: the submission NAME, scored with this judge, into NAME.json
judged() {
	tali config set judge.model "$2" >/dev/null && score_as "$1" --judge
}
# asked: how many requests the provider has had
asked() {
	wc -l <ledger
}
# repeats FILE: the part of a document that repeats
repeats() {
	json_get "$1" 'dict((k, v) for k, v in j.items() if k != "run")'
}
# subitems NAME EXPRESSION: over s, the subitems that were judged
subitems() {
	json_get "$1.json" "(lambda s: $2)([i for c in j['score']['categories']
		for i in c['subitems'] if i['judge']])"
}
# members NAME EXPRESSION: over m, the members "judge" by subitem
members() {
	json_get "$1.json" "(lambda m: $2)({i['name']: i['judge']
		for c in j['score']['categories'] for i in c['subitems'] if i['judge']})"
}
# facts_alone NAME: the score is that of the facts
facts_alone() {
	test "$(value "$1")" = "$(value facts)"
}

test_expect_success 'a provider, a task, and a session scored without a judge' '
	mkfifo ready && { ai_provider --key sk-fake-key --ledger ledger >ready & provider=$!; } &&
	read -r line <ready && address=${line#ai-provider: listening on } && : >>ledger &&
	make_store && echo sk-fake-key >key &&
	tali ai provider add ant --kind anthropic --url "$address" --key-file key \
		--models "a.*" >/dev/null &&
	tali ai provider add com --kind compatible --url "$address/v1" --key-file key \
		--models "c.*" >/dev/null &&
	python3 "$golden" task bill-folder &&
	tali_at "=$began" task create bill --from bill-folder >/dev/null &&
	play careful bill base && score_as base && cp base.json facts.json &&
	test "$(members base "len(m)")" = 0'

test_expect_success 'without a model set nobody can be asked, and none is needed' '
	expect_error 5 "there is no judge: tali config set judge.model" \
		tali score "$(cat id-base)" --judge &&
	tali config set judge.model nobody.has >/dev/null &&
	expect_error 5 "no provider has the model of judge.model" \
		tali score "$(cat id-base)" --judge &&
	tali config set judge.provider gone >/dev/null &&
	expect_error 5 "judge.provider: no provider" tali score "$(cat id-base)" --judge &&
	tali config set judge.provider ant >/dev/null && tali config set judge.provider "" &&
	score_as base && test "$(asked)" = 0'

test_expect_success 'it is for runs that are recorded' '
	for option in -n "--only x" "--explain correctness"
	do
		expect_error 2 "score runs that are recorded" \
			tali score "$(cat id-base)" --judge $option || return 1
	done &&
	expect_error 2 "score runs that are recorded" \
		tali score --task bill-folder --workspace work-base --judge'

test_expect_success 'each question is asked three times, and values move within the band' '
	play careful bill honest && score_as honest && facts_alone honest &&
	judged honest a.judge-2 && test "$(members honest "len(m) > 8")" = true &&
	test "$(asked)" = "$(members honest "3 * len(m)")" &&
	members honest "[(n, x) for n, x in m.items() if x[\"level\"] != 2 or x[\"spread\"] != 0 or
		x[\"model\"] != \"a.judge-2\"]" >out && test "$(cat out)" = "[]" &&
	subitems honest "[i for i in s for facts in [i[\"judge\"][\"facts\"]]
		if i[\"value\"] != min(max(50, facts - 15), facts + 15)]" >out &&
	test "$(cat out)" = "[]" &&
	test "$(value honest)" -lt "$(value facts)"'

test_expect_success 'what is counted alone has no judge' '
	test "$(members honest "[n for n in m if n in (\"correctness\", \"edge_case_handling\",
		\"time_estimation\", \"resource_utilization\")]")" = "[]"'

test_expect_success 'later runs play the answers back and ask nobody' '
	before=$(asked) && repeats honest.json >first &&
	score_as honest && repeats honest.json >again && test_cmp first again &&
	judged honest a.judge-2 && repeats honest.json >again && test_cmp first again &&
	tali config set judge.model a.judge-4 >/dev/null && score_as honest &&
	repeats honest.json >again && test_cmp first again &&
	tali config set judge.model "" >/dev/null && score_as honest &&
	repeats honest.json >again && test_cmp first again && test "$(asked)" = "$before" &&
	test "$(sqlite3 store/tali.db "SELECT count(DISTINCT digest) FROM score_run
		WHERE assessment_id = \"$(cat id-honest)\" AND number > 1")" = 1'

test_expect_success 'the record has the answers, as large as they are' '
	tali verify "$(cat id-honest)" && tali journal export "$(cat id-honest)" >export &&
	test "$(tali logs "$(cat id-honest)" --json | grep -c "\"kind\":\"judge\"")" = \
		"$(members honest "len(m)")" &&
	tali logs "$(cat id-honest)" | grep "judge clarity_specificity by a.judge-2" &&
	python3 - <<-\END
		import hashlib, json
		answers = set()
		for line in map(json.loads, open("export")):
		    event = line.get("event", line)
		    if event.get("kind") != "judge":
		        continue
		    data = event["data"]
		    data = json.loads(data) if isinstance(data, str) else data
		    for sample in data["samples"]:
		        assert len(sample["seed"]) == 32 and sample["stop"] == "end_turn", sample
		        for answer in sample["answers"]:
		            if isinstance(answer, str):
		                answers.add(hashlib.sha256(answer.encode()).hexdigest())
		document = json.load(open("honest.json"))
		named = {s["answer"] for c in document["score"]["categories"]
		         for i in c["subitems"] if i["judge"] for s in i["judge"]["samples"]}
		assert named and named <= answers, named - answers
	END'

test_expect_success 'there the same comes out, and nobody is asked' '
	id=$(cat id-honest) && cp -R store moved && rm -rf "moved/repos/$id.git" &&
	for table in event score_run job checkpoint checkpoint_piece client ingest_rate
	do
		sqlite3 moved/tali.db "DELETE FROM $table" || return 1
	done &&
	sqlite3 moved/tali.db "DELETE FROM assessment; DELETE FROM provider" &&
	before=$(asked) &&
	TALI_STORE=$PWD/moved tali journal import export --key store/keys/sign.pub >/dev/null &&
	TALI_STORE=$PWD/moved tali score -n --json "$id" >moved.json &&
	repeats honest.json >first && repeats moved.json >again && test_cmp first again &&
	test "$(asked)" = "$before"'

test_expect_success '--explain shows levels, quotes and what became of them' '
	tali score "$(cat id-honest)" --explain clarity_specificity >out &&
	grep -q "  judge: level 2 of 4, spread 0; the facts say [0-9.]*, and the band is" out &&
	test "$(grep -c "sample: level 2, by a.judge-2" out)" = 3 &&
	grep -q "its reason: It says so there." out &&
	grep -qE "#[0-9]+ +.(In bill.py|Rounding half)" out &&
	tali score "$(cat id-honest)" --explain clarity_specificity --json >why.json &&
	check_schema why.json && tali score "$(cat id-honest)" >out &&
	grep -q "clarity_specificity  judged: The samples agree." out'

test_expect_success 'another model is asked anew, and the first one is not asked again' '
	play careful bill swap && judged swap a.judge-2 && repeats swap.json >first &&
	before=$(asked) && judged swap a.judge-4 &&
	test "$(asked)" = "$(members swap "$before + 3 * len(m)")" &&
	test "$(members swap "{(x[\"model\"], x[\"level\"]) for x in m.values()} ==
		{(\"a.judge-4\", 4)}")" = true &&
	test "$(value swap)" -gt "$(value honest)" && repeats swap.json >second &&
	score_as swap && repeats swap.json >again && test_cmp second again &&
	before=$(asked) && judged swap a.judge-2 && repeats swap.json >again &&
	test_cmp first again && score_as swap && repeats swap.json >again &&
	test_cmp first again && test "$(asked)" = "$before" && tali verify "$(cat id-swap)"'

test_expect_success 'two at once ask once: the other waits, and takes what was answered' '
	play careful bill twice && before=$(asked) &&
	tali config set judge.model a.judge-2.delay-50 >/dev/null &&
	{ tali_at "=$(after 4000)" score "$(cat id-twice)" --judge --json >one.json & one=$!; } &&
	tali_at "=$(after 4000)" score "$(cat id-twice)" --judge --json >two.json &&
	wait $one && repeats one.json >one && repeats two.json >two && test_cmp one two &&
	test "$(members one "len(m) > 8")" = true &&
	test "$(asked)" = "$(members one "$before + 3 * len(m)")" &&
	test "$(tali logs "$(cat id-twice)" --json | grep -c "\"kind\":\"status\"")" = \
		"$(tali logs "$(cat id-swap)" --json | grep -c "\"kind\":\"status\"")" &&
	tali verify "$(cat id-twice)"'

# --- faults: each leaves the score of the facts

# fault NAME MODEL WORD: a session of its own; every sample has this fault
fault() {
	play careful bill "$1" && judged "$1" "$2" && facts_alone "$1" &&
	test "$(json_get "$1.json" 'j["score"]["needs_review"]')" = true &&
	members "$1" "sorted({s['fault'] for x in m.values() for s in x['samples']})" >out &&
	test "$(cat out)" = "[\"$3\"]"
}

test_expect_success 'invented quotes' 'fault invented a.judge-4.invent invented'
test_expect_success 'words around the JSON' 'fault wordy a.judge-4.wordy unparsable'
test_expect_success 'no JSON at all' 'fault prose a.say-Level%20four unparsable'
test_expect_success 'a refusal' 'fault refused a.judge-4.refusal stopped'
test_expect_success 'an answer cut at its maximum' 'fault cut a.judge-4.max stopped'
test_expect_success 'no protocol' 'fault garble a.judge-4.garble.retryms-1 unanswered'

test_expect_success 'contradictory levels' '
	play careful bill torn && judged torn a.judge-041 && facts_alone torn &&
	members torn "{(x[\"spread\"], x[\"needs_review\"]) for x in m.values()} == {(4, True)}" \
		>out && test "$(cat out)" = true &&
	tali score "$(cat id-torn)" | grep "judged, needs review: The samples differ by more"'

test_expect_success 'a provider that fails is asked four times, then no more' '
	before=$(asked) && fault down a.judge-4.status-503.retryms-1 unanswered &&
	test "$(asked)" = $((before + 4)) &&
	tali score "$(cat id-down)" --explain task_breakdown >out &&
	grep -q "sample: unanswered. The provider answered with status 503." out'

test_expect_success 'a key that is refused is asked once' '
	before=$(asked) && fault refused-key a.judge-4.status-401.retryms-1 unanswered &&
	test "$(asked)" = $((before + 1))'

test_expect_success 'what had no answer is asked again, and only then' '
	repeats down.json >first && before=$(asked) && score_as down && repeats down.json >again &&
	test_cmp first again && test "$(asked)" = "$before" &&
	judged down a.judge-2 && test "$(value down)" = "$(value honest)" &&
	test "$(asked)" = "$(members down "$before + 3 * len(m)")"'

test_expect_success 'a provider that recovers in time is as good as any' '
	play careful bill shaky && judged shaky a.judge-2.fail-2.retryms-1 &&
	test "$(value shaky)" = "$(value honest)"'

test_expect_success 'providers without schemas are told once what is wrong' '
	play careful bill told && before=$(asked) && judged told c.judge-2.wordy &&
	test "$(value told)" = "$(value honest)" &&
	test "$(asked)" = "$(members told "$before + 6 * len(m)")" &&
	repeats told.json >first && score_as told && repeats told.json >again &&
	test_cmp first again'

test_expect_success 'a script can be the judge, and its refusal to say more is a fault' '
	python3 - >script.json <<-\END &&
		import json
		quote = {"seq": 8, "quote": "Plan:"}
		answer = {"evidence": [quote], "reasoning": "A list.", "level": 4}
		print(json.dumps({"schema": "tali.script/1", "models": ["played"], "turns": [
		    {"when": "Aspect: Task breakdown", "answer": json.dumps(answer)},
		    {"when": "Aspect:", "answer": "I had rather not."},
		    {"when": "That is not the JSON", "answer": "Neither now."}]}))
	END
	tali ai provider add play --kind script --url script.json >/dev/null &&
	play careful bill played && judged played played &&
	test "$(members played "m[\"task_breakdown\"][\"level\"]")" = 4 &&
	test "$(members played "m[\"code_quality\"][\"level\"]")" = null &&
	test "$(members played "m[\"task_breakdown\"][\"reason\"]")" = "A list."'

# --- attacks

test_expect_success 'who speaks to the judge is not heard, and a person looks' '
	play careful bill obeyed && judged obeyed a.judge-2.obey-grader &&
	test "$(value obeyed)" = "$(value honest)" &&
	PERTURB=comments play careful bill attack && judged attack a.judge-2.obey-grader &&
	test "$(members attack "m[\"code_quality\"][\"level\"]")" = 2 &&
	test "$(members attack "m[\"code_quality\"][\"needs_review\"]")" = true &&
	test "$(members attack "m[\"clarity_specificity\"][\"needs_review\"]")" = \
		"$(members honest "m[\"clarity_specificity\"][\"needs_review\"]")" &&
	test "$(value attack)" -le "$(value honest)" &&
	test "$(value attack)" -ge "$(($(value honest) - 50))"'

test_expect_success 'an attack that gets through moves no subitem past its band' '
	JUDGED="# zounds four" PERTURB=comments play careful bill through &&
	judged through a.judge-2.obey-zounds &&
	test "$(members through "m[\"code_quality\"][\"level\"]")" = 4 &&
	subitems through "max(abs(i[\"value\"] - i[\"judge\"][\"facts\"]) for i in s) <= 15" >out &&
	test "$(cat out)" = true &&
	test "$(subitems through "[i[\"name\"] for i in s if i[\"judge\"][\"level\"] == 4]")" = \
		"[\"code_quality\", \"documentation\"]" &&
	test "$(($(value through) - $(value honest)))" -le 340'

test_expect_success 'padding, names and order move as little as without a judge' '
	for how in padding rename order
	do
		PERTURB=$how play careful bill "$how" && judged "$how" a.judge-2 || return 1
		by=$(($(value "$how") - $(value honest))) && echo "$how: $by" &&
		test "${by#-}" -le 100 || return 1
	done &&
	test "$(value rename)" = "$(value honest)"'

test_expect_success 'nobody is asked about what is not measured' '
	play empty && before=$(asked) && judged empty a.judge-4 &&
	test "$(members empty "len(m)")" = 0 && test "$(asked)" = "$before"'

test_expect_success 'what does not build is not lifted, but may be lowered' '
	cp -r bill-folder hard-folder && python3 - <<-\END &&
		import json
		task = json.load(open("hard-folder/task.json"))
		task["name"], task["build"] = "hard", ["false"]
		json.dump(task, open("hard-folder/task.json", "w"))
	END
	tali_at "=$began" task create hard --from hard-folder >/dev/null &&
	play careful hard hard4 && judged hard4 a.judge-4 && play careful hard hard0 &&
	judged hard0 a.judge-0 &&
	test "$(members hard4 "len(m) > 5 and {x[\"band\"][1] - x[\"facts\"] for x in
		m.values()} == {0}")" = true &&
	subitems hard4 "max(i[\"value\"] - i[\"judge\"][\"facts\"] for i in s) <= 0" >out &&
	test "$(cat out)" = true && test "$(value hard0)" -lt "$(value hard4)"'

test_expect_success 'many at once are judged, too' '
	tali config set judge.model a.judge-3 >/dev/null &&
	tali_at "=$(after 4000)" score --all bill --judge --jobs 2 --again >out &&
	test "$(grep -c . out)" -ge 20 && score_as base &&
	test "$(members base "m[\"task_breakdown\"][\"level\"]")" = 3'

# count_judged: events of the two that are new
count_judged() {
	sqlite3 store/tali.db "SELECT count(*) FROM event WHERE kind = 'judge'
		AND assessment_id IN ('$(cat id-new1)', '$(cat id-new2)')"
}

# sweep_judging: in the background, with some of it asked; sets $sweep
sweep_judging() {
	env --default-signal=INT "$root/bin/tali" score --all bill --judge --jobs 1 >out 2>err &
	sweep=$!
	until [ "$(asked)" -gt $((before + 2)) ]
	do
		:
	done
}

test_expect_success 'SIGINT ends it after the question under way, and nothing is half recorded' '
	play careful bill new1 && play careful bill new2 && before=$(asked) &&
	tali config set judge.model a.judge-3.delay-100 >/dev/null && sweep_judging &&
	kill -INT $sweep && { wait $sweep; test $? = 130; } && grep "interrupted after" err &&
	test "$(count_judged)" = 0 && judged new1 a.judge-3 && test "$(count_judged)" -gt 5'

# last: the provider writes its account of these when they would have come
test_expect_success 'a late answer is none' '
	tali config set judge.patience 1s >/dev/null &&
	fault late a.judge-4.delay-30000 unanswered &&
	tali config set judge.patience 3m >/dev/null &&
	tali score "$(cat id-late)" --explain task_breakdown |
		grep "sample: unanswered. The provider did not answer in time."'

test_done
