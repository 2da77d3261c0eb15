/* workplace_shell.c - the terminal of a session at a server */
#include "work/workplace_shell.h"

json_t *workplace_shell_open(struct workplace *place, const struct workplace_shell *shell,
			     struct err *err)
{
	(void)place;
	(void)shell;
	err_set(err, ERR_STATE, "not yet for a session at a server");
	return NULL;
}
