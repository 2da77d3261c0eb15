#!/bin/bash
# exam.sh - BENCH_SIZE candidates (100) who begin together: link, typing, runs, tests, handing in
. "$(dirname "$0")/lib.sh"

size=${BENCH_SIZE:-100}
invite_all "$size"
mkdir typed
serve --streams $((size + 64))
"$builddir/tests/bench/exam" "$port" "$srcdir/templates/word-count/solution/wc.py" typed <tokens
kill "$server"
wait
"$tali" verify >/dev/null
for id in $(cd typed && ls); do
	git --git-dir="store/repos/$id.git" show submission:wc.py | cmp - "typed/$id"
done
[ "$(ls typed | wc -l)" = "$size" ] || { echo "bench: not all have handed in" >&2; exit 1; }
