#!/bin/bash
# report-page.sh - the HTML report in Chromium: readable by all, in all sizes, and it runs nothing
#
# Needs Chromium, and `npm ci` in this folder (bootstrap check does both).
here=$(cd "$(dirname "$0")" && pwd)
: "${TALI_BUILDDIR:?}" "${TALI_SRCDIR:?}" "${TMPDIR:=/tmp}"

node=$here/node_modules/.bin/node
chromium=$(command -v chromium || command -v chromium-browser)
if [ -z "$chromium" ] || [ ! -x "$node" ]; then
	echo "1..0 # SKIP needs Chromium, and npm ci in tests/web"
	exit 0
fi
exec "$node" "$here/report-page.mjs" "$TMPDIR" "$chromium" "$TALI_BUILDDIR/tests/web/make-report" \
	"$TALI_SRCDIR/examples/json/tali.report-1.team.json"
