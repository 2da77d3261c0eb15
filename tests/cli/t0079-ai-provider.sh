#!/bin/bash
test_description='the provider of models that tests have: its protocols, faults and ledger'
. "$(dirname "$0")/lib.sh"

provider='' address=''
command -v curl >/dev/null || {
	skip_all='curl is missing: apt-get install curl'
	test_done
}
put_program ai_provider tests/fake/ai-provider
trap 'code=$?; [ -z "$provider" ] || kill "$provider"; (exit "$code"); die' EXIT

# serve [OPTION...]: a new provider
serve() {
	rm -f ready ledger && mkfifo ready || return 1
	ai_provider --ledger ledger "$@" >ready &
	provider=$!
	read -r line <ready && address=${line#ai-provider: listening on }
}
end() {
	kill -TERM "$provider" && wait "$provider" && provider=
}

# body WORDS STREAM [MORE]: a request for the model fake.WORDS
body() {
	printf '{"model":"fake.%s","stream":%s,"max_tokens":9000000,"messages":[
		{"role":"user","content":"A word, please."}]%s}' "$1" "$2" "$3"
}
messages() {
	curl -s -H 'anthropic-version: 2023-06-01' -d @- "$@" "$address/v1/messages"
}
stream() { body "$1" true | messages "${@:2}"; }
whole() { body "$1" false | messages "${@:2}"; }

# said FILE: the text of a stream of the Messages protocol
said() {
	/usr/bin/python3 - "$1" <<-'END'
		import json, re, sys
		text = open(sys.argv[1], encoding="utf-8-sig", newline="").read()
		data = re.findall(r"^data: (\{.*\})\r?$", text, re.M)
		print("".join(json.loads(d)["delta"].get("text", "") for d in data
		    if '"text_delta"' in d))
	END
}
# last EXPRESSION: of the last line of the ledger, the document j
last() {
	tail -n 1 ledger >last.json && json_get last.json "$1"
}
wait_ledger() {
	until [ "$(wc -l <ledger)" -ge "$1" ]; do
		kill -0 "$provider" || return 1
	done
}

answer='You said "A word, please.".'

test_expect_success 'wrong options are refused' '
	expect_exit 2 ai_provider --what 2>/dev/null && expect_exit 2 ai_provider word 2>/dev/null
'
test_expect_success 'it serves' 'serve && curl -sf "$address/v1/models" >out'
test_expect_success 'a stream has the events of the protocol in their order' '
	stream "think" >out && grep "^event: " out | uniq >events &&
	printf "event: %s\n" message_start content_block_start content_block_delta \
		content_block_stop content_block_start content_block_delta content_block_stop \
		message_delta message_stop >wanted && test_cmp wanted events &&
	test "$(said out)" = "$answer"
'
test_expect_success 'tokens are a quarter of the bytes, rounded up' '
	whole "" >out && test "$(json_get out "j[\"usage\"][\"output_tokens\"]")" = 7 &&
	printf %s "[{\"content\":\"A word, please.\",\"role\":\"user\"}]" >canonical &&
	test "$(json_get out "j[\"usage\"][\"input_tokens\"]")" = \
		$((($(wc -c <canonical) + 3) / 4)) &&
	test "$(last "j[\"input\"], j[\"output\"], j[\"stream\"], j[\"status\"]")" = \
		"[12, 7, false, 200]"
'
test_expect_success 'the ledger has the hash of the body as it came' '
	body "" false >request && messages <request >out &&
	test "$(last "j[\"sha256\"]")" = "$(tr -d "\n" <request | sha256sum | cut -d" " -f1)"
'
test_expect_success 'connections are kept' '
	body "" false >request && test "$(messages -o out -w "%{num_connects} " \
		"$address/v1/messages" -o out <request)" = "1 0 "
'
test_expect_success 'a byte comes for itself, also inside a character' '
	stream utf8.drip >plain && stream utf8.drip --raw >out &&
	test "$(wc -c <out)" = $((6 * $(wc -c <plain) + 5)) && said plain | grep 日本語
'
test_expect_success 'all forms of an event stream say the same' '
	for form in crlf comments bom ping close whole crlf.bom.comments.drip; do
		stream "$form" >out && test "$(said out)" = "$answer" || return 1
	done
'
test_expect_success 'the forms are there' '
	stream crlf >out && grep "^event: message_stop.$" out &&
	stream comments >out && grep "^: " out && stream ping >out && grep "^event: ping" out &&
	stream bom >out && test "$(head -c 3 out | od -An -tx1)" = " ef bb bf" &&
	stream close -D head >out && grep -i "^connection: close" head &&
	! grep -i -e ^transfer-encoding -e ^content-length head
'
test_expect_success 'a cut is an end without an end' '
	expect_exit 18 stream cut >out && test "$(said out)" = "You " &&
	expect_exit 18 whole cut >out && test -s out
'
test_expect_success 'a reset is one' '
	expect_exit 56 stream reset >out && test "$(wc -c <out)" -le 1 &&
	expect_exit 56 whole reset >out
'
test_expect_success 'a stall ends with the client, who pays what it heard' '
	before=$(wc -l <ledger) && expect_exit 28 stream stall -m 1 >out &&
	test "$(said out)" = "You " && wait_ledger $((before + 1)) &&
	test "$(last "j[\"aborted\"], j[\"output\"]")" = "[true, 1]"
'
test_expect_success 'an endless answer does too' '
	before=$(wc -l <ledger) && stream endless 2>/dev/null | head -c 100000 >out &&
	wait_ledger $((before + 1)) && test "$(last "j[\"aborted\"]")" = true &&
	test "$(last "j[\"output\"] > 100")" = true
'
test_expect_success 'a client that does not wait for the answer pays what it asked' '
	before=$(wc -l <ledger) && expect_exit 28 whole delay-600000 -m 1 >out &&
	wait_ledger $((before + 1)) &&
	test "$(last "j[\"aborted\"], j[\"input\"], j[\"output\"]")" = "[true, 12, 0]"
'
test_expect_success 'a line is no JSON' '
	stream garble >out && grep "^data: {\"type\":\"content_bl$" out &&
	whole garble >out && test_must_fail json_get out j
'
test_expect_success 'an error comes in the stream' '
	stream error >out && tail -n 3 out | grep "\"type\":\"overloaded_error\"" &&
	! grep message_stop out
'
test_expect_success 'usage or the end are left out' '
	stream nousage >out && ! grep "\"usage\":" out && grep message_stop out &&
	stream nostop >out && grep "\"usage\":" out && ! grep message_stop out
'
test_expect_success 'types are wrong' '
	whole types >out && test "$(json_get out "j[\"model\"], type(j[\"content\"]).__name__")" = \
		"[7, \"dict\"]"
'
test_expect_success 'it can be deep and huge' '
	whole deep >out && grep -q "\[\{5000\}" out && whole huge-2 >out &&
	test "$(wc -c <out)" -gt 2097152 && test "$(last "j[\"output\"]")" = 524288 &&
	stream huge-2 >out && test "$(said out | wc -c)" = 2097153
'
test_expect_success 'the maximum counts' '
	body huge-1 false | sed s/9000000/5/ | messages >out &&
	test "$(json_get out "len(j[\"content\"][0][\"text\"]), j[\"stop_reason\"]")" = \
		"[20, \"max_tokens\"]"
'
test_expect_success 'an error is as asked' '
	whole status-429.retry-3.retryms-4.code-x.noretry -D head >out &&
	grep "^HTTP/1.1 429" head && grep "^retry-after: 3" head &&
	grep "^retry-after-ms: 4" head &&
	grep "^x-should-retry: false" head &&
	test "$(json_get out "j[\"error\"][\"details\"][\"error_code\"]")" = x &&
	whole status-502.html -D head >out && grep "^HTTP/1.1 502" head &&
	grep "<h1>" out &&
	whole redirect -D head >out && grep "^HTTP/1.1 307" head && grep -i "^location: " head
'
test_expect_success 'the first requests fail, of each model for itself' '
	for status in 529 529 200 200; do
		test "$(whole fail-2 -o out -w "%{http_code}")" = $status || return 1
	done &&
	test "$(whole fail-2.x -o out -w "%{http_code}")" = 529
'
test_expect_success 'a secret is said, in pieces' '
	stream leak-canary%2e12345 >out && ! grep canary.12345 out &&
	said out >text && grep canary.12345 text
'
test_expect_success 'an agent is told what to do, a turn each' '
	whole bash-ls%20-l.write-a%2etxt=x >out &&
	test "$(json_get out "j[\"content\"][0][\"input\"][\"command\"]")" = "ls -l"
'
test_expect_success 'chat and responses end as they do' '
	body think true >request && curl -s -d @request "$address/v1/chat/completions" >out &&
	test "$(grep . out | tail -n 1)" = "data: [DONE]" && grep reasoning_content out &&
	! grep "\"usage\":{" out &&
	body think true ",\"stream_options\":{\"include_usage\":true}" >request &&
	curl -s -d @request "$address/v1/chat/completions" >out &&
	grep "\"choices\":\[\],\"usage\":{" out &&
	echo "{\"model\":\"fake\",\"stream\":true,\"input\":\"Hi\"}" >request &&
	curl -s -d @request "$address/v1/responses" >out &&
	test "$(grep ^event out | tail -n 1)" = "event: response.completed"
'
test_expect_success 'parallel calls of chat come interleaved' '
	body tools-2 true ",\"tools\":[{\"type\":\"function\",\"function\":{\"name\":\"f\",
		\"parameters\":{\"properties\":{\"a\":{},\"b\":{}}}}}]" >request &&
	curl -s -d @request "$address/v1/chat/completions" >out &&
	grep -o "\"index\":[01],\"function\":{\"arg" out | cut -c9 | tr -d "\n" >order &&
	grep "^010101" order
'
test_expect_success 'models have the shape of who asks' '
	curl -s "$address/v1/models" >out && test "$(json_get out "j[\"object\"]")" = list &&
	curl -s -H "anthropic-version: 2023-06-01" "$address/v1/models" >out &&
	test "$(json_get out "j[\"has_more\"]")" = false
'
test_expect_success 'what the protocol forbids is refused' '
	body "" false ",\"temperature\":1" >request &&
	test "$(curl -s -o out -w "%{http_code}" -H "anthropic-version: 2026-10-21" -d @request \
		"$address/v1/messages")" = 400 &&
	test "$(curl -s -o out -w "%{http_code}" -d @request "$address/v1/messages")" = 400 &&
	test "$(curl -s -o out -w "%{http_code}" -H "Upgrade: websocket" \
		"$address/v1/responses")" = 426 &&
	test "$(curl -sI -o out -w "%{http_code}" "$address/api/hello")" = 200
'
test_expect_success 'too large a body is refused, whether it was read or not' '
	for size in 34 50; do
		head -c ${size}MB /dev/zero >large &&
		test "$(messages -o out -w "%{http_code}" --data-binary @large </dev/null)" = 413 ||
			return 1
	done && rm large
'
test_expect_success 'it ends' 'end'

test_expect_success 'a file of words holds for every model, from the next request on' '
	echo say-one >words && serve --behave words && whole "" >out &&
	test "$(json_get out "j[\"content\"][0][\"text\"]")" = one &&
	printf "status-503\nhtml\n" >new && mv new words &&
	test "$(whole "" -o out -w "%{http_code}")" = 503 && grep "<h1>" out &&
	rm words && test "$(whole "" -o out -w "%{http_code}")" = 200 && end
'
test_expect_success 'a key is asked for, and is in no ledger' '
	serve --key SECRET && test "$(whole "" -o out -w "%{http_code}")" = 401 &&
	test "$(whole "" -o out -w "%{http_code}" -H "x-api-key: SECRET")" = 200 &&
	test "$(whole "" -o out -w "%{http_code}" -H "Authorization: Bearer SECRET")" = 200 &&
	test "$(whole "" -o out -w "%{http_code}" -H "Authorization: Bearer OTHER")" = 401 &&
	grep authorization ledger && ! grep SECRET ledger && end
'
test_done
