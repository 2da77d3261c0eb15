libtali_a_SOURCES += \
	src/replay/keyframe.c src/replay/keyframe.h \
	src/replay/timeline.c src/replay/timeline.h src/replay/timeline_internal.h \
	src/replay/timeline_marks.c src/replay/timeline_marks.h

unit_tests += tests/unit/test_timeline
