/* workplace_shell.h - the terminal of a session at a server: a verb of its table */
#ifndef TALI_WORKPLACE_SHELL_H
#define TALI_WORKPLACE_SHELL_H

#include "work/workplace_remote.h"

/* As workplace.h says of `shell`. */
json_t *workplace_shell_open(struct workplace *place, const struct workplace_shell *shell,
			     struct err *err);

#endif
