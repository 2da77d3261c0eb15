#!/bin/bash
# serve-chat.sh - the assistant in the workspace of tali serve, played by a script, and the record
#
# Needs Chromium, and `npm ci` in this folder (bootstrap check does both).
here=$(cd "$(dirname "$0")" && pwd)
: "${TALI_BUILDDIR:?}" "${TALI_SRCDIR:?}" "${TMPDIR:=/tmp}"

node=$here/node_modules/.bin/node
chromium=$(command -v chromium || command -v chromium-browser)
if [ -z "$chromium" ] || [ ! -x "$node" ] || [ ! -e "$TALI_BUILDDIR/web/built/codemirror.js" ]; then
	echo "1..0 # SKIP needs Chromium, npm ci in tests/web, and the editor built"
	exit 0
fi
if ! "$TALI_BUILDDIR/tali" serve -h >/dev/null 2>&1; then
	echo "1..0 # SKIP this tali has no server"
	exit 0
fi
exec "$node" "$here/serve-chat.mjs" "$TALI_BUILDDIR/tali" "$chromium" "$TMPDIR"
