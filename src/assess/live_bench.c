/* live_bench.c - see live_bench.h */
#include "assess/live_bench.h"

#include "assess/live_files.h"
#include "assess/live_run.h"
#include "assess/terminal_plan.h"
#include "base/auto.h"
#include "base/json.h"
#include "base/rand.h"

#include <string.h>

struct live_bench {
	struct workbench bench;
	struct live *live;
};

static struct live *live_of(struct workbench *bench)
{
	return ((struct live_bench *)bench)->live;
}

static int list(struct workbench *bench, struct store *store, json_t *files, struct err *err)
{
	AUTO_JSON json_t *workspace = live_workspace(live_of(bench), store, err);
	const json_t *file;
	size_t i;

	if (!workspace)
		return -1;
	json_array_foreach(json_object_get(workspace, "files"), i, file)
		json_array_append_new(files, json_pack("{s:O, s:O}", "path",
						       json_object_get(file, "path"), "size",
						       json_object_get(file, "size")));
	return 0;
}

static int read_file(struct workbench *bench, struct store *store, const char *path,
		     struct buf *out, bool *ret_more, struct err *err)
{
	AUTO(buf_release) struct buf bytes = { 0 };
	int64_t rev;

	if (live_read(live_of(bench), store, path, &bytes, &rev, err) < 0)
		return -1;
	*ret_more = !buf_add(out, buf_str(&bytes), bytes.len);
	return 0;
}

static int write_file(struct workbench *bench, struct store *store, const char *path,
		      const void *data, size_t len, struct err *err)
{
	int64_t rev;

	if (workbench_check(bench, err) < 0)
		return -1;
	return live_put_by_ai(live_of(bench), store, path, data, len, LIVE_ANY_REV, &rev, err);
}

/* After what ran ended, however: whether that was its own end. */
static int check_end(struct workbench *bench, int result, struct err *err)
{
	bool cut = workbench_was_cut(bench);

	if (result == 0 && cut)
		return err_set(err, ERR_STATE, "it was stopped");
	return result;
}

static int test(struct workbench *bench, struct store *store, struct workbench_run *ret,
		struct err *err)
{
	AUTO(manifest_release) struct manifest manifest = MANIFEST_INIT;
	AUTO(grade_release) struct grade grade = GRADE_INIT;
	char id[RAND_ID_LEN + 1];
	const struct live_errand errand = { .run = id, .stop = &bench->stop_fd };
	int result;

	if (workbench_check(bench, err) < 0)
		return -1;
	rand_id(id);
	result = live_test_for(live_of(bench), store, &errand, &grade, &manifest, err);
	if (check_end(bench, result, err) < 0)
		return -1;
	workbench_run_take_grade(ret, &grade);
	return 0;
}

static int execute(struct workbench *bench, struct store *store, const char *command,
		   uint32_t wall_ms, struct workbench_run *ret, struct err *err)
{
	const char *const argv[] = { terminal_plan_shell(), "-c", command, NULL };
	char id[RAND_ID_LEN + 1];
	const struct live_errand errand = {
		.run = id, .argv = argv, .wall_ms = wall_ms, .stop = &bench->stop_fd,
		.output = workbench_run_output, .arg = ret,
	};
	struct run_report report;
	bool recorded = false;
	int result;

	if (workbench_check(bench, err) < 0)
		return -1;
	rand_id(id);
	result = live_run_for(live_of(bench), store, &errand, &report, &ret->left, &recorded, err);
	if (check_end(bench, result, err) < 0)
		return -1;
	if (!recorded)
		return err_set(err, ERR_STATE, "the session was over before it ended");
	workbench_run_take_report(ret, &report);
	return 0;
}

static void release(struct workbench *bench)
{
	struct live_bench *whole = (struct live_bench *)bench;

	live_give(&whole->live);
	workbench_close(bench);
	free(whole);
}

struct workbench *live_bench_new(struct live *live, struct err *err)
{
	static const struct workbench_ops ops = {
		.list = list, .read = read_file, .write = write_file, .test = test,
		.execute = execute, .stop = workbench_stop, .release = release,
	};
	AUTO_FREE struct live_bench *whole = buf_alloc(sizeof(*whole));

	if (workbench_open(&whole->bench, &ops, err) < 0)
		return NULL;
	whole->live = live_keep(live);
	return &TAKE(whole)->bench;
}
