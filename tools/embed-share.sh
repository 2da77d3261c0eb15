#!/bin/sh
# embed-share.sh FOLDER - writes the C file that holds every file of FOLDER (the shapes: src/base/share.h)
#
# But not what pages ask for and are built from (tools/embed-web.sh).
# One string literal per 20 bytes, each byte as three octal digits: od, awk, no compiler of ours.
set -eu
export LC_ALL=C

cd "$1"
printf '/* Made by tools/embed-share.sh. */\n#include "base/share.h"\n\nconst struct share_file share_files[] = {\n'
find . \( -path ./web/assets -o -path ./web/bundle -o -path ./web/built -o -name 'package*.json' \) -prune -o \
	-type f ! -name '*.mk' ! -name '.*' ! -name '*~' -print | sed 's,^\./,,' | sort |
while IFS= read -r name; do
	printf '\t{ "%s", ""\n' "$name"
	od -An -v -b -w20 "$name" | sed 's/ /\\/g; s/.*/\t"&"/'
	printf '\t, %d },\n' "$(wc -c <"$name")"
done
printf '\t{ 0 }\n};\n'
