libtali_a_SOURCES += \
	src/replay/keyframe.c src/replay/keyframe.h \
	src/replay/timeline.c src/replay/timeline.h src/replay/timeline_internal.h \
	src/replay/timeline_marks.c src/replay/timeline_marks.h

unit_tests += tests/unit/test_timeline

libtali_a_SOURCES += \
	src/replay/branch.c src/replay/branch.h \
	src/replay/first_pass.c src/replay/first_pass.h \
	src/replay/moment.c src/replay/moment.h \
	src/replay/replay_steps.c src/replay/replay_steps.h \
	src/replay/replay_tree.c src/replay/replay_tree.h \
	src/replay/rerun.c src/replay/rerun.h \
	src/replay/state_view.c src/replay/state_view.h

unit_tests += tests/unit/test_moment tests/unit/test_first_pass tests/unit/test_replay_tree
