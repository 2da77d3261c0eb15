/* server_task.h - what a server says of the task of a session: what runs, and within which limits
 *
 * STATE/task.json is what it said last, for when it cannot be reached. */
#ifndef TALI_SERVER_TASK_H
#define TALI_SERVER_TASK_H

#include "sandbox/plan.h"
#include "work/remote_call.h"

struct server_task {
	char **run;			/* ends with NULL; NULL: the task names nothing */
	struct plan_limits limits;	/* of a run */
};

#define SERVER_TASK_INIT { .run = NULL }
void server_task_release(struct server_task *task);

/* Asks, and keeps the answer. ERR_STATE when the session is not active; ERR_ENV when the server
 * cannot be reached and never was. */
int server_task_get(struct remote *remote, struct server_task *ret, struct err *err);

#endif
