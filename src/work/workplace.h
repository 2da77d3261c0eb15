/* workplace.h - what a candidate does in a work folder, whoever has the session
 *
 * The session of a work folder (session.h) is in a store of this machine or at a server. Both do
 * the same, each by a table of verbs: assess/workplace_local.h, work/workplace_remote.h. Every verb
 * gives the document that its command prints with --json, so that what is printed for people is
 * made of the same, and is the same for both. */
#ifndef TALI_WORKPLACE_H
#define TALI_WORKPLACE_H

#include "base/err.h"

#include <jansson.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct workplace;

struct workplace_run {
	const char *const *argv;	/* ends with NULL; NULL: the task's own `run` */
	int in;				/* what the program reads; -1: nothing */
	bool at_server;			/* on the server's sandbox; a store has no other */
	void (*output)(void *arg, int stream, const void *data, size_t len);
	void *arg;
};

struct workplace_shell {
	const char *const *argv;	/* ends with NULL; NULL: a shell */
	int in, out;			/* where the candidate sits: a terminal, or anything else */
};

/* What they give is yours; NULL on error. ERR_STATE when the session is not active or its time is
 * up; ERR_ENV when the server cannot be reached and the verb needs it. */
struct workplace_verbs {
	/* tali.event/1. A server that cannot be reached gets it later: then "queued" is true and
	 * there is no "seq". */
	json_t *(*note)(struct workplace *place, const char *text, size_t len, struct err *err);
	json_t *(*estimate)(struct workplace *place, int64_t duration_ms, struct err *err);
	json_t *(*run)(struct workplace *place, const struct workplace_run *run,
		       struct err *err);				/* tali.run/1 */
	json_t *(*test)(struct workplace *place, struct err *err);	/* tali.test/1 */
	json_t *(*shell)(struct workplace *place, const struct workplace_shell *shell,
			 struct err *err);				/* tali.shell/1 */
	json_t *(*status)(struct workplace *place, struct err *err);	/* tali.status/1 */
	json_t *(*submit)(struct workplace *place, struct err *err);	/* tali.submission/1 */
	void (*close)(struct workplace *place);
};

/* The first member of whatever implements it. */
struct workplace {
	const struct workplace_verbs *verbs;
};

#endif
