#!/bin/bash
# snapshot.sh - how long a snapshot of a workspace takes in which one file changed
. "$(dirname "$0")/lib.sh"

"$builddir/tests/bench/snapshot" "$rounds" "${BENCH_SIZE:-1000}" 10
