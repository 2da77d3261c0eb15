#!/bin/bash
test_description='tali serve: listening, health, metrics, the log, and the end'
. "$(dirname "$0")/lib.sh"
. "$srcdir/tests/cli/fixture.sh"

# serve [OPTION...]: starts it on any free port; $server is the process, $url the address
serve() {
	rm -f ready log
	mkfifo ready
	tali serve --listen 127.0.0.1:0 "$@" >ready 2>log &
	server=$!
	read -r line <ready && url=${line##* }
}

# ended STATUS: the server ends with it
ended() {
	wait "$server"
	[ $? = "$1" ]
}

# ask PATH [CURL OPTION...]
ask() {
	curl -s --max-time 30 "${@:2}" "$url$1"
}

test_expect_success 'without a store it does not start' '
	expect_error 5 "no store" tali serve --store nowhere
'
test_expect_success 'a store' make_store

test_expect_success 'a public address is refused, with the reason' '
	expect_error 5 "speaks no TLS" tali serve --listen 0.0.0.0:0 &&
	expect_error 5 "examples/nginx.conf" tali serve --listen 192.0.2.1:80
'
test_expect_success 'what is no address is refused' '
	expect_error 2 "not an IPv4 address" tali serve --listen localhost:80 &&
	expect_error 2 "not a port" tali serve --listen 127.0.0.1:http &&
	expect_error 2 "ADDRESS:PORT" tali serve --listen 8080
'
test_expect_success 'numbers have bounds' '
	expect_error 2 "1 to 64" tali serve --workers 0 &&
	expect_error 2 "1 to 64" tali serve --workers 65 &&
	expect_error 2 "1 to 20000" tali serve --streams 20001 &&
	expect_error 2 "json, text or none" tali serve --log xml
'

runs=$((8 * $(getconf _NPROCESSORS_ONLN)))
[ $runs -le 64 ] || runs=64
test_expect_success 'each stream has its descriptors, or it does not start' '
	(ulimit -n 256 && expect_error 3 "need $((4576 + 8 * runs)) descriptors" \
		tali serve --streams 1000)
'
# In the namespace of this command alone there are no control groups.
test_expect_success ROOT 'that nothing can be run is said at the start, unless it is allowed' '
	cat >weak.sh <<-\END &&
	mount -t tmpfs none /sys/fs/cgroup && ulimit -n 256 && exec tali serve "$@"
	END
	{ unshare -m sh weak.sh 2>err; test $? = 3; } &&
	grep "candidates cannot run anything: cannot enforce the" err &&
	{ unshare -m sh weak.sh --allow-weak 2>err; test $? = 3; } &&
	grep "descriptors" err && ! grep "candidates cannot" err
'
test_expect_success 'it says where it listens, in one line' '
	serve &&
	echo "$line" | grep -x "tali: listening on http://127.0.0.1:[0-9]*"
'
test_expect_success 'the address is taken for a second one' '
	expect_error 3 "cannot listen on ${url#http://}: the port is taken" \
		tali serve --listen "${url#http://}"
'
test_expect_success 'it is well' '
	ask /healthz -i >out && grep "HTTP/1.1 200 OK" out && grep "{\"status\":\"ok\"}" out &&
	ask /healthz -I >head && grep "HTTP/1.1 200 OK" head && ! grep status head
'
test_expect_success 'its answers are safe by their headers' '
	grep -i "^X-Content-Type-Options: nosniff" out &&
	grep -i "^Content-Security-Policy: default-src .none." out &&
	! grep -i "^Server:" out
'
test_expect_success 'what is not there is not found, what is no method is said' '
	ask /nowhere -i >out && grep "HTTP/1.1 404" out && grep "\"code\":\"not_found\"" out &&
	ask /healthz -i -X DELETE >out && grep "HTTP/1.1 405" out && grep "^Allow: GET, HEAD" out
'
test_expect_success 'metrics count, for this machine alone' '
	ask /metrics >out &&
	grep -F "tali_requests_total{route=\"/healthz\",method=\"GET\",status=\"200\"} 1" out &&
	grep -x "tali_workers 8" out &&
	grep -x "tali_streams 0" out &&
	ask /metrics -i -H "X-Forwarded-For: 192.0.2.1" >out && grep "HTTP/1.1 404" out
'
test_expect_success 'commands work on the same store meanwhile' '
	add_tiny && invite_one && tali list >out && grep ada@example.org out
'
test_expect_success 'a secret of a path is not in the log' '
	ask "/t/SECRETTOKEN?also=SECRETQUERY" -H "Cookie: tali_c=SECRETCOOKIE" >/dev/null &&
	! grep SECRET log
'
test_expect_success 'the log has a line of JSON for each request' '
	/usr/bin/python3 -c "
import json
lines = [json.loads(line) for line in open(\"log\")]
requests = [line for line in lines if line[\"event\"] == \"request\"]
assert requests[0][\"path\"] == \"/healthz\" and requests[0][\"status\"] == 200, requests[0]
assert requests[-1][\"path\"] == \"/t/...\", requests[-1]
assert all(line[\"peer\"] == \"127.0.0.1\" for line in requests)
"
'
test_expect_success 'SIGTERM ends it in order' '
	kill -TERM "$server" && ended 0 && grep "\"event\":\"stop\"" log
'
test_expect_success 'SIGINT does too, and the log can be text or nothing' '
	serve --log text && ask /healthz && kill -INT "$server" && ended 0 &&
	grep " 127.0.0.1 200 GET \"/healthz\" " log &&
	serve --log none && ask /healthz && kill -TERM "$server" && ended 0 &&
	test_cmp /dev/null log
'
test_expect_success 'requests that came to their end without one are no hindrance' '
	serve && host=${url#http://} &&
	exec 7<>"/dev/tcp/${host%:*}/${host#*:}" && printf "GET /heal" >&7 &&
	kill -TERM "$server" && ended 0 && exec 7<&-
'
test_expect_success 'a second signal ends it at once' '
	for signal in TERM:143 INT:130
	do
		serve && host=${url#http://} &&
		exec 7<>"/dev/tcp/${host%:*}/${host#*:}" &&
		printf "POST /api/v1/enter HTTP/1.1\r\nHost: %s\r\nContent-Length: 9\r\n\r\n{" \
			"$host" >&7 &&
		until ask /metrics | grep -x "tali_connections 2"; do :; done &&
		kill -${signal%:*} "$server" &&
		until grep "\"event\":\"stop\"" log; do kill -0 "$server" || return 1; done &&
		kill -${signal%:*} "$server" && ended ${signal#*:} && exec 7<&- || return 1
	done
'
# spoiled: the database holds nothing, until the server says so
spoiled() {
	cp store/tali.db whole && : >store/tali.db && rm -f store/tali.db-wal || return 1
	until ask /healthz -o out -w '%{http_code}' | grep -q 503
	do
		kill -0 "$server" || return 1
	done
}

test_expect_success 'a database that cannot be read is told' '
	serve && spoiled && grep unavailable out && grep "\"event\":\"ill\"" log
'
test_expect_success 'and it ends nevertheless' '
	kill -TERM "$server" && ended 0 && cp whole store/tali.db
'

test_done
