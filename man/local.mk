# local.mk - man/*.scd become manual pages by scdoc; a tarball brings them ready made

if HAVE_SCDOC
all_pages = $(patsubst $(srcdir)/%.scd,%,$(wildcard $(srcdir)/man/*.scd))
else
all_pages = $(patsubst $(srcdir)/%,%,$(wildcard $(srcdir)/man/*.[157]))
endif

# All of them, or those of the client's commands (cmd/table_client.c).
client_pages = tali.1 tali-json.7 \
	tali-chat.1 tali-completion.1 tali-credential.1 tali-doctor.1 tali-env.1 \
	tali-estimate.1 tali-help.1 tali-note.1 tali-run.1 tali-shell.1 tali-start.1 \
	tali-status.1 tali-submit.1 tali-watch.1
if SERVER
man_pages = $(all_pages)
else
man_pages = $(filter $(addprefix man/,$(client_pages)),$(all_pages))
endif

# The date in the page is the source's own: the same source gives the same page.
man/%: man/%.scd
	$(AM_V_GEN)$(MKDIR_P) man && \
		SOURCE_DATE_EPOCH=$$(stat -c %Y $< 2>/dev/null || stat -f %m $<) \
		$(SCDOC) <$< >$@.new && mv $@.new $@

EXTRA_DIST += $(all_pages)

install-man-pages: $(man_pages)
	@for page in $(man_pages); do \
		file=$$page; test -f $$file || file=$(srcdir)/$$page; \
		$(MKDIR_P) "$(DESTDIR)$(mandir)/man$${page##*.}" && $(INSTALL_DATA) $$file \
			"$(DESTDIR)$(mandir)/man$${page##*.}/$${page##*/}" || exit 1; \
	done

uninstall-man-pages:
	@for page in $(man_pages); do \
		rm -f "$(DESTDIR)$(mandir)/man$${page##*.}/$${page##*/}"; \
	done

# Pages in the source folder may be the tarball's own.
clean-man-pages:
	test $(srcdir) = . || rm -f $(man_pages)
