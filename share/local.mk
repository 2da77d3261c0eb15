# local.mk - everything in share/ becomes one array in share_data.c (read by src/base/share.c)

# Folders too: their time changes when a file comes or goes.
share_sources := $(shell find $(srcdir)/share ! -name '*.mk' ! -name '.*' ! -name '*~')

share_data.c: $(share_sources) $(srcdir)/tools/embed-share.sh
	$(AM_V_GEN)$(SHELL) $(srcdir)/tools/embed-share.sh $(srcdir)/share >$@.new && mv $@.new $@

CLEANFILES += share_data.c share_data.c.new
