#!/bin/bash
# serve.sh - the candidate's journey in Chromium against tali serve, with kill -9, and the record
. "$(dirname "$0")/browser.sh"
needs_editor
exec "$node" "$here/serve.mjs" "$TALI_BUILDDIR/tali" "$chromium" "$TMPDIR"
