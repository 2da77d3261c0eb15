#!/bin/bash
# report-page.sh - the HTML report in Chromium: readable by all, in all sizes, and it runs nothing
. "$(dirname "$0")/browser.sh"
exec "$node" "$here/report-page.mjs" "$TMPDIR" "$chromium" "$TALI_BUILDDIR/tests/web/make-report" \
	"$TALI_SRCDIR/examples/json/tali.report-1.team.json"
