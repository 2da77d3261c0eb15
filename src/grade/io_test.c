/* io_test.c - runs the submitted program once per input file and compares what it prints */
#include "grade/io_test.h"

#include "base/auto.h"
#include "base/fs.h"
#include "grade/compare.h"
#include "grade/interactive.h"
#include "grade/test_cases.h"
#include "grade/validator.h"

#include <stdlib.h>
#include <string.h>

static bool ends_in(const char *text, const char *end)
{
	size_t len = strlen(text), end_len = strlen(end);

	return len > end_len && !strcmp(text + len - end_len, end);
}

/* The tree of "hidden/DIR" or "start/DIR", first where a test of this visibility keeps its
 * files. */
static int find_tree(const struct grade_request *request, const struct manifest_test *test,
		     char ret[REPO_OID_SIZE], struct err *err)
{
	const char *const places[] = { test->hidden ? "hidden" : "start",
				       test->hidden ? "start" : "hidden" };

	for (int i = 0; i < 2; i++) {
		AUTO_FREE char *path = fs_join(places[i], test->dir);
		struct repo_layer layer = { .tree = request->task_tree, .from = path, .to = "" };

		if (repo_has(request->repo, request->task_tree, path))
			return repo_lay_trees(request->repo, &layer, 1, ret, err);
	}
	return err_set(err, ERR_ENV, "the task has no folder '%s'", test->dir);
}

/* The cases, and where in the repository their files are: looking them up by name in a large folder
 * would unpack that folder each time. */
struct cases {
	struct repo *repo;
	const char *test_id;
	json_t *ids;
	json_t *files; /* object id by name */
};

static void cases_release(struct cases *cases)
{
	json_decref(cases->ids);
	json_decref(cases->files);
}

static int note_file(void *arg, const struct repo_file *file, struct err *err)
{
	struct cases *cases = arg;
	size_t len = strlen(file->path);
	AUTO_FREE char *id = NULL;

	(void)err;
	if (strchr(file->path, '/'))
		return 0;
	json_object_set_new(cases->files, file->path, json_string(file->oid));
	if (!ends_in(file->path, ".in"))
		return 0;
	id = buf_format("%s/%.*s", cases->test_id, (int)(len - 3), file->path);
	json_array_append_new(cases->ids, json_string(id));

	return 0;
}

static int find_cases(const struct grade_request *request, const struct manifest_test *test,
		      struct cases *cases, struct err *err)
{
	char tree[REPO_OID_SIZE];

	*cases = (struct cases){ request->repo, test->id, json_array(), json_object() };
	if (find_tree(request, test, tree, err) < 0 ||
	    repo_each_file(request->repo, tree, note_file, cases, err) < 0)
		return -1;
	if (json_array_size(cases->ids) == 0)
		return err_set(err, ERR_ENV, "the task has no input in '%s'", test->dir);
	return 0;
}

json_t *io_test_cases(const struct grade_request *request, const struct manifest_test *test,
		      struct err *err)
{
	AUTO(cases_release) struct cases cases = { .ids = NULL };

	return find_cases(request, test, &cases, err) < 0 ? NULL : TAKE(cases.ids);
}

static int read_file(const struct cases *cases, const char *name, const char *ending,
		     struct buf *out, struct err *err)
{
	AUTO_FREE char *path = buf_format("%s%s", name, ending);
	const char *oid = json_string_value(json_object_get(cases->files, path));

	if (!oid)
		return err_set(err, ERR_NOT_FOUND, "'%s' is not there", path);
	return repo_read_blob(cases->repo, oid, IO_TEST_FILE_MAX, out, err);
}

/* Interactive cases may have none. */
static int read_answer(const struct cases *cases, const char *name, bool optional, struct buf *out,
		       struct err *err)
{
	struct err why = ERR_INIT;

	if (read_file(cases, name, ".ans", out, &why) == 0)
		return 0;
	if (why.code == ERR_NOT_FOUND) {
		why = (struct err)ERR_INIT;
		if (read_file(cases, name, ".out", out, &why) == 0 ||
		    (optional && why.code == ERR_NOT_FOUND))
			return 0;
	}
	*err = why;
	return -1;
}

static bool same_by_kattis(const struct compare_pair *pair, const struct manifest_test *test,
			   char message[COMPARE_MESSAGE_SIZE])
{
	const struct compare_kattis rule = {
		.case_sensitive = test->kattis_case,
		.space_sensitive = test->kattis_space,
		.has_tolerance = test->kattis_float,
		.rel = test->float_rel,
		.abs = test->float_abs,
	};

	return compare_kattis(pair, &rule, message);
}

static int compare_output(const struct step *step, const struct manifest_test *test,
			  const struct validator_files *files, struct grade_case *one,
			  struct err *err)
{
	const struct compare_pair pair = { buf_str(files->output), files->output->len,
					   buf_str(files->answer), files->answer->len };
	char message[COMPARE_MESSAGE_SIZE] = "";
	bool same = false;

	switch (test->compare) {
	case MANIFEST_EXACT: same = compare_exact(&pair, message); break;
	case MANIFEST_TOKENS: same = compare_tokens(&pair, message); break;
	case MANIFEST_FLOAT:
		same = compare_float(&pair, test->float_rel, test->float_abs, message);
		break;
	case MANIFEST_KATTIS: same = same_by_kattis(&pair, test, message); break;
	case MANIFEST_VALIDATOR: return validator_judge(step->ground, test, files, one, err);
	}
	if (!same)
		test_cases_fail(one, VERDICT_WRONG_ANSWER, message);

	return 0;
}

static void add_run(struct run_report *sum, const struct run_report *run, bool first)
{
	if (first)
		*sum = (struct run_report){ .exit_status = -1, .enforced = run->enforced };
	sum->verdict = test_cases_worse(sum->verdict, run->verdict);
	sum->cpu_ms += run->cpu_ms;
	sum->wall_ms += run->wall_ms;
	sum->output_bytes += run->output_bytes;
	if (run->memory_peak > sum->memory_peak)
		sum->memory_peak = run->memory_peak;
	if (run->processes_peak > sum->processes_peak)
		sum->processes_peak = run->processes_peak;
	sum->enforced &= run->enforced;
	sum->weak |= run->weak;
}

static int run_program(const struct step_ground *ground, const struct manifest_test *test,
		       const struct buf *input, const struct buf *answer, struct grade_case *one,
		       struct err *err)
{
	AUTO(step_release) struct step step = STEP_INIT(ground);
	AUTO(program_free_words)
	char **argv = program_words(&ground->program, (const char *const *)test->argv);
	AUTO_FD int stdin_fd = sandbox_stdin(buf_str(input), input->len, err);
	const struct validator_files files = { input, answer, &step.out };

	if (stdin_fd < 0)
		return -1;
	step_lay(&step, false);
	step.argv = (const char *const *)argv;
	step.stdin_fd = stdin_fd;
	step.out.limit = ground->limits.output;
	if (step_run(&step, err) < 0)
		return -1;
	one->run = step.run;
	if (step.run.verdict == VERDICT_OK)
		return compare_output(&step, test, &files, one, err);
	step_fail_case(&step, one);

	return 0;
}

static int run_case(const struct step_ground *ground, const struct cases *cases,
		    struct grade_test *ret, int number, struct err *err)
{
	const struct manifest_test *test = ret->test;
	struct grade_case *one = &ret->cases[number];
	const char *name = test_cases_name(ret, one);
	AUTO(buf_release) struct buf input = BUF_INIT(0);
	AUTO(buf_release) struct buf answer = BUF_INIT(0);
	bool talks = test->kind == MANIFEST_INTERACTIVE;

	if (read_file(cases, name, ".in", &input, err) < 0 ||
	    read_answer(cases, name, talks, &answer, err) < 0)
		return err_wrap(err, "%s", one->id);
	if ((talks ? interactive_run(ground, test, &input, &answer, one, &one->run, err)
		   : run_program(ground, test, &input, &answer, one, err)) < 0)
		return err_wrap(err, "%s", one->id);
	one->ran = true;
	one->wall_ms = one->run.wall_ms;
	add_run(&ret->run, &one->run, number == 0);

	return 0;
}

static int add_cases(const struct grade_request *request, struct cases *cases,
		     struct grade_test *test, struct err *err)
{
	size_t prefix = strlen(test->test->id) + 1, index;
	json_t *id;

	if (find_cases(request, test->test, cases, err) < 0)
		return -1;
	json_array_foreach (cases->ids, index, id)
		test_cases_add(test, json_string_value(id) + prefix);
	test_cases_value(test);

	return 0;
}

int io_test_skip(const struct grade_request *request, struct grade_test *ret, const char *why,
		 struct err *err)
{
	AUTO(cases_release) struct cases cases = { .ids = NULL };

	if (add_cases(request, &cases, ret, err) < 0)
		return -1;
	test_cases_skip(ret, 0, why);
	ret->message = buf_strdup(why);

	return 0;
}

int io_test_run(const struct step_ground *ground, struct grade_test *ret, struct err *err)
{
	AUTO(cases_release) struct cases cases = { .ids = NULL };

	if (add_cases(ground->request, &cases, ret, err) < 0)
		return -1;
	for (int i = 0; i < ret->case_count; i++) {
		const struct grade_case *one = &ret->cases[i];

		if (run_case(ground, &cases, ret, i, err) < 0)
			return -1;
		if (ret->test->stop_early && (one->verdict != VERDICT_OK || one->share <= 0)) {
			test_cases_skip(ret, i + 1, "not run: a case before it earned nothing");
			break;
		}
	}
	return 0;
}
