#!/bin/bash
# serve.sh - requests a second of `tali serve` over kept connections, against a bare civetweb:
# a candidate's session with the cookie (serve), and the least that it answers (serve-health)
#
# BENCH_SIZE is the number of connections, 32 by default.
. "$(dirname "$0")/lib.sh"

mkfifo port hold
invite_all 1
serve
"$builddir/tests/bench/hello" <hold >port &
exec 8>hold
read -r baseline <port
ask() {
	curl -sf -b jar -c jar -H 'Sec-Fetch-Site: same-origin' "$@"
}
url=http://127.0.0.1:$port
ask -o entered "$url/t/$(cat tokens)"
ask -o begun -d '{}' "$url/api/v1/start"
until ask "$url/api/v1/session" | grep -q '"status":"active"'; do :; done
cookie=$(sed -n 's/.*\ttali_c\t/tali_c=/p' jar)
"$builddir/tests/bench/serve" serve "$rounds" 1000 "${BENCH_SIZE:-32}" /api/v1/session \
	"$port" "$baseline" "Cookie: $cookie" 8>&-
"$builddir/tests/bench/serve" serve-health "$rounds" 1000 "${BENCH_SIZE:-32}" /healthz \
	"$port" "$baseline" 8>&-
exec 8>&-
kill "$server"
wait
