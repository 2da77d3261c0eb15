libtali_a_SOURCES += \
	src/replay/keyframe.c src/replay/keyframe.h \
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
	src/replay/timeline.c src/replay/timeline.h src/replay/timeline_internal.h \
	src/replay/timeline_marks.c src/replay/timeline_marks.h

fuzz_tests += tests/fuzz/fuzz_page
unit_tests += tests/unit/test_page tests/unit/test_timeline
