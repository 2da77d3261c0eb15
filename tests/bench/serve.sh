#!/bin/bash
# serve.sh - requests a second of `tali serve` over kept connections, against a bare civetweb
#
# BENCH_SIZE is the number of connections, 32 by default.
. "$(dirname "$0")/lib.sh"

mkfifo ready port hold
"$tali" --store store init >/dev/null
"$tali" --store store serve --listen 127.0.0.1:0 --log none >ready &
server=$!
"$builddir/tests/bench/hello" <hold >port &
trap 'kill "$server" 2>/dev/null; rm -rf "$scratch"' EXIT
exec 8>hold
read -r line <ready
read -r baseline <port
"$builddir/tests/bench/serve" serve "$rounds" 1000 "${BENCH_SIZE:-32}" /healthz "${line##*:}" \
	"$baseline" 8>&-
exec 8>&-
kill "$server"
wait
