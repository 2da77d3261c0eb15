#!/bin/sh
# build.sh FROM TO - makes the editor, the terminal and the workspace in TO by npm and esbuild
#
# FROM is share/web. The packages are those of its lock file, fetched into TO/packages; nothing of
# them but what esbuild puts together gets anywhere else, and none of their scripts run. Our own
# modules become one small file for each page, and one for the assistant, of the name that it has
# without a build; lines.js is replay-diff.js, whose own page has no modules. What was there before
# stays when anything fails.
set -eu

from=$(cd "$1" && pwd)
mkdir -p "$2/packages" "$2/new"
cd "$2/packages"
if ! cmp -s "$from/package-lock.json" fetched.json; then
	cp "$from/package.json" "$from/package-lock.json" .
	npm ci --ignore-scripts --no-audit --no-fund --loglevel=error --fetch-retries=1 \
		--fetch-retry-mintimeout=1000 >../npm.log 2>&1 || {
		echo "npm ci failed: $(grep -m 1 -i ' code ' ../npm.log || head -n 1 ../npm.log)" >&2
		exit 1
	}
	cp package-lock.json fetched.json
fi
rm -rf bundle assets
cp -r "$from/bundle" "$from/assets" .
{ cat "$from/replay-diff.js"; echo 'export { diffLines };'; } >assets/lines.js

# bundle ENTRY [OPTION...]
bundle() {
	node_modules/.bin/esbuild "$@" --bundle --minify --target=es2022 --legal-comments=none \
		--log-level=warning --outdir=../new
}
for name in codemirror xterm; do
	bundle bundle/$name.mjs --format=esm \
		--banner:js="/* $name.js - MIT licence, see licences.txt */"
done
for page in passcode invitation setup workspace receipt result chat; do
	bundle assets/$page.js --format=esm --external:./codemirror.js --external:./xterm.js \
		--external:./chat.js
done
bundle assets/app.css
cp assets/theme.js assets/icon.svg ../new

# the names, licences and copyrights of what is inside
for package in node_modules/@codemirror/* node_modules/@lezer/* node_modules/@xterm/* \
	node_modules/@marijn/* node_modules/crelt node_modules/style-mod node_modules/w3c-keyname; do
	test ! -e "$package/LICENSE" || { echo "${package#node_modules/}"; cat "$package/LICENSE"; echo; }
done >../new/licences.txt
mv -f ../new/* ..
