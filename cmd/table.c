/* table.c - every command, in the order of `tali help` */
#include "cmd.h"

extern const struct cmd cmd_init, cmd_doctor, cmd_config_get, cmd_config_set, cmd_config_list,
	cmd_task_create, cmd_task_check, cmd_task_prove, cmd_task_list, cmd_task_show,
	cmd_task_edit, cmd_task_copy, cmd_task_archive, cmd_task_export, cmd_task_import,
	cmd_invite, cmd_list, cmd_show, cmd_logs, cmd_extend, cmd_resend, cmd_revoke,
	cmd_candidate_add, cmd_candidate_list, cmd_candidate_show, cmd_candidate_edit,
	cmd_candidate_delete, cmd_start, cmd_run, cmd_shell, cmd_chat, cmd_agent, cmd_note,
	cmd_estimate, cmd_status, cmd_watch, cmd_submit, cmd_env, cmd_credential,
	cmd_score, cmd_similar, cmd_report, cmd_compare,
	cmd_override, cmd_review, cmd_release, cmd_verify, cmd_replay, cmd_journal_append,
	cmd_journal_export, cmd_journal_import, cmd_journal_stats, cmd_ai_provider_add,
	cmd_ai_provider_list, cmd_ai_provider_test, cmd_ai_provider_remove, cmd_ai_models,
	cmd_serve, cmd_sandbox, cmd_completion, cmd_help;

const struct cmd *const cmd_table[] = {
	&cmd_init, &cmd_doctor, &cmd_config_get, &cmd_config_set, &cmd_config_list,
	&cmd_task_create, &cmd_task_check, &cmd_task_prove, &cmd_task_list, &cmd_task_show,
	&cmd_task_edit, &cmd_task_copy, &cmd_task_archive, &cmd_task_export, &cmd_task_import,
	&cmd_candidate_add, &cmd_candidate_list, &cmd_candidate_show, &cmd_candidate_edit,
	&cmd_candidate_delete, &cmd_invite, &cmd_list, &cmd_show, &cmd_logs, &cmd_extend,
	&cmd_resend, &cmd_revoke, &cmd_start, &cmd_run, &cmd_shell, &cmd_chat, &cmd_agent,
	&cmd_note, &cmd_estimate, &cmd_status, &cmd_watch, &cmd_submit, &cmd_env,
	&cmd_credential, &cmd_score, &cmd_similar, &cmd_report,
	&cmd_compare, &cmd_override, &cmd_review, &cmd_release, &cmd_verify, &cmd_replay,
	&cmd_journal_append, &cmd_journal_export, &cmd_journal_import, &cmd_journal_stats,
	&cmd_ai_provider_add, &cmd_ai_provider_list, &cmd_ai_provider_test,
	&cmd_ai_provider_remove, &cmd_ai_models, &cmd_serve, &cmd_sandbox, &cmd_completion,
	&cmd_help, NULL,
};
