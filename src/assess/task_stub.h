/* task_stub.h - a stored task of which only the name and version are known (store/task.h) */
#ifndef TALI_TASK_STUB_H
#define TALI_TASK_STUB_H

#include "store/task.h"

/* Sees to it, in the open transaction, that the version of the task is there for an assessment to
 * point at: what is missing of the two is made, as a stub, archived. `name` is that of a task made
 * new. */
int task_stub_ensure(struct store *store, const char *task_id, const char *version,
		     const char *name, const char *title, struct err *err);

#endif
