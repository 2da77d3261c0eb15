/* task_put.h - tasks come into the store as folders and go out as folders; each content is a
 * version */
#ifndef TALI_TASK_PUT_H
#define TALI_TASK_PUT_H

#include "store/task.h"

#include <jansson.h>
#include <stdbool.h>

/* Changes made to task.json on the way in; NULL and 0 leave things as they are. */
struct task_changes {
	const char *name, *title, *type, *difficulty, *language, *visibility;
	long time_limit_minutes, attempts;
	const char *opens, *closes;	/* RFC 3339, or "" to take away */
	bool in_place;	/* the folder is the caller's alone: it is changed, and no copy is made */
};

/* Checks the folder (faults as task_folder_check), applies the changes, stores it as a new task.
 * ERR_STATE when the name is taken. `template_name` may be NULL. */
int task_put_new(struct store *store, const char *folder, const struct task_changes *changes,
		 const char *template_name, json_t *faults, struct task *ret, struct err *err);

/* The same for several folders, `count` tasks in `ret`: all are stored in one transaction, or
 * none. */
int task_put_new_all(struct store *store, const char *const *folders, size_t count,
		     const struct task_changes *changes, const char *template_name, json_t *faults,
		     struct task *ret, struct err *err);

/* Same for a task that is there: the content becomes its newest version. *ret_changed false when
 * it was that already. */
int task_put_version(struct store *store, struct task *task, const char *folder,
		     const struct task_changes *changes, json_t *faults, bool *ret_changed,
		     struct err *err);

/* Writes a version (NULL: the newest; a unique beginning will do) into a folder that is empty or
 * not there. */
int task_put_out(struct store *store, const struct task *task, const char *version,
		 const char *folder, struct err *err);

/* Path of an installed template ($TALI_TEMPLATES, else the installed place), yours.
 * ERR_NOT_FOUND lists the ones there are. */
char *task_put_template(const char *name, struct err *err);

#endif
