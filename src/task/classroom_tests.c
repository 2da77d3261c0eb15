/* classroom_tests.c - see classroom_tests.h */
#include "task/classroom_tests.h"

#include "base/auto.h"
#include "base/fs.h"
#include "base/json.h"

#include <string.h>

#define WORKFLOWS ".github/workflows"
#define TIMEOUT_MINUTES 10
#define TIMEOUT_MAX 360
#define POINTS_MAX 100000

/* --- finding them */

static bool is_workflow(const struct import_source *source, const char *path)
{
	AUTO(buf_release) struct buf text = BUF_INIT(0);
	struct err ignored = ERR_INIT;

	if (!fs_path_ends(path, ".yml") && !fs_path_ends(path, ".yaml"))
		return false;
	return import_source_read(source, path, IMPORT_SOURCE_MAX_TEXT, &text, &ignored) == 0 &&
	       (strstr(buf_str(&text), "/autograding-io-grader@") ||
		strstr(buf_str(&text), "/autograding-command-grader@") ||
		strstr(buf_str(&text), "/autograding-python-grader@"));
}

const char *classroom_tests_file(const struct import_source *source)
{
	const char *single = import_source_single(source);
	const char *const *paths;
	size_t count;

	if (single)
		return !strcmp(single, "autograding.json") ? single : NULL;
	import_source_list(source, WORKFLOWS, &paths, &count);
	for (size_t i = 0; i < count; i++)
		if (is_workflow(source, paths[i]))
			return paths[i];
	return import_source_has(source, CLASSROOM_TESTS_FILE) ? CLASSROOM_TESTS_FILE : NULL;
}

/* --- one test */

/* Words of both files; the first of each row is ours. */
static const struct { const char *ours, *legacy, *workflow; } words[] = {
	{ "name", "name", "test-name" },
	{ "setup", "setup", "setup-command" },
	{ "run", "run", "command" },
	{ "input", "input", "input" },
	{ "output", "output", "expected-output" },
};

struct reading {
	const char *file;
	size_t number;	/* of the test, for people */
	bool workflow;
};

static int fail(const struct reading *reading, const char *key, const char *what, struct err *err)
{
	return err_set(err, ERR_INPUT, "%s: test %zu: %s: %s", reading->file, reading->number, key,
		       what);
}

/* Numbers may be texts: inputs of a workflow are. */
static int read_number(const struct reading *reading, const json_t *from, const char *key,
		       double fallback, double most, double *ret, struct err *err)
{
	const json_t *value = json_object_get(from, key);
	const char *text = json_string_value(value);
	char *end = NULL;

	*ret = fallback;
	if (!value || json_is_null(value) || (text && !*text))
		return 0;
	if (!text && !json_is_number(value))
		return fail(reading, key, "is no number", err);
	*ret = text ? strtod(text, &end) : json_number_value(value);
	if ((text && *end) || !(*ret >= 0 && *ret <= most))
		return fail(reading, key, "is no number that a test may have", err);
	return 0;
}

/* GitHub hands a grader its texts without white space at their ends, where a block of YAML has a
 * line end. Yours. */
static char *text_of(const struct reading *reading, const char *text)
{
	static const char blanks[] = " \t\r\n\v\f";
	size_t len;

	if (!reading->workflow)
		return buf_strdup(text);
	text += strspn(text, blanks);
	len = strlen(text);
	while (len && strchr(blanks, text[len - 1]))
		len--;
	return buf_format("%.*s", (int)len, text);
}

static int read_texts(const struct reading *reading, const json_t *from, json_t *to,
		      struct err *err)
{
	for (size_t i = 0; i < sizeof(words) / sizeof(*words); i++) {
		const char *key = reading->workflow ? words[i].workflow : words[i].legacy;
		json_t *value = json_object_get(from, key);
		AUTO_FREE char *text = NULL;

		if (json_is_boolean(value) || json_is_number(value))
			text = json_dumps(value, JSON_ENCODE_ANY);
		else if (value && !json_is_string(value) && !json_is_null(value))
			return fail(reading, key, "is no text", err);
		if (!text)
			text = text_of(reading, json_str(from, key, ""));
		json_object_set_new(to, words[i].ours, json_string(text));
	}
	return 0;
}

static int read_comparison(const struct reading *reading, const json_t *from, json_t *to,
			   struct err *err)
{
	const char *key = reading->workflow ? "comparison-method" : "comparison";
	const char *word = json_str(from, key, "included");

	if (!strcmp(word, "contains") || !strcmp(word, "included") || !*word)
		word = "included";
	else if (strcmp(word, "exact") != 0 && strcmp(word, "regex") != 0)
		return fail(reading, key, "is none of exact, included (contains), regex", err);
	json_object_set_new(to, "comparison", json_string(word));
	return 0;
}

static int add_test(const struct reading *reading, const json_t *from, json_t *tests,
		    struct err *err)
{
	json_t *to = json_object();
	double timeout, points;

	json_array_append_new(tests, to);
	if (!json_is_object(from))
		return fail(reading, "test", "is no object", err);
	if (json_array_size(tests) > CLASSROOM_TESTS_MAX)
		return fail(reading, "test", "is one too many", err);
	if (read_texts(reading, from, to, err) < 0 ||
	    read_comparison(reading, from, to, err) < 0 ||
	    read_number(reading, from, "timeout", TIMEOUT_MINUTES, TIMEOUT_MAX, &timeout, err) <
		    0 ||
	    read_number(reading, from, reading->workflow ? "max-score" : "points", 0, POINTS_MAX,
			&points, err) < 0)
		return -1;
	json_object_set_new(to, "timeout", json_real(timeout > 0 ? timeout : TIMEOUT_MINUTES));
	json_object_set_new(to, "points", json_real(points));
	return 0;
}

/* --- the two files */

static int read_legacy(const char *file, const json_t *root, json_t *tests, struct err *err)
{
	const json_t *list = json_is_array(root) ? root : json_object_get(root, "tests");
	struct reading reading = { .file = file };
	const json_t *test;
	size_t i;

	if (!json_is_array(list))
		return err_set(err, ERR_INPUT, "%s: there is no list \"tests\"", file);
	json_array_foreach(list, i, test) {
		reading.number = i + 1;
		if (add_test(&reading, test, tests, err) < 0)
			return -1;
		if (!*json_str(json_array_get(tests, i), "run", ""))
			return fail(&reading, "run", "is missing", err);
	}
	return 0;
}

static int read_step(struct reading *reading, const json_t *step, json_t *tests, struct err *err)
{
	const char *uses = json_str(step, "uses", "");
	bool pytest = strstr(uses, "/autograding-python-grader@") != NULL;
	json_t *test;

	if (!pytest && !strstr(uses, "/autograding-io-grader@") &&
	    !strstr(uses, "/autograding-command-grader@"))
		return 0;
	reading->number = json_array_size(tests) + 1;
	if (add_test(reading, json_object_get(step, "with"), tests, err) < 0)
		return -1;
	test = json_array_get(tests, json_array_size(tests) - 1);
	if (!*json_str(test, "name", ""))
		json_object_set_new(test, "name", json_string(json_str(step, "name", "test")));
	if (pytest)
		json_object_set_new(test, "run", json_null());
	else if (!*json_str(test, "run", ""))
		return fail(reading, "command", "is missing", err);
	return 0;
}

static int read_workflow(const char *file, const json_t *root, json_t *tests, struct err *err)
{
	struct reading reading = { .file = file, .workflow = true };
	const json_t *step;
	const char *name;
	json_t *job;
	size_t i;

	json_object_foreach(json_object_get(root, "jobs"), name, job)
		json_array_foreach(json_object_get(job, "steps"), i, step)
			if (read_step(&reading, step, tests, err) < 0)
				return -1;
	return 0;
}

json_t *classroom_tests_read(const struct import_source *source, const char *file, struct err *err)
{
	AUTO_JSON json_t *tests = json_array();
	AUTO_JSON json_t *root = NULL;
	bool is_json = fs_path_ends(file, ".json");

	if ((is_json ? import_source_json(source, file, &root, err)
		     : import_source_yaml(source, file, &root, err)) < 0)
		return NULL;
	if ((is_json ? read_legacy(file, root, tests, err)
		     : read_workflow(file, root, tests, err)) < 0)
		return NULL;
	if (!json_array_size(tests)) {
		err_set(err, ERR_INPUT, "%s: there are no tests", file);
		return NULL;
	}
	return TAKE(tests);
}
