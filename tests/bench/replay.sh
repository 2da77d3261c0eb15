#!/bin/bash
# replay.sh - opening a long session, and seeking in it, against folding it from the beginning
#
# Three sizes, each twice the one before: what a seek costs must not grow with the session.
. "$(dirname "$0")/lib.sh"

most=${BENCH_SIZE:-1000000}
for size in $((most / 4)) $((most / 2)) "$most"
do
	rm -rf store && "$tali" init store >/dev/null
	"$builddir/tests/bench/replay" "$rounds" store "$size" 40
done
