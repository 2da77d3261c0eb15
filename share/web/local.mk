# local.mk - what pages ask for becomes web_data.c (read by src/web/asset.c)
#
# Editor and terminal are made by npm and esbuild (share/web/bundle/build.sh) into web/built, or come
# with a tarball in share/web/built; with them the scripts of each page become one small file. Without them the build goes on, and says so.

web_assets := $(sort $(shell find $(srcdir)/share/web/assets -type f ! -name '.*' ! -name '*~'))
web_parts := $(wildcard $(srcdir)/share/web/bundle/*) $(srcdir)/share/web/package.json \
	$(srcdir)/share/web/replay-diff.js \
	$(srcdir)/share/web/package-lock.json
web_built = app.css chat.js codemirror.js icon.svg invitation.js licences.txt passcode.js receipt.js \
	result.js setup.js \
	theme.js workspace.js xterm.css xterm.js

web_fetch = $(SHELL) $(srcdir)/share/web/bundle/build.sh $(srcdir)/share/web web/built

if WEB
web_stamp = web/stamp
if !WEB_REQUIRED
web_else = || echo "tali is built WITHOUT the editor and the terminal of its pages, since the packages \
they are made of cannot be fetched: rm web/stamp and make again when they can, or configure with \
--disable-web" >&2
endif
endif

web/stamp: $(web_parts) $(web_assets)
	@$(MKDIR_P) web/built; if test -e $(srcdir)/share/web/built/codemirror.js; then \
		cp $(addprefix $(srcdir)/share/web/built/,$(web_built)) web/built; \
	else \
		echo "  NPM      web/built"; $(web_fetch) $(web_else); \
	fi && touch $@

# With what was built, or with its sources.
web_data.c: $(web_assets) $(web_stamp) $(srcdir)/tools/embed-web.sh
	$(AM_V_GEN)list="$(web_assets)"; test -z "$(web_stamp)" || test ! -e web/built/codemirror.js || \
		list="$(addprefix web/built/,$(web_built))"; \
	$(SHELL) $(srcdir)/tools/embed-web.sh $$list >$@.new && mv $@.new $@

# A tarball can be built without npm.
dist_web = test -e web/built/codemirror.js || { \
		echo "make dist needs the editor of the pages: configure with --enable-web" >&2; exit 1; }; \
	$(MKDIR_P) "$(distdir)/share/web/built" && \
	cp $(addprefix web/built/,$(web_built)) "$(distdir)/share/web/built"

CLEANFILES += web_data.c web_data.c.new web/stamp

clean-web:
	rm -rf web
.PHONY: clean-web
