/* manifest.c - see manifest.h */
#include "task/manifest.h"

#include "base/auto.h"
#include "base/buf.h"
#include "base/clock.h"
#include "base/json.h"
#include "base/schema.h"
#include "sandbox/plan.h"
#include "task/language.h"
#include "task/manifest_check.h"
#include "task/step_limits.h"

#include <fnmatch.h>
#include <stdlib.h>
#include <string.h>

#define SCHEMA "tali.task-1"
#define MOST_FAULTS 32		/* of the schema, told at one time */

void manifest_release(struct manifest *manifest)
{
	for (int i = 0; i < manifest->test_count; i++) {
		free(manifest->tests[i].argv);
		free(manifest->tests[i].must_fail);
		free(manifest->tests[i].validator);
		free(manifest->tests[i].interactor);
		free(manifest->tests[i].validator_args);
		free(manifest->tests[i].requires);
	}
	for (int i = 0; i < manifest->variant_count; i++) {
		free(manifest->variants[i].fails);
		free(manifest->variants[i].permitted);
		free(manifest->variants[i].required);
	}
	free(manifest->tests);
	free(manifest->variants);
	free(manifest->run);
	free(manifest->build);
	free(manifest->judge_build);
	free(manifest->languages);
	free(manifest->protected_globs);
	json_decref(manifest->root);
	*manifest = (struct manifest)MANIFEST_INIT;
}

/* --- from a root that is valid by schema to the value */

static void read_kattis(const json_t *kattis, struct manifest_test *ret)
{
	const json_t *rel = json_object_get(kattis, "float_relative_tolerance");
	const json_t *abs = json_object_get(kattis, "float_absolute_tolerance");

	ret->compare = MANIFEST_KATTIS;
	ret->kattis_case = json_flag(kattis, "case_sensitive", false);
	ret->kattis_space = json_flag(kattis, "space_change_sensitive", false);
	ret->kattis_float = rel || abs;
	ret->float_rel = json_number_value(rel);
	ret->float_abs = json_number_value(abs);
}

static void read_compare(const json_t *compare, struct manifest_test *ret)
{
	const json_t *tolerance = json_object_get(compare, "float");
	const json_t *kattis = json_object_get(compare, "kattis");

	ret->validator = language_words(json_object_get(compare, "validator"));
	ret->float_rel = json_number_value(json_object_get(tolerance, "rel"));
	ret->float_abs = json_number_value(json_object_get(tolerance, "abs"));
	if (ret->validator)
		ret->compare = MANIFEST_VALIDATOR;
	else if (tolerance)
		ret->compare = MANIFEST_FLOAT;
	else if (kattis)
		read_kattis(kattis, ret);
	else if (json_is_string(compare) && !strcmp(json_string_value(compare), "tokens"))
		ret->compare = MANIFEST_TOKENS;
	else
		ret->compare = MANIFEST_EXACT;
}

static enum manifest_report read_report(const char *word)
{
	static const char *const words[] = {
		[MANIFEST_EXIT] = "exit", [MANIFEST_JUNIT] = "junit",	[MANIFEST_TAP] = "tap",
		[MANIFEST_CTRF] = "ctrf", [MANIFEST_GOTEST] = "gotest",
		[MANIFEST_REWARD] = "reward",
	};

	for (size_t i = 0; i < sizeof(words) / sizeof(*words); i++)
		if (!strcmp(word, words[i]))
			return (enum manifest_report)i;
	return MANIFEST_EXIT;
}

static enum manifest_kind read_kind(const char *word)
{
	if (!strcmp(word, "io"))
		return MANIFEST_IO;
	return !strcmp(word, "interactive") ? MANIFEST_INTERACTIVE : MANIFEST_COMMAND;
}

static void read_test(const json_t *test, struct manifest_test *ret)
{
	*ret = (struct manifest_test){
		.id = json_str(test, "id", ""),
		.kind = read_kind(json_str(test, "kind", "")),
		.hidden = strcmp(json_str(test, "visibility", ""), "visible") != 0,
		.points = json_number_value(json_object_get(test, "points")),
		.argv = language_words(json_object_get(test, "argv")),
		.report = read_report(json_str(test, "report", "")),
		.dir = json_str(test, "dir", NULL),
		.interactor = language_words(json_object_get(test, "interactor")),
		.cases = json_object_get(test, "cases"),
		.must_fail = language_words(json_object_get(test, "must_fail")),
		.validator_args = language_words(json_object_get(test, "validator_args")),
		.validator_score = json_flag(test, "validator_score", false),
		.aggregate_min = !strcmp(json_str(test, "aggregate", "sum"), "min"),
		.stop_early = json_flag(test, "stop_early", false),
		.requires = language_words(json_object_get(test, "requires")),
	};
	read_compare(json_object_get(test, "compare"), ret);
}

static void read_tests(struct manifest *manifest)
{
	const json_t *list = json_object_get(manifest->root, "tests"), *test;
	size_t i;

	manifest->test_count = (int)json_array_size(list);
	manifest->tests = buf_alloc(json_array_size(list) * sizeof(*manifest->tests));
	json_array_foreach(list, i, test)
		read_test(test, &manifest->tests[i]);
}

static void read_variant(const char *name, const json_t *variant, struct manifest_variant *ret)
{
	const json_t *expect = json_object_get(variant, "expect");
	const json_t *points = json_object_get(variant, "points");
	bool range = json_is_array(points);

	*ret = (struct manifest_variant){
		.name = name,
		.expect = json_string_value(expect),
		.permitted = language_words(json_object_get(expect, "permitted")),
		.required = language_words(json_object_get(expect, "required")),
		.fails = language_words(json_object_get(variant, "fails")),
		.has_points = points != NULL,
		.points_low = json_number_value(range ? json_array_get(points, 0) : points),
		.points_high = json_number_value(range ? json_array_get(points, 1) : points),
	};
}

static void read_variants(struct manifest *manifest)
{
	json_t *object = json_object_get(manifest->root, "variants"), *variant;
	const char *name;

	manifest->variants = buf_alloc(json_object_size(object) * sizeof(*manifest->variants));
	json_object_foreach(object, name, variant)
		read_variant(name, variant, &manifest->variants[manifest->variant_count++]);
}

static size_t count_words(const char **words)
{
	size_t count = 0;

	while (words && words[count])
		count++;
	return count;
}

/* Adds `more` to the words at *list, which has `count`. */
static size_t add_words(const char ***list, size_t count, const char **more)
{
	size_t more_count = count_words(more);

	*list = buf_realloc(*list, count + more_count + 1, sizeof(**list));
	if (more_count)
		memcpy(*list + count, more, more_count * sizeof(*more));
	(*list)[count + more_count] = NULL;
	return count + more_count;
}

static void read_protected(struct manifest *manifest)
{
	const char **globs = language_words(json_object_get(manifest->root, "protected"));
	size_t count = add_words(&globs, count_words(globs), NULL);

	for (const char **name = manifest->languages; *name; name++) {
		const struct language *language = language_find(*name);

		if (language)
			count = add_words(&globs, count, language->protected_globs);
	}
	manifest->protected_globs = globs;
}

static void read_languages(struct manifest *manifest)
{
	const json_t *languages = json_object_get(manifest->root, "language");

	manifest->languages_listed = json_is_array(languages);
	manifest->languages = language_words(languages);
	if (manifest->languages)
		return;
	manifest->languages = buf_alloc(2 * sizeof(*manifest->languages));
	manifest->languages[0] = json_string_value(languages);
}

/* 0 when there is no such time, or it is not one; manifest_check tells the difference. */
static int64_t read_time(const json_t *root, const char *key)
{
	const char *text = json_str(root, key, NULL);
	struct err ignored = ERR_INIT;
	int64_t ms = 0;

	if (text && clock_parse_time(text, &ms, &ignored) < 0)
		ms = 0;
	return ms;
}

static void read_manifest(struct manifest *manifest)
{
	const json_t *root = manifest->root;

	manifest->name = json_str(root, "name", "");
	manifest->title = json_str(root, "title", "");
	manifest->type = json_str(root, "type", "");
	manifest->difficulty = json_str(root, "difficulty", "");
	manifest->time_limit_minutes = (int)json_int(root, "time_limit_minutes", 0);
	manifest->attempts = (int)json_int(root, "attempts", 1);
	manifest->run = language_words(json_object_get(root, "run"));
	manifest->build = language_words(json_object_get(root, "build"));
	manifest->build_language = json_is_string(json_object_get(root, "build"));
	manifest->judge_build = language_words(json_object_get(root, "judge_build"));
	manifest->opens_ms = read_time(root, "opens");
	manifest->closes_ms = read_time(root, "closes");
	read_languages(manifest);
	read_tests(manifest);
	read_variants(manifest);
	read_protected(manifest);
}

/* --- from text to the value, or to faults */

static void check_schema(const json_t *root, struct manifest_faults *faults)
{
	struct schema_fault found[MOST_FAULTS];
	int count = schema_check(schema_named(SCHEMA), root, found, MOST_FAULTS);

	for (int i = 0; i < count && i < MOST_FAULTS; i++)
		manifest_fault(faults, found[i].pointer, "%s", found[i].text);
}

/* The fault of a text that is not JSON, out of "NAME:LINE: what". */
static json_t *syntax_fault(const char *name, const char *text)
{
	size_t name_len = strlen(name);
	bool has_name = !strncmp(text, name, name_len) && text[name_len] == ':';
	const char *what = has_name ? text + name_len + 1 : text;
	int line = has_name ? (int)strtol(what, NULL, 10) : 1;
	json_t *message;

	what += strspn(what, "0123456789: ");
	message = json_string(what);	/* NULL when err has cut it within a letter */
	return json_pack("{s:i, s:s, s:o}", "line", line, "pointer", "", "message",
			 message ? message : json_string("is not valid JSON"));
}

static int fail_with_first(const json_t *list, const char *name, struct err *err)
{
	const json_t *first = json_array_get(list, 0);
	const char *pointer = json_str(first, "pointer", "");

	return err_set(err, ERR_INPUT, "%s:%d: %s%s%s", name, (int)json_int(first, "line", 1),
		       pointer, *pointer ? ": " : "", json_str(first, "message", ""));
}

/* Fills the manifest, or the list of faults and err. */
static int read_text(const char *text, size_t len, const char *name, struct manifest *manifest,
		     json_t *list, struct err *err)
{
	AUTO_FREE char *copy = NULL;
	struct manifest_faults faults = { "", list };

	if (len > MANIFEST_MAX_BYTES) {
		manifest_fault(&faults, "", "is larger than %d bytes", MANIFEST_MAX_BYTES);
		return fail_with_first(list, name, err);
	}
	manifest->root = json_parse(text, len, name, err);
	if (!manifest->root) {
		json_array_append_new(list, syntax_fault(name, err->text));
		return -1;
	}
	faults.text = copy = buf_format("%.*s", (int)len, text);
	check_schema(manifest->root, &faults);
	if (json_array_size(list) == 0) {
		read_manifest(manifest);
		manifest_check(manifest, &faults);
	}
	return json_array_size(list) == 0 ? 0 : fail_with_first(list, name, err);
}

int manifest_parse(const char *text, size_t len, const char *name, struct manifest *ret,
		   json_t *all, struct err *err)
{
	AUTO(manifest_release) struct manifest manifest = MANIFEST_INIT;
	AUTO_JSON json_t *list = json_array();
	int result;

	result = read_text(text, len, name, &manifest, list, err);
	if (all)
		json_array_extend(all, list);
	if (result < 0)
		return -1;
	*ret = manifest;
	manifest = (struct manifest)MANIFEST_INIT;
	return 0;
}

/* --- questions */

static int largest_limits(const struct manifest *manifest, struct plan_limits *ret,
			  struct err *err)
{
	for (const char **name = manifest->languages; *name; name++) {
		struct plan_limits limits;

		if (step_limits_of(language_find(*name), &limits, err) < 0)
			return -1;
		if (name == manifest->languages)
			*ret = limits;
		plan_raise_limits(ret, &limits);
	}
	return 0;
}

int manifest_limits(const struct manifest *manifest, const struct language *language,
		    struct plan_limits *ret, struct err *err)
{
	const json_t *own = json_object_get(manifest->root, "limits");
	struct plan_limits limits;

	if ((language ? step_limits_of(language, &limits, err)
		      : largest_limits(manifest, &limits, err)) < 0)
		return -1;
	if (own && plan_read_limits(&limits, own, err) < 0)
		return err_wrap(err, "task '%s'", manifest->name);
	*ret = limits;
	return 0;
}

static bool has_program_word(const char **argv)
{
	for (; argv && *argv; argv++) {
		if (!strcmp(*argv, MANIFEST_PROGRAM))
			return true;
	}
	return false;
}

bool manifest_finds_program(const struct manifest *manifest)
{
	bool finds = manifest->languages_listed || manifest->build_language ||
		     has_program_word(manifest->run);

	for (int i = 0; i < manifest->test_count && !finds; i++)
		finds = has_program_word(manifest->tests[i].argv);
	return finds;
}

char *manifest_language_text(const json_t *root)
{
	const json_t *languages = json_object_get(root, "language"), *name;
	struct buf text = BUF_INIT(MANIFEST_MAX_BYTES);
	size_t i;

	if (json_is_string(languages))
		buf_add_str(&text, json_string_value(languages));
	json_array_foreach(languages, i, name)
		buf_add_format(&text, "%s%s", i ? ", " : "", json_string_value(name));
	return buf_take(&text);
}

/* A case name is no path: '*' also stands for '/'. */
static bool is_about(const char *glob, const char *case_name)
{
	return !strcmp(glob, case_name) || fnmatch(glob, case_name, 0) == 0;
}

/* The exact name goes before globs, a later glob before an earlier one. */
double manifest_case_weight(const struct manifest_test *test, const char *case_name)
{
	const json_t *exact = json_object_get(test->cases, case_name);
	const json_t *weight = json_object_get(exact, "weight");
	double last = 1;
	const char *glob;
	json_t *entry;

	if (weight)
		return json_number_value(weight);
	json_object_foreach((json_t *)test->cases, glob, entry) {
		weight = json_object_get(entry, "weight");
		if (weight && is_about(glob, case_name))
			last = json_number_value(weight);
	}
	return last;
}

static bool holds(const json_t *array, const char *word)
{
	const json_t *item;
	size_t i;

	json_array_foreach(array, i, item) {
		if (!strcmp(json_string_value(item), word))
			return true;
	}
	return false;
}

bool manifest_case_tagged(const struct manifest_test *test, const char *case_name, const char *tag)
{
	AUTO_JSON json_t *tags = manifest_case_tags(test, case_name);

	return holds(tags, tag);
}

bool manifest_test_tags(const struct manifest_test *test, const char *tag)
{
	json_t *entry;
	const char *glob;

	json_object_foreach((json_t *)test->cases, glob, entry)
		if (holds(json_object_get(entry, "tags"), tag))
			return true;
	return false;
}

json_t *manifest_case_tags(const struct manifest_test *test, const char *case_name)
{
	json_t *tags = json_array(), *entry, *tag;
	const char *glob;
	size_t i;

	json_object_foreach((json_t *)test->cases, glob, entry) {
		if (!is_about(glob, case_name))
			continue;
		json_array_foreach(json_object_get(entry, "tags"), i, tag) {
			if (!holds(tags, json_string_value(tag)))
				json_array_append(tags, tag);
		}
	}
	return tags;
}
