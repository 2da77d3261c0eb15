#!/bin/bash
# ai-sdk.sh - the official SDKs against the fake provider, by two ways that must not differ
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

# Both ways at once: two providers, as one counts the requests that shall fail.
provider direct
"$node" "$here/ai-sdk.mjs" "$address" "$address/v1" KEY >direct &
first=$!
provider other
"$node" "$here/ai-sdk.mjs" "$address" "$address/v1" KEY >other
wait "$first"
"$node" "$here/ai-sdk-check.mjs" direct other direct.ledger other.ledger
