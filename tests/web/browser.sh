# browser.sh - what tests of pages need: $here, $node, $chromium; without them they say so
#
# Chromium, and `npm ci` in this folder (bootstrap check does both). The headless shell is half the
# work for the processor: it has no windows of its own to draw.
here=$(cd "$(dirname "$0")" && pwd)
: "${TALI_BUILDDIR:?}" "${TALI_SRCDIR:?}" "${TMPDIR:=/tmp}"

node=$here/node_modules/.bin/node
chromium=$(command -v chromium-headless-shell || command -v chromium ||
	command -v chromium-browser)
if [ -z "$chromium" ] || [ ! -x "$node" ]; then
	echo "1..0 # SKIP needs Chromium, and npm ci in tests/web"
	exit 0
fi

# needs_editor: the pages have one
needs_editor() {
	[ ! -e "$TALI_BUILDDIR/web/built/codemirror.js" ] || return 0
	echo "1..0 # SKIP the editor is not built (configure --disable-web, or no npm)"
	exit 0
}
