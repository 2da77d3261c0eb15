#!/bin/bash
# candidate.sh - the candidate's pages in Chromium: the whole journey, faults, accessibility
#
# Against fake-server.mjs, which serves the program's own pages and assets.
. "$(dirname "$0")/browser.sh"
needs_editor
exec "$node" "$here/candidate.mjs" "$TALI_BUILDDIR/tests/web/print-page" "$chromium"
