/* run_program.c - see run_program.h */
#include "assess/run_program.h"

#include "assess/test_event.h"
#include "work/run_event.h"
#include "assess/run_setting.h"
#include "assess/run_words.h"
#include "assess/scratch.h"
#include "assess/write_back.h"
#include "base/auto.h"
#include "base/buf.h"
#include "grade/program.h"
#include "journal/ingest.h"

#include <string.h>

/* Stores the events when the assessment still runs; in the open transaction, which is committed. */
static int record(struct store *store, const char *id, const struct event_list *list,
		  bool *ret_recorded, struct err *err)
{
	AUTO(assessment_release) struct assessment now = ASSESSMENT_INIT;

	if (assessment_get(store, id, &now, err) < 0)
		return -1;
	*ret_recorded = now.status == STATUS_ACTIVE && store_now(store) < now.deadline;
	if (!*ret_recorded)
		return 0;
	return ingest_list(store, id, list, NULL, err) < 0 ? -1 : store_commit(store, err);
}

static int prepare(const struct run_request *request, const char *reason,
		   struct run_setting *ret, struct err *err)
{
	return run_setting_prepare(request->store, request->session, "to run programs", reason,
				   request->allow_weak, ret, err);
}

struct capture {
	const struct run_request *request;
	struct run_setting *setting;
	struct write_back back;
	struct buf streams[2];
};

static int fill(void *arg, int work_fd, struct err *err)
{
	struct capture *capture = arg;

	return repo_materialise(capture->setting->repo, capture->setting->snapshot.tree, work_fd,
				err);
}

static void output(void *arg, int stream, const void *data, size_t len)
{
	struct capture *capture = arg;

	buf_add(&capture->streams[stream - 1], data, len);
	if (capture->request->output)
		capture->request->output(capture->request->arg, stream, data, len);
}

static int collect(void *arg, int work_fd, struct err *err)
{
	struct capture *capture = arg;

	return write_back_collect(&capture->back, work_fd, err);
}

static int record_run(const struct run_request *request, const char *const *argv,
		      struct capture *capture, struct run_result *ret, struct err *err)
{
	AUTO(event_list_release) struct event_list list = EVENT_LIST_INIT;
	const struct run_told told = {
		.actor = "candidate", .argv = argv, .cwd = request->session->below,
		.tree = capture->setting->snapshot.tree, .streams = capture->streams,
		.report = &ret->report,
	};

	if (run_event_add(&list, &told, err) < 0)
		return -1;
	return record(request->store, capture->setting->assessment.id, &list, &ret->recorded, err);
}

static int run_and_record(const struct run_request *request, struct run_setting *setting,
			  struct run_result *ret, struct err *err)
{
	struct store *store = request->store;
	AUTO(store_rollback) struct store *tx = store;
	const char *const *wanted = request->argv ? request->argv
						  : (const char *const *)setting->manifest.run;
	AUTO(program_free_words) char **argv = NULL;
	struct plan plan = { .cwd = request->session->below,
			     .stdin_fd = request->stdin_fd, .allow_weak = setting->allow_weak };
	struct capture capture = {
		.request = request, .setting = setting,
		.back = { .repo = setting->repo, .tree = setting->snapshot.tree,
			  .folder_fd = setting->folder_fd },
	};
	struct sandbox_io io = {
		.arg = &capture, .fill = fill, .output = output, .collect = collect
	};
	int result = -1;

	if (!wanted)
		return err_set(err, ERR_USAGE,
			       "the task names no program to run: say one after --");
	if (run_words_make(store, &setting->assessment, setting->snapshot.tree, &setting->manifest,
			   wanted, &argv, &plan.limits, err) < 0 ||
	    run_words_fit(setting->repo, setting->snapshot.tree, &plan.limits, err) < 0)
		return -1;
	plan.argv = (const char *const *)argv;
	capture.streams[0].limit = capture.streams[1].limit = plan.limits.output;
	if (sandbox_run(request->sandbox, &plan, &io, &ret->report, err) == 0 &&
	    store_begin(store, err) == 0)
		result = record_run(request, plan.argv, &capture, ret, err);
	ret->kept = capture.back.kept;
	buf_release(&capture.streams[0]);
	buf_release(&capture.streams[1]);
	return result;
}

int run_program(const struct run_request *request, struct run_result *ret, struct err *err)
{
	AUTO(run_setting_release) struct run_setting setting = RUN_SETTING_INIT;

	if (prepare(request, "run", &setting, err) < 0)
		return -1;
	ret->deadline = setting.assessment.deadline;
	return run_and_record(request, &setting, ret, err);
}

/* 1: it was stopped. */
static int grade_tests(const struct run_request *request, struct grade_request *grading,
		       struct grade *ret, struct err *err)
{
	grading->stop = request->stop;
	if (grade_run(grading, ret, err) == 0)
		return 0;
	if (!request->stop || err->code != ERR_STATE)
		return -1;
	*err = (struct err)ERR_INIT;
	return 1;
}

int run_tests(const struct run_request *request, struct grade *ret_grade,
	      struct manifest *ret_manifest, bool *ret_recorded, struct err *err)
{
	AUTO(run_setting_release) struct run_setting setting = RUN_SETTING_INIT;
	AUTO(store_rollback) struct store *tx = request->store;
	AUTO(scratch_release) struct scratch scratch = SCRATCH_INIT;
	AUTO(event_list_release) struct event_list list = EVENT_LIST_INIT;
	AUTO_FREE char *task_repo = NULL;
	const char *tree = setting.snapshot.tree;
	const char *actor = request->by_ai ? "ai" : "candidate";
	int stopped;
	struct grade_request grading = { .sandbox = request->sandbox, .visible_only = true,
					 .output = request->output, .arg = request->arg };

	if (prepare(request, "test", &setting, err) < 0)
		return -1;
	task_repo = buf_format("task-%s", setting.assessment.task_id);
	if (scratch_make(&scratch, err) < 0 ||
	    scratch_borrow(&scratch, request->store, task_repo, err) < 0 ||
	    scratch_borrow(&scratch, request->store, setting.assessment.id, err) < 0)
		return -1;
	grading.repo = scratch.repo;
	grading.tree = tree;
	grading.task_tree = setting.assessment.task_version;
	grading.manifest = &setting.manifest;
	grading.allow_weak = setting.allow_weak;
	stopped = grade_tests(request, &grading, ret_grade, err);
	if (stopped < 0)
		return -1;
	*ret_manifest = setting.manifest;	/* the grade points into it */
	setting.manifest = (struct manifest)MANIFEST_INIT;
	if ((stopped ? test_stopped_event_add(&list, actor, tree, err)
		     : test_event_add(&list, actor, tree, ret_grade, err)) < 0 ||
	    store_begin(request->store, err) < 0 ||
	    record(request->store, setting.assessment.id, &list, ret_recorded, err) < 0)
		return -1;
	return stopped ? err_set(err, ERR_STATE, "it was stopped") : 0;
}
