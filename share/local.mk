# local.mk - the files of share/ become one array in share_data.c (read by src/base/share.c)

# Folders too: their time changes when a file comes or goes.
share_sources := $(shell find $(srcdir)/share ! -name '*.mk' ! -name '.*' ! -name '*~')

# All of them, or what the client reads.
share_wanted =
if !SERVER
share_wanted += env.json languages.json schema/events
endif

share_data.c: $(share_sources) $(srcdir)/tools/embed-share.sh
	$(AM_V_GEN)$(SHELL) $(srcdir)/tools/embed-share.sh $(srcdir)/share $(share_wanted) >$@.new && \
		mv $@.new $@

CLEANFILES += share_data.c share_data.c.new
