#!/bin/bash
# replay-page.sh - the page of a session plays in Chromium, offline, and nothing of a session runs
#
# Needs Chromium, and `npm ci` in this folder (bootstrap check does both).
here=$(cd "$(dirname "$0")" && pwd)
: "${TALI_BUILDDIR:?}" "${TMPDIR:=/tmp}"

node=$here/node_modules/.bin/node
chromium=$(command -v chromium || command -v chromium-browser)
if [ -z "$chromium" ] || [ ! -x "$node" ]; then
	echo "1..0 # SKIP needs Chromium, and npm ci in tests/web"
	exit 0
fi
for page in demo hostile random; do
	"$TALI_BUILDDIR/tests/web/make-pages" "$page" "$TMPDIR" >&2 || exit 99
done
exec "$node" "$here/replay-page.mjs" "$TMPDIR" "$chromium"
