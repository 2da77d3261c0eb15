#!/bin/bash
# ingest.sh - how many events a second of many sessions are on disk
. "$(dirname "$0")/lib.sh"

"$builddir/tests/bench/ingest" "$rounds" "${BENCH_SIZE:-200}" 20
