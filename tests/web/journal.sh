#!/bin/bash
# journal.sh - no edit of a page is lost or doubled, whatever fails (share/web/assets/journal.js)
#
# Needs node, as bootstrap check installs it.
here=$(cd "$(dirname "$0")" && pwd)

node=$here/node_modules/.bin/node
[ -x "$node" ] || node=$(command -v node)
if [ -z "$node" ]; then
	echo "1..0 # SKIP needs node"
	exit 0
fi
exec "$node" "$here/journal.mjs"
