#!/bin/bash
# result.sh - the page of a released result in Chromium, by tali serve
#
# With $TALI_SHOTS, a folder, the pages are kept there as pictures.
. "$(dirname "$0")/browser.sh"
needs_editor
exec "$node" "$here/result.mjs" "$TALI_BUILDDIR/tali" "$chromium" "$TMPDIR"
