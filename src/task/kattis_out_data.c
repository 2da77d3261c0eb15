/* kattis_out_data.c - the tests of a task as the test data of a Kattis package */
#include "task/kattis_out_data.h"

#include "base/auto.h"
#include "base/fs.h"
#include "base/json.h"
#include "task/language.h"

#include <math.h>
#include <string.h>

void kattis_out_release(struct kattis_out *out)
{
	free(out->tests);
	free(out->numbers);
	out->tests = NULL;
	out->numbers = NULL;
}

const struct manifest_test *kattis_out_test(const struct kattis_out *out, size_t i)
{
	return &out->call->manifest->tests[out->numbers[i]];
}

void kattis_out_line(struct buf *text, const char *key, const json_t *value)
{
	AUTO_FREE char *shown = json_dumps(value, JSON_ENCODE_ANY | JSON_REAL_PRECISION(12));

	buf_add_format(text, "%s: %s\n", key, shown);
}

/* --- which tests */

static bool same_words(const char *const *a, const char *const *b)
{
	for (; *a && *b; a++, b++) {
		if (strcmp(*a, *b) != 0)
			return false;
	}
	return !*a && !*b;
}

static const char **judge_of(const struct manifest_test *test)
{
	return test->kind == MANIFEST_INTERACTIVE ? test->interactor : test->validator;
}

/* Why a package cannot hold the test, beside those before; NULL when it can. */
static const char *why_not(const struct kattis_out *out, const struct manifest_test *test)
{
	const char **judge = judge_of(test);

	if (test->kind == MANIFEST_COMMAND)
		return "a package has io tests and interactive ones";
	if ((test->kind == MANIFEST_INTERACTIVE) != out->interactive)
		return "a package is interactive as a whole or not at all";
	if (!out->judge != !judge || (judge && !same_words(judge, out->judge)))
		return "a package has one validator for all of its tests";
	return NULL;
}

/* The first hidden test that is no command decides what the package is like. */
static bool set_kind(struct kattis_out *out)
{
	const struct manifest *manifest = out->call->manifest;

	for (int i = 0; i < manifest->test_count; i++) {
		const struct manifest_test *test = &manifest->tests[i];

		if (!test->hidden || test->kind == MANIFEST_COMMAND)
			continue;
		out->interactive = test->kind == MANIFEST_INTERACTIVE;
		out->judge = judge_of(test);
		return true;
	}
	return false;
}

/* All or nothing: one test has points, 100 of them, and requires all other hidden ones. */
static bool is_pass_fail(const struct kattis_out *out)
{
	const struct manifest_test *whole = NULL;
	size_t hidden = 0, required = 0;

	for (size_t i = 0; i < out->count; i++) {
		const struct manifest_test *test = kattis_out_test(out, i);

		hidden += test->hidden;
		if (test->points > 0 && (whole || !test->hidden))
			return false;
		whole = test->points > 0 ? test : whole;
	}
	if (!whole || whole->points != 100 || !whole->aggregate_min || whole->validator_score)
		return false;
	for (size_t i = 0; i < out->count; i++) {
		const struct manifest_test *test = kattis_out_test(out, i);

		for (const char **id = whole->requires; id && *id && test->hidden; id++)
			required += !strcmp(*id, test->id);
	}
	return required == hidden - 1;
}

int kattis_out_pick(struct kattis_out *out, struct err *err)
{
	const struct manifest *manifest = out->call->manifest;
	const json_t *list = json_object_get(manifest->root, "tests");
	size_t most = (size_t)manifest->test_count + 1;

	if (!set_kind(out))
		return err_set(err, ERR_INPUT, "a package needs a hidden test of kind io or "
			       "interactive, and the task has none");
	out->tests = buf_alloc(most * sizeof(*out->tests));
	out->numbers = buf_alloc(most * sizeof(*out->numbers));
	for (int i = 0; i < manifest->test_count; i++) {
		const char *why = why_not(out, &manifest->tests[i]);
		AUTO_FREE char *what = buf_format("test %s", manifest->tests[i].id);

		if (why) {
			import_draft_left_out(out->call->package, what, why);
			continue;
		}
		out->numbers[out->count] = i;
		out->tests[out->count++] = json_array_get(list, (size_t)i);
	}
	out->scoring = !is_pass_fail(out);
	return 0;
}

bool kattis_out_is_case(const struct kattis_out *out, const char *path)
{
	for (size_t i = 0; i < out->count; i++) {
		const char *dir = kattis_out_test(out, i)->dir;
		size_t len = strlen(dir);

		if (!strncmp(path, dir, len) && path[len] == '/')
			return true;
	}
	return false;
}

/* --- arguments */

/* How many words at the beginning run the program as its language does: its words, and the name of
 * a file where it has a place for one. */
static size_t usual_words(const struct language *language, const char *const *argv)
{
	size_t count = 0;

	for (; language->run && language->run[count]; count++) {
		const char *word = language->run[count];
		size_t same = strcspn(word, "{");

		if (!argv[count] || strncmp(word, argv[count], same) != 0 ||
		    (word[same] ? argv[count][same] == '-' : argv[count][same] != '\0'))
			return 0;
	}
	return count;
}

static bool is_protected(const struct manifest *manifest, const char *path)
{
	for (const char **glob = manifest->protected_globs; *glob; glob++) {
		if (fs_path_match(*glob, path))
			return true;
	}
	return false;
}

/* How many words at the beginning run what was submitted; 0 when another program does. */
static size_t run_words(const struct kattis_out *out, const struct manifest_test *test)
{
	const struct manifest *manifest = out->call->manifest;
	const struct language *language = language_find(manifest->languages[0]);
	const char *const *argv = (const char *const *)test->argv;
	size_t usual = language ? usual_words(language, argv) : 0;

	if (!strcmp(argv[0], MANIFEST_PROGRAM) || !strncmp(argv[0], "./", 2))
		return 1;
	if (!usual && language && language->run && !strcmp(argv[0], language->run[0]) && argv[1] &&
	    *argv[1] != '-')
		usual = 2;
	return usual && !is_protected(manifest, argv[usual - 1]) ? usual : 0;
}

/* The words that the program gets: what follows the run command. */
static json_t *program_args(const struct kattis_out *out, const struct manifest_test *test)
{
	size_t at = run_words(out, test);
	json_t *args = json_array();

	for (; at > 0 && test->argv[at]; at++)
		json_array_append_new(args, json_string(test->argv[at]));
	return args;
}

static void add_number(json_t *flags, const char *flag, double value)
{
	AUTO_JSON json_t *number = json_real(value);
	AUTO_FREE char *text = json_dumps(number, JSON_ENCODE_ANY | JSON_REAL_PRECISION(12));

	json_array_append_new(flags, json_string(flag));
	json_array_append_new(flags, json_string(text));
}

/* The arguments of the validator, its own or the default one. */
static json_t *validator_args(const struct manifest_test *test)
{
	json_t *flags = json_array();

	for (const char **word = test->validator_args; word && *word; word++)
		json_array_append_new(flags, json_string(*word));
	if (test->kind == MANIFEST_INTERACTIVE || test->compare == MANIFEST_VALIDATOR)
		return flags;
	if (test->compare != MANIFEST_KATTIS || test->kattis_case)
		json_array_append_new(flags, json_string("case_sensitive"));
	if (test->compare == MANIFEST_EXACT || test->kattis_space)
		json_array_append_new(flags, json_string("space_change_sensitive"));
	if (test->compare == MANIFEST_FLOAT || test->kattis_float) {
		if (test->float_rel > 0)
			add_number(flags, "float_relative_tolerance", test->float_rel);
		if (test->float_abs > 0 || test->float_rel <= 0)
			add_number(flags, "float_absolute_tolerance", test->float_abs);
	}
	return flags;
}

static void add_args(const struct kattis_out *out, const struct manifest_test *test,
		     struct buf *text)
{
	AUTO_JSON json_t *args = program_args(out, test);
	AUTO_JSON json_t *flags = validator_args(test);

	if (json_array_size(args))
		kattis_out_line(text, "args", args);
	if (json_array_size(flags))
		kattis_out_line(text, "output_validator_args", flags);
}

/* --- groups */

/* Groups are used in the order of their names; ids that are not get a number. Yours. */
static char *group_name(const struct kattis_out *out, size_t i)
{
	const char *last = "";

	for (size_t j = 0; j < out->count; j++) {
		const struct manifest_test *test = kattis_out_test(out, j);

		if (!test->hidden)
			continue;
		if (strcmp(last, test->id) >= 0)
			return buf_format("%03zu-%s", i + 1, kattis_out_test(out, i)->id);
		last = test->id;
	}
	return buf_strdup(kattis_out_test(out, i)->id);
}

static size_t count_hidden(const struct kattis_out *out)
{
	size_t hidden = 0;

	for (size_t i = 0; i < out->count; i++)
		hidden += kattis_out_test(out, i)->hidden;
	return hidden;
}

/* Where the cases of a test go; yours. */
static char *folder_of(const struct kattis_out *out, size_t i)
{
	AUTO_FREE char *group = group_name(out, i);

	if (!kattis_out_test(out, i)->hidden)
		return buf_strdup("data/sample");
	if (!out->scoring && count_hidden(out) == 1)
		return buf_strdup("data/secret");
	return buf_format("data/secret/%s", group);
}

static json_int_t whole_points(const struct manifest_test *test)
{
	return (json_int_t)llround(test->points);
}

static void add_requires(const struct kattis_out *out, const struct manifest_test *test,
			 struct buf *text)
{
	AUTO_JSON json_t *names = json_array();
	bool has_sample = false;

	for (size_t i = 0; i < out->count; i++) {
		const struct manifest_test *other = kattis_out_test(out, i);
		AUTO_FREE char *group = group_name(out, i);
		AUTO_FREE char *name = buf_format("secret/%s", group);

		for (const char **id = test->requires; id && *id; id++) {
			if (strcmp(*id, other->id) != 0)
				continue;
			if (other->hidden)
				json_array_append_new(names, json_string(name));
			else if (!has_sample)
				json_array_append_new(names, json_string("sample"));
			has_sample = has_sample || !other->hidden;
		}
	}
	if (json_array_size(names))
		kattis_out_line(text, "require_pass", names);
}

/* The scoring part of a group's test_group.yaml. */
static void add_scoring(const struct kattis_out *out, const struct manifest_test *test,
			struct buf *text)
{
	const char *how = !test->aggregate_min ? "sum" : test->validator_score ? "min" : NULL;
	AUTO_FREE char *what = buf_format("test %s", test->id);

	buf_add_format(text, "max_score: %lld\n", (long long)whole_points(test));
	if (how && test->points > 0)
		buf_add_format(text, "score_aggregation: %s\n", how);
	if ((double)whole_points(test) != test->points)
		import_draft_changed(out->call->package, what,
				     "its points are no whole number, as they must be");
	add_requires(out, test, text);
}

static void note_losses(const struct kattis_out *out, size_t i)
{
	const struct manifest_test *test = kattis_out_test(out, i);
	AUTO_FREE char *what = buf_format("test %s", test->id);

	if (run_words(out, test) == 0)
		import_draft_changed(out->call->package, what,
				     "its command runs the submission in a way of its own, where a "
				     "judge runs the program alone: see whether that can grade it");
	if (test->cases)
		import_draft_left_out(out->call->package, what, "weights and tags of its cases");
	if (!test->hidden && test->points > 0)
		import_draft_left_out(out->call->package, what, "samples have no points");
	if (test->stop_early && !test->aggregate_min)
		import_draft_changed(out->call->package, what,
				     "all cases are run, also after one that failed");
}

/* --- cases */

static int put_text(const struct kattis_out *out, const char *path, const struct buf *text,
		    struct err *err)
{
	if (!text->len)
		return 0;
	return import_draft_put(out->call->package, path, text->data, text->len, false, err);
}

/* Copies NAME.in with its answer; samples of several tests are told apart by the test's id. */
static int copy_case(const struct kattis_out *out, size_t i, const char *path, const char *folder,
		     const struct buf *config, struct err *err)
{
	const struct manifest_test *test = kattis_out_test(out, i);
	const char *name = strrchr(path, '/') + 1;
	AUTO_FREE char *stem = buf_format("%.*s", (int)(strrchr(path, '.') - path), path);
	AUTO_FREE char *answer = buf_format("%s.ans", stem);
	AUTO_FREE char *other = buf_format("%s.out", stem);
	AUTO_FREE char *to = buf_format("%s/%s%s%.*s", folder, test->hidden ? "" : test->id,
					test->hidden ? "" : "-", (int)strlen(name) - 3, name);
	AUTO_FREE char *to_input = NULL;
	AUTO_FREE char *to_answer = NULL;
	AUTO_FREE char *to_config = NULL;

	for (char *at = to; *at; at++)
		*at = *at == '+' ? '_' : *at;
	to_input = buf_format("%s.in", to);
	to_answer = buf_format("%s.ans", to);
	to_config = buf_format("%s.yaml", to);
	if (import_draft_copy(out->call->package, out->call->source, path, to_input, err) < 0)
		return -1;
	if (!import_source_has(out->call->source, answer) &&
	    !import_source_has(out->call->source, other)) {
		if (import_draft_put_text(out->call->package, to_answer, "", err) < 0)
			return -1;
	} else if (import_draft_copy(out->call->package, out->call->source,
				     import_source_has(out->call->source, answer) ? answer : other,
				     to_answer, err) < 0) {
		return -1;
	}
	return test->hidden ? 0 : put_text(out, to_config, config, err);
}

static int copy_cases(const struct kattis_out *out, size_t i, const char *folder,
		      const struct buf *config, struct err *err)
{
	const struct manifest_test *test = kattis_out_test(out, i);
	AUTO_FREE char *dir = buf_format("%s/%s", test->hidden ? "hidden" : "start", test->dir);
	const char *const *paths;
	size_t count;

	import_source_list(out->call->source, dir, &paths, &count);
	for (size_t j = 0; j < count; j++) {
		const char *name = paths[j] + strlen(dir) + 1;

		if (!strchr(name, '/') && fs_path_ends(name, ".in") &&
		    copy_case(out, i, paths[j], folder, config, err) < 0)
			return -1;
	}
	return 0;
}

static int write_test(const struct kattis_out *out, size_t i, struct err *err)
{
	const struct manifest_test *test = kattis_out_test(out, i);
	AUTO(buf_release) struct buf config = BUF_INIT(1 << 20);
	AUTO_FREE char *folder = folder_of(out, i);
	AUTO_FREE char *file = buf_format("%s/test_group.yaml", folder);

	note_losses(out, i);
	if (out->scoring && test->hidden)
		add_scoring(out, test, &config);
	add_args(out, test, &config);
	if (test->hidden && put_text(out, file, &config, err) < 0)
		return -1;
	return copy_cases(out, i, folder, &config, err);
}

int kattis_out_data(const struct kattis_out *out, struct err *err)
{
	AUTO(buf_release) struct buf config = BUF_INIT(1000);
	json_int_t points = 0;

	for (size_t i = 0; i < out->count; i++) {
		if (kattis_out_test(out, i)->hidden)
			points += whole_points(kattis_out_test(out, i));
		if (write_test(out, i, err) < 0)
			return -1;
	}
	if (!out->scoring)
		return 0;
	buf_add_format(&config, "max_score: %lld\n", (long long)points);
	return put_text(out, "data/secret/test_group.yaml", &config, err);
}
