/* task_stub.c - see task_stub.h */
#include "assess/task_stub.h"

#include "base/auto.h"
#include "base/buf.h"
#include "base/json.h"

#include <string.h>

static int add_task(struct store *store, const char *task_id, const char *version,
		    const char *name, struct err *err)
{
	AUTO(task_release) struct task task = TASK_INIT;

	snprintf(task.id, sizeof(task.id), "%s", task_id);
	snprintf(task.version, sizeof(task.version), "%s", version);
	task.name = buf_strdup(name);
	task.visibility = buf_strdup("private");
	task.template_name = buf_strdup("");
	if (task_add(store, &task, err) < 0)
		return -1;
	task.archived = store_now(store);
	return task_save(store, &task, err);
}

int task_stub_ensure(struct store *store, const char *task_id, const char *version,
		     const char *name, const char *title, struct err *err)
{
	AUTO(task_version_release) struct task_version row = TASK_VERSION_INIT;
	AUTO_JSON json_t *manifest = json_pack("{s:s, s:s, s:s}", "schema", "tali.task/1", "name",
					       name, "title", title);
	int known = task_known(store, task_id, err);

	if (known < 0 || (known == 0 && add_task(store, task_id, version, name, err) < 0))
		return -1;
	snprintf(row.version, sizeof(row.version), "%s", version);
	row.manifest = json_canonical(manifest);
	return task_version_add(store, task_id, &row, err);	/* one that is there stays */
}
