#!/bin/bash
# score.sh - scoring a long session, against folding it
#
# Three sizes, each twice the one before: what an event costs must not grow with the session. The
# largest is to take a second at most.
. "$(dirname "$0")/lib.sh"

most=${BENCH_SIZE:-150000}
invite_all 3
number=0
: >done
for size in $((most / 4)) $((most / 2)) "$most"
do
	number=$((number + 1))
	token=$(sed -n "${number}p" tokens)
	"$tali" start "$token" "work-$number" >/dev/null
	id=$("$tali" list --json | sed -n 's/.*"id":"\([0-9a-z]*\)".*"status":"active".*/\1/p' |
		grep -vxFf done | head -n 1)
	"$builddir/tests/bench/score" "$rounds" "$TALI_STORE" "$id" "$size"
	echo "$id" >>done
done
