#!/bin/sh
# embed-share.sh FOLDER [PATH...] - writes the C file that holds the files of FOLDER, or those at the
# paths in it (the shapes: src/base/share.h)
#
# But not what pages ask for and are built from (tools/embed-web.sh).
# One string literal per 16 bytes, each byte as three octal digits: od, awk, no compiler of ours.
set -eu
export LC_ALL=C

cd "$1"
shift
[ $# -gt 0 ] || set -- .
printf '/* Made by tools/embed-share.sh. */\n#include "base/share.h"\n\nconst struct share_file share_files[] = {\n'
find "$@" \( -path ./web/assets -o -path ./web/bundle -o -path ./web/built -o -name 'package*.json' \) -prune -o \
	-type f ! -name '*.mk' ! -name '.*' ! -name '*~' -print | sed 's,^\./,,' | sort |
while IFS= read -r name; do
	printf '\t{ "%s", ""\n' "$name"
	od -An -v -b <"$name" |
		awk '{ printf "\t\""; for (i = 1; i <= NF; i++) printf "\\%s", $i; print "\"" }'
	printf '\t, %d },\n' $(wc -c <"$name")
done
printf '\t{ 0 }\n};\n'
