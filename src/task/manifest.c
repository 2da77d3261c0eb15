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
	}
	for (int i = 0; i < manifest->variant_count; i++)
		free(manifest->variants[i].fails);
	free(manifest->tests);
	free(manifest->variants);
	free(manifest->run);
	free(manifest->build);
	free(manifest->protected_globs);
	json_decref(manifest->root);
	*manifest = (struct manifest)MANIFEST_INIT;
}

/* --- from a root that is valid by schema to the value */

static void read_compare(const json_t *compare, struct manifest_test *ret)
{
	const json_t *tolerance = json_object_get(compare, "float");

	ret->validator = language_words(json_object_get(compare, "validator"));
	ret->float_rel = json_number_value(json_object_get(tolerance, "rel"));
	ret->float_abs = json_number_value(json_object_get(tolerance, "abs"));
	if (ret->validator)
		ret->compare = MANIFEST_VALIDATOR;
	else if (tolerance)
		ret->compare = MANIFEST_FLOAT;
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

static void read_variants(struct manifest *manifest)
{
	json_t *object = json_object_get(manifest->root, "variants"), *variant;
	const char *name;

	manifest->variants = buf_alloc(json_object_size(object) * sizeof(*manifest->variants));
	json_object_foreach(object, name, variant)
		manifest->variants[manifest->variant_count++] = (struct manifest_variant){
			.name = name,
			.expect = json_str(variant, "expect", ""),
			.fails = language_words(json_object_get(variant, "fails")),
		};
}

static size_t count_words(const char **words)
{
	size_t count = 0;

	while (words && words[count])
		count++;
	return count;
}

static void read_protected(struct manifest *manifest)
{
	const struct language *language = language_find(manifest->language);
	const char **own = language_words(json_object_get(manifest->root, "protected"));
	const char **more = language ? language->protected_globs : NULL;
	size_t own_count = count_words(own), more_count = count_words(more);

	own = buf_realloc(own, own_count + more_count + 1, sizeof(*own));
	if (more_count)
		memcpy(own + own_count, more, more_count * sizeof(*more));
	own[own_count + more_count] = NULL;
	manifest->protected_globs = own;
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
	manifest->language = json_str(root, "language", "");
	manifest->time_limit_minutes = (int)json_int(root, "time_limit_minutes", 0);
	manifest->attempts = (int)json_int(root, "attempts", 1);
	manifest->run = language_words(json_object_get(root, "run"));
	manifest->build = language_words(json_object_get(root, "build"));
	manifest->opens_ms = read_time(root, "opens");
	manifest->closes_ms = read_time(root, "closes");
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

int manifest_limits(const struct manifest *manifest, struct plan_limits *ret, struct err *err)
{
	const struct language *language = language_find(manifest->language);
	const json_t *own = json_object_get(manifest->root, "limits");
	struct plan_limits limits = plan_default_limits;

	if (language && language->limits && plan_read_limits(&limits, language->limits, err) < 0)
		return err_wrap(err, "language '%s'", language->name);
	if (own && plan_read_limits(&limits, own, err) < 0)
		return err_wrap(err, "task '%s'", manifest->name);
	*ret = limits;
	return 0;
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
