/* prove.c - shows that a task version does what its author says */
#include "grade/prove.h"

#include "base/auto.h"
#include "base/fs.h"
#include "grade/grade_text.h"
#include "grade/test_cases.h"

#include <stdlib.h>
#include <string.h>

#define FAULTS_MAX 100	/* sentences kept */
#define MESSAGE_MAX 300 /* bytes of a foreign message in a sentence */

struct prover {
	const struct prove_request *request;
	json_t *expected; /* {"cases": {TEST: [ids]}}, from the first run of the reference */
	json_t *faults;	  /* array of sentences */
	json_t *flaky;	  /* ids as keys */
	char *judge_base; /* as a grade leaves it for the next */
	uint32_t weak;
	int done, total;
};

static void prover_release(struct prover *prover)
{
	json_decref(prover->expected);
	json_decref(prover->faults);
	json_decref(prover->flaky);
	fs_temp_release(&prover->judge_base);
}

/* One version of the task: what the candidate starts from, with `overlay` laid over. */
struct version {
	const char *what;   /* "reference", "starter", "variant 'NAME'" */
	char *overlay;	    /* "solution", "variants/NAME" or NULL */
	struct grade grade; /* of the first run */
	json_t *verdicts;   /* id -> verdict, of the first run */
	json_t *wall_ms;    /* test -> most of all runs */
};

static void version_release(struct version *version)
{
	free(version->overlay);
	grade_release(&version->grade);
	json_decref(version->verdicts);
	json_decref(version->wall_ms);
}

static void add_fault(struct prover *prover, const char *format, ...)
	__attribute__((format(printf, 2, 3)));

static void add_fault(struct prover *prover, const char *format, ...)
{
	va_list args;
	char *text;

	va_start(args, format);
	if (vasprintf(&text, format, args) < 0)
		abort();
	va_end(args);
	if (json_array_size(prover->faults) < FAULTS_MAX)
		json_array_append_new(prover->faults, json_string(text));
	free(text);
}

static int make_tree(const struct prover *prover, const struct version *version,
		     char ret[REPO_OID_SIZE], struct err *err)
{
	const char *task = prover->request->task_tree;
	const struct repo_layer layers[] = {
		{ .tree = task, .from = "start", .to = "", .optional = true },
		{ .tree = task, .from = "README.md", .to = "README.md", .optional = true },
		{ .tree = task, .from = "files", .to = "files", .optional = true },
		{ .tree = task, .from = version->overlay, .to = "" },
	};

	return repo_lay_trees(prover->request->repo, layers, version->overlay ? 4 : 3, ret, err);
}

static bool case_passed(const struct grade_case *one)
{
	return one->verdict == VERDICT_OK && !one->skipped;
}

/* The ids that the reference passes, which every later grade is held against. */
static json_t *passed_cases(const struct grade *grade)
{
	json_t *tests = json_object();

	for (int i = 0; i < grade->test_count; i++) {
		const struct grade_test *test = &grade->tests[i];
		json_t *ids = json_array();

		for (int j = 0; j < test->case_count; j++)
			if (case_passed(&test->cases[j]))
				json_array_append_new(ids, json_string(test->cases[j].id));
		json_object_set_new(tests, test->test->id, ids);
	}
	return json_pack("{so}", "cases", tests);
}

/* What must be the same each time. */
static json_t *came_out(const struct grade_case *one)
{
	if (one->skipped)
		return json_string("skipped");
	if (one->share < 1)
		return json_sprintf("%s %.6g", verdict_name(one->verdict), one->share);
	return json_string(verdict_name(one->verdict));
}

static json_t *verdicts_of(const struct grade *grade)
{
	json_t *verdicts = json_object();

	for (int i = 0; i < grade->test_count; i++) {
		const struct grade_test *test = &grade->tests[i];

		if (test->tampered)
			json_object_set_new(verdicts, test->test->id, json_string("tampered"));
		for (int j = 0; j < test->case_count; j++)
			json_object_set_new(verdicts, test->cases[j].id,
					    came_out(&test->cases[j]));
	}
	return verdicts;
}

static void compare_runs(struct prover *prover, const struct version *version,
			 const struct grade *grade)
{
	AUTO_JSON json_t *again = verdicts_of(grade);
	const char *id;
	json_t *verdict;

	json_object_foreach (version->verdicts, id, verdict) {
		if (!json_equal(verdict, json_object_get(again, id)))
			json_object_set_new(prover->flaky, id, json_string(version->what));
		json_object_del(again, id);
	}
	json_object_foreach (again, id, verdict)
		json_object_set_new(prover->flaky, id, json_string(version->what));
}

static void note_times(struct version *version, const struct grade *grade)
{
	for (int i = 0; i < grade->test_count; i++) {
		const char *test = grade->tests[i].test->id;
		json_int_t most = json_integer_value(json_object_get(version->wall_ms, test));
		json_int_t now = (json_int_t)grade->tests[i].run.wall_ms;

		json_object_set_new(version->wall_ms, test, json_integer(now > most ? now : most));
	}
}

static int run_once(struct prover *prover, struct version *version, const char *tree,
		    struct err *err)
{
	const struct prove_request *request = prover->request;
	const struct grade_request asked = {
		.sandbox = request->sandbox,
		.repo = request->repo,
		.tree = tree,
		.task_tree = request->task_tree,
		.manifest = request->manifest,
		.only = request->only,
		.expected = prover->expected,
		.judge_base = &prover->judge_base,
		.allow_weak = request->allow_weak,
	};
	AUTO(grade_release) struct grade grade = GRADE_INIT;

	if (request->progress)
		request->progress(request->arg, version->what, prover->done, prover->total);
	if (grade_run(&asked, &grade, err) < 0)
		return -1;
	prover->done++;
	prover->weak |= grade.weak;
	note_times(version, &grade);
	if (version->verdicts) {
		compare_runs(prover, version, &grade);
		return 0;
	}
	version->verdicts = verdicts_of(&grade);
	if (!prover->expected)
		prover->expected = passed_cases(&grade);
	version->grade = grade;
	grade = (struct grade)GRADE_INIT;

	return 0;
}

static int run_version(struct prover *prover, struct version *version, struct err *err)
{
	int repeats = prover->request->reference_only ? 1 : prover->request->repeats;
	char tree[REPO_OID_SIZE];

	version->wall_ms = json_object();
	if (make_tree(prover, version, tree, err) < 0)
		return err_wrap(err, "%s", version->what);
	for (int i = 0; i < repeats; i++)
		if (run_once(prover, version, tree, err) < 0)
			return err_wrap(err, "%s", version->what);
	return 0;
}

static const char *short_message(const char *message, char **ret)
{
	*ret = message ? grade_text_clean(message, strlen(message), MESSAGE_MAX) : NULL;
	return *ret ? *ret : "no message";
}

static void fault_tampered(struct prover *prover, const struct version *version)
{
	for (int i = 0; i < version->grade.test_count; i++) {
		const struct grade_test *test = &version->grade.tests[i];
		AUTO_FREE char *message = NULL;

		if (test->tampered)
			add_fault(prover, "%s: the result of test '%s' does not hold together: %s",
				  version->what, test->test->id,
				  short_message(test->message, &message));
	}
}

static void fault_cases(struct prover *prover, const struct version *version)
{
	for (int i = 0; i < version->grade.test_count; i++) {
		const struct grade_test *test = &version->grade.tests[i];
		AUTO_FREE char *message = NULL;

		if (test->case_count == 0)
			add_fault(prover, "%s: test '%s' has no case: %s", version->what,
				  test->test->id, short_message(test->message, &message));
		if (test->verdict == VERDICT_OK && test->points < test->possible)
			add_fault(prover, "%s: test '%s' earns %.10g of %.10g points",
				  version->what, test->test->id, test->points, test->possible);
		for (int j = 0; j < test->case_count; j++) {
			const struct grade_case *one = &test->cases[j];
			AUTO_FREE char *why = NULL;

			if (!case_passed(one))
				add_fault(prover, "%s: case '%s' is %s: %s", version->what, one->id,
					  one->skipped ? "skipped" : verdict_name(one->verdict),
					  short_message(one->message, &why));
		}
	}
}

static void check_reference(struct prover *prover, const struct version *version)
{
	const struct grade *grade = &version->grade;
	AUTO_FREE char *output = NULL;

	for (char **path = grade->restored; *path; path++)
		add_fault(prover, "%s: changes '%s', which grading puts back", version->what,
			  *path);
	fault_tampered(prover, version);
	if (grade->build != VERDICT_OK) {
		add_fault(prover, "%s: the build fails: %s", version->what,
			  short_message(grade->build_output, &output));
		return;
	}
	fault_cases(prover, version);
}

static void check_starter(struct prover *prover, const struct version *version)
{
	const struct grade *grade = &version->grade;

	fault_tampered(prover, version);
	if (!grade->tampered && grade->points >= grade->possible &&
	    (grade->possible > 0 || !strcmp(grade_verdict(grade), "passed")))
		add_fault(prover, "%s: earns all points", version->what);
}

static json_t *result_json(const struct grade *grade)
{
	return json_pack("{ss so so}", "verdict", grade_verdict(grade), "points",
			 test_cases_number(grade->points), "possible",
			 test_cases_number(grade->possible));
}

static json_t *failing_ids(const struct grade *grade)
{
	json_t *ids = json_array();

	for (int i = 0; i < grade->test_count; i++)
		for (int j = 0; j < grade->tests[i].case_count; j++)
			if (!case_passed(&grade->tests[i].cases[j]))
				json_array_append_new(ids,
						      json_string(grade->tests[i].cases[j].id));
	return ids;
}

/* The exact name goes before globs: "test_x[1-True]" is a name, pytest makes many such. */
static bool matches_any(const char *const *globs, const char *id)
{
	for (; *globs; globs++)
		if (!strcmp(*globs, id) || fs_path_match(*globs, id))
			return true;
	return false;
}

/* Each glob must match a failing case, and each failing case that is worth points a glob. What
 * differs, yours, or NULL. */
static char *compare_fails(const struct manifest_variant *variant, const struct grade *grade,
			   const json_t *fails)
{
	size_t index;
	json_t *id;

	for (const char **glob = variant->fails; *glob; glob++) {
		const char *one[] = { *glob, NULL };
		bool hit = false;

		json_array_foreach (fails, index, id)
			hit = hit || matches_any(one, json_string_value(id));
		if (!hit)
			return buf_format("no case that matches '%s' fails", *glob);
	}
	for (int i = 0; i < grade->test_count; i++) {
		const struct grade_test *test = &grade->tests[i];

		for (int j = 0; test->possible > 0 && j < test->case_count; j++)
			if (!case_passed(&test->cases[j]) && test->cases[j].possible > 0 &&
			    !matches_any((const char *const *)variant->fails, test->cases[j].id))
				return buf_format("'%s' fails and is not among its fails",
						  test->cases[j].id);
	}
	return NULL;
}

static const char *verdict_word(enum verdict verdict)
{
	return verdict == VERDICT_OK ? "passed" : verdict_name(verdict);
}

static bool has_word(const char **words, const char *wanted)
{
	for (; *words; words++)
		if (!strcmp(*words, wanted))
			return true;
	return false;
}

/* The verdict words of all cases that ran, as keys, each with the id of one; "tampered" too. */
static json_t *words_of(const struct grade *grade)
{
	json_t *words = json_object();

	for (int i = 0; i < grade->test_count; i++) {
		const struct grade_test *test = &grade->tests[i];

		if (test->tampered)
			json_object_set_new(words, "tampered", json_string(test->test->id));
		for (int j = 0; j < test->case_count; j++) {
			const struct grade_case *one = &test->cases[j];

			if (!one->skipped)
				json_object_set_new(words, verdict_word(one->verdict),
						    json_string(one->id));
		}
	}
	return words;
}

static char *compare_verdicts(const struct manifest_variant *variant, const struct grade *grade)
{
	AUTO_JSON json_t *words = words_of(grade);
	AUTO(buf_release) struct buf wanted = BUF_INIT(MESSAGE_MAX);
	const char *word;
	json_t *id;

	json_object_foreach (words, word, id)
		if (variant->permitted && !has_word(variant->permitted, word))
			return buf_format("'%s' is %s, which is not permitted",
					  json_string_value(id), word);
	if (!variant->required)
		return NULL;
	for (const char **one = variant->required; *one; one++) {
		if (json_object_get(words, *one))
			return NULL;
		buf_add_format(&wanted, "%s%s", wanted.len ? " or " : "", *one);
	}
	return buf_format("no case is %s", buf_str(&wanted));
}

/* Of a number as it is written into results, with four decimals. */
#define POINTS_ABOUT 0.00005

static char *compare_points(const struct manifest_variant *variant, const struct grade *grade)
{
	if (!variant->has_points || (grade->points >= variant->points_low - POINTS_ABOUT &&
				     grade->points <= variant->points_high + POINTS_ABOUT))
		return NULL;
	if (variant->points_low < variant->points_high)
		return buf_format("expected %.10g to %.10g points, got %.10g", variant->points_low,
				  variant->points_high, grade->points);
	return buf_format("expected %.10g points, got %.10g", variant->points_low, grade->points);
}

/* What differs, yours, or NULL. */
static char *compare_variant(const struct manifest_variant *variant, const struct grade *grade,
			     const json_t *fails)
{
	char *differs = NULL;

	if (!variant->expect)
		differs = compare_verdicts(variant, grade);
	else if (strcmp(variant->expect, grade_verdict(grade)))
		differs = buf_format("expected %s, got %s", variant->expect, grade_verdict(grade));
	if (!differs)
		differs = compare_points(variant, grade);
	if (!differs && variant->fails)
		differs = compare_fails(variant, grade, fails);
	return differs;
}

/* As the manifest says it; borrowed. */
static json_t *expect_of(const struct prover *prover, const char *variant)
{
	const json_t *variants = json_object_get(prover->request->manifest->root, "variants");

	return json_object_get(json_object_get(variants, variant), "expect");
}

static int run_variant(struct prover *prover, const struct manifest_variant *variant,
		       json_t *variants, struct err *err)
{
	AUTO_FREE char *what = buf_format("variant '%s'", variant->name);
	AUTO(version_release)
	struct version version = {
		.what = what,
		.overlay = buf_format("variants/%s", variant->name),
	};
	AUTO_FREE char *message = NULL;
	json_t *fails;

	if (run_version(prover, &version, err) < 0)
		return -1;
	fails = failing_ids(&version.grade);
	message = compare_variant(variant, &version.grade, fails);
	if (message)
		add_fault(prover, "%s: %s", what, message);
	json_object_set_new(variants, variant->name,
			    json_pack("{sO ss so sb so}", "expect",
				      expect_of(prover, variant->name), "verdict",
				      grade_verdict(&version.grade), "fails", fails, "as_expected",
				      message == NULL, "message",
				      message ? json_string(message) : json_null()));
	return 0;
}

static int run_reference(struct prover *prover, json_t *proof, struct err *err)
{
	AUTO(version_release)
	struct version version = {
		.what = "reference",
		.overlay = buf_strdup("solution"),
	};
	const struct prove_request *request = prover->request;
	json_t *result;

	if (!repo_has(request->repo, request->task_tree, version.overlay))
		return err_set(err, ERR_INPUT, "the task has no solution/ to prove it by");
	if (run_version(prover, &version, err) < 0)
		return -1;
	check_reference(prover, &version);
	result = result_json(&version.grade);
	json_object_set(result, "wall_ms", version.wall_ms);
	json_object_set_new(proof, "reference", result);

	return 0;
}

static int run_starter(struct prover *prover, json_t *proof, struct err *err)
{
	AUTO(version_release) struct version version = { .what = "starter" };

	if (run_version(prover, &version, err) < 0)
		return -1;
	check_starter(prover, &version);
	json_object_set_new(proof, "starter", result_json(&version.grade));

	return 0;
}

static json_t *weak_names(uint32_t weak)
{
	json_t *names = json_array();

	for (int i = 0; i < GUARD_COUNT; i++)
		if (weak & 1u << i)
			json_array_append_new(names, json_string(run_guard_name(1 << i)));
	return names;
}

static int compare_ids(const void *a, const void *b)
{
	const char *const *left = a, *const *right = b;

	return strcmp(*left, *right);
}

static json_t *flaky_ids(struct prover *prover)
{
	size_t count = json_object_size(prover->flaky), at = 0;
	AUTO_FREE const char **ids = buf_alloc((count + 1) * sizeof(*ids));
	json_t *list = json_array(), *what;
	const char *id;

	json_object_foreach (prover->flaky, id, what) {
		ids[at++] = id;
		add_fault(prover, "%s: '%s' changes between repeats", json_string_value(what), id);
	}
	qsort(ids, count, sizeof(*ids), compare_ids);
	for (at = 0; at < count; at++)
		json_array_append_new(list, json_string(ids[at]));

	return list;
}

static int run_versions(struct prover *prover, json_t *proof, struct err *err)
{
	const struct manifest *manifest = prover->request->manifest;
	json_t *variants = json_object();

	json_object_set_new(proof, "starter", json_null());
	json_object_set_new(proof, "variants", variants);
	if (run_reference(prover, proof, err) < 0)
		return -1;
	json_object_set(proof, "cases", json_object_get(prover->expected, "cases"));
	if (prover->request->reference_only)
		return 0;
	if (run_starter(prover, proof, err) < 0)
		return -1;
	for (int i = 0; i < manifest->variant_count; i++)
		if (run_variant(prover, &manifest->variants[i], variants, err) < 0)
			return -1;
	return 0;
}

json_t *prove_run(const struct prove_request *request, struct err *err)
{
	int repeats = request->reference_only ? 1 : request->repeats;
	AUTO(prover_release)
	struct prover prover = {
		.request = request,
		.faults = json_array(),
		.flaky = json_object(),
		.total = request->reference_only ? 1
						 : repeats * (2 + request->manifest->variant_count),
	};
	AUTO_JSON json_t *proof = json_pack("{ss ss si}", "schema", "tali.proof/1", "task_tree",
					    request->task_tree, "repeats", repeats);

	if (run_versions(&prover, proof, err) < 0)
		return NULL;
	json_object_set_new(proof, "flaky", flaky_ids(&prover));
	json_object_set(proof, "faults", prover.faults);
	json_object_set_new(proof, "weak", weak_names(prover.weak));
	json_object_set_new(proof, "proved", json_boolean(json_array_size(prover.faults) == 0));

	return TAKE(proof);
}
