/* folder_task.c - see folder_task.h */
#include "assess/folder_task.h"

#include "assess/proving.h"
#include "assess/scratch.h"
#include "base/auto.h"
#include "base/buf.h"
#include "base/fs.h"
#include "base/json.h"
#include "base/schema.h"
#include "grade/prove.h"
#include "score/score_result.h"
#include "score/score_session.h"
#include "task/language.h"
#include "task/task_folder.h"
#include "workspace/archive_file.h"
#include "workspace/folder_scan.h"

#include <dirent.h>
#include <fcntl.h>
#include <pthread.h>
#include <stdlib.h>
#include <string.h>

#define PROOF_MAX (64 << 20)

struct folder_task {
	struct folder_task_plan plan;
	struct manifest manifest;
	struct scratch scratch;		/* holds the task; others borrow from it */
	char tree[REPO_OID_SIZE];
	bool needs_cases;		/* a report must be held against the proof */

	pthread_mutex_t lock;		/* for all below; the proof is set once */
	json_t *proof;			/* NULL: nobody was asked */
	struct err failure;		/* what came of asking, when it was no proof */
};

void folder_task_close(struct folder_task **task)
{
	if (!*task)
		return;
	manifest_release(&(*task)->manifest);
	scratch_release(&(*task)->scratch);
	json_decref((*task)->proof);
	pthread_mutex_destroy(&(*task)->lock);
	free(*task);
	*task = NULL;
}

/* --- the proof */

static int check_proof(const json_t *proof, struct err *err)
{
	const json_t *first = json_array_get(json_object_get(proof, "faults"), 0);

	if (json_flag(proof, "proved", false))
		return 0;
	return err_set(err, ERR_INPUT, "the task cannot grade: %s",
		       first ? json_string_value(first) : "it is not proved");
}

static int read_proof(struct folder_task *task, struct err *err)
{
	const char *path = task->plan.proof;
	AUTO_JSON json_t *proof = json_read(path, PROOF_MAX, err);

	if (!proof)
		return -1;
	if (schema_check_named("tali.proof-1", proof, err) < 0)
		return err_wrap(err, "%s", path);
	if (strcmp(json_str(proof, "task_tree", ""), task->tree))
		return err_set(err, ERR_INPUT,
			       "%s: it proves another version of the task (tali task prove)", path);
	if (check_proof(proof, err) < 0)
		return err_wrap(err, "%s", path);
	task->proof = TAKE(proof);
	return 0;
}

/* Runs the reference once, whoever comes first. */
static int ask_reference(struct folder_task *task, struct err *err)
{
	const struct scoring *scoring = task->plan.scoring;
	const struct prove_request request = {
		.sandbox = scoring->sandbox, .repo = task->scratch.repo, .task_tree = task->tree,
		.manifest = &task->manifest, .repeats = 1, .reference_only = true,
		.only = scoring->only, .allow_weak = scoring->allow_weak,
	};

	bool failed;

	if (!repo_has(task->scratch.repo, task->tree, "solution"))
		return 0;
	pthread_mutex_lock(&task->lock);
	if (!task->proof && !task->failure.code) {
		task->proof = prove_run(&request, &task->failure);
		if (task->proof)
			check_proof(task->proof, &task->failure);
	}
	failed = task->failure.code != ERR_NONE;
	if (failed)
		*err = task->failure;
	pthread_mutex_unlock(&task->lock);
	return failed ? -1 : 0;
}

static bool is_wanted(const struct scoring *scoring, const char *id)
{
	const char *const *only = scoring->only;

	while (only && *only && !fs_path_match(*only, id))
		only++;
	return !only || *only;
}

static bool needs_cases(const struct folder_task *task)
{
	for (int i = 0; i < task->manifest.test_count; i++) {
		const struct manifest_test *test = &task->manifest.tests[i];

		if (test->kind == MANIFEST_COMMAND && test->report != MANIFEST_EXIT &&
		    is_wanted(task->plan.scoring, test->id))
			return true;
	}
	return false;
}

/* --- opening */

static int write_task(struct folder_task *task, struct err *err)
{
	struct repo_skip skip = { .names = language_caches() };
	AUTO_FD int fd = open(task->plan.path, O_RDONLY | O_DIRECTORY | O_CLOEXEC);

	if (fd < 0)
		return err_sys(err, "%s", task->plan.path);
	if (repo_write_folder(task->scratch.repo, fd, NULL, &skip, task->tree, NULL, err) < 0)
		return err_wrap(err, "%s", task->plan.path);
	return repo_publish(task->scratch.repo, err);
}

struct folder_task *folder_task_open(const struct folder_task_plan *plan, json_t *faults,
				     struct err *err)
{
	AUTO(folder_task_close) struct folder_task *task = buf_alloc(sizeof(*task));

	task->plan = *plan;
	pthread_mutex_init(&task->lock, NULL);
	if (task_folder_check(plan->path, &task->manifest, faults, err) < 0 ||
	    scoring_check_only(&task->manifest, plan->scoring->only, err) < 0 ||
	    scratch_make(&task->scratch, err) < 0 || write_task(task, err) < 0)
		return NULL;
	task->needs_cases = needs_cases(task);
	if (plan->proof ? read_proof(task, err) < 0
			: task->needs_cases && ask_reference(task, err) < 0)
		return NULL;
	return TAKE(task);
}

/* --- grading */

static json_t *document_of(const struct folder_task *task, struct repo *repo, const char *tree,
			   const struct grade *grade, struct err *err)
{
	const struct score_subject subject = { .task = task->manifest.name,
					       .task_version = task->tree, .tree = tree };
	const struct score_session session = { .repo = repo, .tree = tree,
					       .task_tree = task->tree,
					       .manifest = &task->manifest, .grade = grade };
	AUTO_JSON json_t *result = score_result_build(&subject, grade);
	AUTO_JSON json_t *measured = NULL;

	if (score_session_add(&session, result, err) < 0)
		return NULL;
	measured = grade_measured_json(grade);
	return score_result_document(result, 0, clock_now(task->plan.clock), measured);
}

/* Whether the grade says something of the submission, or of where it was run. */
static int check_machine(struct folder_task *task, const struct grade_request *request,
			 const struct grade *grade, struct err *err)
{
	if (task->plan.proof)
		return proving_doubt(request, grade, err);
	return strcmp(grade_verdict(grade), "passed") ? ask_reference(task, err) : 0;
}

static int grade_tree(struct folder_task *task, struct repo *repo, const char *tree, json_t **ret,
		      struct err *err)
{
	const struct scoring *scoring = task->plan.scoring;
	const struct grade_request request = {
		.sandbox = scoring->sandbox, .repo = repo, .tree = tree, .task_tree = task->tree,
		.manifest = &task->manifest, .only = scoring->only,
		.expected = task->needs_cases ? task->proof : NULL,
		.allow_weak = scoring->allow_weak, .progress = scoring->progress,
		.arg = scoring->arg,
	};
	AUTO(grade_release) struct grade grade = GRADE_INIT;

	if (grade_run(&request, &grade, err) < 0)
		return -1;
	if (check_machine(task, &request, &grade, err) < 0)
		return -1;
	*ret = document_of(task, repo, tree, &grade, err);
	return *ret ? 0 : -1;
}

/* What the submission is to blame for is a refusal. */
static int refusal(const struct err *err)
{
	return err->code == ERR_INPUT || err->code == ERR_NOT_FOUND ? FOLDER_TASK_REFUSED : -1;
}

static int grade_folder(struct folder_task *task, const struct scratch *scratch, int fd,
			json_t **ret, struct err *err)
{
	struct repo_skip skip = { .names = language_caches() };
	char tree[REPO_OID_SIZE];

	if (repo_write_folder(scratch->repo, fd, NULL, &skip, tree, NULL, err) < 0)
		return refusal(err);
	return grade_tree(task, scratch->repo, tree, ret, err);
}

static int make_scratch(const struct folder_task *task, struct scratch *ret, struct err *err)
{
	if (scratch_make(ret, err) < 0)
		return -1;
	return scratch_lend(&task->scratch, ret, err);
}

int folder_task_grade(struct folder_task *task, const char *path, json_t **ret, struct err *err)
{
	AUTO(scratch_release) struct scratch scratch = SCRATCH_INIT;
	AUTO_FD int fd = open(path, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	int result;

	if (fd < 0) {
		err_sys(err, "%s", path);
		err->code = ERR_INPUT;
		return FOLDER_TASK_REFUSED;
	}
	if (make_scratch(task, &scratch, err) < 0)
		return -1;
	result = grade_folder(task, &scratch, fd, ret, err);
	if (result == FOLDER_TASK_REFUSED)
		err_wrap(err, "%s", path);
	return result;
}

/* --- archives */

static int by_name_alone(const void *a, const void *b)
{
	return strcasecmp(((const struct folder_entry *)a)->path,
			  ((const struct folder_entry *)b)->path);
}

/* The same names would be one file on other systems, and which of the two is wanted nobody knows.
 * */
static int check_case(int fd, struct err *err)
{
	AUTO(folder_scan_release) struct folder_scan scan = FOLDER_SCAN_INIT;

	if (folder_scan_list(&scan, fd, NULL, &repo_limits, err) < 0)
		return -1;
	if (scan.count)
		qsort(scan.entries, scan.count, sizeof(*scan.entries), by_name_alone);
	for (size_t i = 1; i < scan.count; i++)
		if (!strcasecmp(scan.entries[i - 1].path, scan.entries[i].path))
			return err_set(err, ERR_INPUT,
				       "'%s' and '%s' differ by the case of letters alone",
				       scan.entries[i - 1].path, scan.entries[i].path);
	return 0;
}

static void auto_closedir(DIR **dir)
{
	if (*dir)
		closedir(*dir);
}

/* The name of the only entry, yours; NULL when there are others. What macOS adds is none. */
static char *only_entry(int folder_fd)
{
	int fd = openat(folder_fd, ".", O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	AUTO(auto_closedir) DIR *dir = fd < 0 ? NULL : fdopendir(fd);
	AUTO_FREE char *found = NULL;
	struct dirent *entry;

	while (dir && (entry = readdir(dir))) {
		if (!strcmp(entry->d_name, ".") || !strcmp(entry->d_name, "..") ||
		    !strcmp(entry->d_name, "__MACOSX"))
			continue;
		if (found)
			return NULL;
		found = buf_strdup(entry->d_name);
	}
	return TAKE(found);
}

/* The folder that holds the submission: `fd` itself, or the one in it. A descriptor. */
static int open_submission(const struct folder_task *task, struct repo *repo, int fd)
{
	AUTO_FREE char *name = only_entry(fd);
	AUTO_FREE char *own = name ? fs_join("start", name) : NULL;
	int inner = -1;

	if (name && !repo_has(repo, task->tree, own))
		inner = openat(fd, name, O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC);
	return inner >= 0 ? inner : openat(fd, ".", O_RDONLY | O_DIRECTORY | O_CLOEXEC);
}

int folder_task_grade_archive(struct folder_task *task, const char *path, json_t **ret,
			      struct err *err)
{
	AUTO(fs_temp_release) char *folder = fs_temp_dir("tali-archive", err);
	AUTO(scratch_release) struct scratch scratch = SCRATCH_INIT;
	AUTO_FD int fd = folder ? open(folder, O_RDONLY | O_DIRECTORY | O_CLOEXEC) : -1;
	AUTO_FD int inner = -1;

	if (!folder)
		return -1;
	if (fd < 0)
		return err_sys(err, "%s", folder);
	if (archive_file_unpack(path, fd, &repo_limits, false, err) < 0 || check_case(fd, err) < 0)
		return refusal(err);
	if (make_scratch(task, &scratch, err) < 0)
		return -1;
	inner = open_submission(task, scratch.repo, fd);
	if (inner < 0)
		return err_sys(err, "%s", folder);
	return grade_folder(task, &scratch, inner, ret, err);
}
