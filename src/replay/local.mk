# local.mk - the sources, unit tests and fuzz targets of src/replay
libtali_a_SOURCES += \
	src/replay/atif.c src/replay/atif.h \
	src/replay/cast.c src/replay/cast.h \
	src/replay/escape_filter.c src/replay/escape_filter.h \
	src/replay/keyframe.c src/replay/keyframe.h \
	src/replay/payload_text.c src/replay/payload_text.h \
	src/replay/timeline.c src/replay/timeline.h src/replay/timeline_internal.h \
	src/replay/timeline_marks.c src/replay/timeline_marks.h

unit_tests += tests/unit/test_escape_filter tests/unit/test_timeline
fuzz_tests += tests/fuzz/fuzz_escape_filter
