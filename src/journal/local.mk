libtali_a_SOURCES += \
	src/journal/event_kind.c src/journal/event_kind.h \
	src/journal/event_list.c src/journal/event_list.h
server_sources += \
	src/journal/batch.c src/journal/batch.h \
	src/journal/batch_quick.c src/journal/batch_quick.h \
	src/journal/byte_allowance.c src/journal/byte_allowance.h \
	src/journal/chain.c src/journal/chain.h \
	src/journal/foreign.c src/journal/foreign.h \
	src/journal/foreign_atif.c src/journal/foreign_atif.h \
	src/journal/foreign_cast.c src/journal/foreign_cast.h \
	src/journal/foreign_claude.c src/journal/foreign_claude.h \
	src/journal/foreign_codex.c src/journal/foreign_codex.h \
	src/journal/foreign_talk.c src/journal/foreign_talk.h \
	src/journal/foreign_trace.c src/journal/foreign_trace.h \
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
	src/journal/journal_git.c src/journal/journal_git.h \
	src/journal/journal_read.c src/journal/journal_read.h \
	src/journal/journal_stats.c src/journal/journal_stats.h \
	src/journal/journal_verify.c src/journal/journal_verify.h \
	src/journal/journal_writer.c src/journal/journal_writer.h \
	src/journal/screen.c src/journal/screen.h \
	src/journal/screen_grid.c src/journal/screen_grid.h \
	src/journal/screen_machine.c src/journal/screen_machine.h \
	src/journal/screen_reader.c src/journal/screen_reader.h \
	src/journal/text.c src/journal/text.h \
	src/journal/text_positions.c src/journal/text_positions.h

unit_tests += \
	tests/unit/test_batch \
	tests/unit/test_byte_allowance \
	tests/unit/test_event_kind \
	tests/unit/test_fold \
	tests/unit/test_fold_pack \
	tests/unit/test_ingest \
	tests/unit/test_journal \
	tests/unit/test_journal_read \
	tests/unit/test_journal_writer \
	tests/unit/test_screen \
	tests/unit/test_text
fuzz_tests += \
	tests/fuzz/fuzz_batch \
	tests/fuzz/fuzz_fold \
	tests/fuzz/fuzz_foreign_atif \
	tests/fuzz/fuzz_foreign_cast \
	tests/fuzz/fuzz_foreign_claude \
	tests/fuzz/fuzz_foreign_codex \
	tests/fuzz/fuzz_foreign_trace \
	tests/fuzz/fuzz_journal_read \
	tests/fuzz/fuzz_screen
