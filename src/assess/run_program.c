/* run_program.c - see run_program.h */
#include "assess/run_program.h"

#include "assess/lifecycle.h"
#include "assess/run_setting.h"
#include "assess/scratch.h"
#include "assess/write_back.h"
#include "base/auto.h"
#include "base/buf.h"
#include "journal/journal.h"

#include <string.h>

/* Appends the event when the assessment still runs. */
static int record(struct store *store, const char *id, const char *kind, json_t *data,
		  bool *ret_recorded, struct err *err)
{
	AUTO(assessment_release) struct assessment now = ASSESSMENT_INIT;
	AUTO_JSON json_t *owned = data;

	if (!data || assessment_get(store, id, &now, err) < 0)
		return -1;
	*ret_recorded = now.status == STATUS_ACTIVE && store_now(store) < now.deadline;
	if (!*ret_recorded)
		return 0;
	if (journal_append(store, id, "candidate", kind, TAKE(owned), err) < 0)
		return -1;
	return store_commit(store, err);
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

static json_t *strings(const char *const *items)
{
	json_t *array = json_array();

	for (; *items; items++) {
		json_t *item = json_string(*items);

		json_array_append_new(array, item ? item : json_string("(not UTF-8)"));
	}
	return array;
}

static json_t *run_event(const struct run_request *request, const char *const *argv,
			 struct capture *capture, const struct run_report *report, struct err *err)
{
	AUTO_JSON json_t *data = run_report_json(report);
	const char *const names[] = { "stdout", "stderr" };
	int i;

	for (i = 0; i < 2; i++) {
		json_t *blob = journal_blob(request->store, buf_str(&capture->streams[i]),
					    capture->streams[i].len, err);

		if (!blob)
			return NULL;
		json_object_set_new(data, names[i], blob);
	}
	json_object_set_new(data, "argv", strings(argv));
	json_object_set_new(data, "cwd", json_string(request->session->below));
	json_object_set_new(data, "tree", json_string(capture->setting->snapshot.tree));
	return TAKE(data);
}

static int run_and_record(const struct run_request *request, struct run_setting *setting,
			  struct run_result *ret, struct err *err)
{
	struct store *store = request->store;
	AUTO(store_rollback) struct store *tx = store;
	const char *const *argv = request->argv ? request->argv
						: (const char *const *)setting->manifest.run;
	struct plan plan = { .argv = argv, .cwd = request->session->below,
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

	if (!argv)
		return err_set(err, ERR_USAGE,
			       "the task names no program to run: say one after --");
	if (manifest_limits(&setting->manifest, &plan.limits, err) < 0)
		return -1;
	capture.streams[0].limit = capture.streams[1].limit = plan.limits.output;
	if (sandbox_run(request->sandbox, &plan, &io, &ret->report, err) == 0 &&
	    store_begin(store, err) == 0)
		result = record(store, setting->assessment.id, "run",
				run_event(request, argv, &capture, &ret->report, err),
				&ret->recorded, err);
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

static json_t *test_event(const char *tree, const struct grade *grade)
{
	json_t *cases = json_object(), *weak = json_array();
	int passed = 0, total = 0, i, j;

	for (i = 0; i < grade->test_count; i++) {
		for (j = 0; j < grade->tests[i].case_count; j++) {
			const struct grade_case *one = &grade->tests[i].cases[j];

			total++;
			passed += one->verdict == VERDICT_OK && !one->skipped;
			json_object_set_new(cases, one->id,
					    json_string(one->skipped ? "skipped"
							: one->verdict == VERDICT_OK
								? "passed"
								: verdict_name(one->verdict)));
		}
	}
	for (i = 0; i < GUARD_COUNT; i++)
		if (grade->weak & 1u << i)
			json_array_append_new(weak, json_string(run_guard_name(1u << i)));
	return json_pack("{s:s, s:s, s:i, s:i, s:o, s:o}", "tree", tree, "verdict",
			 grade_verdict(grade), "passed", passed, "total", total, "cases", cases,
			 "weak", weak);
}

int run_tests(const struct run_request *request, struct grade *ret_grade,
	      struct manifest *ret_manifest, bool *ret_recorded, struct err *err)
{
	AUTO(run_setting_release) struct run_setting setting = RUN_SETTING_INIT;
	AUTO(store_rollback) struct store *tx = request->store;
	AUTO(scratch_release) struct scratch scratch = SCRATCH_INIT;
	AUTO_FREE char *task_repo = NULL;
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
	grading.tree = setting.snapshot.tree;
	grading.task_tree = setting.assessment.task_version;
	grading.manifest = &setting.manifest;
	grading.allow_weak = setting.allow_weak;
	if (grade_run(&grading, ret_grade, err) < 0)
		return -1;
	*ret_manifest = setting.manifest;	/* the grade points into it */
	setting.manifest = (struct manifest)MANIFEST_INIT;
	if (store_begin(request->store, err) < 0)
		return -1;
	return record(request->store, setting.assessment.id, "test",
		      test_event(setting.snapshot.tree, ret_grade), ret_recorded, err);
}
