#!/bin/bash
# soak.sh - what a run costs after thousands of others, some of which were stopped at each limit
. "$(dirname "$0")/lib.sh"

groups() {
	find /sys/fs/cgroup -type d -name 'tali-*' 2>/dev/null | wc -l
}

before=$(groups)
"$builddir/tests/bench/soak" "${BENCH_SIZE:-10000}"
[ "$(groups)" -le "$before" ] || { echo "bench: control groups are left" >&2; exit 1; }
