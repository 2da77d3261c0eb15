/* env_script.h - variables of the environment in the words of a shell
 *
 * A value may hold any bytes but NUL: each shell's own quoting keeps all of them, so that the text
 * can be evaluated without anything in it being run. It has no comments, which an interactive zsh
 * would take for commands. */
#ifndef TALI_ENV_SCRIPT_H
#define TALI_ENV_SCRIPT_H

#include "base/buf.h"
#include "base/err.h"

#include <jansson.h>

/* "bash, zsh, fish, powershell": the shells, for people. */
const char *env_script_shells(void);

/* Appends what sets, and for null takes out, each of `variables` ({NAME: value}), a line each.
 * ERR_USAGE when the shell is not known. */
int env_script_write(const char *shell, const json_t *variables, struct buf *out,
		     struct err *err);

#endif
