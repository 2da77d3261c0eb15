libtali_a_SOURCES += \
	src/work/env_check.c src/work/env_check.h \
	src/work/env_script.c src/work/env_script.h \
	src/work/env_table.c src/work/env_table.h \
	src/work/file_event.c src/work/file_event.h \
	src/work/git_program.c src/work/git_program.h \
	src/work/host_keys.c src/work/host_keys.h \
	src/work/host_screen.c src/work/host_screen.h \
	src/work/host_terminal.c src/work/host_terminal.h \
	src/work/own_program.c src/work/own_program.h \
	src/work/remark_data.c src/work/remark_data.h \
	src/work/remote_base.c src/work/remote_base.h \
	src/work/remote_call.c src/work/remote_call.h \
	src/work/remote_clone.c src/work/remote_clone.h \
	src/work/remote_fetch.c src/work/remote_fetch.h \
	src/work/remote_look.c src/work/remote_look.h \
	src/work/remote_merge.c src/work/remote_merge.h \
	src/work/remote_queue.c src/work/remote_queue.h \
	src/work/remote_seen.c src/work/remote_seen.h \
	src/work/remote_send.c src/work/remote_send.h \
	src/work/remote_start.c src/work/remote_start.h \
	src/work/remote_state.c src/work/remote_state.h \
	src/work/remote_stream.c src/work/remote_stream.h \
	src/work/remote_sync.c src/work/remote_sync.h \
	src/work/remote_watch.c src/work/remote_watch.h \
	src/work/remote_view.c src/work/remote_view.h \
	src/work/run_event.c src/work/run_event.h \
	src/work/run_folder.c src/work/run_folder.h \
	src/work/server_task.c src/work/server_task.h \
	src/work/session.c src/work/session.h \
	src/work/status_view.c src/work/status_view.h \
	src/work/work_tree.c src/work/work_tree.h \
	src/work/workplace.h \
	src/work/workplace_remote.c src/work/workplace_remote.h \
	src/work/workplace_run.c src/work/workplace_run.h \
	src/work/workplace_shell.c src/work/workplace_shell.h \
	src/work/workplace_sync.c src/work/workplace_sync.h

unit_tests += tests/unit/test_env

unit_tests += tests/unit/test_host_screen tests/unit/test_remote_call \
	tests/unit/test_remote_queue tests/unit/test_remote_state tests/unit/test_remote_stream \
	tests/unit/test_remote_sync tests/unit/test_remote_view

fuzz_tests += tests/fuzz/fuzz_host_screen
