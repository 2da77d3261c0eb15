/* table_client.c - the commands of the client alone, in the order of `tali help` */
#include "cmd.h"

extern const struct cmd cmd_doctor, cmd_start, cmd_run, cmd_shell, cmd_chat, cmd_note, cmd_estimate,
	cmd_status, cmd_watch, cmd_submit, cmd_env, cmd_credential, cmd_completion, cmd_help;

const struct cmd *const cmd_table[] = {
	&cmd_doctor, &cmd_start, &cmd_run, &cmd_shell, &cmd_chat, &cmd_note, &cmd_estimate,
	&cmd_status, &cmd_watch, &cmd_submit, &cmd_env, &cmd_credential, &cmd_completion,
	&cmd_help, NULL,
};
