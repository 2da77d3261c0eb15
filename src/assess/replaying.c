/* replaying.c - see replaying.h */
#include "assess/replaying.h"

#include "assess/snapshot.h"
#include "assess/verify.h"
#include "base/auto.h"
#include "base/json.h"
#include "store/config.h"
#include "store/event.h"
#include "store/task.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <string.h>

void replaying_release(struct replaying *replaying)
{
	timeline_close(&replaying->timeline);
	repo_close(&replaying->repo);
	assessment_release(&replaying->assessment);
}

/* From when the clock of the work began to run until it was sealed: an invitation or a score days
 * apart is no part of what was done. */
static int find_span(struct replaying *replaying, struct err *err)
{
	const struct timeline_mark *marks;
	struct span *span = &replaying->span;
	int64_t started = replaying->assessment.started;
	size_t count, i;

	*span = (struct span){ timeline_start(replaying->timeline),
			       timeline_end(replaying->timeline) };
	if (timeline_marks(replaying->timeline, &marks, &count, err) < 0)
		return -1;
	for (i = 0; i < count && strcmp(marks[i].kind, "signature") != 0; i++)
		;
	if (i < count)
		span->to = marks[i].instant;
	/* of a session from elsewhere it may be when it was imported */
	if (started >= span->from && started <= span->to)
		span->from = started;
	return 0;
}

int replaying_open(struct store *store, const char *words, struct replaying *ret, struct err *err)
{
	struct err ignored = ERR_INIT;
	struct fold_source source;

	ret->store = store;
	if (assessment_find(store, words, &ret->assessment, err) < 0)
		return -1;
	if (*ret->assessment.commit) {
		ret->repo = snapshot_repo(store, &ret->assessment, err);
		if (!ret->repo)
			return -1;
	}
	ret->stored = (struct fold_stored){ store, ret->repo };
	source = fold_source_stored(&ret->stored);
	ret->timeline = timeline_open(store, ret->assessment.id, &source, err);
	if (!ret->timeline)
		return -1;
	/* only a cache, and what does not fold is told by who gets there */
	timeline_prepare(ret->timeline, &ignored);
	return find_span(ret, err);
}

void replaying_prepare(struct store *store, const char *assessment_id)
{
	AUTO(replaying_release) struct replaying replaying = REPLAYING_INIT;
	struct err ignored = ERR_INIT;

	replaying_open(store, assessment_id, &replaying, &ignored);
}

int replaying_seek(struct replaying *replaying, const char *text, struct err *err)
{
	struct moment moment;

	if (moment_parse(text, &replaying->span, &moment, err) < 0)
		return -1;
	if (moment.seq >= 0)
		return timeline_seek_seq(replaying->timeline, moment.seq, err);
	if (moment.instant > replaying->span.to)
		moment.instant = replaying->span.to;
	return timeline_seek(replaying->timeline, moment.instant, err);
}

/* --- checkout */

static int open_empty(const char *folder, struct err *err)
{
	AUTO_FD int fd = -1;
	DIR *dir;
	struct dirent *entry;
	bool full = false;

	if (mkdir(folder, 0777) < 0 && errno != EEXIST)
		return err_sys(err, "%s", folder);
	fd = open(folder, O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC);
	if (fd < 0)
		return err_sys(err, "%s", folder);
	dir = fdopendir(dup(fd));
	if (!dir)
		return err_sys(err, "%s", folder);
	while (!full && (entry = readdir(dir)) != NULL)
		full = strcmp(entry->d_name, ".") != 0 && strcmp(entry->d_name, "..") != 0;
	closedir(dir);
	if (full)
		return err_set(err, ERR_STATE, "%s is not empty", folder);
	return TAKE_FD(fd);
}

int replaying_checkout(struct replaying *replaying, const char *folder, size_t *ret_count,
		       struct err *err)
{
	AUTO(scratch_release) struct scratch scratch = SCRATCH_INIT;
	AUTO(replay_tree_free) struct replay_tree *writer = NULL;
	struct fold *fold = timeline_fold(replaying->timeline);
	char tree[REPO_OID_SIZE];
	AUTO_FD int fd = -1;

	if (scratch_make(&scratch, err) < 0)
		return -1;
	writer = replay_tree_new(scratch.repo);
	if (replay_tree_write(writer, fold, tree, err) < 0)
		return -1;
	fd = open_empty(folder, err);
	*ret_count = fold_file_count(fold);
	return fd < 0 ? -1 : repo_materialise(scratch.repo, tree, fd, err);
}

/* --- tests */

void replaying_tests_release(struct replaying_tests *tests)
{
	rerun_free(&tests->rerun);
	replay_tree_free(&tests->tree);
	scratch_release(&tests->scratch);
	manifest_release(&tests->manifest);
	json_decref(tests->proof);
	tests->proof = NULL;
}

/* The proof tells the cases that must be there; the visible tests are run without, as candidates
 * run them. */
static int read_version(struct replaying *replaying, struct replaying_tests *tests,
			struct err *err)
{
	AUTO(task_version_release) struct task_version version = TASK_VERSION_INIT;
	const struct assessment *assessment = &replaying->assessment;

	if (task_version_get(replaying->store, assessment->task_id, assessment->task_version,
			     &version, err) < 0 ||
	    verify_task_version(replaying->store, assessment->task_id, &version, err) < 0 ||
	    manifest_parse(version.manifest, strlen(version.manifest), MANIFEST_FILE,
			   &tests->manifest, NULL, err) < 0)
		return -1;
	if (!tests->hidden || !*version.proof)
		return 0;
	tests->proof = json_parse(version.proof, strlen(version.proof), "proof", err);
	return tests->proof ? 0 : -1;
}

int replaying_tests_open(struct replaying *replaying, struct replaying_tests *tests,
			 struct err *err)
{
	AUTO_FREE char *task_repo = buf_format("task-%s", replaying->assessment.task_id);
	struct grade_request request = {
		.sandbox = tests->sandbox, .task_tree = replaying->assessment.task_version,
		.manifest = &tests->manifest, .visible_only = !tests->hidden,
	};

	if (read_version(replaying, tests, err) < 0 ||
	    config_bool(replaying->store, "sandbox.allow_weak", &request.allow_weak, err) < 0 ||
	    scratch_make(&tests->scratch, err) < 0 ||
	    scratch_borrow(&tests->scratch, replaying->store, task_repo, err) < 0)
		return -1;
	request.allow_weak |= tests->allow_weak;
	request.repo = tests->scratch.repo;
	request.expected = tests->proof;
	tests->tree = replay_tree_new(tests->scratch.repo);
	tests->rerun = rerun_new(&request);
	return 0;
}

const struct grade *replaying_run_tests(struct replaying *replaying, struct replaying_tests *tests,
					struct err *err)
{
	char tree[REPO_OID_SIZE];

	if (replay_tree_write(tests->tree, timeline_fold(replaying->timeline), tree, err) < 0)
		return NULL;
	if (tests->progress)
		tests->progress(tests->arg, rerun_count(tests->rerun));
	return rerun_tree(tests->rerun, tree, err);
}

/* --- first pass */

struct asking {
	struct replaying *replaying;
	struct replaying_tests *tests;
};

static int ask_tests(void *arg, int64_t seq,
		     void (*tell)(void *tell_arg, const char *id, bool passed), void *tell_arg,
		     struct err *err)
{
	struct asking *asking = arg;
	const struct grade *grade;
	int i, j;

	if (timeline_seek_seq(asking->replaying->timeline, seq, err) < 0)
		return -1;
	grade = replaying_run_tests(asking->replaying, asking->tests, err);
	if (!grade)
		return -1;
	for (i = 0; i < grade->test_count; i++) {
		for (j = 0; j < grade->tests[i].case_count; j++) {
			const struct grade_case *one = &grade->tests[i].cases[j];

			tell(tell_arg, one->id, one->verdict == VERDICT_OK && !one->skipped &&
						!grade->tests[i].tampered);
		}
	}
	return 0;
}

struct changes {
	int64_t until, *list;
	size_t count;
};

static void add_number(int64_t **list, size_t *count, int64_t number)
{
	if ((*count & (*count - 1)) == 0)
		*list = buf_realloc(*list, *count ? *count * 2 : 1, sizeof(**list));
	(*list)[(*count)++] = number;
}

static int add_change(void *arg, const struct event *event, struct err *err)
{
	struct changes *changes = arg;

	(void)err;
	if (event->seq > changes->until)
		return 1;
	if (!strcmp(event->kind, "edit") || !strcmp(event->kind, "file") ||
	    !strcmp(event->kind, "snapshot"))
		add_number(&changes->list, &changes->count, event->seq);
	return 0;
}

static int ask_changes(void *arg, int64_t after, int64_t until, int64_t **ret, size_t *ret_count,
		       struct err *err)
{
	struct asking *asking = arg;
	struct changes changes = { .until = until };
	int result = event_page(asking->replaying->store, asking->replaying->assessment.id,
				after + 1, until - after, add_change, &changes, err);

	*ret = changes.list;
	*ret_count = changes.count;
	return result < 0 ? -1 : 0;
}

/* Where the work was saved, run, tested or handed in, and where it stands now. */
static int find_points(struct replaying *replaying, int64_t **ret, size_t *ret_count,
		       struct err *err)
{
	const struct timeline_mark *marks;
	size_t count, i;

	if (timeline_marks(replaying->timeline, &marks, &count, err) < 0)
		return -1;
	for (i = 0; i < count; i++) {
		const char *kind = marks[i].kind;

		if (!strcmp(kind, "snapshot") || !strcmp(kind, "run") || !strcmp(kind, "test") ||
		    !strcmp(kind, "submit"))
			add_number(ret, ret_count, marks[i].seq);
	}
	if (!*ret_count)
		return err_set(err, ERR_STATE, "the work has not begun");
	if (!replaying->assessment.submitted &&
	    (*ret)[*ret_count - 1] < timeline_last_seq(replaying->timeline))
		add_number(ret, ret_count, timeline_last_seq(replaying->timeline));
	return 0;
}

int replaying_first_pass(struct replaying *replaying, struct replaying_tests *tests,
			 struct first_passes *ret, struct err *err)
{
	struct asking asking = { replaying, tests };
	struct first_pass_ask ask = { &asking, ask_tests, ask_changes };
	AUTO_FREE int64_t *points = NULL;
	size_t count = 0;

	return find_points(replaying, &points, &count, err) < 0
		       ? -1
		       : first_pass_find(&ask, points, count, ret, err);
}
