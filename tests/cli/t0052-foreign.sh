#!/bin/bash
# t0052-foreign.sh - recordings of other programs become sessions that verify
#
# TALI_SEED=N repeats the random traces of an earlier run.
test_description='recordings of other programs become sessions that verify'
. "$(dirname "$0")/lib.sh"

samples=$srcdir/tests/fuzz/corpus
shared=$srcdir/../shared/data/editing-traces
export TALI_STORE=$PWD/store

# take FORMAT FILE [OPTION...]: imports it; sets $id
take() {
	id=$(tali journal import --from "$@") && tali verify "$id"
}

# final NAME: the file as it was handed in
final() {
	git --git-dir="store/repos/$id.git" show "submission:$1"
}

# of_kind KIND EXPRESSION: as JSON, a Python expression of the list `data` of that kind's events
of_kind() {
	tali logs --json "$id" >log && /usr/bin/python3 -c '
import json, sys
data = [e["data"] for e in map(json.loads, open("log")) if e["kind"] == sys.argv[1]]
print(json.dumps(eval(sys.argv[2])).replace("\"", ""))' "$@"
}

# told TEXT KIND EXPRESSION: that is TEXT, without its quotes
told() {
	found=$(of_kind "$2" "$3") && echo "$found" && test "$found" = "$1"
}

test_expect_success 'a store' 'tali init store'

test -d "$shared" && test_set_prereq TRACES
test_expect_success TRACES 'real keystrokes end in their recorded text, byte for byte' '
	for trace in "$shared"/*.json.gz
	do
		name=$(basename "$trace" .json.gz) &&
		take editing-trace "$trace" && final "$name" >found &&
		gzip -cd "$trace" | /usr/bin/python3 -c "
import json, sys
sys.stdout.buffer.write(json.load(sys.stdin)[\"endContent\"].encode())" | cmp - found || return 1
	done
'

test_expect_success TRACES 'whoever opens one first finds it ready' '
	ready=$(sqlite3 store/tali.db "SELECT count(*) FROM checkpoint") && echo "$ready" &&
	test "$ready" -gt 10
'

test_expect_success 'random edits of all kinds of characters do, in each kind of position' '
	seed=${TALI_SEED:-$$} && echo "seed $seed" &&
	/usr/bin/python3 -c "
import json, random
random.seed($seed)
letters = \"ab\\n \\u00e9\\u20ac\\U0001f600\\U0001d11e\\u0301\"
units = {\"code-points\": len, \"utf16\": lambda s: len(s.encode(\"utf-16-le\")) // 2,
         \"bytes\": lambda s: len(s.encode())}
for round in range(6):
    start = text = \"\".join(random.choices(letters, k=random.choice([0, 5, 30000])))
    txns = {name: [] for name in units}
    time = 1600000000
    for n in range(random.choice([10, 400])):
        patches = {name: [] for name in units}
        for _ in range(random.randrange(1, 4)):
            at = random.randrange(len(text) + 1)
            if random.random() < .6:
                at = min(len(text), n)
            end = min(len(text), at + random.choice([0, 0, 1, 3, 9000]))
            ins = \"\".join(random.choices(letters, k=random.choice([0, 1, 1, 2, 50, 7000])))
            for name, size in units.items():
                patches[name].append([size(text[:at]), size(text[at:end]), ins])
            text = text[:at] + ins + text[end:]
        time += random.choice([0, 0, 1, 60])
        for name in units:
            when = \"2020-09-13T12:%02d:%02d.%03dZ\" % (time // 60 % 60, time % 60, n)
            txns[name].append({\"time\": when, \"patches\": patches[name]})
    open(\"end.%d\" % round, \"w\", newline=\"\").write(text)
    for name in units:
        trace = {\"startContent\": start, \"endContent\": text, \"txns\": txns[name]}
        json.dump(trace, open(\"%s.%d\" % (name, round), \"w\"), ensure_ascii=round % 2 == 0)
" &&
	for round in 0 1 2 3 4 5
	do
		for unit in code-points utf16 bytes
		do
			take editing-trace $unit.$round --positions $unit --name src/notes.md &&
			final src/notes.md | cmp - end.$round || return 1
		done
	done
'

test_expect_success 'its events have its times' '
	cat >trace.json <<-\EOF2 &&
	{"startContent": "ab", "endContent": "aXb", "txns": [
	  {"time": "2021-05-06T07:08:09.123+02:00", "patches": [[1, 0, "X"]]}]}
	EOF2
	gzip -k trace.json && take editing-trace trace.json.gz &&
	test "$(final trace)" = aXb &&
	tali logs --json "$id" | grep "\"time\":\"2021-05-06T05:08:09.123Z\"" | grep "\"edit\"" &&
	told "[{at: 1, del: 0, file: trace, ins: X}]" edit "data[0][\"edits\"]" &&
	told "$(printf aXb | sha256sum | cut -c1-64)" snapshot "data[1][\"open\"][\"trace\"]" &&
	tali show "$id" >out && grep "created *2021-05-06T05:08:09Z" out
'

test_expect_success 'a large text is a payload' '
	/usr/bin/python3 -c "
import json
text = \"\u00e9\" * 5000
print(json.dumps({\"startContent\": \"\", \"endContent\": text,
                  \"txns\": [{\"patches\": [[0, 0, text]]}]}))" >large.json &&
	take editing-trace large.json &&
	told 10000 edit "data[0][\"edits\"][0][\"ins\"][\"size\"]"
'

test_expect_success 'a trace that does not end in its text is found' '
	sed "s/aXb/aYb/" trace.json >other.json &&
	expect_error 4 "byte 1 is another" tali journal import --from editing-trace other.json &&
	echo "{\"startContent\": \"é\", \"endContent\": \"éX\", \"txns\": [
		{\"patches\": [[1, 0, \"X\"]]}]}" >points.json &&
	take editing-trace points.json &&
	expect_error 2 "within a character" \
		tali journal import --from editing-trace points.json --positions bytes
'

test_expect_success 'an asciicast of version 3 becomes a terminal' '
	take asciicast "$samples/foreign_cast/v3" &&
	told "[[start, 80, null], [end, null, 3]]" terminal \
		"[[d[k] if k in d else None for k in (\"action\", \"columns\", \"exit_status\")]
		for d in data]" &&
	told 90 terminal_resize "data[0][\"columns\"]" &&
	told x terminal_in "data[0][\"chunks\"][0][\"text\"]" &&
	told 6 terminal_out "data[0][\"chunks\"][0][\"size\"]" &&
	told "[mark]" note "[d[\"text\"] for d in data]" &&
	tali show "$id" >out && grep "created *2017-09-03T19:35:15Z" out
'

test_expect_success 'one of version 2, which does not tell when it was, ended just now' '
	take asciicast "$samples/foreign_cast/v2" && told 2 terminal_out "len(data)" &&
	tali show --json "$id" >out &&
	test "$(json_get out "j[\"created\"][:4]")" = "$(date +%Y)"
'

test_expect_success 'an ATIF trajectory becomes a conversation' '
	take atif "$samples/foreign_atif/whole" &&
	told "[Do]" ai_prompt "[d[\"text\"] for d in data]" &&
	told "[m2, 12500, hm]" ai_response \
		"[data[0][k] for k in (\"model\", \"cost_microusd\", \"reasoning\")]" &&
	told "[{\cmd\:\ls\}, out]" ai_tool "[data[0][\"arguments\"], data[0][\"result\"]]" &&
	told "[m1, m2]" model "[d[\"to\"] for d in data]"
'

test_expect_success 'a session of Claude Code becomes one' '
	take claude-code "$samples/foreign_claude/whole" &&
	told "[Do]" ai_prompt "[d[\"text\"] for d in data]" &&
	told "[[, 9], [side, null], [Done, 2]]" ai_response \
		"[[d[\"text\"], d.get(\"output_tokens\")] for d in data]" &&
	told 15 ai_response "data[0][\"input_tokens\"]" &&
	told "[[Bash, null], [Bash, false]]" ai_tool \
		"[[d[\"tool\"], d.get(\"ok\")] for d in data]" &&
	told side-abc ai_response "data[1][\"conversation\"]"
'

test_expect_success 'a session of Codex becomes one, also an old one' '
	take codex "$samples/foreign_codex/whole" &&
	told "[Do]" ai_prompt "[d[\"text\"] for d in data]" &&
	told "[Done, hm, 7]" ai_response \
		"[data[0][k] for k in (\"text\", \"reasoning\", \"input_tokens\")]" &&
	told "[[shell, c1], [shell, c1], [apply_patch, c2], [apply_patch, c2]]" ai_tool \
		"[[d[\"tool\"], d[\"call\"]] for d in data]" &&
	take codex "$samples/foreign_codex/old" && told 1 ai_tool "len(data)"
'

test_expect_success 'all of them export and import as any other' '
	tali init other && tali verify &&
	tali list --json >sessions &&
	sed "s/.*\"id\":\"\([^\"]*\)\".*/\1/" sessions | tail -n 5 >ids &&
	while read -r each
	do
		tali journal export "$each" >export &&
		TALI_STORE=$PWD/other tali journal import export --key store/keys/sign.pub &&
		TALI_STORE=$PWD/other tali journal export "$each" | cmp - export || return 1
	done <ids
'

test_expect_success 'nobody can be invited to a recording, or scored by it' '
	expect_error 5 "its files are not here" tali invite recording eve@example.org &&
	expect_error 5 "its files are not here" tali score $weak "$id"
'

test_expect_success 'broken ones are refused with one line, and leave nothing' '
	tali init empty && export TALI_STORE=$PWD/empty && find empty | sort >before &&
	for file in "$samples"/foreign_*/*
	do
		format=$(basename "$(dirname "$file")") && format=${format#foreign_} &&
		case $format in
		trace) format=editing-trace ;;
		cast) format=asciicast ;;
		claude) format=claude-code ;;
		esac &&
		case $(basename "$file") in
		cut | odd-call | empty | array | nothing | version | steps | source | v1 | \
		no-header | size | resize* | time | negative | form | huge | past* | patch | \
		no-txns)
			expect_error 2 "" tali journal import --from $format "$file" || return 1 ;;
		esac
	done &&
	head -c 60 trace.json.gz >cut.gz &&
	expect_error 2 "is cut off" tali journal import --from editing-trace cut.gz &&
	head -c 100000000 /dev/zero | gzip >bomb.gz &&
	expect_error 2 "holds more than" tali journal import --from editing-trace bomb.gz &&
	expect_error 2 "is none of" tali journal import --from movie trace.json &&
	expect_error 2 "cannot be the name" \
		tali journal import --from editing-trace trace.json --name ../x &&
	expect_error 2 "positions are" \
		tali journal import --from editing-trace trace.json --positions lines &&
	expect_error 2 "go with" tali journal import --from atif trace.json --name x &&
	expect_error 2 "go with" tali journal import trace.json --key x --name x &&
	expect_error 2 "goes with" tali journal import --from atif trace.json --key x &&
	expect_exit 5 tali journal import --from atif missing &&
	expect_exit 2 tali journal import --from atif . &&
	find empty | grep -v "tali.db-" | sort | cmp - before &&
	test -z "$(tali list)$(tali task list --all)$(tali candidate list)"
'


# --- and out again

test_expect_success 'an asciicast comes out as it went in' '
	export TALI_STORE=$PWD/store &&
	cat >in.cast <<-\EOF2 &&
	{"version": 3, "term": {"cols": 90, "rows": 20}, "timestamp": 1504467315, "title": "Ä"}
	[0.250, "o", "\u001b[1;31mred\u001b[0m\r\n"]
	[0.000, "o", "more"]
	[1.001, "i", "ls\r"]
	[0.000, "m", "chapter"]
	[2.000, "r", "100x30"]
	[0.499, "o", "\u001b[?1049h\u001b[2J\u001b[10;3Hfull"]
	[3600.001, "x", "3"]
	EOF2
	take asciicast in.cast && tali journal export "$id" --format asciicast --input >out.cast &&
	/usr/bin/python3 -c "
import json
a, b = ([json.loads(line) for line in open(name)] for name in (\"in.cast\", \"out.cast\"))
assert a == b, (a, b)" &&
	tali journal export "$id" --format asciicast >silent.cast &&
	! grep "\"i\"" silent.cast && test "$(wc -l <silent.cast)" = 7 &&
	expect_exit 5 tali journal export "$id" --format asciicast --terminal 2 &&
	tali journal export "$id" --format asciicast --terminal 1 | cmp - silent.cast
'

test_expect_success 'what attacks a terminal does not come out' '
	/usr/bin/python3 -c "
import json
texts = [\"a\\x1b]0;evil\\x07b\", \"c\\x1b]52;c;\", \"ZXZpbA==\\x1b\", \"\\\\d\",
         \"\\x1b[6n\\x1b[c\\x05\", \"\\u009d2;evil\\u009ce\", \"\\x1bPq\\x1b\\\\f\",
         \"\\x1b[21t\\x1b[?1000;25h\", \"\\0\"]
title = \"t\\x1b]0;wicked\\x07\"
print(json.dumps({\"version\": 2, \"width\": 80, \"height\": 24, \"title\": title}))
for text in texts:
    print(json.dumps([1, \"o\", text]))
    print(json.dumps([1, \"i\", text]))
    print(json.dumps([1, \"m\", text]))
" >evil.cast &&
	take asciicast evil.cast &&
	tali journal export "$id" --format asciicast --input >out.cast &&
	/usr/bin/python3 -c "
import json
lines = [json.loads(line) for line in open(\"out.cast\")]
for code in \"oi\":
    text = \"\".join(line[2] for line in lines[1:] if line[1] == code)
    assert text == \"abcdef\\x1b[?25h\", ascii(text)
assert all(ord(c) >= 32 for line in lines[1:] if line[1] == \"m\" for c in line[2])
assert lines[0][\"title\"] == \"t\"
" && ! grep -i evil out.cast
'

# steps_of FILE: the steps of a trajectory, one JSON line each, without what is made anew
steps_of() {
	/usr/bin/python3 -c '
import json, sys
trajectory = json.load(open(sys.argv[1]))
print(trajectory["agent"]["name"], trajectory["agent"]["model_name"])
for number, step in enumerate(trajectory["steps"], 1):
    assert step.pop("step_id") == number
    step.pop("extra", None)
    if step["source"] == "agent":
        step.setdefault("model_name", trajectory["agent"]["model_name"])
    calls = [call["tool_call_id"] for call in step.get("tool_calls", [])]
    for result in step.get("observation", {}).get("results", []):
        assert "source_call_id" not in result or result["source_call_id"] in calls
    print(json.dumps(step, sort_keys=True))' "$1"
}

test_expect_success 'an ATIF trajectory comes out as it went in' '
	cat >in.json <<-\EOF2 &&
	{"schema_version": "ATIF-v1.7", "session_id": "s",
	 "agent": {"name": "helper", "version": "1", "model_name": "m1"}, "steps": [
	 {"step_id": 1, "timestamp": "2026-01-02T03:04:05.678Z", "source": "system",
	  "message": "Hi"},
	 {"step_id": 2, "timestamp": "2026-01-02T03:04:06.000Z", "source": "user",
	  "message": "Größe?"},
	 {"step_id": 3, "timestamp": "2026-01-02T03:04:07.000Z", "source": "agent",
	  "message": "Look",
	  "model_name": "m1", "reasoning_content": "hm", "tool_calls": [
	   {"tool_call_id": "c1", "function_name": "sh", "arguments": {"cmd": "ls", "n": [1, 2.5]}},
	   {"tool_call_id": "c2", "function_name": "cat", "arguments": {}}],
	  "observation": {"results": [{"source_call_id": "c1", "content": "out"},
	   {"source_call_id": "c2", "content": ""}, {"content": "free"}]},
	  "metrics": {"prompt_tokens": 10, "completion_tokens": 2, "cached_tokens": 1,
	   "cost_usd": 0.0125}},
	 {"step_id": 4, "timestamp": "2026-01-02T03:04:08.000Z", "source": "agent",
	  "message": "Done",
	  "model_name": "m2", "metrics": {"prompt_tokens": 20, "completion_tokens": 3}}]}
	EOF2
	take atif in.json && tali journal export "$id" --format atif >out.json &&
	steps_of in.json >in.steps && steps_of out.json >out.steps && test_cmp in.steps out.steps &&
	test "$(json_get out.json "j[\"final_metrics\"][\"total_prompt_tokens\"]")" = 30 &&
	test "$(json_get out.json "j[\"final_metrics\"][\"total_cost_usd\"]")" = 0.0125 &&
	test "$(json_get out.json "j[\"final_metrics\"][\"total_steps\"]")" = 4 &&
	take atif out.json && tali journal export "$id" --format atif >again.json &&
	steps_of again.json >again.steps && test_cmp in.steps again.steps
'

test_expect_success 'sessions of agents come out as trajectories' '
	for kind in claude-code codex
	do
		take $kind "$samples/foreign_${kind%-code}/whole" &&
		tali journal export "$id" --format atif >agent.json && steps_of agent.json >steps &&
		grep "\"source\": \"user\"" steps && grep tool_calls steps | grep observation &&
		take atif agent.json && tali journal export "$id" --format atif >again.json &&
		steps_of again.json >again.steps && sed -i 1d steps again.steps &&
		test_cmp steps again.steps ||
			return 1
	done
'

test_expect_success 'what is not there is not exported' '
	take asciicast in.cast && expect_error 5 "nobody talked" \
		tali journal export "$id" --format atif &&
	take atif in.json && expect_error 5 "no terminal" \
		tali journal export "$id" --format asciicast &&
	expect_error 2 "formats are" tali journal export "$id" --format movie &&
	expect_error 2 "go with" tali journal export "$id" --input
'

test_done
