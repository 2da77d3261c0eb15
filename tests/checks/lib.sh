# lib.sh - TAP for the scripts of this folder: one function per test, named by a true sentence

srcdir=${TALI_SRCDIR:-$(cd "$(dirname "$0")/../.." && pwd)}
count=0 failed=0
scratch=$(mktemp -d "${TMPDIR:-/tmp}/tali-check.XXXXXX")
trap 'rm -rf "$scratch"' EXIT
cd "$scratch" || exit 1

# it SENTENCE COMMAND...: passes when the command does; what it printed explains a failure
it() {
	count=$((count + 1))
	local sentence=$1 output
	shift
	if output=$("$@" 2>&1 </dev/null); then
		echo "ok $count - $sentence"
	else
		echo "not ok $count - $sentence"
		[ -z "$output" ] || printf '%s\n' "$output" | sed 's/^/# /'
		failed=1
	fi
}

# names TEXT COMMAND...: the command fails and prints TEXT
names() {
	local text=$1 output
	shift
	if output=$("$@" 2>&1); then
		echo "no failure: $*"
		return 1
	fi
	case $output in
	*"$text"*) ;;
	*)
		printf '%s\n' "'$text' is not in:" "$output"
		return 1
		;;
	esac
}

finish() {
	echo "1..$count"
	exit "$failed"
}
