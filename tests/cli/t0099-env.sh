#!/bin/bash
# t0099-env.sh - what points a candidate's own tools at the models, in the words of each shell
test_description='tali env: variables for each shell, and what is wrong'
. "$(dirname "$0")/lib.sh"
. "$srcdir/tests/cli/fixture.sh"
. "$srcdir/tests/cli/server.sh"
. "$srcdir/tests/cli/gateway.sh"

unset ANTHROPIC_API_KEY ANTHROPIC_AUTH_TOKEN ANTHROPIC_BASE_URL OPENAI_API_KEY OPENAI_BASE_URL
unset CODEX_HOME ANTHROPIC_CUSTOM_HEADERS
export XDG_STATE_HOME=$PWD/state HOME=$PWD

# env_of [OPTION...]: tali env in the folder of the session
env_of() {
	(cd "work-$id" && tali env --server "$url" "$@")
}
# checked STATE WHAT TEXT: is said by tali env --check, in the file checked
checked() {
	grep -E "^$1 +$2 +.*$3" checked
}
check() {
	expect_exit "$1" env_of --check >checked && cat checked
}

# A model whose name every shell must be told with care.
hostile="a'b\"c\\d\$(touch pwned)\`touch pwned\`
!{e}* f;touch pwned"

test_expect_success 'a session whose models programs may ask' '
	make_store && provide && serve && open_session "\"policy\": \"full\""
'
test_expect_success 'bash takes the variables as they are meant' '
	env_of --model "$hostile" >script &&
	ANTHROPIC_API_KEY=own bash -c "eval \"\$(cat script)\"
		printf %s \"\$ANTHROPIC_MODEL\" >model
		printf %s \"\$ANTHROPIC_BASE_URL \$ANTHROPIC_AUTH_TOKEN \" >rest
		printf %s \"\${ANTHROPIC_API_KEY-none}\" >>rest" &&
	printf %s "$hostile" | cmp - model && test ! -e pwned &&
	test "$(cat rest)" = "$url/ai/anthropic $token none"
'
for shell in zsh fish; do
	command -v "$shell" >/dev/null && test_set_prereq "$shell"
done
test_expect_success zsh 'zsh does' '
	env_of --shell zsh --model "$hostile" >script && zsh -f -n script &&
	ANTHROPIC_API_KEY=own zsh -f -c "eval \"\$(cat script)\"
		printf %s \"\$ANTHROPIC_MODEL\" >model
		printf %s \"\$OPENAI_BASE_URL \$OPENAI_API_KEY \" >rest
		printf %s \"\${ANTHROPIC_API_KEY-none}\" >>rest" &&
	printf %s "$hostile" | cmp - model && test ! -e pwned &&
	test "$(cat rest)" = "$url/ai/openai/v1 $token none"
'
test_expect_success fish 'fish does' '
	env_of --shell fish --model "$hostile" >script && fish -N -n script &&
	ANTHROPIC_API_KEY=own fish -N -c "source script
		printf %s \"\$ANTHROPIC_MODEL\" >model
		set -q ANTHROPIC_API_KEY; or printf %s \"\$OPENAI_BASE_URL\" >rest" &&
	printf %s "$hostile" | cmp - model && test ! -e pwned &&
	test "$(cat rest)" = "$url/ai/openai/v1"
'
test_expect_success 'PowerShell is told in its own words' '
	env_of --shell powershell --model "it'"'"'s" >script &&
	grep -F "\$env:ANTHROPIC_MODEL = '"'it''s'"'" script &&
	grep -F "\$env:ANTHROPIC_API_KEY = \$null" script
'
test_expect_success 'JSON has the same, and says which client needs what' '
	env_of --shell json --model "$hostile" >out && env_of --json >plain &&
	test "$(json_get out "j[\"variables\"][\"OPENAI_API_KEY\"]")" = "$token" &&
	test "$(json_get out "j[\"variables\"][\"ANTHROPIC_API_KEY\"]")" = null &&
	test "$(json_get out "[c[\"name\"] for c in j[\"clients\"]]")" = \
		"[\"anthropic\", \"claude-code\", \"codex\", \"openai\", \"aider\", \"llama\"]" &&
	! grep ANTHROPIC_MODEL plain
'
test_expect_success 'Codex has a home of its own, without the token in it' '
	home=$XDG_STATE_HOME/tali/$id/codex && env_of >script &&
	grep "^export CODEX_HOME=.$home.$" script &&
	grep "^base_url = \"$url/ai/openai/v1\"$" "$home/config.toml" &&
	test "$(stat -c %a "$home/config.toml")" = 600 && test "$(stat -c %a "$home")" = 700 &&
	! grep "$token" "$home/config.toml" &&
	env_of --model "$hostile" >script &&
	/usr/bin/python3 -c "
import sys, tomllib
config = tomllib.load(open(sys.argv[1], \"rb\"))
assert config[\"model\"] == sys.argv[2], config
assert list(config[\"projects\"]) == [sys.argv[3]], config
" "$home/config.toml" "$hostile" "$PWD/work-$id"
'
test_expect_success 'a terminal is not shown the token, unless one insists' '
	(cd "work-$id" && script -qec "tali env --server $url" /dev/null </dev/null >../screen
		test $? = 2) && grep "would show the token" screen && ! grep "$token" screen &&
	(cd "work-$id" && script -qec "tali env --force --server $url" /dev/null </dev/null \
		>../screen) && grep "$token" screen
'
test_expect_success 'what is said wrong is refused' '
	expect_error 2 "none of the shells" env_of --shell csh &&
	expect_error 2 "say with --server" sh -c "cd work-$id && tali env" &&
	expect_error 2 "" env_of --server http://example.org &&
	expect_error 2 "UTF-8" env_of --model "$(printf "\377")" &&
	expect_error 5 "work folder" tali env
'
test_expect_success 'a check says what works, and whether this shell is set' '
	check 0 && checked ok server "knows this session" && checked ok session active &&
	checked ok models "without a limit" && checked ok anthropic "such as fake" &&
	checked ok openai "such as fake" && checked note shell "eval" && ! grep "$token" checked &&
	env_of >script && (. ./script && check 0) && checked ok shell "point tools at" &&
	test "$(grep -c count_tokens ledger)" = 0
'
test_expect_success 'its JSON has the same' '
	env_of --check --json >out &&
	test "$(json_get out "[(c[\"what\"], c[\"state\"]) for c in j[\"checks\"]][3]")" = \
		"[\"anthropic\", \"ok\"]"
'
test_expect_success 'nothing was asked or charged by that' '
	export_journal && ! grep "\"kind\":\"ai_" journal
'
node=$srcdir/tests/web/node_modules/.bin/node
[ ! -x "$node" ] || [ ! -d "$srcdir/tests/web/node_modules/openai" ] || test_set_prereq SDK
test_expect_success SDK 'the official SDKs need no more, and each prompt is on record once' '
	env_of --model fake >script &&
	(ANTHROPIC_API_KEY=own && OPENAI_ORG_ID=org && export ANTHROPIC_API_KEY OPENAI_ORG_ID &&
		. ./script && "$node" "$srcdir/tests/web/env-sdk.mjs" Hello >said) && cat said &&
	test "$(grep -c "^You said .Hello by" said)" = 4 && pairs &&
	test "$(events "sorted(p[0][\"text\"][9:] for p in prompts.values())")" = \
		"[\"anthropic 0\", \"anthropic 1\", \"chat\", \"responses\"]"
'
test_expect_success 'where nobody listens it says so' '
	right=$url && url=http://127.0.0.1:1 && check 3 && url=$right &&
	checked wrong server "cannot be reached"
'
test_expect_success 'a certificate that proves nothing is found' '
	openssl req -x509 -newkey ec -pkeyopt ec_paramgen_curve:prime256v1 -nodes -days 2 \
		-subj /CN=localhost -addext subjectAltName=IP:127.0.0.1 -keyout key.pem \
		-out cert.pem 2>/dev/null && rm -f tls && mkfifo tls &&
	{ openssl s_server -accept 127.0.0.1:0 -cert cert.pem -key key.pem -www >tls 2>&1 & } &&
	tls=$! && exec 7<tls &&
	until [ "${line#ACCEPT 127}" != "$line" ]; do read -r line <&7; done &&
	right=$url && url=https://${line#ACCEPT } && check 3 &&
	checked wrong server "cannot prove" &&
	export TALI_CA_FILE=$PWD/cert.pem && check 3 && unset TALI_CA_FILE &&
	checked wrong server "" && ! checked wrong server "cannot prove" &&
	url=$right && kill "$tls" && exec 7<&-
'
test_expect_success 'a provider that is down is told from all else' '
	kill "$provider" && { wait "$provider" || test $? = 143; } && check 3 &&
	checked ok session active && checked wrong anthropic "" && checked wrong openai "" &&
	provider= && echo KEY-OF-ALL >key && tali ai provider remove anthropic &&
	tali ai provider remove openai && check 3 &&
	checked wrong providers "has no provider of models" && provide >/dev/null &&
	check 0
'
test_expect_success 'a task without an assistant says so' '
	open_session "\"policy\": \"off\"" && check 5 &&
	checked wrong models "without an assistant" && ! grep anthropic checked &&
	open_session "\"policy\": \"guarded\"" && check 5 && checked wrong models "tali chat"
'
test_expect_success 'a spent budget is told with its numbers' '
	open_session "\"policy\": \"full\", \"max_messages\": 2" && messages "" && check 0 &&
	checked ok models "1 of 2 messages are used" && chat "" && check 5 &&
	checked wrong models "2 of 2 messages are used: the budget is spent"
'
test_expect_success 'the end of the session is told' '
	gets 200 POST /api/v1/submit "{}" && check 5 && checked wrong session "It is over"
'

# A session at the server, as another machine has it.
far() {
	(unset TALI_STORE && cd far && "$@")
}
far_check() {
	expect_exit "$1" far tali env --check >checked && cat checked
}
test_expect_success 'at a server no store is needed, and the token is that of the link' '
	tali invite asked-1 bob@example.org >invitation &&
	IFS=$(printf "\t") read -r _ id link passcode <invitation && token=${link##*/} &&
	(unset TALI_STORE && tali start --no-watch "$url/t/$token" far >/dev/null) &&
	far tali env >script && grep "$token" script && far_check 0 && checked ok anthropic "" &&
	expect_error 2 "goes with a session in a store" far tali env --server "$url"
'
test_expect_success 'a link that was replaced is told' '
	tali resend "$id" >/dev/null && far_check 5 &&
	checked wrong server "does not know this link"
'
test_expect_success 'a session that has not begun is told' '
	tali invite asked-1 cleo@example.org >invitation && was=$id && old=$token &&
	IFS=$(printf "\t") read -r _ id link passcode <invitation && token=${link##*/} &&
	state=$XDG_STATE_HOME/tali && mv "$state/$was" "$state/$id" &&
	echo "$token" >"$state/$id/token" &&
	sed -i "s/$was/$id/" "$state/$id/state.json" far/.git/tali.json &&
	far_check 5 && checked wrong session "not begun"
'

test_done
