#!/bin/bash
# gateway.sh - models through `tali serve`, against the fake provider asked directly
#
# BENCH_SIZE is the number of requests whose memory is measured, 10000 by default; BENCH_CONNECTIONS
# how many come at once (32).
. "$(dirname "$0")/lib.sh"

mkfifo ready provider
export TALI_STORE=$scratch/store
"$tali" init >/dev/null
cp -R "$srcdir/templates/word-count" task
chmod -R u+w task
sed -i 's/"ai": {[^}]*}/"ai": {"policy": "full"}/' task/task.json
"$tali" task create words --from task >/dev/null
"$tali" invite words ada@example.org >invitation
IFS=$'\t' read -r _ id link passcode <invitation
"$builddir/tests/fake/ai-provider" --key KEY >provider &
fake=$!
trap 'kill "$fake" "${server:-}" 2>/dev/null || :; rm -rf "$scratch"' EXIT
read -r address <provider
echo KEY | "$tali" ai provider add anthropic --url "http://${address##*http://}" --key-file - \
	>/dev/null
"$tali" serve --listen 127.0.0.1:0 --log none >ready &
server=$!
read -r line <ready
"$tali" start "$passcode" work >/dev/null

"$builddir/tests/bench/gateway" "$rounds" "${BENCH_SIZE:-10000}" "${BENCH_CONNECTIONS:-32}" \
	"${line##*:}" "${address##*:}" "${link##*/}" "$server"

"$tali" verify >/dev/null
kill "$server" "$fake"
wait
