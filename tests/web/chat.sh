#!/bin/bash
# chat.sh - the assistant of the workspace in Chromium: answers, code, agent, faults, access
#
# Against fake-server.mjs, which serves the program's own pages and assets.
. "$(dirname "$0")/browser.sh"
needs_editor
exec "$node" "$here/chat.mjs" "$TALI_BUILDDIR/tests/web/print-page" "$chromium"
