#!/bin/bash
# t0080-gateway.sh - models through tali serve, in the providers' own protocols: who may ask, what
# is on record, and what the end of a session does to what runs
test_description='the gateway: policy, budget, errors of the protocols, and the end of a session'
. "$(dirname "$0")/lib.sh"
. "$srcdir/tests/cli/fixture.sh"
. "$srcdir/tests/cli/server.sh"
. "$srcdir/tests/cli/gateway.sh"

test_expect_success 'a provider, a server, and a session' '
	make_store && provide && serve && open_session "\"policy\": \"full\"" &&
	messages "" && test "$code" = 200 &&
	test "$(json_get out "j[\"content\"][0][\"text\"]")" = "You said \"A word, please.\"." &&
	pairs && test "$(count ai_prompt)" = 1
'
test_expect_success 'each protocol is answered in its own, with the token in either header' '
	chat "" && test "$code" = 200 && json_get out "j[\"choices\"][0][\"message\"]" &&
	responses "" && test "$code" = 200 && json_get out "j[\"output\"][0][\"content\"]" &&
	bearer=y messages "" && test "$code" = 200 && pairs && test "$(count ai_prompt)" = 4
'
test_expect_success 'what the provider counted is on record, to the token' '
	stream "" && test "$code" = 200 && totals
'
test_expect_success 'the key of the provider and the token go no further' '
	! grep -r KEY-OF-ALL out ledger && ! grep "$token" ledger &&
	test "$(grep -c "x-api-key" ledger)" -gt 0 && ! grep -q KEY-OF-ALL journal
'
test_expect_success 'a wrong token is refused once and for all' '
	right=$token && token=$(echo "$right" | rev) && messages "" && test "$code" = 401 &&
	grep "^x-should-retry: false" head &&
	test "$(error_type)" = authentication_error &&
	chat "" && test "$code" = 401 && test "$(error_code)" = invalid_api_key &&
	token= && chat "" && test "$code" = 401 && token=$right
'
test_expect_success 'a body that is none is refused' '
	post /ai/anthropic/v1/messages <<<"{" && test "$code" = 400 &&
	test "$(error_type)" = invalid_request_error &&
	post /ai/openai/v1/responses <<<"[]" && test "$code" = 400 && pairs
'
test_expect_success 'what nobody serves has the error of the protocol' '
	post /ai/anthropic/v1/batches </dev/null && test "$code" = 404 &&
	test "$(error_type)" = not_found_error && get /ai/anthropic/v1/nothing &&
	test "$code" = 404 && test "$(json_get out "j[\"type\"]")" = error &&
	post /ai/openai/v1/embeddings </dev/null && test "$code" = 404 &&
	test "$(error_code)" = not_found &&
	get "/ai/openai/v1/models/%2e%2e/x" && test "${code#4}" != "$code"
'
test_expect_success 'probes and websockets are answered at once' '
	curl -sI -o head "$url/ai/anthropic/" && grep "^HTTP/1.1 404" head &&
	curl -sI -o head "$url/ai/anthropic/api/hello" && grep "^HTTP/1.1 404" head &&
	curl -s -o out -w "%{http_code}" -H "Connection: Upgrade" -H "Upgrade: websocket" \
		-H "Sec-WebSocket-Version: 13" -H "Sec-WebSocket-Key: AAAAAAAAAAAAAAAAAAAAAA==" \
		"$url/ai/openai/v1/responses" >code && test "$(cat code)" = 426
'
test_expect_success 'lists and counts of tokens are no prompts' '
	before=$(count ai_prompt) && get /ai/anthropic/v1/models && test "$code" = 200 &&
	get /ai/openai/v1/models && test "$code" = 200 &&
	body "" false >request && post /ai/anthropic/v1/messages/count_tokens <request &&
	test "$code" = 200 &&
	json_get out "j[\"input_tokens\"]" && test "$(count ai_prompt)" = "$before"
'
test_expect_success 'who asks and how often is on record' '
	post /ai/anthropic/v1/messages -A anthropic-ts/1.2 -H "x-stainless-retry-count: 2" \
		<request &&
	test "$(last_of ai_prompt "j[\"retry\"], j[\"client\"]")" = "[2, \"anthropic-ts/1.2\"]" &&
	post /ai/anthropic/v1/messages -H "x-stainless-retry-count: -9" <request &&
	test "$(last_of ai_prompt "j.get(\"retry\")")" = null
'

test_expect_success 'where the task has no assistant nobody is asked' '
	open_session "\"policy\": \"off\"" && asked=$(wc -l <ledger) && messages "" &&
	test "$code" = 403 && test "$(error_type)" = permission_error &&
	grep "^x-should-retry: false" head && responses "" && test "$code" = 400 &&
	get /ai/anthropic/v1/models && test "$code" = 403 &&
	test "$(error_type)" = permission_error &&
	get /ai/openai/v1/models/fake && test "$code" = 403 &&
	test "$(wc -l <ledger)" = "$asked" && test "$(count ai_prompt)" = 0
'
test_expect_success 'nor where only the assistant of the workspace may help' '
	planted="\"planted\", \"planted\": {\"instruction\": \"Count one too many.\"}" &&
	for policy in "\"guarded\"" "$planted"; do
		open_session "\"policy\": $policy" && chat "" && test "$code" = 403 &&
		grep "only the assistant of the workspace" out || return 1
	done
'
test_expect_success 'models that are not allowed are refused' '
	open_session "\"policy\": \"full\", \"models\": [\"other-*\"]" && messages "" &&
	test "$code" = 403 && grep "is not allowed in this task" out &&
	model=other-1 messages "" && test "$code" = 200
'
test_expect_success 'a spent budget stops each program with its own answer' '
	open_session "\"policy\": \"full\", \"max_messages\": 1" && messages "" &&
	test "$code" = 200 && asked=$(wc -l <ledger) &&
	messages "" && test "$code" = 429 && test "$(error_type)" = billing_error &&
	grep "^x-should-retry: false" head && ! grep -i "^retry-after" head &&
	chat "" && test "$code" = 429 && test "$(error_code)" = insufficient_quota &&
	responses "" && test "$code" = 429 && test "$(error_code)" = insufficient_quota &&
	test "$(wc -l <ledger)" = "$asked" && pairs && test "$(count ai_prompt)" = 1
'
test_expect_success 'the session says what was spent, and of how much' '
	spent=$(events tokens) && test "$spent" -gt 0 && gets 200 GET /api/v1/session &&
	test "$(json_get out "j[\"ai\"][\"used\"][\"tokens\"]")" = "$spent" &&
	test "$(json_get out "j[\"ai\"][\"used\"][\"messages\"]")" = 1 &&
	test "$(json_get out "j[\"ai\"][\"limits\"][\"messages\"]")" = 1 &&
	test "$(json_get out "j[\"ai\"][\"tools\"]")" = true
'
test_expect_success 'too many in a minute are told when to come again' '
	open_session "\"policy\": \"full\", \"max_requests_per_minute\": 1" && messages "" &&
	messages "" && test "$code" = 429 && test "$(error_type)" = rate_limit_error &&
	grep -i "^retry-after: [0-9]" head && ! grep "^x-should-retry: false" head &&
	asked=$(wc -l <ledger) && get /ai/openai/v1/models && test "$code" = 429 &&
	test "$(error_code)" = rate_limit_exceeded && test "$(wc -l <ledger)" = "$asked"
'
test_expect_success 'what is left lowers what may be answered' '
	open_session "\"policy\": \"full\", \"max_tokens\": 3000" && messages words-5000 &&
	test "$code" = 200 && test "$(json_get out "j[\"stop_reason\"]")" = max_tokens &&
	totals && test "$(sum_of_tokens)" -le 3000
'
test_expect_success 'fifty at once spend not one message too many' '
	open_session "\"policy\": \"full\", \"max_messages\": 7" && asked=$(wc -l <ledger) &&
	body "" true >request && seq 50 | xargs -P 50 -I{} curl -s -o /dev/null \
		-w "%{http_code}\n" -H "x-api-key: $token" -H "anthropic-version: 2023-06-01" \
		-d @request "$url/ai/anthropic/v1/messages" >codes &&
	test "$(grep -c 200 codes)" = 7 && test "$(grep -c 429 codes)" = 43 &&
	test $(($(wc -l <ledger) - asked)) = 7 && pairs && test "$(count ai_prompt)" = 7 && totals
'
test_expect_success 'nor a token too many' '
	open_session "\"policy\": \"full\", \"max_tokens\": 3000" &&
	body words-50 false >request && seq 50 | xargs -P 50 -I{} curl -s -o /dev/null \
		-w "%{http_code}\n" -H "x-api-key: $token" -H "anthropic-version: 2023-06-01" \
		-d @request "$url/ai/anthropic/v1/messages" >codes &&
	grep -q 200 codes && grep -q 429 codes && pairs && totals &&
	test "$(sum_of_tokens)" -le 3000 && test "$(sum_of_tokens)" -gt 2000
'

# picture PROTOCOL STREAM: a request with a picture of 600,000 characters, in the file request
picture() {
	/usr/bin/python3 - "$1" "$2" >request <<-'END'
		import json, sys
		data, said = "A" * 600000, {"type": "text", "text": "What is it?"}
		shown = {"type": "image", "source": {"type": "base64", "media_type": "image/png",
		    "data": data}} if sys.argv[1] == "messages" else {"type": "image_url",
		    "image_url": {"url": "data:image/png;base64," + data}}
		print(json.dumps({"model": "fake.stall" if sys.argv[2] == "true" else "fake",
		    "max_tokens": 100, "stream": sys.argv[2] == "true",
		    "messages": [{"role": "user", "content": [shown, said]}]}))
	END
}
test_expect_success 'a picture is no more than it can cost, however many bytes it has' '
	open_session "\"policy\": \"full\", \"max_tokens\": 300000" &&
	picture chat false && post /ai/openai/v1/chat/completions <request &&
	test "$code" = 200 && pairs &&
	open_session "\"policy\": \"full\", \"max_tokens\": 300000" &&
	picture messages false && post /ai/anthropic/v1/messages <request &&
	test "$code" = 200 && pairs
'
test_expect_success 'nor where nobody says what it cost' '
	open_session "\"policy\": \"full\"" && picture chat true && : >streamed &&
	{ curl -s -N -m 100 -o streamed -H "x-api-key: $token" --data-binary @request \
		"$url/ai/openai/v1/chat/completions" & } && streaming=$! &&
	soon grep -q "You " streamed && kill "$streaming" && { wait "$streaming"; pairs; } &&
	test "$(last_of ai_response "j[\"estimated\"] and j[\"input_tokens\"] < 20000")" = true
'

test_expect_success 'what runs when it is handed in is on record before the seal' '
	open_session "\"policy\": \"full\"" && begin_stream && gets 200 POST /api/v1/submit "{}" &&
	wait_stream && grep "session is over" streamed && pairs &&
	test "$(last_of ai_response "j[\"cut\"], j[\"text\"]")" = "[\"server\", \"You \"]" &&
	messages "" && test "$code" = 403 && get /ai/anthropic/v1/models && test "$code" = 403 &&
	tali verify "$id" && totals
'
test_expect_success 'and so it is when the command hands in' '
	open_session "\"policy\": \"full\"" && begin_stream &&
	in_folder "work-$id" tali submit --yes && wait_stream && pairs && tali verify "$id" &&
	test "$(last_of ai_response "j[\"cut\"], j[\"estimated\"]")" = "[\"server\", true]"
'
test_expect_success 'or when another process finds that its time is up' '
	open_session "\"policy\": \"full\"" && begin_stream && tali_at +2h list >/dev/null &&
	wait_stream && pairs && tali verify "$id" &&
	test "$(last_of ai_response "j[\"cut\"]")" = server
'
test_expect_success 'a revoked session answers no more' '
	open_session "\"policy\": \"full\"" && begin_stream && tali revoke "$id" &&
	wait_stream && pairs && tali verify "$id" && messages "" && test "$code" != 200 &&
	test "$(last_of ai_response "j[\"cut\"]")" = server
'
test_expect_success 'what a killed server left is closed, and charged, when models are asked' '
	open_session "\"policy\": \"full\", \"max_messages\": 2" && begin_stream &&
	kill -9 "$server" && { wait "$server"; wait_stream; serve; } &&
	test "$(count ai_response)" = 0 && messages "" && test "$code" = 200 && pairs &&
	test "$(last_of ai_response "j.get(\"cut\")")" = null && messages "" &&
	test "$code" = 429 && export_journal &&
	test "$(grep -c "\"cut\":\"server\"" journal)" = 1 && tali verify "$id"
'
test_expect_success 'or when the session ends' '
	open_session "\"policy\": \"full\"" && begin_stream && kill -9 "$server" &&
	{ wait "$server"; wait_stream; } && in_folder "work-$id" tali submit --yes && pairs &&
	test "$(last_of ai_response "j[\"cut\"]")" = server && tali verify "$id"
'
test_expect_success 'a server that stops records what it cut' '
	serve && open_session "\"policy\": \"full\"" && begin_stream && stop && wait_stream &&
	pairs && tali verify "$id"
'
# thinker: a provider that reads requests, says so in the file `asked`, and answers none
thinker() {
	rm -f thinker.ready && mkfifo thinker.ready && : >asked || return
	/usr/bin/python3 - >thinker.ready <<-'END' &
		from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
		class Thinker(BaseHTTPRequestHandler):
		    def do_POST(self):
		        body = self.rfile.read(int(self.headers["content-length"]))
		        with open("asked", "a") as asked:
		            print(len(body), file=asked)
		        self.rfile.read(1)
		        self.close_connection = True
		    def log_message(self, *words):
		        pass
		server = ThreadingHTTPServer(("127.0.0.1", 0), Thinker)
		print(server.server_port, flush=True)
		server.serve_forever()
	END
	thinker=$!
	read -r port <thinker.ready &&
	echo KEY | tali ai provider add thinker --kind compatible --key-file - \
		--url "http://127.0.0.1:$port/v1" --models "thinker"
}
# leave N: asks it, and goes when it has the N-th request
leave() {
	model=thinker body "" false >request &&
	{ curl -s -m 100 -o left -H "x-api-key: $token" --data-binary @request \
		"$url/ai/openai/v1/chat/completions" & } && leaving=$! &&
	soon test_line_count asked "$1" && kill "$leaving" && { wait "$leaving"; pairs; }
}
test_line_count() {
	test "$(wc -l <"$1")" = "$2"
}
test_expect_success 'who goes before the answer begins has spent what was asked' '
	thinker && serve && open_session "\"policy\": \"full\", \"max_messages\": 2" && leave 1 &&
	test "$(last_of ai_response "j[\"status\"], j[\"cut\"], j.get(\"estimated\"),
		j.get(\"input_tokens\", 0) * 4 >= len(\"A word, please.\")")" = \
		"[0, \"client\", true, true]" && leave 2 && chat "" && test "$code" = 429 &&
	stop && serve && chat "" && test "$code" = 429
'
test_expect_success 'what the provider never got costs nothing' '
	kill "$thinker" && { wait "$thinker"; :; } &&
	open_session "\"policy\": \"full\", \"max_messages\": 1" &&
	model=thinker chat "" && test "$code" = 503 && pairs &&
	test "$(last_of ai_response "j.get(\"estimated\"), j.get(\"input_tokens\")")" = \
		"[null, null]" && chat "" && test "$code" = 200
'
test_expect_success 'a client that goes away is on record' '
	open_session "\"policy\": \"full\"" && begin_stream && kill "$streaming" &&
	{ wait "$streaming"; pairs; } && totals &&
	test "$(last_of ai_response "j[\"cut\"], j[\"text\"]")" = "[\"client\", \"You \"]"
'
test_expect_success 'the prices of the store hold' '
	stop && mkdir -p store/ai && echo "{\"schema\": \"tali.prices/1\", \"models\": [
		{\"match\": \"fake*\", \"input\": 1000000000, \"output\": 0}]}" \
		>store/ai/prices.json && serve && messages "" && pairs &&
	test "$(last_of ai_response "j[\"cost_microusd\"] == 1000 * j[\"input_tokens\"]")" = true
'
test_expect_success 'prices that are none keep the server from starting' '
	stop && echo "{\"schema\": \"tali.prices/1\", \"models\": [{}]}" >store/ai/prices.json &&
	expect_error 2 "prices.json: /models/0" tali serve --listen 127.0.0.1:0 --log none
'
test_done
