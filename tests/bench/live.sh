#!/bin/bash
# live.sh - BENCH_SIZE candidates (1000) at work for a minute: a stream each, keystrokes every 2 s
#
# BENCH_TERMINALS of them (none) have a terminal too, in which BENCH_OUTPUT runs all the time.
. "$(dirname "$0")/lib.sh"

size=${BENCH_SIZE:-1000}
ulimit -n 16384 2>/dev/null || true
export TALI_STORE=$scratch/store
"$tali" init >/dev/null
TALI_TEMPLATES=$srcdir/templates "$tali" task create words --template word-count >/dev/null
for i in $(seq "$size"); do echo "candidate$i@example.org,Candidate $i"; done >people.csv
"$tali" invite words --csv people.csv | sed 's|.*/t/\([a-z0-9]*\).*|\1|' >tokens
mkfifo ready
streams=$((size + 64 + ${BENCH_TERMINALS:-0}))
"$tali" serve --listen 127.0.0.1:0 --streams "$streams" --workers 16 --log none >ready &
server=$!
trap 'kill "$server" 2>/dev/null || :; rm -rf "$scratch"' EXIT
read -r line <ready
"$builddir/tests/bench/live" "${line##*:}" "$server" "${BENCH_SECONDS:-60}" \
	"${BENCH_TERMINALS:-0}" "${BENCH_OUTPUT:-while :; do seq 500; sleep 0.1; done}" <tokens
"$tali" verify >/dev/null
kill "$server"
wait
