/* grade.c - runs the tests of a task version on a submitted tree */
#include "grade/grade.h"

#include "base/auto.h"
#include "base/fs.h"
#include "grade/build_step.h"
#include "grade/command_test.h"
#include "grade/io_test.h"
#include "grade/judge_build.h"
#include "grade/step.h"
#include "grade/test_cases.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

void grade_release(struct grade *grade)
{
	for (int i = 0; i < grade->test_count; i++)
		test_cases_release(&grade->tests[i]);
	for (char **path = grade->restored; path && *path; path++)
		free(*path);
	free(grade->tests);
	free(grade->restored);
	free(grade->build_output);
	*grade = (struct grade)GRADE_INIT;
}

static bool is_wanted(const struct grade_request *request, const struct manifest_test *test)
{
	if (request->visible_only && test->hidden)
		return false;
	if (!request->only)
		return true;
	for (const char *const *glob = request->only; *glob; glob++)
		if (fs_path_match(*glob, test->id))
			return true;
	return false;
}

/* Marks what a test requires: tests before it. */
static void want_required(const struct manifest *manifest, const struct manifest_test *test,
			  bool *wanted)
{
	for (const char **id = test->requires; id && *id; id++)
		for (int i = 0; i < manifest->test_count; i++)
			if (!strcmp(manifest->tests[i].id, *id))
				wanted[i] = true;
}

static void choose_tests(const struct grade_request *request, struct grade *grade)
{
	const struct manifest *manifest = request->manifest;
	AUTO_FREE bool *wanted = buf_alloc((size_t)manifest->test_count * sizeof(*wanted));

	for (int i = manifest->test_count - 1; i >= 0; i--) {
		wanted[i] = wanted[i] || is_wanted(request, &manifest->tests[i]);
		if (wanted[i])
			want_required(manifest, &manifest->tests[i], wanted);
	}
	grade->tests = buf_alloc((size_t)manifest->test_count * sizeof(*grade->tests));
	for (int i = 0; i < manifest->test_count; i++)
		if (wanted[i])
			grade->tests[grade->test_count++].test = &manifest->tests[i];
}

/* Borrowed; NULL when they are not known. */
static const json_t *expected_cases(const struct grade_request *request, const char *test)
{
	const json_t *ids = json_object_get(json_object_get(request->expected, "cases"), test);

	return json_is_array(ids) ? ids : NULL;
}

/* A test that could not be run at all. */
static int fail_test(const struct grade_request *request, struct grade_test *test,
		     enum verdict verdict, const char *message, struct err *err)
{
	AUTO_JSON json_t *ids = NULL;

	if (test->test->kind != MANIFEST_COMMAND) {
		ids = io_test_cases(request, test->test, err);
		if (!ids)
			return -1;
	}
	test_cases_fail_all(test, ids ? ids : expected_cases(request, test->test->id), verdict,
			    message);
	return 0;
}

/* The first test that this one requires and that did not earn all; or NULL. */
static const char *unmet_requirement(const struct grade *grade, const struct manifest_test *test)
{
	for (const char **id = test->requires; id && *id; id++)
		for (int i = 0; i < grade->test_count; i++)
			if (!strcmp(grade->tests[i].test->id, *id) &&
			    !test_cases_complete(&grade->tests[i]))
				return *id;
	return NULL;
}

static int run_test(struct step_ground *ground, const struct grade *grade,
		    struct grade_test *test, struct err *err)
{
	const struct grade_request *request = ground->request;
	const char *unmet = unmet_requirement(grade, test->test);
	AUTO_FREE char *why = NULL;

	if (ground->too_large)
		return fail_test(request, test, VERDICT_DISK_LIMIT,
				 "the submitted tree does not fit into the disk limit", err);
	if (grade->build != VERDICT_OK)
		return fail_test(request, test, VERDICT_COMPILE_ERROR,
				 ground->program.fault ? ground->program.fault : "the build failed",
				 err);
	if (unmet) {
		why = buf_format("not run: test '%s' did not earn all", unmet);
		return io_test_skip(request, test, why, err);
	}
	if ((test->test->validator || test->test->interactor) && judge_build_run(ground, err) < 0)
		return -1;
	if (test->test->kind != MANIFEST_COMMAND)
		return io_test_run(ground, test, err);
	return command_test_run(ground, expected_cases(request, test->test->id), test, err);
}

static void add_up(struct grade *grade)
{
	grade->weak = grade->build_run.weak;
	for (int i = 0; i < grade->test_count; i++) {
		struct grade_test *test = &grade->tests[i];

		grade->points += test->points;
		grade->possible += test->possible;
		grade->tampered = grade->tampered || test->tampered;
		grade->weak |= test->run.weak;
	}
}

static void tell(const struct grade_request *request, const char *step, int done, int total)
{
	if (request->progress)
		request->progress(request->arg, step, done, total);
}

static int run_steps(struct step_ground *ground, struct grade *grade, struct err *err)
{
	const struct grade_request *request = ground->request;
	bool builds = request->manifest->build || request->manifest->build_language;
	int total = grade->test_count + builds;

	if (builds)
		tell(request, "build", 0, total);
	if (build_step_run(ground, grade, err) < 0)
		return -1;
	for (int i = 0; i < grade->test_count; i++) {
		struct grade_test *test = &grade->tests[i];

		tell(request, test->test->id, i + builds, total);
		if (run_test(ground, grade, test, err) < 0)
			return err_wrap(err, "test '%s'", test->test->id);
		test_cases_share_points(test);
	}
	return 0;
}

static int prepare(struct step_ground *ground, struct err *err)
{
	const struct grade_request *request = ground->request;

	if (grade_tree_make(request->repo, request->manifest, request->tree, request->task_tree,
			    !request->visible_only, &ground->tree, err) < 0)
		return -1;
	if (manifest_finds_program(request->manifest) &&
	    program_find(request->repo, request->manifest, ground->tree.base, request->task_tree,
			 &ground->program, err) < 0)
		return -1;
	return step_ground_limit(ground, err);
}

int grade_run(const struct grade_request *request, struct grade *ret, struct err *err)
{
	AUTO(grade_release) struct grade grade = GRADE_INIT;
	AUTO(step_ground_release) struct step_ground ground = STEP_GROUND_INIT;

	ground.request = request;
	if (request->judge_base)
		ground.judge_base = TAKE(*request->judge_base);
	if (prepare(&ground, err) < 0)
		return -1;
	choose_tests(request, &grade);
	if (run_steps(&ground, &grade, err) < 0)
		return -1;
	add_up(&grade);
	grade.restored = TAKE(ground.tree.restored);
	if (!grade.restored)
		grade.restored = buf_alloc(sizeof(*grade.restored));
	if (request->judge_base)
		*request->judge_base = TAKE(ground.judge_base);
	*ret = grade;
	grade = (struct grade)GRADE_INIT;

	return 0;
}

const char *grade_verdict(const struct grade *grade)
{
	enum verdict worst = grade->build;

	if (grade->tampered)
		return "tampered";
	for (int i = 0; i < grade->test_count; i++)
		worst = test_cases_worse(worst, grade->tests[i].verdict);
	return worst == VERDICT_OK ? "passed" : verdict_name(worst);
}

double grade_percent(const struct grade *grade)
{
	double percent;

	if (grade->possible <= 0)
		return 0;
	percent = round(grade->points / grade->possible * 10000) / 100;
	return percent >= 100 && grade->points < grade->possible ? 99.99 : percent;
}
