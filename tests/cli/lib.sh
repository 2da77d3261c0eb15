# lib.sh - what every tests/cli/tNNNN-*.sh reads first, after it has set test_description
#
#	test_description='a store is made once'
#	. "$(dirname "$0")/lib.sh"
#	test_expect_success 'init makes a store' 'tali init store && test -d store'
#	test_done
#
# By hand, from the build folder: ../tests/run ../tests/cli/t0001-init.sh, or `bash FILE -v` alone.
# TALI_KEEP=1 leaves the folder of a test for a look.
#
# Each script starts in an empty folder of its own (its name has a space) and may use:
#	$srcdir $builddir	absolute folders
#	$TALI_TEMPLATES		the task templates of the source folder
#	$weak			--allow-weak where a limit cannot be enforced, else nothing
#	tali ...		the program under test (through valgrind in `make check-valgrind`)
#	tali_at OFFSET ...	the same with its clock moved
#	expect_exit CODE command...
#				the command ends with CODE and nothing else
#	expect_error CODE TEXT command...
#				that, nothing on stdout, and one line on stderr, which has TEXT
#	json_get FILE EXPRESSION
#				prints a Python expression of the document j: json_get out 'j["id"]'
#	check_schema FILE	the JSON document is valid by the schema that it names
#	copy_template NAME TO	a template as a folder that may be written
# Prerequisites: ROOT (runs as root), ENFORCED (no --allow-weak needed).

srcdir=${TALI_SRCDIR:-$(cd "$(dirname "$0")/../.." && pwd)}
builddir=${TALI_BUILDDIR:-$PWD}
root=${TMPDIR:-/tmp}
if [ -z "${TALI_SRCDIR:-}" ]; then
	root=$(mktemp -d "$root/tali-test.XXXXXX")
	echo "# in $root"
fi
export TALI_TEMPLATES=$srcdir/templates

[ -e /usr/share/sharness/sharness.sh ] || {
	echo "Bail out! sharness is missing: apt-get install sharness"
	exit 1
}
SHARNESS_TEST_EXTENSION=sh
SHARNESS_TEST_DIRECTORY=$root
SHARNESS_BUILD_DIRECTORY=$root/bin
HARNESS_ACTIVE=1
set -- --chain-lint --root="$root" "$@"
. /usr/share/sharness/sharness.sh
# what a test prints goes to the log, never between the lines of TAP
exec 3>&2 4>&2

unset TALI_STORE TALI_CONFIG NO_COLOR MAKEFLAGS MAKELEVEL
export HOME=$root/home
export XDG_DATA_HOME=$HOME/data XDG_CONFIG_HOME=$HOME/config XDG_CACHE_HOME=$HOME/cache
mkdir -p "$HOME" "$root/bin"
umask 022

export GIT_CONFIG_NOSYSTEM=1 GIT_CONFIG_GLOBAL=/dev/null GIT_TERMINAL_PROMPT=0
export GIT_AUTHOR_NAME='Ada Author' GIT_AUTHOR_EMAIL=ada@example.org
export GIT_COMMITTER_NAME='Ada Author' GIT_COMMITTER_EMAIL=ada@example.org
export GIT_AUTHOR_DATE='2026-01-02T03:04:05Z' GIT_COMMITTER_DATE='2026-01-02T03:04:05Z'

# put_program NAME FILE [WORD...]: NAME on the path is FILE of the build folder, called with these
# words before its own
put_program() {
	[ -x "$builddir/$2" ] || {
		echo "Bail out! $builddir/$2 is not built"
		EXIT_OK=t
		exit 1
	}
	printf '#!/bin/sh\nexec "%s" %s "$@"\n' "$builddir/$2" "${*:3}" >"$root/bin/$1"
	chmod 755 "$root/bin/$1"
}

if [ -n "${TALI_VALGRIND:-}" ]; then
	put_program tali tests/fake/tali-at +0s
	put_program tali_at tests/fake/tali-at
	sed -i "s|^exec|TALI_NATIVE_HELPER=$TALI_NATIVE_HELPER exec $TALI_VALGRIND|" \
		"$root/bin/tali" "$root/bin/tali_at"
else
	ln -sf "$builddir/tali" "$root/bin/tali"
	put_program tali_at tests/fake/tali-at
fi

expect_exit() {
	expected_code=$1
	shift
	"$@"
	actual_code=$?
	[ "$actual_code" = "$expected_code" ] && return 0
	echo >&2 "expect_exit: got $actual_code instead of $expected_code: $*"
	return 1
}

expect_error() {
	expected_code=$1 expected_text=$2
	shift 2
	expect_exit "$expected_code" "$@" >error.out 2>error.err || {
		cat error.err >&2
		return 1
	}
	cat error.err >&2
	if [ -s error.out ]; then
		echo >&2 "expect_error: stdout is not empty: $(head -c 200 error.out)"
		return 1
	fi
	if [ "$(wc -l <error.err)" != 1 ]; then
		echo >&2 "expect_error: not one line on stderr"
		return 1
	fi
	if ! grep -qF -e "$expected_text" error.err; then
		echo >&2 "expect_error: '$expected_text' is not in it"
		return 1
	fi
}

json_get() {
	/usr/bin/python3 -c '
import json, sys
with open(sys.argv[1]) as file:
    j = json.load(file)
value = eval(sys.argv[2])
print(value if isinstance(value, str) else json.dumps(value))' "$1" "$2"
}

check_schema() {
	/usr/bin/python3 "$srcdir/tools/check-schema" "$srcdir/share/schema" "$1"
}

copy_template() {
	cp -R "$srcdir/templates/$1" "$2" && chmod -R u+w "$2"
}

[ "$(id -u)" != 0 ] || test_set_prereq ROOT
weak=
"$builddir/tali" doctor -q >/dev/null 2>&1
case $? in
0) test_set_prereq ENFORCED ;;
3) weak=--allow-weak ;;
esac
:
