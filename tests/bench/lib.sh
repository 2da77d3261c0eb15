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

# --- a server

# invite_all N: a store with a task and N candidates; the tokens of their links in the file tokens
invite_all() {
	export TALI_STORE=$scratch/store
	"$tali" init >/dev/null
	TALI_TEMPLATES=$srcdir/templates "$tali" task create words --template word-count >/dev/null
	for i in $(seq "$1"); do echo "candidate$i@example.org,Candidate $i"; done >people.csv
	"$tali" invite words --csv people.csv | sed 's|.*/t/\([a-z0-9]*\).*|\1|' >tokens
}

# serve [OPTION...]: $server is its process, $port where it listens; it ends with the bench
serve() {
	ulimit -n 16384 2>/dev/null || true
	mkfifo ready
	"$tali" serve --listen 127.0.0.1:0 --log none "$@" >ready &
	server=$!
	trap 'kill "$server" 2>/dev/null || :; rm -rf "$scratch"' EXIT
	read -r line <ready
	port=${line##*:}
}
