server_sources += \
	src/assess/ai_desk.c src/assess/ai_desk.h src/assess/ai_desk_internal.h \
	src/assess/ai_desk_lock.c src/assess/ai_desk_lock.h \
	src/assess/ai_desk_table.c src/assess/ai_desk_table.h \
	src/assess/ai_no.c src/assess/ai_no.h \
	src/assess/ai_record.c src/assess/ai_record.h \
	src/assess/agent_tools.c src/assess/agent_tools.h \
	src/assess/assistant.c src/assess/assistant.h src/assess/assistant_internal.h \
	src/assess/assistant_begin.c src/assess/assistant_begin.h \
	src/assess/assistant_fault.c src/assess/assistant_fault.h \
	src/assess/assistant_history.c src/assess/assistant_history.h \
	src/assess/assistant_models.c src/assess/assistant_models.h \
	src/assess/assistant_send.c src/assess/assistant_send.h \
	src/assess/assistant_task.c src/assess/assistant_task.h \
	src/assess/assistant_turn.c src/assess/assistant_turn.h \
	src/assess/ai_unanswered.c src/assess/ai_unanswered.h \
	src/assess/cohort.c src/assess/cohort.h \
	src/assess/comparing.c src/assess/comparing.h \
	src/assess/deadline.c src/assess/deadline.h \
	src/assess/explaining.c src/assess/explaining.h \
	src/assess/file_record.c src/assess/file_record.h \
	src/assess/folder_bench.c src/assess/folder_bench.h \
	src/assess/folder_change.c src/assess/folder_change.h \
	src/assess/folder_queue.c src/assess/folder_queue.h \
	src/assess/folder_task.c src/assess/folder_task.h \
	src/assess/import.c src/assess/import.h \
	src/assess/import_repo.c src/assess/import_repo.h \
	src/assess/invite.c src/assess/invite.h \
	src/assess/judging.c src/assess/judging.h \
	src/assess/late_work.c src/assess/late_work.h \
	src/assess/lifecycle.c src/assess/lifecycle.h \
	src/assess/prompt_match.c src/assess/prompt_match.h \
	src/assess/proving.c src/assess/proving.h \
	src/assess/provision.c src/assess/provision.h \
	src/assess/remark.c src/assess/remark.h \
	src/assess/ranking.c src/assess/ranking.h \
	src/assess/recorded.c src/assess/recorded.h \
	src/assess/recording.c src/assess/recording.h \
	src/assess/replaying.c src/assess/replaying.h \
	src/assess/live.c src/assess/live.h src/assess/live_internal.h \
	src/assess/live_bench.c src/assess/live_bench.h \
	src/assess/live_desk.c src/assess/live_desk.h \
	src/assess/live_desk_files.c src/assess/live_desk_files.h \
	src/assess/live_events.c src/assess/live_events.h \
	src/assess/live_files.c src/assess/live_files.h \
	src/assess/live_fold.c src/assess/live_fold.h \
	src/assess/live_git.c src/assess/live_git.h \
	src/assess/live_run.c src/assess/live_run.h \
	src/assess/live_save.c src/assess/live_save.h \
	src/assess/live_terminal.c src/assess/live_terminal.h \
	src/assess/reporting.c src/assess/reporting.h \
	src/assess/reporting_changes.c src/assess/reporting_changes.h \
	src/assess/reporting_moments.c src/assess/reporting_moments.h \
	src/assess/reviewing.c src/assess/reviewing.h \
	src/assess/run_program.c src/assess/run_program.h \
	src/assess/run_setting.c src/assess/run_setting.h \
	src/assess/run_words.c src/assess/run_words.h \
	src/assess/scoring.c src/assess/scoring.h \
	src/assess/scoring_queue.c src/assess/scoring_queue.h \
	src/assess/scratch.c src/assess/scratch.h \
	src/assess/secret.c src/assess/secret.h \
	src/assess/shell.c src/assess/shell.h \
	src/assess/shell_record.c src/assess/shell_record.h \
	src/assess/shell_turn.c src/assess/shell_turn.h \
	src/assess/snapshot.c src/assess/snapshot.h \
	src/assess/start.c src/assess/start.h \
	src/assess/submit.c src/assess/submit.h \
	src/assess/task_put.c src/assess/task_put.h \
	src/assess/terminal_event.c src/assess/terminal_event.h \
	src/assess/terminal_log.c src/assess/terminal_log.h \
	src/assess/terminal_plan.c src/assess/terminal_plan.h \
	src/assess/test_event.c src/assess/test_event.h \
	src/assess/verify.c src/assess/verify.h \
	src/assess/task_stub.c src/assess/task_stub.h \
	src/assess/transcripts.c src/assess/transcripts.h \
	src/assess/workbench.c src/assess/workbench.h \
	src/assess/workbench_run.c src/assess/workbench_run.h \
	src/assess/work_file.c src/assess/work_file.h \
	src/assess/workplace_local.c src/assess/workplace_local.h \
	src/assess/write_back.c src/assess/write_back.h

unit_tests += tests/unit/test_agent tests/unit/test_agent_tools tests/unit/test_folder_bench \
	tests/unit/test_live_bench
unit_tests += tests/unit/test_ai_desk tests/unit/test_ai_record tests/unit/test_assistant \
	tests/unit/test_assistant_history tests/unit/test_lifecycle \
	tests/unit/test_live tests/unit/test_live_events \
	tests/unit/test_scoring_queue \
	tests/unit/test_prompt_match tests/unit/test_terminal_log

fuzz_tests += tests/fuzz/fuzz_agent_tools
