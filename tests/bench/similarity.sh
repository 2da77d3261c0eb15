#!/bin/bash
# similarity.sh - all pairs of 1,000 submissions: within 2 s, and twice as many in twice the time
. "$(dirname "$0")/lib.sh"

"$builddir/tests/bench/similarity" "$rounds" "${BENCH_SIZE:-1000}"
