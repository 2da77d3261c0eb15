# browser.sh - what tests of pages need: $here, $node, $chromium; without them they say so
#
# Chromium, `npm ci` in this folder (bootstrap check does both), and the editor.
here=$(cd "$(dirname "$0")" && pwd)
: "${TALI_BUILDDIR:?}"

node=$here/node_modules/.bin/node
chromium=$(command -v chromium || command -v chromium-browser)
if [ -z "$chromium" ] || [ ! -x "$node" ]; then
	echo "1..0 # SKIP needs Chromium, and npm ci in tests/web"
	exit 0
fi
if [ ! -e "$TALI_BUILDDIR/web/built/codemirror.js" ]; then
	echo "1..0 # SKIP the editor is not built (configure --disable-web, or no npm)"
	exit 0
fi
