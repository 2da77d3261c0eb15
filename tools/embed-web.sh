#!/bin/sh
# embed-web.sh FILE... - writes the C file that holds what pages ask for (the shapes: src/web/asset.h)
#
# Each file as it is and by gzip -9n, with a strong ETag of its content; and a name for all of them
# together, for paths that may be kept for ever.
set -eu
export LC_ALL=C

literal() {
	od -An -v -b -w20 | sed 's/ /\\/g; s/.*/\t"&"/'
}

# the same wherever the files lie
version=$(for file; do sha256sum <"$file"; basename "$file"; done | sha256sum | cut -c 1-16)

printf '/* Made by tools/embed-web.sh. */\n#include "web/asset.h"\n\n'
printf 'const char asset_version[] = "%s";\n\nconst struct asset assets[] = {\n' "$version"
for file; do
	etag=$(sha256sum <"$file" | cut -c 1-32)
	printf '\t{ "%s", "\\"%s\\"", "\\"%s-gz\\"", %d, %d, ""\n' "$(basename "$file")" "$etag" "$etag" \
		"$(wc -c <"$file")" "$(gzip -9nc "$file" | wc -c)"
	literal <"$file"
	printf '\t, ""\n'
	gzip -9nc "$file" | literal
	printf '\t},\n'
done
printf '\t{ 0 }\n};\n'
