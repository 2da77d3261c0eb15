/* shell.h - `tali shell`: a shell in the sandbox, on a terminal, on the record
 *
 * The candidate's work is laid into a sandbox in which the shell runs; what is saved there is an
 * event and comes back at once. The shell ends by itself, when its terminal is hung up, or shortly
 * before time is up. */
#ifndef TALI_SHELL_H
#define TALI_SHELL_H

#include "work/session.h"
#include "sandbox/sandbox.h"
#include "store/store.h"

struct shell_request {
	struct store *store;
	struct sandbox *sandbox;
	const struct session *session;
	const char *const *argv;	/* ends with NULL; NULL: a shell */
	int in, out;			/* where the candidate sits: a terminal, or anything else */
	bool allow_weak;
};

enum shell_end {
	SHELL_ENDED,		/* by itself */
	SHELL_HUNG_UP,		/* by a signal, or nobody is there any more */
	SHELL_TIME_UP,
	SHELL_HANDED_IN,	/* or taken back, by somebody else */
	SHELL_NOT_RECORDED,	/* because the record cannot be written */
};

struct shell_result {
	struct run_report report;
	enum shell_end end;
	unsigned kept;		/* files that are here as the candidate left them, not as there */
	unsigned left_out;	/* files beyond a limit: neither recorded nor brought back */
};

int shell_run(const struct shell_request *request, struct shell_result *ret, struct err *err);

#endif
