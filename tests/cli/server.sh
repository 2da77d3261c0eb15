# server.sh - a server under test, and a candidate who talks to it with curl
#
# Read after lib.sh and fixture.sh.

# serve [COMMAND]: starts a server (COMMAND: tali, or tali_at OFFSET); sets $server and $url
serve() {
	rm -f ready && mkfifo ready || return
	${1:-tali} ${2:-} serve --listen 127.0.0.1:0 --log none >ready 2>server.err &
	server=$!
	read -r line <ready && url=http://${line##*http://}
}

# stop: and waits for its end, whose status it has
stop() {
	local ended=$server
	server=
	kill "$ended" && wait "$ended"
}

# whatever happens, no server outlives the test: it would hold the pipe of who reads its results
server=
end_programs() {
	[ -z "$server" ] || kill "$server"
	[ -z "${provider:-}" ] || kill "$provider"
}
trap 'code=$?; end_programs; (exit "$code"); die' EXIT

# ask METHOD PATH [BODY]: with the cookie in jar; answer in out, status in code
ask() {
	code=$(curl -s -o out -w '%{http_code}' -b jar -c jar -X "$1" \
		-H 'Sec-Fetch-Site: same-origin' ${3+--data-binary "$3"} "$url$2") || return
	echo "$1 $2: $code" && cat out && echo
}

# gets STATUS METHOD PATH [BODY]
gets() {
	ask "${@:2}" && test "$code" = "$1"
}

# soon COMMAND...: until it succeeds; what another process did is seen within the second
soon() {
	local end=$((SECONDS + 60))
	until "$@"
	do
		[ "$SECONDS" -lt "$end" ] || return
	done
}

# enter: by $link; the cookie is in jar. begin: and starts, until it is active.
enter() {
	rm -f jar && gets 303 GET "/t/${link##*/}"
}

begin() {
	enter && gets 202 POST /api/v1/start '{}' &&
	until [ "$(gets 200 GET /api/v1/session >/dev/null &&
		json_get out 'j["status"]')" = active ]
	do :; done
}
