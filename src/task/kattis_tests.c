/* kattis_tests.c - cases of a Kattis package written as tests of a task */
#include "task/kattis_tests.h"

#include "base/auto.h"
#include "base/json.h"

#include <ctype.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

#define MOST_ID 64

/* --- the default validator */

static const char *const tolerances[][2] = {
	{ "float_tolerance", NULL },
	{ "float_relative_tolerance", "float_relative_tolerance" },
	{ "float_absolute_tolerance", "float_absolute_tolerance" },
};
#define TOLERANCES (sizeof(tolerances) / sizeof(*tolerances))

static int read_tolerance(const char *flag, const char *value, json_t *ret, struct err *err)
{
	size_t which = 0;
	char *end;
	double number = value ? strtod(value, &end) : -1;

	while (which < TOLERANCES && strcmp(tolerances[which][0], flag) != 0)
		which++;
	if (which == TOLERANCES)
		return err_set(err, ERR_INPUT,
			       "the default output validator has no argument '%s'", flag);
	if (!value || *end || end == value || !isfinite(number) || number < 0)
		return err_set(err, ERR_INPUT, "%s needs a number", flag);
	for (size_t i = 1; i < TOLERANCES; i++) {
		if (which == 0 || which == i)
			json_object_set_new(ret, tolerances[i][1], json_real(number));
	}
	return 0;
}

/* {"kattis": ...} of the default validator's arguments. NULL with ERR_INPUT. */
static json_t *default_compare(const json_t *flags, struct err *err)
{
	AUTO_JSON json_t *compare = json_object();

	for (size_t i = 0; i < json_array_size(flags); i++) {
		const char *flag = json_string_value(json_array_get(flags, i));

		if (!strcmp(flag, "case_sensitive") || !strcmp(flag, "space_change_sensitive"))
			json_object_set_new(compare, flag, json_true());
		else if (read_tolerance(flag, json_string_value(json_array_get(flags, ++i)),
					compare, err) < 0)
			return NULL;
	}
	return json_pack("{s:O}", "kattis", compare);
}

/* --- ids */

static bool is_taken(const json_t *tests, const char *id)
{
	const json_t *test;
	size_t i;

	json_array_foreach(tests, i, test) {
		if (!strcmp(json_str(test, "id", ""), id))
			return true;
	}
	return false;
}

/* "secret/Group 1" -> "group-1", then "group-1-2"; yours. */
static char *make_id(const json_t *tests, const char *name)
{
	AUTO_FREE char *base = buf_strdup(strchr(name, '/') ? strchr(name, '/') + 1 : name);
	char *id;

	for (char *at = base; *at; at++)
		*at = isalnum((unsigned char)*at) || *at == '_' ? (char)tolower(*at) : '-';
	if (!isalnum((unsigned char)*base))
		*base = 'g';
	if (strlen(base) > MOST_ID - 6)
		base[MOST_ID - 6] = '\0';
	id = buf_strdup(base);
	for (int i = 2; is_taken(tests, id); i++) {
		free(id);
		id = buf_format("%s-%d", base, i);
	}
	return id;
}

/* --- files */

/* The name of a case in its test: '+' stands for '/' and cannot be in a name otherwise. Yours. */
static char *case_name(const struct kattis_test *test, const char *path)
{
	char *name = buf_strdup(path + test->prefix);

	for (char *at = name; *at; at++)
		*at = *at == '/' ? '+' : *at;
	return name;
}

static int copy_case(const struct kattis *kattis, const struct kattis_test *test,
		     const struct kattis_case *one, const char *dir, struct err *err)
{
	AUTO_FREE char *name = case_name(test, one->input);
	AUTO_FREE char *to = buf_format("%s/%s", dir, name);
	AUTO_FREE char *answer = buf_format("%.*s.ans", (int)strlen(to) - 3, to);

	if (import_draft_map(kattis->draft, kattis->source, one->input, to, err) < 0)
		return -1;
	if (!one->answer)
		return 0;
	return import_draft_map(kattis->draft, kattis->source, one->answer, answer, err);
}

static int copy_cases(const struct kattis *kattis, const struct kattis_test *test, const char *dir,
		      struct err *err)
{
	AUTO_FREE char *folder = buf_format("%s/%s", test->visible ? "start" : "hidden", dir);

	for (size_t i = 0; i < test->count; i++) {
		if (copy_case(kattis, test, test->cases[i], folder, err) < 0)
			return -1;
	}
	return 0;
}

/* --- one test */

static int set_judge(const struct kattis *kattis, const struct kattis_test *test, json_t *entry,
		     struct err *err)
{
	json_t *flags = test->cases[0]->flags, *compare;

	if (!kattis->custom) {
		compare = default_compare(flags, err);
		json_object_set_new(entry, "compare", compare);
		return compare ? 0 : err_wrap(err, "%s", test->cases[0]->input);
	}
	if (kattis->interactive)
		json_object_set(entry, "interactor", kattis->validator);
	else
		json_object_set_new(entry, "compare",
				    json_pack("{s:O}", "validator", kattis->validator));
	if (json_array_size(flags))
		json_object_set(entry, "validator_args", flags);
	if (test->scored)
		json_object_set_new(entry, "validator_score", json_true());
	return 0;
}

static json_t *make_argv(const struct kattis_case *one)
{
	json_t *argv = json_pack("[s]", "{program}");

	json_array_extend(argv, one->args);
	return argv;
}

/* What a candidate puts there is for themselves: grading takes the task's. */
static void protect_folder(json_t *manifest, const char *dir)
{
	AUTO_FREE char *glob = buf_format("%s/**", dir);

	if (!json_object_get(manifest, "protected"))
		json_object_set_new(manifest, "protected", json_array());
	json_array_append_new(json_object_get(manifest, "protected"), json_string(glob));
}

/* Adds the test as it is; the id is yours. */
static char *add_one(const struct kattis *kattis, const struct kattis_test *test, struct err *err)
{
	json_t *manifest = import_draft_manifest(kattis->draft), *entry, *tests;
	AUTO_FREE char *id = NULL;
	AUTO_FREE char *dir = NULL;

	if (!json_object_get(manifest, "tests"))
		json_object_set_new(manifest, "tests", json_array());
	tests = json_object_get(manifest, "tests");
	id = make_id(tests, test->name);
	dir = test->visible || !strcmp(id, "secret") ? buf_strdup(id)
						     : buf_format("secret/%s", id);
	entry = json_pack("{s:s, s:s, s:s, s:f, s:o, s:s}", "id", id, "kind",
			  kattis->interactive ? "interactive" : "io", "visibility",
			  test->visible ? "visible" : "hidden", "points", test->points, "argv",
			  make_argv(test->cases[0]), "dir", dir);
	json_array_append_new(tests, entry);
	if (set_judge(kattis, test, entry, err) < 0 || copy_cases(kattis, test, dir, err) < 0)
		return NULL;
	if (test->all && test->points > 0)
		json_object_set_new(entry, "aggregate", json_string("min"));
	if (test->stop_early)
		json_object_set_new(entry, "stop_early", json_true());
	if (test->visible)
		protect_folder(manifest, dir);
	if (json_array_size(test->requires))
		json_object_set_new(entry, "requires", json_copy((json_t *)test->requires));
	return TAKE(id);
}

/* --- several, where arguments differ */

static bool same_arguments(const struct kattis_case *a, const struct kattis_case *b)
{
	return json_equal(a->args, b->args) && json_equal(a->flags, b->flags);
}

/* Moves the cases with the arguments of the first one to the front of the list, in order, and gives
 * their number. */
static size_t take_same(struct kattis_case **cases, size_t count)
{
	size_t same = 1;

	for (size_t i = 1; i < count; i++) {
		struct kattis_case *one = cases[i];

		if (!same_arguments(one, cases[0]))
			continue;
		memmove(cases + same + 1, cases + same, (i - same) * sizeof(*cases));
		cases[same++] = one;
	}
	return same;
}

static int add_parts(const struct kattis *kattis, const struct kattis_test *test, size_t same,
		     json_t *ids, struct err *err)
{
	AUTO_JSON json_t *requires = test->requires ? json_copy((json_t *)test->requires)
						    : json_array();

	for (size_t at = 0; at < test->count; at += same) {
		struct kattis_test part = *test;
		AUTO_FREE char *id = NULL;
		bool last;

		same = take_same(test->cases + at, test->count - at);
		last = at + same == test->count;
		part.cases = test->cases + at;
		part.count = same;
		part.requires = requires;
		part.points = !test->all ? test->points * (double)same / (double)test->count
			      : last	 ? test->points
					 : 0;
		id = add_one(kattis, &part, err);
		if (!id)
			return -1;
		if (test->all) {
			json_array_append_new(requires, json_string(id));
			json_array_clear(ids);
		}
		json_array_append_new(ids, json_string(id));
	}
	return 0;
}

int kattis_tests_add(const struct kattis *kattis, const struct kattis_test *test, json_t **ret_ids,
		     struct err *err)
{
	size_t same = take_same(test->cases, test->count);
	AUTO_JSON json_t *ids = json_array();

	if (same < test->count && test->all && test->scored)
		return err_set(err, ERR_INPUT, "data/%s: the lowest score of cases with different "
			       "arguments cannot be imported", test->name);
	if (same < test->count)
		import_draft_changed(kattis->draft, test->name,
				     test->all ? "its cases differ in arguments: several tests; "
						 "the last one has the points and requires the "
						 "others"
					       : "its cases differ in arguments: several tests, "
						 "with points by the number of cases");
	if (add_parts(kattis, test, same, ids, err) < 0)
		return -1;
	if (ret_ids)
		*ret_ids = TAKE(ids);
	return 0;
}

int kattis_tests_all(const struct kattis *kattis, const struct kattis_group *group, double points,
		     bool stop_early, const json_t *requires, json_t **ret_ids, struct err *err)
{
	AUTO_FREE struct kattis_case **cases = NULL;
	struct kattis_test test = { .name = group->path, .points = points, .all = true,
				    .prefix = strlen("data/") + strlen(group->path) + 1,
				    .stop_early = stop_early, .requires = requires };

	kattis_group_cases(group, &cases, &test.count);
	test.cases = cases;
	return kattis_tests_add(kattis, &test, ret_ids, err);
}
