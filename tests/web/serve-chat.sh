#!/bin/bash
# serve-chat.sh - the assistant in the workspace of tali serve, played by a script, and the record
. "$(dirname "$0")/browser.sh"
needs_editor
exec "$node" "$here/serve-chat.mjs" "$TALI_BUILDDIR/tali" "$chromium" "$TMPDIR"
