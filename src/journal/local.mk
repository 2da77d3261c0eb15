libtali_a_SOURCES += \
	src/journal/batch.c src/journal/batch.h \
	src/journal/batch_quick.c src/journal/batch_quick.h \
	src/journal/chain.c src/journal/chain.h \
	src/journal/event_kind.c src/journal/event_kind.h \
	src/journal/event_list.c src/journal/event_list.h \
	src/journal/fold.c src/journal/fold.h src/journal/fold_internal.h \
	src/journal/fold_files.c src/journal/fold_files.h \
	src/journal/fold_pack.c src/journal/fold_pack.h \
	src/journal/fold_snapshot.c src/journal/fold_snapshot.h \
	src/journal/fold_source.c src/journal/fold_source.h \
	src/journal/fold_talk.c src/journal/fold_talk.h \
	src/journal/fold_terminals.c src/journal/fold_terminals.h \
	src/journal/fold_view.c src/journal/fold_view.h \
	src/journal/ingest.c src/journal/ingest.h \
	src/journal/journal.c src/journal/journal.h \
	src/journal/journal_check.c src/journal/journal_check.h \
	src/journal/journal_export.c src/journal/journal_export.h \
	src/journal/journal_stats.c src/journal/journal_stats.h \
	src/journal/journal_writer.c src/journal/journal_writer.h \
	src/journal/screen.c src/journal/screen.h \
	src/journal/screen_grid.c src/journal/screen_grid.h \
	src/journal/screen_machine.c src/journal/screen_machine.h \
	src/journal/screen_reader.c src/journal/screen_reader.h \
	src/journal/text.c src/journal/text.h

unit_tests += tests/unit/test_batch tests/unit/test_event_kind tests/unit/test_fold \
	tests/unit/test_fold_pack tests/unit/test_ingest tests/unit/test_journal \
	tests/unit/test_journal_writer tests/unit/test_screen tests/unit/test_text
fuzz_tests += tests/fuzz/fuzz_batch tests/fuzz/fuzz_fold tests/fuzz/fuzz_screen
