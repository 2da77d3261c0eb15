/* manifest_check.c - see manifest_check.h */
#include "task/manifest_check.h"

#include "base/auto.h"
#include "base/buf.h"
#include "base/clock.h"
#include "base/fs.h"
#include "base/json.h"
#include "base/schema.h"
#include "sandbox/plan.h"
#include "task/language.h"
#include "task/rubric.h"

#include <stdarg.h>
#include <stdio.h>
#include <string.h>

#define REPORT_WORD "{report}"
#define MOST_FAULTS 100		/* told at one time */
#define MOST_RUBRIC_FAULTS 16

static const char NOT_CONFINED[] = "must be a relative path that stays inside the folder";

static void insert_by_line(json_t *list, json_t *fault)
{
	json_int_t line = json_int(fault, "line", 1);
	size_t at = json_array_size(list);

	while (at && json_int(json_array_get(list, at - 1), "line", 1) > line)
		at--;
	json_array_insert_new(list, at, fault);
}

void manifest_fault(struct manifest_faults *faults, const char *pointer, const char *format, ...)
{
	char message[400];
	va_list args;

	if (json_array_size(faults->list) >= MOST_FAULTS)
		return;
	va_start(args, format);
	vsnprintf(message, sizeof(message), format, args);
	va_end(args);
	insert_by_line(faults->list,
		       json_pack("{s:i, s:s, s:s}", "line", json_line_of(faults->text, pointer),
				 "pointer", pointer, "message", message));
}

/* A fault of "/tests/NUMBER/KEY". */
__attribute__((format(printf, 4, 5)))
static void test_fault(struct manifest_faults *faults, int number, const char *key,
		       const char *format, ...)
{
	char pointer[64], message[300];
	va_list args;

	va_start(args, format);
	vsnprintf(message, sizeof(message), format, args);
	va_end(args);
	snprintf(pointer, sizeof(pointer), "/tests/%d/%s", number, key);
	manifest_fault(faults, pointer, "%s", message);
}

static void check_language(const char *name, const char *pointer, struct manifest_faults *faults)
{
	const struct language *near = language_near(name);
	AUTO(buf_release) struct buf names = BUF_INIT(256);

	if (language_find(name))
		return;
	for (int i = 0; i < language_count(); i++)
		buf_add_format(&names, "%s%s", i ? ", " : "", language_at(i)->name);
	if (near)
		manifest_fault(faults, pointer, "must be one of %s (did you mean '%s'?)",
			       buf_str(&names), near->name);
	else
		manifest_fault(faults, pointer, "must be one of %s", buf_str(&names));
}

static void check_languages(const struct manifest *manifest, struct manifest_faults *faults)
{
	for (int i = 0; manifest->languages[i]; i++) {
		char pointer[64] = "/language";

		if (manifest->languages_listed)
			snprintf(pointer, sizeof(pointer), "/language/%d", i);
		check_language(manifest->languages[i], pointer, faults);
	}
}

static void check_limits(const struct manifest *manifest, struct manifest_faults *faults)
{
	static const char prefix[] = "limits: ";	/* the pointer says that already */
	struct plan_limits limits = plan_default_limits;
	const char *key;
	json_t *value;

	json_object_foreach(json_object_get(manifest->root, "limits"), key, value) {
		AUTO_JSON json_t *one = json_pack("{s:O}", key, value);
		AUTO_FREE char *pointer = buf_format("/limits/%s", key);
		struct err err = ERR_INIT;
		bool has_prefix;

		if (plan_read_limits(&limits, one, &err) == 0)
			continue;
		has_prefix = !strncmp(err.text, prefix, sizeof(prefix) - 1);
		manifest_fault(faults, pointer, "%s",
			       err.text + (has_prefix ? sizeof(prefix) - 1 : 0));
	}
}

/* --- tests */

static const struct manifest_test *find_test(const struct manifest *manifest, const char *id,
					     size_t id_len, int before)
{
	for (int i = 0; i < before; i++) {
		const char *other = manifest->tests[i].id;

		if (strlen(other) == id_len && !strncmp(other, id, id_len))
			return &manifest->tests[i];
	}
	return NULL;
}

static bool has_report_word(const char **argv)
{
	for (; *argv; argv++) {
		if (strstr(*argv, REPORT_WORD))
			return true;
	}
	return false;
}

static void check_report(const struct manifest_test *test, int number, const char *word,
			 struct manifest_faults *faults)
{
	bool found = has_report_word(test->argv);

	if ((test->report == MANIFEST_JUNIT || test->report == MANIFEST_CTRF ||
	     test->report == MANIFEST_REWARD) && !found)
		test_fault(faults, number, "argv",
			   "must hold " REPORT_WORD ", where the %s report is to be written", word);
	else if (test->report == MANIFEST_EXIT && found)
		test_fault(faults, number, "argv",
			   REPORT_WORD " is not for tests with report exit");
}

/* Only what ran before can have been earned: so there is no circle either. */
static void check_requires(const struct manifest *manifest, int number,
			   struct manifest_faults *faults)
{
	const struct manifest_test *test = &manifest->tests[number];

	for (int i = 0; test->requires && test->requires[i]; i++) {
		const char *id = test->requires[i];
		const struct manifest_test *other = find_test(manifest, id, strlen(id), number);
		char key[32];

		snprintf(key, sizeof(key), "requires/%d", i);
		if (!other)
			test_fault(faults, number, key, "must be the id of a test before this one");
		else if (other->hidden && !test->hidden)
			test_fault(faults, number, key,
				   "a visible test cannot require a hidden one");
	}
}

static void check_judge(const struct manifest_test *test, int number,
			struct manifest_faults *faults)
{
	if (test->validator || test->interactor)
		return;
	if (test->validator_args)
		test_fault(faults, number, "validator_args", "there is no validator");
	if (test->validator_score)
		test_fault(faults, number, "validator_score", "there is no validator");
}

static void check_io(const struct manifest_test *test, int number, struct manifest_faults *faults)
{
	if (!fs_path_confined(test->dir))
		test_fault(faults, number, "dir", "%s", NOT_CONFINED);
	if (has_report_word(test->argv))
		test_fault(faults, number, "argv", REPORT_WORD " is for command tests only");
}

static void check_tests(const struct manifest *manifest, struct manifest_faults *faults)
{
	const json_t *list = json_object_get(manifest->root, "tests");
	bool hidden = false;
	double points = 0;

	for (int i = 0; i < manifest->test_count; i++) {
		const struct manifest_test *test = &manifest->tests[i];
		const json_t *entry = json_array_get(list, (size_t)i);

		if (find_test(manifest, test->id, strlen(test->id), i))
			test_fault(faults, i, "id", "duplicate test id '%s'", test->id);
		if (test->must_fail && (!test->hidden || test->report == MANIFEST_EXIT ||
					test->report == MANIFEST_REWARD))
			test_fault(faults, i, "must_fail",
				   "control cases need a hidden test with a report of cases");
		if (test->kind == MANIFEST_COMMAND)
			check_report(test, i, json_str(entry, "report", ""), faults);
		else
			check_io(test, i, faults);
		check_judge(test, i, faults);
		check_requires(manifest, i, faults);
		hidden |= test->hidden;
		points += test->points;
	}
	if (hidden && points <= 0)
		manifest_fault(faults, "/tests",
			       "there are hidden tests, but the points of all tests sum to 0");
}

/* --- protected paths, variants, rubric, window */

/* What is wrong with a glob of paths, or NULL. */
static const char *glob_fault(const char *glob)
{
	const char *set = glob;

	if (!fs_path_confined(glob))
		return NOT_CONFINED;
	if (strspn(glob, "*?/") == strlen(glob))
		return "would put back every file, and with them all that the candidate did";
	while ((set = strchr(set, '['))) {
		set = strchr(set, ']');
		if (!set)
			return "has a '[' without ']'";
	}
	return NULL;
}

static void check_protected(const struct manifest *manifest, struct manifest_faults *faults)
{
	const json_t *glob;
	size_t i;

	json_array_foreach(json_object_get(manifest->root, "protected"), i, glob) {
		AUTO_FREE char *pointer = buf_format("/protected/%zu", i);
		const char *fault = glob_fault(json_string_value(glob));

		if (fault)
			manifest_fault(faults, pointer, "%s", fault);
	}
}

static void check_fails(const struct manifest *manifest, const char *variant, int number,
			const char *glob, struct manifest_faults *faults)
{
	size_t id_len = strcspn(glob, "/");
	bool is_glob = strcspn(glob, "*?[") < id_len;
	AUTO_FREE char *pointer = buf_format("/variants/%s/fails/%d", variant, number);

	if (!glob[id_len] && !is_glob)
		manifest_fault(faults, pointer, "must be TEST/CASE");
	else if (!is_glob && !find_test(manifest, glob, id_len, manifest->test_count))
		manifest_fault(faults, pointer, "names a test that is not there");
}

static bool has_word(const char **words, const char *wanted)
{
	for (; words && *words; words++) {
		if (!strcmp(*words, wanted))
			return true;
	}
	return false;
}

static void check_expect(const struct manifest_variant *variant, struct manifest_faults *faults)
{
	for (int i = 0; variant->permitted && variant->required && variant->required[i]; i++) {
		AUTO_FREE char *pointer =
			buf_format("/variants/%s/expect/required/%d", variant->name, i);

		if (!has_word(variant->permitted, variant->required[i]))
			manifest_fault(faults, pointer, "is not among the permitted ones");
	}
	if (variant->has_points && variant->points_low > variant->points_high) {
		AUTO_FREE char *pointer = buf_format("/variants/%s/points", variant->name);

		manifest_fault(faults, pointer, "the least comes before the most");
	}
}

static void check_variants(const struct manifest *manifest, struct manifest_faults *faults)
{
	for (int i = 0; i < manifest->variant_count; i++) {
		const struct manifest_variant *variant = &manifest->variants[i];
		AUTO_FREE char *pointer = buf_format("/variants/%s/fails", variant->name);

		check_expect(variant, faults);
		if (!variant->fails)
			continue;
		if (variant->fails[0] && variant->expect && !strcmp(variant->expect, "passed"))
			manifest_fault(faults, pointer,
				       "a variant that is expected to pass cannot fail cases");
		for (int j = 0; variant->fails[j]; j++)
			check_fails(manifest, variant->name, j, variant->fails[j], faults);
	}
}

static void check_rubric(const struct manifest *manifest, struct manifest_faults *faults)
{
	struct schema_fault found[MOST_RUBRIC_FAULTS];
	int count = rubric_check(json_object_get(manifest->root, "rubric"), manifest->type, found,
				 MOST_RUBRIC_FAULTS);

	for (int i = 0; i < count && i < MOST_RUBRIC_FAULTS; i++) {
		AUTO_FREE char *pointer = buf_format("/rubric%s", found[i].pointer);

		manifest_fault(faults, pointer, "%s", found[i].text);
	}
}

static bool check_time(const struct manifest *manifest, const char *key,
		       struct manifest_faults *faults)
{
	const char *text = json_str(manifest->root, key, NULL);
	AUTO_FREE char *pointer = buf_format("/%s", key);
	struct err err = ERR_INIT;
	int64_t ignored;

	if (!text || clock_parse_time(text, &ignored, &err) == 0)
		return text != NULL;
	manifest_fault(faults, pointer, "%s", err.text);
	return false;
}

static void check_window(const struct manifest *manifest, struct manifest_faults *faults)
{
	bool opens = check_time(manifest, "opens", faults);
	bool closes = check_time(manifest, "closes", faults);

	if (opens && closes && manifest->opens_ms >= manifest->closes_ms)
		manifest_fault(faults, "/closes", "must be later than 'opens'");
}

static void check_ai(const struct manifest *manifest, struct manifest_faults *faults)
{
	const json_t *ai = json_object_get(manifest->root, "ai");
	bool is_planted = !strcmp(json_str(ai, "policy", ""), "planted");

	if (is_planted && !json_object_get(ai, "planted"))
		manifest_fault(faults, "/ai", "with policy planted, 'planted' says the mistake");
	else if (!is_planted && json_object_get(ai, "planted"))
		manifest_fault(faults, "/ai/planted", "goes with policy planted alone");
}

void manifest_check(const struct manifest *manifest, struct manifest_faults *faults)
{
	check_languages(manifest, faults);
	check_limits(manifest, faults);
	check_tests(manifest, faults);
	check_protected(manifest, faults);
	check_variants(manifest, faults);
	check_rubric(manifest, faults);
	check_ai(manifest, faults);
	check_window(manifest, faults);
}
