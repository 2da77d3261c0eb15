/* live_run.c - see live_run.h */
#include "assess/live_run.h"

#include "assess/live_files.h"
#include "assess/live_fold.h"
#include "assess/live_internal.h"
#include "assess/test_event.h"
#include "work/run_event.h"
#include "assess/run_words.h"
#include "assess/scratch.h"
#include "base/auto.h"
#include "base/buf.h"
#include "base/json.h"
#include "grade/grade_json.h"
#include "grade/program.h"
#include "report/view.h"
#include "store/config.h"
#include "store/task.h"
#include "task/language.h"

#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <sys/eventfd.h>
#include <unistd.h>

#define MADE_FILES_MOST 1000		/* files of a run that come back */
#define MADE_BYTES_MOST (64u << 20)	/* and bytes of all of them */
#define TOLD_BYTES_MOST (256u << 10)	/* of the output as it comes; the record has all of it */
#define WROTE_BYTES_MOST (16u << 10)	/* of its end, for who was not there as it came */

/* --- what a run stands on */

void live_setting_release(struct live_setting *setting)
{
	assessment_release(&setting->assessment);
	manifest_release(&setting->manifest);
	repo_close(&setting->repo);
}

static int read_manifest(struct store *store, struct live_setting *setting, struct err *err)
{
	AUTO(task_version_release) struct task_version version = TASK_VERSION_INIT;

	if (task_version_get(store, setting->assessment.task_id, setting->assessment.task_version,
			     &version, err) < 0 ||
	    config_bool(store, "sandbox.allow_weak", &setting->allow_weak, err) < 0)
		return -1;
	return manifest_parse(version.manifest, strlen(version.manifest), MANIFEST_FILE,
			      &setting->manifest, NULL, err);
}

int live_prepare(struct live *live, const char *reason, struct live_setting *ret, struct err *err)
{
	if (!live->table->sandbox)
		return err_set(err, ERR_ENV, "there is no sandbox");
	if (live_require_active(live, err) < 0 ||
	    journal_writer_check(live->table->writer, live->id, err) < 0 ||
	    live_snapshot(live, reason, &ret->snapshot, err) < 0 ||
	    assessment_get(live->store, live->id, &ret->assessment, err) < 0 ||
	    read_manifest(live->store, ret, err) < 0)
		return -1;
	ret->allow_weak |= live->table->allow_weak;
	ret->saved_at = fold_seq(live->fold);
	ret->repo = snapshot_repo(live->store, &ret->assessment, err);
	return ret->repo ? 0 : -1;
}

struct job {
	struct live *live;
	struct store *store;
	const char *id;
	const struct live_errand *errand;	/* NULL: the candidate runs it */
	struct live_setting setting;
	char **argv;			/* what is run */
	struct live_program program;
	int input;			/* what it reads; -1: nothing */
	int stop;			/* an eventfd */
	struct buf streams[2];
	size_t told;
	struct buf wrote;		/* the end of both, as they came */
	bool stopped;
	struct scratch scratch;		/* what the folder had after it, which nobody keeps */
	char made[REPO_OID_SIZE];	/* tree of that; "" when not known */
	size_t left;			/* files of it that are not kept */
	bool recorded;
	struct event_list list;
};

#define JOB(name, live_, store_, run_) \
	AUTO(release_job) struct job name = { .live = live_, .store = store_, .id = run_, \
					      .setting = LIVE_SETTING_INIT, .input = -1, \
					      .program = { .cwd = "" }, .stop = -1, \
					      .wrote = BUF_INIT(WROTE_BYTES_MOST), \
					      .scratch = SCRATCH_INIT }

static void release_job(struct job *job)
{
	live_setting_release(&job->setting);
	scratch_release(&job->scratch);
	program_free_words(&job->argv);
	auto_close(&job->input);
	buf_release(&job->streams[0]);
	buf_release(&job->streams[1]);
	buf_release(&job->wrote);
	event_list_release(&job->list);
}

static void tell_state(struct job *job, const char *event, const char *state)
{
	live_tell(job->live, event,
		  json_pack("{s:s, s:s, s:o}", "run", job->id, "state", state, "now",
			    view_time(store_now(job->store))));
}

static const char *actor(const struct job *job)
{
	return job->errand ? "ai" : "candidate";
}

bool live_run_claim(struct live *live, const char *run, const char *kind)
{
	bool free;

	pthread_mutex_lock(&live->lock);
	free = *live->run == '\0';
	if (free) {
		snprintf(live->run, sizeof(live->run), "%s", run);
		live->run_kind = kind;
		live_touch(live);
	}
	pthread_mutex_unlock(&live->lock);
	return free;
}

/* Under the lock: gives the place back. */
static void leave(struct live *live)
{
	memcpy(live->ended, live->run, sizeof(live->ended));
	buf_release(&live->wrote);
	live->run[0] = '\0';
	auto_close(&live->stop);
	live_touch(live);
}

/* Saves. 1: it was stopped before. */
static int begin(struct job *job, struct err *err)
{
	struct live *live = job->live;
	AUTO(live_release_hold) struct live *held = NULL;

	if (live_hold(live, job->store, err) < 0)
		return -1;
	held = live;
	if (strcmp(live->run, job->id) != 0)
		return 1;
	if (live_prepare(live, live->run_kind, &job->setting, err) < 0)
		return -1;
	job->stop = job->errand ? fcntl(*job->errand->stop, F_DUPFD_CLOEXEC, 0)
				: eventfd(0, EFD_CLOEXEC | EFD_NONBLOCK);
	live->stop = job->stop;
	if (job->stop < 0)
		return err_sys(err, "cannot make an eventfd");
	tell_state(job, live->run_kind, "running");
	return 0;
}

/* Whoever waits for the result is told. */
static void tell_failure(struct live *live, const char *event, const char *run, const char *why)
{
	live_tell(live, event, json_pack("{s:s, s:s, s:s}", "run", run, "state", "failed",
					 "message", why));
}

/* What our side cannot do is not the candidate's to mend. */
static int give_up(struct job *job, const char *event, const struct err *why)
{
	pthread_mutex_lock(&job->live->lock);
	leave(job->live);
	pthread_mutex_unlock(&job->live->lock);
	tell_failure(job->live, event, job->id, live_reason(why));
	return -1;
}

bool live_is_running(struct live *live)
{
	bool running;

	pthread_mutex_lock(&live->lock);
	running = live->stop >= 0;
	pthread_mutex_unlock(&live->lock);
	return running;
}

void live_stop(struct live *live)
{
	const uint64_t one = 1;

	pthread_mutex_lock(&live->lock);
	if (*live->run && live->stop < 0) {
		tell_failure(live, live->run_kind, live->run, "It was stopped before it began.");
		leave(live);
	} else if (*live->run && write(live->stop, &one, sizeof(one)) < 0) {
		live_tell(live, "notice", json_pack("{s:s}", "text", "it could not be stopped"));
	}
	pthread_mutex_unlock(&live->lock);
}

/* --- running */

static int fill(void *arg, int work_fd, struct err *err)
{
	struct job *job = arg;

	return repo_materialise(job->setting.repo, job->setting.snapshot.tree, work_fd, err);
}

static void output(void *arg, int stream, const void *data, size_t len)
{
	struct job *job = arg;
	size_t room = TOLD_BYTES_MOST - job->told, told = len < room ? len : room;

	buf_add(&job->streams[stream - 1], data, len);
	buf_add_end(&job->wrote, data, len);
	if (job->errand && job->errand->output)
		job->errand->output(job->errand->arg, stream, data, len);
	if (!told)
		return;
	job->told += told;
	live_tell(job->live, "output", json_pack("{s:s, s:i, s:o}", "run", job->id, "stream",
						 stream, "text", json_text(data, told)));
}

static enum sandbox_turn turn(void *arg, struct err *err)
{
	struct job *job = arg;

	(void)err;
	job->stopped = true;
	return SANDBOX_END;
}

/* A folder that cannot be kept is no fault of the run. */
static int collect(void *arg, int work_fd, struct err *err)
{
	struct job *job = arg;
	struct repo_skip skip = { .names = language_caches() };
	struct err why = ERR_INIT;

	(void)err;
	if (scratch_make(&job->scratch, &why) == 0 &&
	    scratch_borrow(&job->scratch, job->store, job->live->id, &why) == 0 &&
	    repo_write_folder(job->scratch.repo, work_fd, NULL, &skip, job->made, NULL, &why) == 0)
		return 0;
	job->made[0] = '\0';
	live_tell(job->live, "notice",
		  json_pack("{s:s+}", "text", "what the run made is not kept: ", why.text));
	return 0;
}

struct made {
	struct job *job;
	size_t files, bytes, left;
};

/* What the candidate changed meanwhile stays as it is; nothing is deleted. */
static int add_made(void *arg, const char *path, const char *oid, bool executable, struct err *err)
{
	struct made *made = arg;
	struct job *job = made->job;
	const struct fold_file *file = fold_file(job->live->fold, path);
	AUTO(buf_release) struct buf content = { 0 };
	struct err ignored = ERR_INIT;

	if (!oid || (file && file->seq > job->setting.saved_at))
		return 0;
	if (made->files >= MADE_FILES_MOST || made->bytes >= MADE_BYTES_MOST ||
	    (!file && fold_file_count(job->live->fold) + made->files >= LIVE_FILES_MOST) ||
	    repo_read_blob(job->scratch.repo, oid, LIVE_UPLOAD_MOST, &content, &ignored) < 0) {
		made->left++;
		return 0;
	}
	made->files++;
	made->bytes += content.len;
	return job->errand ? live_note_by_ai(job->live, &job->list, path, &content, executable, err)
			   : live_note_file(job->live, &job->list, path, &content, executable, err);
}

static int add_all_made(struct job *job, size_t *ret_files, struct err *err)
{
	struct made made = { .job = job };

	*ret_files = 0;
	if (!*job->made || !strcmp(job->made, job->setting.snapshot.tree))
		return 0;
	if (repo_diff_ids(job->scratch.repo, job->setting.snapshot.tree, job->made, add_made, &made,
			  err) < 0)
		return -1;
	*ret_files = made.files;
	job->left = made.left;
	if (made.left)
		live_tell(job->live, "notice",
			  json_pack("{s:s}", "text", "some files that the run made are not kept: "
						     "too many or too large"));
	return 0;
}

/* Stores what is in the list, when the assessment still runs; under the lock. 1: others changed
 * files meanwhile. */
static int store_job(struct job *job, struct err *err)
{
	struct live *live = job->live;
	struct err late = ERR_INIT;

	job->recorded = live_require_active(live, &late) == 0;
	if (!job->recorded) {
		live_drop_fold(live);	/* it was ahead */
		return 0;
	}
	return live_store(live, &job->list, err);
}

/* 1: others changed files meanwhile. */
static int store_run(struct job *job, const struct run_told *told, size_t *ret_files,
		     struct err *err)
{
	event_list_release(&job->list);
	if (run_event_add(&job->list, told, err) < 0 ||
	    live_try(job->live, &job->list, 0, err) < 0 || add_all_made(job, ret_files, err) < 0)
		return -1;
	return store_job(job, err);
}

/* For who comes back, until the next run. */
static void keep_written(struct job *job)
{
	struct live *live = job->live;

	live->wrote_more = job->wrote.len < job->streams[0].len + job->streams[1].len;
	live->wrote = job->wrote;
	job->wrote = (struct buf)BUF_INIT(0);
}

static int record_run(struct job *job, const struct run_told *told, struct err *err)
{
	AUTO(live_release_hold) struct live *held = NULL;
	AUTO_FREE char *command = program_line(told->argv);
	json_t *result;
	size_t files = 0;
	int done = 1;

	if (live_hold(job->live, job->store, err) < 0)
		return give_up(job, "run", err);
	held = job->live;
	for (int tries = 0; tries < LIVE_TRIES && done == 1; tries++)
		done = store_run(job, told, &files, err);
	if (done == 1)
		done = live_too_busy(err);
	leave(job->live);
	keep_written(job);
	result = run_report_json(told->report);
	if (told->stopped)
		json_object_set_new(result, "verdict", json_string(RUN_EVENT_STOPPED));
	json_object_set_new(result, "run", json_string(job->id));
	json_object_set_new(result, "command", json_stringn(command, strlen(command)));
	json_object_set_new(result, "state", json_string(done < 0 ? "failed" : "done"));
	json_object_set_new(result, "recorded", json_boolean(job->recorded));
	json_object_set_new(result, "truncated",
			    json_boolean(job->told < told->streams[0].len + told->streams[1].len));
	live_tell(job->live, "run", result);
	if (files && job->recorded)
		live_tell(job->live, "reset", json_object());
	return done;
}

static int make_plan(struct job *job, struct plan *ret, struct err *err)
{
	struct live_setting *setting = &job->setting;
	const struct manifest *manifest = &setting->manifest;
	const struct live_program *program = &job->program;
	const char *const *own = (const char *const *)manifest->run;
	const char *const *wanted = program->argv ? program->argv : own;
	const struct buf *input = program->input;

	if (input && (job->input = sandbox_stdin(input->data, input->len, err)) < 0)
		return -1;
	*ret = (struct plan){ .cwd = program->cwd, .stdin_fd = job->input,
			      .allow_weak = setting->allow_weak };
	if (!wanted)
		return err_set(err, ERR_USAGE, "the task names no program to run");
	if (run_words_make(job->store, &setting->assessment, setting->snapshot.tree, manifest,
			   wanted, &job->argv, &ret->limits, err) < 0 ||
	    run_words_fit(setting->repo, setting->snapshot.tree, &ret->limits, err) < 0)
		return -1;
	ret->argv = (const char *const *)job->argv;
	if (job->errand)
		ret->limits.wall_ms = ret->limits.cpu_ms = job->errand->wall_ms;
	return 0;
}

static int run_job(struct job *job, struct run_report *report, struct err *err)
{
	struct sandbox_io io = { .arg = job, .fill = fill, .output = output, .turn = turn,
				 .collect = collect };
	struct run_told told;
	struct plan plan;
	int begun = begin(job, err);

	if (begun > 0)
		return job->errand ? err_set(err, ERR_STATE, "it was stopped") : 0;
	if (begun < 0)
		return give_up(job, "run", err);
	if (make_plan(job, &plan, err) < 0)
		return give_up(job, "run", err);
	io.wake_fd = job->stop;
	job->streams[0].limit = job->streams[1].limit = plan.limits.output;
	if (sandbox_run(job->live->table->sandbox, &plan, &io, report, err) < 0)
		return give_up(job, "run", err);
	told = (struct run_told){
		.actor = actor(job), .argv = plan.argv, .cwd = plan.cwd,
		.tree = job->setting.snapshot.tree, .streams = job->streams, .report = report,
		.stopped = job->stopped,
	};
	return record_run(job, &told, err);
}

int live_run(struct live *live, struct store *store, const char *run,
	     const struct live_program *program, struct err *err)
{
	JOB(job, live, store, run);
	struct run_report report;

	job.program = *program;
	return run_job(&job, &report, err);
}

int live_run_for(struct live *live, struct store *store, const struct live_errand *errand,
		 struct run_report *ret, size_t *ret_left, bool *ret_recorded, struct err *err)
{
	JOB(job, live, store, errand->run);

	job.errand = errand;
	job.program.argv = errand->argv;
	if (!live_run_claim(live, errand->run, "run"))
		return err_set(err, ERR_STATE, "a run is going on");
	if (run_job(&job, ret, err) < 0)
		return -1;
	*ret_left = job.left;
	*ret_recorded = job.recorded;
	return 0;
}

/* --- testing */

static json_t *case_json(const struct grade_case *one)
{
	const char *text = one->message;
	json_t *message = text ? json_text(text, strlen(text)) : json_null();

	return json_pack("{s:s, s:s, s:I, s:o}", "name", one->id, "verdict",
			 one->skipped ? "skipped" : verdict_name(one->verdict), "ms",
			 (json_int_t)one->wall_ms, "message", message);
}

static json_t *stopped_json(const struct job *job)
{
	return json_pack("{s:s, s:s, s:s, s:i, s:i, s:[], s:n}", "run", job->id, "state", "done",
			 "verdict", RUN_EVENT_STOPPED, "passed", 0, "total", 0, "cases",
			 "build_output");
}

static json_t *tests_json(const struct job *job, const struct grade *grade)
{
	json_t *cases = json_array();
	int passed = 0;

	for (int i = 0; i < grade->test_count; i++)
		for (int j = 0; j < grade->tests[i].case_count; j++) {
			const struct grade_case *one = &grade->tests[i].cases[j];

			passed += one->verdict == VERDICT_OK && !one->skipped;
			json_array_append_new(cases, case_json(one));
		}
	return json_pack("{s:s, s:s, s:s, s:i, s:I, s:o, s:o, s:o}", "run", job->id, "state",
			 "done", "verdict", grade_verdict(grade), "passed", passed, "total",
			 (json_int_t)json_array_size(cases), "cases", cases, "document",
			 grade_test_json(grade, job->recorded), "build_output",
			 grade->build_output ? json_text(grade->build_output,
						       strlen(grade->build_output))
					     : json_null());
}

static int add_test(struct job *job, const struct grade *grade, struct err *err)
{
	const char *tree = job->setting.snapshot.tree;

	return grade ? test_event_add(&job->list, actor(job), tree, grade, err)
		     : test_stopped_event_add(&job->list, actor(job), tree, err);
}

/* `grade` is NULL when it was stopped. */
static int record_test(struct job *job, const struct grade *grade, struct err *err)
{
	AUTO(live_release_hold) struct live *held = NULL;
	int done = -1;

	if (live_hold(job->live, job->store, err) < 0)
		return give_up(job, "test", err);
	held = job->live;
	if (add_test(job, grade, err) == 0 && live_try(job->live, &job->list, 0, err) == 0)
		done = store_job(job, err);
	leave(job->live);
	live_tell(job->live, "test", grade ? tests_json(job, grade) : stopped_json(job));
	return done;
}

static int grade_job(struct job *job, struct grade *ret, struct err *err)
{
	AUTO(scratch_release) struct scratch scratch = SCRATCH_INIT;
	AUTO_FREE char *task_repo = buf_format("task-%s", job->setting.assessment.task_id);
	struct grade_request grading = {
		.sandbox = job->live->table->sandbox, .visible_only = true, .output = output,
		.arg = job, .tree = job->setting.snapshot.tree,
		.task_tree = job->setting.assessment.task_version,
		.manifest = &job->setting.manifest, .allow_weak = job->setting.allow_weak,
		.stop = &job->stop,
	};

	if (scratch_make(&scratch, err) < 0 ||
	    scratch_borrow(&scratch, job->store, task_repo, err) < 0 ||
	    scratch_borrow(&scratch, job->store, job->setting.assessment.id, err) < 0)
		return -1;
	grading.repo = scratch.repo;
	job->streams[0].limit = job->streams[1].limit = TOLD_BYTES_MOST;
	return grade_run(&grading, ret, err);
}

/* 1: it was stopped, and is on record so. */
static int test_job(struct job *job, struct grade *grade, struct err *err)
{
	int begun = begin(job, err);

	if (begun > 0)
		return 1;
	if (begun < 0)
		return give_up(job, "test", err);
	if (grade_job(job, grade, err) == 0)
		return record_test(job, grade, err);
	if (err->code != ERR_STATE)
		return give_up(job, "test", err);
	*err = (struct err)ERR_INIT;
	return record_test(job, NULL, err) < 0 ? -1 : 1;
}

int live_test(struct live *live, struct store *store, const char *run, struct err *err)
{
	JOB(job, live, store, run);
	AUTO(grade_release) struct grade grade = GRADE_INIT;

	return test_job(&job, &grade, err) < 0 ? -1 : 0;
}

int live_test_for(struct live *live, struct store *store, const struct live_errand *errand,
		  struct grade *ret, struct manifest *ret_manifest, struct err *err)
{
	JOB(job, live, store, errand->run);
	AUTO(grade_release) struct grade grade = GRADE_INIT;
	int result;

	job.errand = errand;
	if (!live_run_claim(live, errand->run, "test"))
		return err_set(err, ERR_STATE, "a run is going on");
	result = test_job(&job, &grade, err);
	if (result != 0)
		return result < 0 ? -1 : err_set(err, ERR_STATE, "it was stopped");
	if (!job.recorded)
		return err_set(err, ERR_STATE, "the session was over before the tests ended");
	*ret = grade;
	*ret_manifest = job.setting.manifest;
	grade = (struct grade)GRADE_INIT;
	job.setting.manifest = (struct manifest)MANIFEST_INIT;
	return 0;
}
