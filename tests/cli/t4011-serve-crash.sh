#!/bin/bash
# t4011-serve-crash.sh - a server that is killed while somebody types loses nothing it acknowledged
#
# TALI_ROUNDS is how often (25).
test_description='what a server has acknowledged is there when it is killed'
. "$(dirname "$0")/lib.sh"
. "$srcdir/tests/cli/fixture.sh"
. "$srcdir/tests/cli/server.sh"

test_expect_success 'somebody has begun' '
	make_store && add_tiny && invite_one && serve && begin && : >log &&
	cookie=$(awk "\$6 == \"tali_c\" { print \$7 }" jar) && test -n "$cookie"
'

# grown COUNT: waits until the log has so many lines
grown() {
	until [ "$(wc -l <log)" -ge "$1" ]
	do
		kill -0 "$typist" || return
	done
}

# round: types, is killed somewhere, comes back
round() {
	lines=$(wc -l <log)
	"$srcdir/tests/fake/http-typist.py" "$url" "$cookie" log &
	typist=$!
	grown $((lines + 2 + RANDOM % 12)) && kill -9 "$server" && wait "$typist" &&
	{ wait "$server"; serve; }
}

# whole: the text is 1, 2, 3 ... without a gap, up to the last that was acknowledged or one more
whole() {
	gets 200 GET /api/v1/files/answer >/dev/null && last=$(wc -l <out) &&
	seq "$last" | cmp - out &&
	acked=$(grep -c acked log) && test "$last" -ge "$acked" && test "$last" -le $((acked + 1))
}

test_expect_success 'nothing is missing and nothing is there twice, however often it is killed' '
	for i in $(seq "${TALI_ROUNDS:-25}")
	do
		round && whole || return 1
	done && tali verify && tail -n 2 log
'

test_expect_success 'what is handed in has all of it' '
	gets 200 POST /api/v1/submit "{}" >/dev/null && stop &&
	git --git-dir="store/repos/$id.git" show submission:answer >answer &&
	seq "$last" | cmp - answer && tali verify
'
test_done
