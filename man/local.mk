# local.mk - man/*.scd become manual pages by scdoc; a tarball brings them ready made

if HAVE_SCDOC
man_pages = $(patsubst $(srcdir)/%.scd,%,$(wildcard $(srcdir)/man/*.scd))
else
man_pages = $(patsubst $(srcdir)/%,%,$(wildcard $(srcdir)/man/*.[157]))
endif

# The date in the page is the source's own: the same source gives the same page.
man/%: man/%.scd
	$(AM_V_GEN)$(MKDIR_P) man && \
		SOURCE_DATE_EPOCH=$$(stat -c %Y $<) $(SCDOC) <$< >$@.new && mv $@.new $@

EXTRA_DIST += $(man_pages)

install-man-pages: $(man_pages)
	@for page in $(man_pages); do \
		file=$$page; test -f $$file || file=$(srcdir)/$$page; \
		$(INSTALL_DATA) -D $$file \
			"$(DESTDIR)$(mandir)/man$${page##*.}/$${page##*/}" || exit 1; \
	done

uninstall-man-pages:
	@for page in $(man_pages); do \
		rm -f "$(DESTDIR)$(mandir)/man$${page##*.}/$${page##*/}"; \
	done

# Pages in the source folder may be the tarball's own.
clean-man-pages:
	test $(srcdir) = . || rm -f $(man_pages)
