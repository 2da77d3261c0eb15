#!/bin/bash
# replay-page.sh - the page of a session plays in Chromium, offline, and nothing of a session runs
. "$(dirname "$0")/browser.sh"
for page in demo hostile random; do
	"$TALI_BUILDDIR/tests/web/make-pages" "$page" "$TMPDIR" >&2 || exit 99
done
exec "$node" "$here/replay-page.mjs" "$TMPDIR" "$chromium"
