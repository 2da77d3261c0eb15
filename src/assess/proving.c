/* proving.c - see proving.h */
#include "assess/proving.h"

#include "assess/scratch.h"
#include "base/auto.h"
#include "base/buf.h"
#include "base/json.h"
#include "task/language.h"
#include "task/task_folder.h"

#include <fcntl.h>
#include <string.h>

static struct prove_request request_of(const struct proving *proving, struct repo *repo,
				       const char *task_tree, const struct manifest *manifest)
{
	return (struct prove_request){
		.sandbox = proving->sandbox, .repo = repo, .task_tree = task_tree,
		.manifest = manifest, .repeats = proving->repeats,
		.allow_weak = proving->allow_weak, .progress = proving->progress,
		.arg = proving->arg,
	};
}

static int keep(struct store *store, const struct task *task, const json_t *proof, struct err *err)
{
	AUTO_FREE char *text = json_dumps(proof, JSON_COMPACT | JSON_SORT_KEYS);
	AUTO(store_rollback) struct store *tx = store;

	if (store_begin(store, err) < 0 ||
	    task_version_set_proof(store, task->id, task->version, text, err) < 0)
		return -1;
	return store_commit(store, err);
}

json_t *proving_stored(struct store *store, const struct task *task, const struct proving *proving,
		       struct err *err)
{
	AUTO(manifest_release) struct manifest manifest = MANIFEST_INIT;
	AUTO(scratch_release) struct scratch scratch = SCRATCH_INIT;
	AUTO_FREE char *repo_name = buf_format("task-%s", task->id);
	AUTO_JSON json_t *proof = NULL;
	struct prove_request request;

	if (manifest_parse(task->manifest, strlen(task->manifest), MANIFEST_FILE, &manifest, NULL,
			   err) < 0 ||
	    scratch_make(&scratch, err) < 0 ||
	    scratch_borrow(&scratch, store, repo_name, err) < 0)
		return NULL;
	request = request_of(proving, scratch.repo, task->version, &manifest);
	proof = prove_run(&request, err);
	if (!proof || keep(store, task, proof, err) < 0)
		return NULL;
	return TAKE(proof);
}

json_t *proving_folder(const char *folder, const struct proving *proving, bool reference_only,
		       json_t *faults, struct err *err)
{
	AUTO(manifest_release) struct manifest manifest = MANIFEST_INIT;
	AUTO(scratch_release) struct scratch scratch = SCRATCH_INIT;
	struct repo_skip skip = { .names = language_caches() };
	struct prove_request request;
	char tree[REPO_OID_SIZE];
	AUTO_FD int fd = -1;

	if (task_folder_check(folder, &manifest, faults, err) < 0)
		return NULL;
	fd = open(folder, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	if (fd < 0) {
		err_sys(err, "%s", folder);
		return NULL;
	}
	if (scratch_make(&scratch, err) < 0 ||
	    repo_write_folder(scratch.repo, fd, NULL, &skip, tree, NULL, err) < 0)
		return NULL;
	request = request_of(proving, scratch.repo, tree, &manifest);
	request.reference_only = reference_only;
	return prove_run(&request, err);
}

static bool ran_nothing(const struct grade_test *test)
{
	if (test->test->kind == MANIFEST_COMMAND && test->test->report == MANIFEST_EXIT)
		return test->run.exit_status == 126 || test->run.exit_status == 127;
	for (int i = 0; i < test->case_count; i++)
		if (test->cases[i].verdict != VERDICT_RUNTIME_ERROR)
			return false;
	return test->case_count > 0;
}

static bool is_doubtful(const struct grade *grade)
{
	bool doubtful = grade->built && grade->build != VERDICT_OK;

	for (int i = 0; i < grade->test_count; i++)
		doubtful = doubtful || ran_nothing(&grade->tests[i]);
	return doubtful;
}

int proving_doubt(const struct grade_request *request, const struct grade *grade, struct err *err)
{
	const struct prove_request again = {
		.sandbox = request->sandbox, .repo = request->repo,
		.task_tree = request->task_tree, .manifest = request->manifest, .repeats = 1,
		.reference_only = true, .only = request->only, .allow_weak = request->allow_weak,
	};
	AUTO_JSON json_t *proof = NULL;

	if (!is_doubtful(grade))
		return 0;
	proof = prove_run(&again, err);
	if (!proof)
		return -1;
	if (json_flag(proof, "proved", false))
		return 0;
	return err_set(err, ERR_ENV, "the task, which was proved, cannot grade on this machine: %s",
		       json_string_value(json_array_get(json_object_get(proof, "faults"), 0)));
}
