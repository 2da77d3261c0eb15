#!/bin/bash
# ai-sdk.sh - the official SDKs against the fake provider, directly and through the gateway: each
# outcome must be the same, and each exchange be on record once, as the provider counted it
#
# Needs `npm ci` in this folder (bootstrap check does it).
here=$(cd "$(dirname "$0")" && pwd)
: "${TALI_BUILDDIR:?}" "${TMPDIR:=/tmp}"

node=$here/node_modules/.bin/node
if [ ! -x "$node" ] || [ ! -d "$here/node_modules/openai" ]; then
	echo "1..0 # SKIP needs npm ci in tests/web"
	exit 0
fi
cd "$TMPDIR" || exit 1
providers=()
trap 'kill "${providers[@]}" 2>/dev/null' EXIT

# provider NAME: the address of a new one, with the ledger NAME.ledger, is in $address
provider() {
	mkfifo "$1.ready" || exit 1
	"$TALI_BUILDDIR/tests/fake/ai-provider" --key KEY --ledger "$1.ledger" >"$1.ready" &
	providers+=($!)
	read -r address <"$1.ready"
	address=${address##* }
}

tali() {
	"$TALI_BUILDDIR/tali" "$@"
}

# gateway PROVIDER-ADDRESS: sets $address and $token of a session whose models are those of the
# provider; $id is its assessment
gateway() {
	export TALI_STORE=$PWD/store
	tali init && mkdir -p task/start task/hidden task/solution &&
		echo 'Ask.' >task/README.md && : >task/start/answer && : >task/solution/answer &&
		echo '{"schema": "tali.task/1", "name": "ask", "title": "Ask", "type": "open_ended",
			"difficulty": "basic", "language": "bash", "time_limit_minutes": 30,
			"run": ["true"], "ai": {"policy": "full"}, "tests": [{"id": "any",
			"kind": "command", "visibility": "hidden", "points": 1, "argv": ["true"],
			"report": "exit"}]}' >task/task.json &&
		tali task create ask --from task && tali invite ask ann@example.org >invitation &&
		echo KEY | tali ai provider add anthropic --url "$1" --key-file - &&
		echo KEY | tali ai provider add openai --url "$1/v1" --key-file - || exit 1
	IFS=$'\t' read -r _ id link passcode <invitation
	token=${link##*/}
	mkfifo gateway.ready || exit 1
	"$TALI_BUILDDIR/tali" serve --listen 127.0.0.1:0 --log none >gateway.ready &
	providers+=($!)
	read -r address <gateway.ready
	address=${address##* }
	tali start "$passcode" work || exit 1
}

# Both ways at once: two providers, as one counts the requests that shall fail.
provider direct
"$node" "$here/ai-sdk.mjs" "$address" "$address/v1" KEY >direct &
first=$!
provider other
gateway "$address" >gateway.log
"$node" "$here/ai-sdk.mjs" "$address/ai/anthropic" "$address/ai/openai/v1" "$token" >other
wait "$first"
kill -TERM "${providers[2]}"
wait "${providers[2]}"
tali journal export "$id" >journal
"$node" "$here/ai-sdk-check.mjs" direct other direct.ledger other.ledger journal
