libtali_a_SOURCES += \
	src/work/file_event.c src/work/file_event.h \
	src/work/host_screen.c src/work/host_screen.h \
	src/work/host_terminal.c src/work/host_terminal.h \
	src/work/remote_call.c src/work/remote_call.h \
	src/work/remote_queue.h \
	src/work/remote_state.c src/work/remote_state.h \
	src/work/remote_sync.h \
	src/work/session.c src/work/session.h \
	src/work/workplace.h \
	src/work/workplace_remote.c src/work/workplace_remote.h \
	src/work/workplace_run.c src/work/workplace_run.h \
	src/work/workplace_shell.c src/work/workplace_shell.h

unit_tests += tests/unit/test_host_screen tests/unit/test_remote_call \
	tests/unit/test_remote_state

fuzz_tests += tests/fuzz/fuzz_host_screen
