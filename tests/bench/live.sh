#!/bin/bash
# live.sh - BENCH_SIZE candidates (1000) at work for a minute: a stream each, keystrokes every 2 s
#
# BENCH_TERMINALS of them (none) have a terminal too, in which BENCH_OUTPUT runs all the time.
. "$(dirname "$0")/lib.sh"

size=${BENCH_SIZE:-1000}
invite_all "$size"
serve --streams $((size + 64 + ${BENCH_TERMINALS:-0})) --workers 16
"$builddir/tests/bench/live" "$port" "$server" "${BENCH_SECONDS:-60}" \
	"${BENCH_TERMINALS:-0}" "${BENCH_OUTPUT:-while :; do seq 500; sleep 0.1; done}" <tokens
"$tali" verify >/dev/null
kill "$server"
wait
