# lib.sh - what every bench reads first: folders, sizes, and a place to work in
#
# A bench prints one JSON line per row, with the members bench, value, unit, baseline and ratio:
# medians of at least five rounds that take turns with the baseline. `make bench BENCH=start` runs
# one; BENCH_ROUNDS and BENCH_SIZE change its rounds and its size.
set -eu

srcdir=${TALI_SRCDIR:-$(cd "$(dirname "$0")/../.." && pwd)}
builddir=${TALI_BUILDDIR:-$PWD}
rounds=${BENCH_ROUNDS:-7}
tali=$builddir/tali
launch=$builddir/tests/bench/launch

scratch=$(mktemp -d "${TMPDIR:-/tmp}/tali-bench.XXXXXX")
trap 'rm -rf "$scratch"' EXIT
export HOME=$scratch XDG_DATA_HOME=$scratch/data XDG_CONFIG_HOME=$scratch/config
export GIT_CONFIG_NOSYSTEM=1 GIT_CONFIG_GLOBAL=/dev/null
export GIT_AUTHOR_NAME=Ada GIT_AUTHOR_EMAIL=ada@example.org
export GIT_COMMITTER_NAME=Ada GIT_COMMITTER_EMAIL=ada@example.org
unset TALI_STORE
cd "$scratch"
