/* small_task.h - a task of a few lines in a store, for sessions of it */
#ifndef TALI_SMALL_TASK_H
#define TALI_SMALL_TASK_H

#include "assess/task_put.h"
#include "base/json.h"
#include "sandbox/sandbox.h"
#include "store_fixture.h"

#include <sys/stat.h>

/* Set by whoever runs something. */
static struct sandbox *sandbox;

static const char manifest[] =
	"{\"schema\":\"tali.task/1\",\"name\":\"live\",\"title\":\"Live\",\"type\":\"bug_fix\","
	"\"difficulty\":\"basic\",\"language\":\"bash\",\"time_limit_minutes\":30,"
	"\"ai\":{\"policy\":\"full\"},"
	"\"run\":[\"sh\",\"main.sh\"],\"tests\":["
	"{\"id\":\"seen\",\"kind\":\"command\",\"visibility\":\"visible\",\"points\":1,"
	"\"argv\":[\"sh\",\"-c\",\"grep -q 42 answer || exec sleep 1000\"],\"report\":\"exit\"},"
	"{\"id\":\"judge\",\"kind\":\"command\",\"visibility\":\"hidden\",\"points\":10,"
	"\"argv\":[\"true\"],\"report\":\"exit\"}]}";

static inline void write_file(const char *folder, const char *name, const char *text)
{
	AUTO_FREE char *path = fs_join(folder, name);
	struct err err = ERR_INIT;

	must(fs_write(path, 0644, text, strlen(text), &err), &err);
}

static inline void make_task(struct fixture *f)
{
	AUTO(task_release) struct task task = TASK_INIT;
	AUTO_JSON json_t *faults = json_array();
	const struct task_changes changes = { .name = NULL };
	AUTO(fs_temp_release) char *folder = NULL;
	struct err err = ERR_INIT;
	const char *const below[] = { "start", "hidden", "solution" };

	folder = fs_temp_dir("tali-task", &err);
	for (size_t i = 0; i < 3; i++) {
		AUTO_FREE char *path = fs_join(folder, below[i]);

		assert_int_equal(mkdir(path, 0755), 0);
	}
	write_file(folder, "task.json", manifest);
	write_file(folder, "README.md", "Write 42.\n");
	write_file(folder, "start/main.sh", "echo now $(cat answer); echo made >made\n");
	write_file(folder, "start/answer", "7\n");
	write_file(folder, "solution/answer", "42\n");
	if (task_put_new(f->store, folder, &changes, NULL, faults, &task, &err) < 0) {
		AUTO_FREE char *text = json_canonical(faults);

		fail_msg("%s %s", err.text, text);
	}
}

#define IN_STORE(test) cmocka_unit_test_setup_teardown(test, fixture_make, fixture_remove)

#endif
