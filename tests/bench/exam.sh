#!/bin/bash
# exam.sh - BENCH_SIZE candidates (100) who begin together: link, typing, runs, tests, handing in
. "$(dirname "$0")/lib.sh"

size=${BENCH_SIZE:-100}
ulimit -n 16384 2>/dev/null || true
export TALI_STORE=$scratch/store
"$tali" init >/dev/null
TALI_TEMPLATES=$srcdir/templates "$tali" task create words --template word-count >/dev/null
for i in $(seq "$size"); do echo "candidate$i@example.org,Candidate $i"; done >people.csv
"$tali" invite words --csv people.csv | sed 's|.*/t/\([a-z0-9]*\).*|\1|' >tokens
mkfifo ready
mkdir typed
"$tali" serve --listen 127.0.0.1:0 --streams $((size + 64)) --log none >ready &
server=$!
trap 'kill "$server" 2>/dev/null || :; rm -rf "$scratch"' EXIT
read -r line <ready
"$builddir/tests/bench/exam" "${line##*:}" "$srcdir/templates/word-count/solution/wc.py" typed \
	<tokens
kill "$server"
wait
"$tali" verify >/dev/null
for id in $(cd typed && ls); do
	git --git-dir="store/repos/$id.git" show submission:wc.py | cmp - "typed/$id"
done
[ "$(ls typed | wc -l)" = "$size" ] || { echo "bench: not all have handed in" >&2; exit 1; }
