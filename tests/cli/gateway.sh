# gateway.sh - a fake provider of models behind `tali serve`, and programs that ask it by curl
#
# Read after lib.sh, fixture.sh and server.sh.
#	provide			starts the provider; its address is in $provider_url, its ledger in
#				the file ledger, and the store knows it
#	open_session AI-JSON	a task with these members of "ai", an invitation, a start; sets $id,
#				$link, $passcode, $token; the folder of the work is work-$id
#	messages|chat|responses|stream WORDS
#				asks the model fake.WORDS ($model instead, if set) in the protocol;
#				answer in out, head in head, status in $code
#	post|get PATH		with the token
#	pairs			each exchange of the session is one prompt and one response
#	totals			its tokens are those that the provider counted

command -v curl >/dev/null || {
	skip_all='curl is missing: apt-get install curl'
	test_done
}
put_program ai_provider tests/fake/ai-provider
provider=''
sessions=0

provide() {
	rm -f provider.ready && mkfifo provider.ready || return
	ai_provider --key KEY-OF-ALL --ledger ledger >provider.ready &
	provider=$!
	read -r line <provider.ready && provider_url=http://${line##*http://} &&
	echo KEY-OF-ALL | tali ai provider add anthropic --url "$provider_url" --key-file - &&
	echo KEY-OF-ALL | tali ai provider add openai --url "$provider_url/v1" --key-file -
}

open_session() {
	sessions=$((sessions + 1))
	tiny_task "task-$sessions" &&
	sed -i "s/\"name\": \"tiny\"/\"name\": \"asked-$sessions\", \"ai\": {$1}/" \
		"task-$sessions/task.json" &&
	tali task create "asked-$sessions" --from "task-$sessions" >/dev/null &&
	tali invite "asked-$sessions" ada@example.org >invitation &&
	IFS=$'\t' read -r _ id link passcode <invitation && token=${link##*/} && enter &&
	tali start "$passcode" "work-$id" >/dev/null && account=$(cat ledger | wc -l)
}

# body WORDS STREAM: a request of messages and chat
body() {
	printf '{"model":"%s","stream":%s,"max_tokens":9000000,"messages":[{"role":"user",
		"content":"A word, please."}]}' "${model:-fake.$1}" "$2"
}

# post PATH [CURL-OPTION...] <BODY
post() {
	local header="x-api-key: ${token:-}"
	[ -z "${bearer:-}" ] || header="Authorization: Bearer $token"
	code=$(curl -s -o out -D head -w '%{http_code}' -H "$header" --data-binary @- \
		-H 'anthropic-version: 2023-06-01' -H 'Content-Type: application/json' \
		"${@:2}" "$url$1") || echo "curl: $?"
	tr -d '\r' <head >plain && mv plain head
	echo "POST $1: $code" && head -c 2000 out && echo
}
get() {
	code=$(curl -s --path-as-is -o out -w '%{http_code}' -H "x-api-key: $token" "$url$1")
}

messages() {
	body "$1" false >request && post /ai/anthropic/v1/messages <request
}
stream() {
	body "$1" true >request && post /ai/anthropic/v1/messages <request
}
chat() {
	body "$1" "${2:-false}" >request && post /ai/openai/v1/chat/completions <request
}
responses() {
	printf '{"model":"fake.%s","stream":%s,"input":"A word, please."}' "$1" "${2:-false}" \
		>request && post /ai/openai/v1/responses <request
}
error_type() {
	json_get out 'j["error"]["type"]'
}
error_code() {
	json_get out 'j["error"]["code"]'
}

# begin_stream: one that stands still after its first word, into the file streamed
begin_stream() {
	: >streamed && body stall true >request &&
	{ curl -s -N -m 100 -o streamed -H "x-api-key: $token" -H 'anthropic-version: 2023-06-01' \
		--data-binary @request "$url/ai/anthropic/v1/messages" & } && streaming=$! &&
	soon grep -q '"You "' streamed
}
wait_stream() {
	wait "$streaming" || echo "curl ended with $?"
	cat streamed
}

export_journal() {
	tali journal export "$id" >journal
}
# events EXPRESSION: of the session: prompts and responses (by exchange, lists), and the account
events() {
	/usr/bin/python3 - "$1" "$account" <<-'END'
		import json, sys
		prompts, responses, order = {}, {}, []
		for line in open("journal"):
		    event = json.loads(line).get("event", {})
		    if event.get("kind") in ("ai_prompt", "ai_response"):
		        kinds = prompts if event["kind"] == "ai_prompt" else responses
		        kinds.setdefault(event["data"]["exchange"], []).append(event["data"])
		        order.append(event)
		account = [json.loads(line) for line in list(open("ledger"))[int(sys.argv[2]):]]
		account = [line for line in account if line["status"] == 200 and
		    not line["path"].endswith(("count_tokens", "input_tokens", "models"))]
		tokens = sum(r.get("input_tokens", 0) + r.get("output_tokens", 0)
		    for several in responses.values() for r in several)
		counted = sum(line["input"] + line["output"] for line in account)
		value = eval("(" + sys.argv[1] + ")")
		print(value if isinstance(value, str) else json.dumps(value))
	END
}
count() {
	export_journal && events "len([e for e in order if e['kind'] == '$1'])"
}
# last_of KIND EXPRESSION: of the data j of the last event of the kind
last_of() {
	export_journal && events "[($2) for j in [[e['data'] for e in order
		if e['kind'] == '$1'][-1]]][0]"
}
is_paired() {
	export_journal && test "$(events "sorted(prompts) == sorted(responses) and all(
		len(both) == 1 for both in [*prompts.values(), *responses.values()])")" = true
}
# The answer is read by its program a moment before it is on record.
pairs() {
	soon is_paired || {
		grep '"kind":"ai_' journal
		return 1
	}
}
is_counted() {
	export_journal && test "$(events 'tokens == counted')" = true
}
totals() {
	soon is_counted || {
		events '[tokens, counted, account]'
		return 1
	}
}
sum_of_tokens() {
	export_journal && events tokens
}
