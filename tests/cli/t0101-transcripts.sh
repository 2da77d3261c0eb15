#!/bin/bash
# t0101-transcripts.sh - transcripts of a candidate's own tools, beside what the gateway saw
test_description='transcripts are put on the record and compared with it'
. "$(dirname "$0")/lib.sh"
. "$srcdir/tests/cli/fixture.sh"
. "$srcdir/tests/cli/server.sh"
. "$srcdir/tests/cli/gateway.sh"

# prompt TEXT: a program of the candidate asks it through the gateway
prompt() {
	jq_text=$(/usr/bin/python3 -c 'import json, sys; print(json.dumps(sys.argv[1]))' "$1") &&
	post /ai/anthropic/v1/messages <<-END &&
	{"model": "fake", "max_tokens": 90, "messages": [{"role": "user", "content": $jq_text}]}
	END
	test "$code" = 200 && pairs
}

# claude SESSION PROMPT...: a transcript of Claude Code with these prompts
claude() {
	/usr/bin/python3 - "$@" <<-'END'
		import json, sys
		for n, text in enumerate(sys.argv[2:]):
		    when = "2026-01-01T10:%02d:00.000Z" % n
		    print(json.dumps({"type": "user", "timestamp": when, "sessionId": sys.argv[1],
		        "message": {"role": "user", "content": text}}))
		    print(json.dumps({"type": "assistant", "timestamp": when,
		        "sessionId": sys.argv[1],
		        "message": {"id": "m%d" % n, "role": "assistant", "model": "fake",
		        "content": [{"type": "text", "text": "Yes."}]}}))
	END
}

take() {
	tali journal import --json --into "$id" --from "$@" >out && cat out
}
# told EXPRESSION VALUE: of the comparison j in out
told() {
	found=$(json_get out "$1") && echo "$found" && test "$found" = "$2"
}
# kinds KIND: how many events of it
kinds() {
	tali logs --json "$id" | grep -c "\"kind\":\"$1\""
}
counts='j["both"], j["only_transcript"], j["only_gateway"]'

test_expect_success 'a session in which programs asked' '
	make_store && provide && serve && open_session "\"policy\": \"full\"" &&
	prompt "Why does it fail?" && prompt "Fix  it,
	please." && prompt "And once more" && prompt "And once more"
'
test_expect_success 'what is in both is paired, whatever blanks and reminders are in it' '
	claude s1 "Why does it fail?" "<system-reminder>x</system-reminder>Fix it, please." \
		"And" >one.jsonl &&
	take claude-code one.jsonl && told "$counts" "[2, 1, 1]" &&
	told "j[\"source\"]" "reported by the candidate'"'"'s machine" &&
	told "[(d[\"where\"], d[\"text\"]) for d in j[\"differences\"]]" \
		"[[\"transcript\", \"And\"], [\"gateway\", \"And once more\"]]"
'
test_expect_success 'the file is on the record as it was' '
	tali logs --json "$id" | grep "\"transcript\"" | tail -1 >event &&
	hash=$(json_get event "j[\"data\"][\"file\"][\"blob\"]") &&
	test "$hash" = "$(sha256sum <one.jsonl | cut -c1-64)" &&
	test "$(json_get event "j[\"actor\"]")" = recruiter
'
test_expect_success 'the very same file is refused' '
	expect_error 5 "there already" tali journal import --into "$id" --from claude-code \
		one.jsonl && test "$(kinds transcript)" = 1
'
test_expect_success 'a later file of the session takes the place of the earlier' '
	claude s1 "Why does it fail?" "Fix it, please." "And once more" "And once more" \
		"Elsewhere" >two.jsonl &&
	gzip -k two.jsonl && take claude-code two.jsonl.gz && told "$counts" "[4, 1, 0]" &&
	told "[t[\"replaced\"] for t in j[\"transcripts\"]]" "[true, false]" &&
	told "j[\"differences\"][0][\"text\"], j[\"differences\"][0][\"where\"]" \
		"[\"Elsewhere\", \"transcript\"]"
'
test_expect_success 'what was copied from a session that it goes on with counts once' '
	claude s2 "Why does it fail?" >three.jsonl && take claude-code three.jsonl &&
	told "$counts" "[4, 1, 0]" && told "j[\"transcripts\"][2][\"both\"]" 0
'
test_expect_success 'other formats are compared with the same record' '
	cat >codex.jsonl <<-\END &&
	{"timestamp":"2026-01-01T11:00:00.000Z","type":"session_meta","payload":{"id":"c1"}}
	{"type":"response_item","payload":{"type":"message","role":"user","content":"# AGENTS.md"}}
	{"type":"response_item","payload":{"type":"message","role":"user","content":"By Codex"}}
	END
	take codex codex.jsonl && told "$counts" "[4, 2, 0]" &&
	cat >atif.json <<-\END &&
	{"schema_version":"ATIF-v1.7","session_id":"a1","agent":{"name":"x","version":"1"},"steps":[
	{"step_id":1,"source":"user","message":"By another agent"},
	{"step_id":2,"source":"agent","message":"Yes."}]}
	END
	take atif atif.json && told "$counts" "[4, 3, 0]"
'
test_expect_success 'what the gateway sees later is compared, too' '
	prompt "By Codex" && tali show --json "$id" >shown &&
	/usr/bin/python3 -c "
import json
print(json.dumps(json.load(open(\"shown\"))[\"transcripts\"]))" >out &&
	told "$counts" "[5, 2, 0]" &&
	tali show "$id" >text && grep "reported by the candidate.s machine" text &&
	grep "in both 5, only in transcripts 2, only at the gateway 0" text
'
test_expect_success 'what is no transcript changes nothing' '
	before=$(kinds transcript) && echo "{" >bad && : >empty &&
	expect_error 2 "line 1" tali journal import --into "$id" --from codex bad &&
	expect_error 2 "no session" tali journal import --into "$id" --from codex empty &&
	expect_error 2 "no session" tali journal import --into "$id" --from codex one.jsonl &&
	expect_error 5 "no such file" tali journal import --into "$id" --from codex none &&
	expect_error 2 "none of" tali journal import --into "$id" --from asciicast bad &&
	expect_error 2 "say with --from" tali journal import --into "$id" bad &&
	expect_error 2 "do not go" tali journal import --into "$id" --from codex --name x bad &&
	test "$(kinds transcript)" = "$before"
'
test_expect_success 'a large prompt is compared by all of it' '
	large=$(printf "%06000d" 7) && prompt "$large" &&
	claude s3 "$large" "${large}1" >large.jsonl &&
	take claude-code large.jsonl && told "$counts" "[6, 3, 0]"
'
test_expect_success 'after the end the record is signed again, and whole' '
	gets 200 POST /api/v1/submit "{}" && before=$(kinds signature) &&
	claude s4 "Too late" >late.jsonl && take claude-code late.jsonl &&
	told "$counts" "[6, 4, 0]" && test "$(kinds signature)" = "$((before + 1))" &&
	tali verify "$id" && tali journal export "$id" >whole &&
	tali verify ./whole --key "$TALI_STORE/keys/sign.pub"
'
test_expect_success 'an assessment that has not begun has none' '
	tali invite asked-1 bob@example.org >invitation &&
	IFS=$(printf "\t") read -r _ other _ <invitation &&
	expect_error 5 "not begun" tali journal import --into "$other" --from codex codex.jsonl
'
test_expect_success 'the report says it, and what is the candidate'"'"'s is blind' '
	{ tali score "$id" >score.out || test $? = 1; } && tali report --format json "$id" >out &&
	told "j[\"transcripts\"][\"both\"], j[\"transcripts\"][\"only_transcript\"]" "[6, 4]" &&
	tali report --format text "$id" >text && grep "Reported by the candidate.s machine" text &&
	grep -A1 "In a transcript alone" text | grep Elsewhere &&
	tali report --format html "$id" >page && grep "In a transcript alone" page &&
	tali verify "$id"
'

test_done
