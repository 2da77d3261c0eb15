# local.mk - the sources, unit tests and fuzz targets of src/replay
server_sources += \
	src/replay/atif.c src/replay/atif.h \
	src/replay/branch.c src/replay/branch.h \
	src/replay/cast.c src/replay/cast.h \
	src/replay/curses_library.c src/replay/curses_library.h \
	src/replay/escape_filter.c src/replay/escape_filter.h \
	src/replay/first_pass.c src/replay/first_pass.h \
	src/replay/keyframe.c src/replay/keyframe.h \
	src/replay/moment.c src/replay/moment.h \
	src/replay/page.c src/replay/page.h \
	src/replay/page_data.c src/replay/page_data.h \
	src/replay/page_files.c src/replay/page_files.h \
	src/replay/page_json.c src/replay/page_json.h \
	src/replay/page_plain.c src/replay/page_plain.h \
	src/replay/page_screens.c src/replay/page_screens.h \
	src/replay/page_steps.c src/replay/page_steps.h \
	src/replay/page_style.c src/replay/page_style.h \
	src/replay/page_table.c src/replay/page_table.h \
	src/replay/page_talk.c src/replay/page_talk.h \
	src/replay/page_text.c src/replay/page_text.h \
	src/replay/payload_text.c src/replay/payload_text.h \
	src/replay/player.c src/replay/player.h src/replay/player_internal.h \
	src/replay/player_bar.c src/replay/player_bar.h \
	src/replay/player_canvas.c src/replay/player_canvas.h \
	src/replay/player_clock.c src/replay/player_clock.h \
	src/replay/player_find.c src/replay/player_find.h \
	src/replay/player_lines.c src/replay/player_lines.h \
	src/replay/player_move.c src/replay/player_move.h \
	src/replay/player_pane.c src/replay/player_pane.h \
	src/replay/player_screen.c src/replay/player_screen.h \
	src/replay/replay_steps.c src/replay/replay_steps.h \
	src/replay/replay_tree.c src/replay/replay_tree.h \
	src/replay/rerun.c src/replay/rerun.h \
	src/replay/state_view.c src/replay/state_view.h \
	src/replay/timeline.c src/replay/timeline.h src/replay/timeline_internal.h \
	src/replay/timeline_marks.c src/replay/timeline_marks.h

unit_tests += \
	tests/unit/test_escape_filter \
	tests/unit/test_first_pass \
	tests/unit/test_moment \
	tests/unit/test_page \
	tests/unit/test_player \
	tests/unit/test_player_keys \
	tests/unit/test_replay_tree \
	tests/unit/test_timeline
fuzz_tests += tests/fuzz/fuzz_escape_filter tests/fuzz/fuzz_page tests/fuzz/fuzz_player
