#!/bin/bash
# web-size.sh - the pages stay small: what the workspace loads, by gzip -9, against the limits
. "$(dirname "$0")/lib.sh"

first_most=180000	# bytes before the editor can be used
all_most=300000		# bytes of the whole, with the terminal

built=${TALI_BUILDDIR:?}/web/built

# size FILE...: their bytes by gzip
size() {
	local file sum=0
	for file; do
		sum=$((sum + $(gzip -9nc "$file" | wc -c)))
	done
	echo "$sum"
}

# most NAME LIMIT FILE...
most() {
	local bytes
	bytes=$(size "${@:3}")
	echo "# $1: $bytes of $2 bytes" >&3
	[ "$bytes" -le "$2" ] || {
		echo "$1 is $bytes bytes, and may be $2"
		return 1
	}
}

exec 3>&1
if [ ! -e "$built/codemirror.js" ]; then
	echo "1..0 # SKIP the editor is not built (configure --disable-web, or no npm)"
	exit 0
fi
it "the editor can be used after at most $first_most bytes" most 'first paint' "$first_most" \
	"$srcdir/share/web/workspace.html" \
	"$built"/{app.css,codemirror.js,icon.svg,theme.js,workspace.js}
it "the whole of the candidate's side is at most $all_most bytes" most 'all' "$all_most" \
	"$srcdir"/share/web/{landing,passcode,invitation,setup,workspace,receipt,error}.html \
	"$built"/*.{js,css,svg}
head -c 400000 /dev/urandom >large.js
it 'a bundle that grew too large is named' names 'and may be' most 'all' "$all_most" large.js

finish
