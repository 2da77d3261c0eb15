#!/bin/bash
# t0081-gateway-faults.sh - what goes wrong between a program, the gateway and a provider: the
# program gets one clear end, and the exchange is on record once
test_description='the gateway: errors, broken answers, and every form of a stream'
. "$(dirname "$0")/lib.sh"
. "$srcdir/tests/cli/fixture.sh"
. "$srcdir/tests/cli/server.sh"
. "$srcdir/tests/cli/gateway.sh"

# direct WORDS: the stream without a gateway
direct() {
	curl -s -o out -H "x-api-key: KEY-OF-ALL" -H "anthropic-version: 2023-06-01" \
		--data-binary @request "$provider_url/v1/messages"
}
# tls_server: one whose certificate nobody knows; sets $tls and $tls_port
tls_server() {
	rm -f tls.ready && mkfifo tls.ready || return
	/usr/bin/python3 - >tls.ready <<-'END' &
		import ssl
		from http.server import BaseHTTPRequestHandler, HTTPServer
		server = HTTPServer(("127.0.0.1", 0), BaseHTTPRequestHandler)
		context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
		context.load_cert_chain("tls.pem", "tls.key")
		server.socket = context.wrap_socket(server.socket, server_side=True)
		print(server.server_port, flush=True)
		server.serve_forever()
	END
	tls=$!
	read -r tls_port <tls.ready
}

# each_protocol STATUS WORDS: a stream and a whole answer of each have this status
each_protocol() {
	for ask in messages stream chat "chat_stream" responses "responses_stream"; do
		"$ask" "$2" && test "$code" = "$1" || return
	done
}
chat_stream() {
	chat "$1" true
}
responses_stream() {
	responses "$1" true
}
# ends EXPRESSION: so does each of the last six responses
ends() {
	pairs && test "$(events "all(($1) for j in [e[\"data\"] for e in order
		if e[\"kind\"] == \"ai_response\"][-6:])")" = true
}

test_expect_success 'a provider and a server' 'make_store && provide && serve'
test_expect_success 'errors of the provider come as they are' '
	open_session "\"policy\": \"full\"" &&
	for status in 400 401 403 404 413 429 500 503 529; do
		each_protocol $status "status-$status" &&
		ends "j[\"status\"] == $status and j[\"error\"] and
			not j.get(\"input_tokens\")" || return 1
	done && each_protocol 502 status-502.html && grep "<h1>" out && ends "j[\"status\"] == 502"
'
test_expect_success 'a redirect is refused, in the words of the protocol' '
	stream redirect && test "$code" = 529 && messages redirect && test "$code" = 529 &&
	test "$(error_type)" = overloaded_error && chat redirect && test "$code" = 503 &&
	test "$(error_code)" = server_is_overloaded &&
	responses redirect true && test "$code" = 503 && pairs &&
	test "$(last_of ai_response "j[\"status\"]")" = 307
'
test_expect_success 'broken answers are passed as they break, and are on record once' '
	each_protocol 200 cut && ends "j[\"cut\"] == \"provider\" and j[\"estimated\"]" &&
	each_protocol 200 reset && ends "j[\"cut\"] == \"provider\""
'
test_expect_success 'what comes garbled, deep or of wrong types passes, and is estimated' '
	each_protocol 200 garble && pairs && each_protocol 200 types && pairs &&
	each_protocol 200 deep && pairs && each_protocol 200 nostop && pairs &&
	each_protocol 200 unknown && ends "not j.get(\"estimated\")"
'
test_expect_success 'an error inside a stream is on record' '
	stream error && test "$code" = 200 && pairs &&
	last_of ai_response "j[\"error\"]" | grep overloaded
'
test_expect_success 'usage that is missing is estimated, never nothing' '
	each_protocol 200 nousage && ends "j[\"estimated\"] and j[\"input_tokens\"] > 0 and
		j[\"output_tokens\"] > 0"
'
test_expect_success 'forms of a stream pass byte for byte' '
	for form in drip utf8.drip crlf comments bom ping close whole crlf.bom.comments.drip; do
		stream "$form" && cp out passed && direct "$form" &&
		sed "s/msg_[0-9]*//" passed >one && sed "s/msg_[0-9]*//" out >two &&
		cmp one two && chat_stream "$form" && grep "DONE" out || return 1
	done && pairs
'
test_expect_success 'a huge answer passes, and what was not asked for does not' '
	stream huge-4 && test "$(wc -c <out)" -gt 4194304 && pairs &&
	test "$(last_of ai_response "j[\"output_tokens\"]")" = 1048576 &&
	chat_stream "" && ! grep "\"usage\":{" out && pairs &&
	test "$(last_of ai_response "j[\"output_tokens\"]")" = 7
'
test_expect_success 'an endless answer ends with the client' '
	body endless true >request && curl -s -H "x-api-key: $token" \
		-H "anthropic-version: 2023-06-01" --data-binary @request \
		"$url/ai/anthropic/v1/messages" 2>/dev/null | head -c 100000 >out && pairs &&
	test "$(last_of ai_response "j[\"cut\"]")" = client &&
	body delay-600000 false >request && expect_exit 28 curl -s -m 1 -H "x-api-key: $token" \
		-H "anthropic-version: 2023-06-01" --data-binary @request \
		"$url/ai/anthropic/v1/messages" && pairs &&
	test "$(last_of ai_response "j[\"cut\"]")" = client
'
test_expect_success 'a slow head is waited for' '
	each_protocol 200 slowhead-300 && each_protocol 200 delay-300 && pairs
'
test_expect_success 'a provider without a trusted certificate, or without anybody, is not asked' '
	openssl req -x509 -newkey rsa:2048 -nodes -keyout tls.key -out tls.pem -days 2 \
		-subj /CN=localhost 2>/dev/null && tls_server &&
	echo KEY | tali ai provider add strange --kind compatible --key-file - \
		--url "https://localhost:$tls_port/v1" --models "strange-*" &&
	echo KEY | tali ai provider add nobody --kind compatible --key-file - \
		--url http://127.0.0.1:1/v1 --models "nobody-*" &&
	model=strange-1 chat "" && test "$code" = 503 && grep "cannot be trusted" out &&
	model=strange-1 messages "" && test "$code" = 529 && grep "cannot be trusted" out &&
	model=nobody-1 chat "" && test "$code" = 503 && grep "cannot be reached" out && pairs &&
	test "$(last_of ai_response "j[\"status\"], j.get(\"input_tokens\")")" = "[0, null]" &&
	kill "$tls"
'
test_expect_success 'a talk at a terminal waits for a model that a program is asking' '
	begin_stream && { (cd "work-$id" && exec tali chat --model fake --new Good day) \
		>said 2>waits & } && talk=$! &&
	soon grep "Another program of this session is asking a model" waits &&
	{ kill "$streaming"; wait_stream; } && wait "$talk" &&
	grep "You said \"Good day\"" said && pairs
'
test_expect_success 'silence has an end, which the program is told in its protocol' '
	stop && tali config set ai.first_byte 1s && tali config set ai.idle 1s && serve &&
	messages delay-600000 && test "$code" = 504 && test "$(error_type)" = timeout_error &&
	chat delay-600000 && test "$code" = 504 && test "$(error_code)" = timeout &&
	responses delay-600000 && test "$code" = 504 && pairs &&
	test "$(last_of ai_response "j[\"status\"], j[\"cut\"], j[\"estimated\"]")" = \
		"[0, \"idle\", true]" &&
	stream stall && test "$code" = 200 && grep "^event: error" out &&
	grep "\"timeout_error\"" out && chat_stream stall && grep "^data: {\"error\"" out &&
	responses_stream stall && tail -n 2 out | grep "\"type\":\"error\"" && pairs &&
	test "$(last_of ai_response "j[\"status\"], j[\"cut\"], j[\"text\"]")" = \
		"[200, \"idle\", \"You \"]"
'
test_expect_success 'a program that waits for a silent stream is pinged' '
	stop && tali config set ai.idle 2s && tali config set ai.ping 1s && serve &&
	stream stall && test "$code" = 200 && grep "^event: ping" out &&
	chat_stream stall && grep "^: " out && pairs
'
# silent_provider: one whose socket is there, and nobody behind it; $silent is its process
silent_provider() {
	rm -f silent.ready && mkfifo silent.ready || return
	/usr/bin/python3 -c '
import signal, socket
server = socket.create_server(("127.0.0.1", 0), backlog=64)
print(server.getsockname()[1], flush=True)
signal.alarm(300)
signal.pause()' >silent.ready &
	silent=$!
	read -r port <silent.ready &&
	echo KEY | tali ai provider add silent --kind compatible --key-file - \
		--url "http://127.0.0.1:$port/v1"
}
# eight_asked: each of them has a worker, or its answer
eight_asked() {
	local busy
	busy=$(curl -s "$url/metrics" | sed -n "s/^tali_workers_busy //p")
	test $((busy + $(ls chat-of-* 2>/dev/null | wc -l))) -ge 8
}
test_expect_success 'a provider that says nothing keeps nobody from working' '
	stop && silent_provider && serve && open_session "\"policy\": \"full\"" && mv jar mine &&
	for number in 1 2 3 4 5 6 7 8; do
		tali invite "asked-$sessions" "$number@example.org" >invitation &&
		IFS="$(printf "\t")" read -r _ _ link _ <invitation && enter &&
		mv jar "jar-$number" || return 1
	done && asking= &&
	for number in 1 2 3 4 5 6 7 8; do
		curl -s -o "chat-of-$number" -b "jar-$number" "$url/api/v1/chat" &
		asking="$asking $!"
	done && soon eight_asked &&
	test "$(curl -s -m 20 -o out -w "%{http_code}" -b mine "$url/api/v1/files/answer")" = 200 &&
	kill "$silent" && wait $asking && grep -l "\"models\":\[" chat-of-* >answered &&
	test "$(wc -l <answered)" = 8
'
test_expect_success 'it ends' 'stop && tali verify'
test_done
