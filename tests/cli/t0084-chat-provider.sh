#!/bin/bash
test_description='tali chat with providers: their protocols, faults, tries again, and the budget'
. "$(dirname "$0")/lib.sh"
. "$srcdir/tests/cli/fixture.sh"
. "$srcdir/tests/cli/assistant.sh"

provider='' address='' q=\'
put_program ai_provider tests/fake/ai-provider
trap 'code=$?; [ -z "$provider" ] || kill "$provider"; (exit "$code"); die' EXIT

# ask MODEL TEXT...: in a conversation of its own, in the folder `work`
ask() {
	in_folder "${work:-full}" tali chat --new --model "$1" "${@:2}"
}
# newest KIND EXPRESSION [LAST]: of the newest LAST events of the kind, on one line
newest() {
	tali logs "$id" --json | /usr/bin/python3 -c '
import json, sys
kind, what, last = sys.argv[1:]
found = [e["data"] for e in map(json.loads, sys.stdin) if e["kind"] == kind]
print(*[eval(what) for d in found[-int(last):]])' "$1" "$2" "${3:-1}"
}
# ledger EXPRESSION: over the lines l of the provider
ledger() {
	/usr/bin/python3 -c '
import json, sys
l = [json.loads(x) for x in open("ledger")]
print(eval(sys.argv[1]))' "$1"
}

test_expect_success 'providers of both protocols are there' '
	mkfifo ready && { ai_provider --key sk-fake-key --ledger ledger >ready & provider=$!; } &&
	read -r line <ready && address=${line#ai-provider: listening on } && make_store &&
	echo sk-fake-key >key && echo sk-other-key >wrong-key &&
	tali ai provider add ant --kind anthropic --url "$address" --key-file key \
		--models "a.*" >/dev/null &&
	tali ai provider add com --kind compatible --url "$address/v1" --key-file key \
		--models "c.*" >/dev/null &&
	tali ai provider add bad --kind anthropic --url "$address" --key-file wrong-key \
		--models "bad.*" >/dev/null &&
	tali ai provider add down --kind openai --url http://127.0.0.1:1/v1 --key-file key \
		--models "down.*" >/dev/null &&
	ai_task full "{\"policy\": \"full\"}" && begin_on full
'
test_expect_success 'providers are listed, and of a key no more than its end' '
	tali ai provider list >out && test "$(wc -l <out)" = 4 &&
	grep "^ant	anthropic	$address	" out && grep "^down	openai	" out &&
	! grep sk- out && tali ai provider list --json >out && ! grep sk- out &&
	head -n 1 out >first && check_schema first
'
test_expect_success 'a provider is tested: it answers, refuses the key, is not there, is unknown' '
	tali ai provider test ant >out && grep "^ant	ok	" out &&
	expect_error 1 "refuses the key (status 401)" tali ai provider test bad &&
	tali ai provider test ant --json >out && check_schema out &&
	test "$(json_get out "j[\"ok\"], j[\"models\"] > 0, j[\"problem\"]")" = \
		"[true, true, null]" &&
	expect_exit 1 tali ai provider test bad --json >out 2>/dev/null && check_schema out &&
	json_get out "j[\"problem\"]" | grep "refuses the key" &&
	expect_error 3 "connect to server" tali ai provider test down &&
	expect_error 5 "no provider ${q}nothing$q" tali ai provider test nothing
'
test_expect_success 'a provider is removed, once, and its key with it' '
	tali ai provider add gone --kind openai --url "$address/v1" --key-file key >/dev/null &&
	tali ai provider list | grep "^gone" && tali ai provider remove gone &&
	! tali ai provider list | grep "^gone" &&
	expect_error 5 "no provider ${q}gone$q" tali ai provider remove gone
'
test_expect_success 'an answer comes through both, and its tokens are those of the ledger' '
	for model in a.x c.x
	do
		ask $model Good day >out && grep "You said" out &&
		test "$(newest ai_response "d[\"input_tokens\"], d[\"output_tokens\"]")" = \
			"$(ledger "(l[-1][\"input\"], l[-1][\"output\"])")" || return 1
	done &&
	test "$(newest ai_prompt "d[\"protocol\"]" 2)" = "messages chat"
'
test_expect_success 'a conversation is sent whole, and only what is new is recorded' '
	in_folder full tali chat More of it >out &&
	test "$(newest ai_prompt "len(json.loads(d[\"blocks\"]))")" = 1 && tali verify "$id"
'
test_expect_success 'odd forms of a stream make no difference' '
	for words in drip crlf bom.ping comments.unknown whole think
	do
		ask "a.$words" A word >out && grep -F "You said" out || return 1
	done
'
test_expect_success 'a provider that has too much to do is asked again, each try on the record' '
	ask a.fail-2.retryms-1 Once >out 2>err && grep "You said" out && grep "asked again" err &&
	test "$(newest ai_response "d[\"status\"]" 3)" = "529 529 200" &&
	test "$(newest ai_prompt "d.get(\"retry\", 0)" 3)" = "0 1 2" &&
	test "$(newest ai_prompt "repr(d[\"text\"])" 3)" = "${q}Once$q $q$q $q$q"
'
test_expect_success 'after four tries it is told, in one sentence' '
	expect_exit 3 ask a.status-503.retryms-1 Once 2>err >out && test_must_be_empty out &&
	test "$(grep -c . err)" = 4 && tail -n 1 err | grep "did not answer.*go on without" &&
	test "$(ledger "[x[\"status\"] for x in l[-4:]]")" = "[503, 503, 503, 503]"
'
test_expect_success 'what does not help is not tried again' '
	for fault in 400 401 403 404 413
	do
		before=$(ledger "len(l)") &&
		expect_exit "$(test $fault = 404 && echo 5 || echo 3)" \
			ask a.status-$fault Once >out 2>err && test "$(grep -c . err)" = 1 &&
		test "$(ledger "len(l)")" = $((before + 1)) || return 1
	done
'
test_expect_success 'a wrong key and a provider that is down are one sentence each' '
	expect_error 3 "does not accept the key" ask bad.x Once &&
	expect_exit 3 ask down.x Once >out 2>err && tail -n 1 err | grep "cannot be reached" &&
	test "$(newest ai_response "d[\"status\"]")" = 0
'
test_expect_success 'a stream that breaks after text was shown is not asked again' '
	before=$(ledger "len(l)") && expect_exit 3 ask a.cut.words-40 Once >out 2>err &&
	test "$(ledger "len(l)")" = $((before + 1)) &&
	test "$(newest ai_response "d[\"cut\"]")" = provider
'
test_expect_success 'an answer that reached the maximum is told so' '
	ask a.max Once >out 2>err && grep "as long as answers may be" err
'
test_expect_success 'Ctrl-C stops the answer, and what came is on the record' '
	/usr/bin/python3 - <<-\END &&
		import os, signal, subprocess
		chat = ["tali", "chat", "--new", "--model", "a.endless.gap-5", "Go"]
		run = subprocess.Popen(chat, cwd="full", stdout=subprocess.PIPE)
		assert run.stdout.read(20)
		run.send_signal(signal.SIGINT)
		run.stdout.read()
		assert run.wait() == 130, run.returncode
	END
	test "$(newest ai_response "d[\"cut\"], len(d[\"text\"]) > 0")" = "(${q}client$q, True)" &&
	test "$(ledger "l[-1][\"aborted\"]")" = True
'
test_expect_success 'after a tool was stopped the talk goes on, and on' '
	/usr/bin/python3 - <<-\END &&
		import signal, subprocess
		agent = ["tali", "agent", "--new", "--model", "a.bash-exec%20sleep%201000", "Go"]
		run = subprocess.Popen(agent, cwd="full", stdout=subprocess.PIPE)
		while b"sleep" not in run.stdout.readline():
		    pass
		run.send_signal(signal.SIGINT)
		run.stdout.read()
		assert run.wait() == 130, run.returncode
	END
	for word in one two three
	do
		in_folder full tali chat --model a.x Go on, $word >out || return 1
	done && tali verify "$id"
'
test_expect_success 'a call of a tool that was cut is told so, and the talk goes on' '
	for model in a.half.write-new c.half.write-new
	do
		in_folder full tali agent --new --model $model Write it >out &&
		grep "The tool said .*input is no JSON object" out &&
		in_folder full tali chat --model ${model%%.*}.x Go on >out || return 1
	done && ! test -e full/new
'
test_expect_success 'a talk goes on after an answer in which nothing was said' '
	for model in a c
	do
		ask $model.say-%0a%0a Hm >out &&
		in_folder full tali chat --model $model.x Go on >out && grep "You said" out &&
		expect_error 2 "there is no text" ask $model.x " " &&
		printf " \nGood day\n" | ask $model.x >out && grep "Good day" out || return 1
	done
'
test_expect_success 'a mistake in a file that was never written is still to be made' '
	ai_task trap "{\"policy\": \"planted\", \"planted\": {\"instruction\": \"x\"}}" &&
	begin_on trap &&
	expect_exit 3 in_folder trap tali agent --model a.cut.write-new Write it >out &&
	in_folder trap tali agent --model a.half.write-new Write it >out && ! test -e trap/new &&
	in_folder trap tali agent --model a.write-new=1 Write it >out && test -e trap/new &&
	test "$(newest ai_response "d.get(\"planted\")" 9)" = \
		"None None None None None None True None"
'
test_expect_success 'the budget holds, and refusals are sentences' '
	ai_task poor "{\"policy\": \"full\", \"max_tokens\": 4000}" && begin_on poor && work=poor &&
	ask a.x Once >out && ask a.words-3000.whole Once >out 2>err &&
	expect_error 5 "tokens of this session are spent" ask a.x Again &&
	test "$(in_folder poor tali logs "$id" --json | /usr/bin/python3 -c "
import json, sys
data = [json.loads(x) for x in sys.stdin]
data = [x[\"data\"] for x in data if x[\"kind\"] == \"ai_response\"]
print(sum(d[\"input_tokens\"] + d[\"output_tokens\"] for d in data) <= 4000)")" = True
'
test_expect_success 'requests in a minute are waited for' '
	ai_task slow "{\"policy\": \"full\", \"max_requests_per_minute\": 2000}" && begin_on slow &&
	work=slow && ask a.x Once >out && ask a.x Once >out
'
test_done
