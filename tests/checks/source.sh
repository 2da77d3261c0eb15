#!/bin/bash
# source.sh - our files keep the rules of form (tools/check-source), and the check sees when not
. "$(dirname "$0")/lib.sh"

check=$srcdir/tools/check-source
it 'each file keeps the rules of form' "$check" "$srcdir"

mkdir -p src/base
echo 'libtali_a_SOURCES += src/base/x.c' >src/base/local.mk

# wrong SENTENCE TEXT LINE...: src/base/x.c with these lines after the first is refused
wrong() {
	printf '%s\n' '/* x.c - x */' "${@:3}" >src/base/x.c
	it "$1" names "$2" "$check" .
}
wrong 'strcpy is named' 'src/base/x.c:2: strcpy() is banned' $'\tstrcpy(a, b);'
wrong 'system is named' 'src/base/x.c:3: system() is banned' '' $'\tif (system(a))'
wrong 'a long line is named' 'src/base/x.c:2: longer than 100' "$(printf '/* %0100d */' 0)"
wrong 'a tab counts eight columns' 'src/base/x.c:2: longer than 100' $'\t'"$(printf '%093d' 0)"
wrong 'space at the end is named' 'src/base/x.c:2: space at the end' 'int x; '
mapfile -t many < <(seq 600)
wrong 'a file past 600 lines is named' 'src/base/x.c:601: longer than 600 lines' "${many[@]}"

printf '%s\n' '/* x.c - x */' '/* strcpy(a, b) */' 'const char *s = "system(x)";' \
	'int n = snprintf(0, 0, "") + file_system(1) + my.system(2);' >src/base/x.c
it 'words in comments, strings and longer names are no calls' "$check" .

echo 'int x;' >src/base/x.c
it 'a file without an opening sentence is named' names 'opens with one sentence' "$check" .
echo '/* y.c - x */' >src/base/x.c
it 'an opening that names another file is named' names 'names another file' "$check" .
printf '/* x.c - x */' >src/base/x.c
it 'a missing last newline is named' names 'no newline at the end' "$check" .
echo '/* x.c - x */' >src/base/x.c
echo '/* y.c - y */' >src/base/y.c
it 'a source that no local.mk lists is named' names 'src/base/y.c:1: no local.mk' "$check" .

finish
