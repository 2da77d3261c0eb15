#!/bin/bash
test_description='examples/nginx.conf: nginx with TLS in front of the server'
. "$(dirname "$0")/lib.sh"
. "$srcdir/tests/cli/fixture.sh"

server='' peer='' proxy=''
put_program http_peer tests/fake/http-peer
nginx=$(PATH=$PATH:/usr/sbin command -v nginx)
[ -n "$nginx" ] && command -v openssl >/dev/null || {
	skip_all='nginx or openssl is missing: apt-get install nginx-light openssl'
	test_done
}

# Below those that the kernel gives to anybody: nginx takes them later, and more than once.
free_ports() {
	/usr/bin/python3 -c '
import random, socket
first = int(open("/proc/sys/net/ipv4/ip_local_port_range").read().split()[0])
sockets = []
while len(sockets) < 2:
    s = socket.socket()
    try:
        s.bind(("127.0.0.1", random.randrange(first // 2, first) if first > 4096 else 0))
        sockets.append(s)
    except OSError:
        pass
print(*[s.getsockname()[1] for s in sockets])'
}

# configure PORT-OF-TALI: nginx.conf is the example, with ports and folders of this test
configure() {
	sed -e "s|server 127.0.0.1:8080;|server 127.0.0.1:$1;|" \
		-e "s|listen 80;|listen 127.0.0.1:$plain;|" \
		-e "s|listen 443 ssl http2;|listen 127.0.0.1:$tls ssl http2;|" \
		-e "s|/etc/ssl/certs/tali.pem|$PWD/tali.pem|" \
		-e "s|/etc/ssl/private/tali.key|$PWD/tali.key|" \
		"$srcdir/examples/nginx.conf" >site.conf
	cat >nginx.conf <<-END
		daemon off;
		pid $PWD/nginx.pid;
		error_log $PWD/error.log;
		$([ "$(id -u)" != 0 ] || echo 'user root;')
		events { }
		http {
			access_log $PWD/access.log;
			client_body_temp_path $PWD/tmp-body;
			proxy_temp_path $PWD/tmp-proxy;
			fastcgi_temp_path $PWD/tmp-fastcgi;
			uwsgi_temp_path $PWD/tmp-uwsgi;
			scgi_temp_path $PWD/tmp-scgi;
			include $PWD/site.conf;
		}
	END
}

client() {
	/usr/bin/python3 "$srcdir/tests/fake/http_client.py" 127.0.0.1 "$tls" tali.pem "$@"
}

# front PORT: nginx in front of it, until it answers
front() {
	configure "$1" || return 1
	"$nginx" -e "$PWD/error.log" -p "$PWD" -c "$PWD/nginx.conf" 8>&- &
	proxy=$!
	until client get /healthz >/dev/null 2>&1
	do
		kill -0 "$proxy" || return 1
	done
}

end_front() {
	kill -TERM "$proxy" && wait "$proxy" && proxy=
}

# nginx takes no blank in a path, and the folder of a test has one
place=$(mktemp -d /tmp/tali-nginx.XXXXXX) && cd "$place" || exit 1
cleanup 'kill $server $peer $proxy 2>/dev/null; rm -rf "$place"'

test_expect_success 'a certificate, and ports' '
	openssl req -x509 -newkey ec -pkeyopt ec_paramgen_curve:prime256v1 -nodes -days 2 \
		-subj /CN=tali.example.org -addext subjectAltName=DNS:tali.example.org \
		-keyout tali.key -out tali.pem 2>/dev/null &&
	read -r plain tls <<<"$(free_ports)"
'
test_expect_success 'the server answers through nginx' '
	make_store && mkfifo ready &&
	{ tali serve --listen 127.0.0.1:0 --behind-proxy >ready 2>log & server=$!; } &&
	read -r line <ready && front "${line##*:}" &&
	client get /healthz >out && grep "HTTP/1.1 200 OK" out && grep "{\"status\":\"ok\"}" out &&
	grep -i "^strict-transport-security: max-age" out
'
test_expect_success 'metrics are not for those outside' '
	client get /metrics >out && grep "HTTP/1.1 404" out
'
test_expect_success 'what the client says of itself is not believed' '
	client get /healthz "X-Forwarded-For: 192.0.2.7" >/dev/null && ! grep 192.0.2.7 log
'
test_expect_success 'the link of an invitation is in no log' '
	client get /t/SECRETTOKEN >/dev/null && ! grep -r SECRET log access.log error.log
'
test_expect_success 'plain HTTP is sent to TLS' '
	curl -si "http://127.0.0.1:$plain/healthz" -H "Host: tali.example.org" >out &&
	grep "HTTP/1.1 301" out && grep -i "^location: https://tali.example.org/healthz" out
'
test_expect_success 'the server ends, and nginx says so' '
	kill -TERM "$server" && wait "$server" && server= &&
	client get /healthz >out && grep "HTTP/1.1 502" out && end_front
'

test_expect_success 'a server with streams is in front of nothing else' '
	rm -f port hold && mkfifo port hold &&
	{ http_peer <hold >port & peer=$!; } && exec 8>hold && read -r number <port &&
	front "$number"
'
test_expect_success 'the client is known by address, and TLS is' '
	client get /who >out && grep "\"peer\":\"127.0.0.1\",\"secure\":true" out
'
test_expect_success 'an event comes when it is sent, not when there is enough' '
	client stream /stream 2 >out &&
	grep -i "^content-type: text/event-stream" out &&
	grep -x "event: hello" out && grep -x "event: tick" out
'
test_expect_success 'a websocket goes through' '
	client socket /socket https://tali.example.org "over TLS" >out &&
	grep "HTTP/1.1 101" out && grep "over TLS" out
'
test_expect_success 'one of another site does not' '
	client socket /socket https://evil.example.org "over TLS" >out &&
	grep "HTTP/1.1 403" out && ! grep "over TLS" out
'
test_expect_success 'uploads have their limit' '
	client post /body 67108864 >out && grep "{\"bytes\":67108864}" out &&
	{ client post /body 70000000 >out 2>reset || test -s reset; } &&
	! grep "HTTP/1.1 200" out
'
test_expect_success 'many requests over kept connections all come back' '
	for i in $(seq 40); do client get /who || return 1; done >out &&
	test $(grep -c "HTTP/1.1 200" out) = 40
'
test_expect_success 'ambiguous requests do not come through' '
	two_lengths="Content-Length: 4\\r\\nTransfer-Encoding: chunked" &&
	host="Host: tali.example.org" &&
	client raw "POST /body HTTP/1.1\\r\\n$host\\r\\n$two_lengths\\r\\n\\r\\n" >out &&
	grep "HTTP/1.1 400" out
'
test_expect_success 'all ends' '
	exec 8>&- && wait "$peer" && peer= && end_front
'
cd "$root"
test_done
