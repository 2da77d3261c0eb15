/* task_import_exercism.c - see task_import_exercism.h
 *
 *	.meta/config.json   {files: {solution, test, example or exemplar, editor}, blurb, source,
 *			    source_url, authors}
 *	.docs/              introduction.md, instructions.md, each with NAME.append.md; hints.md
 *	SLUG.EXT ...        the starter and its tests
 *
 * (exercism.org/docs/building/tracks.) Candidates get the starter and all of the tests, as learners
 * do, but none of them is skipped; what is no part of the solution is protected. The reference is
 * the example. How tests run is a row of `tracks`. */
#include "task/task_import_exercism.h"

#include "base/auto.h"
#include "base/fs.h"
#include "base/json.h"
#include "base/share.h"
#include "task/exercism_unskip.h"
#include "task/import_naming.h"
#include "workspace/repo.h"

#include <string.h>

#define CONFIG ".meta/config.json"
#define TESTS_WORD "{tests}"
#define HINTS_MAX 20
#define HINT_BYTES_MAX 4000

struct track {
	const char *language, *suffix;	/* of test files */
	const char *build[4], *argv[8];	/* TESTS_WORD stands for the test files */
	const char *report;
	const char *runner[6];		/* files of share/import/exercism/, laid into runner/ */
	const char *left_out[10];	/* files of the package that nothing needs */
};

static const struct track tracks[] = {
	{ .language = "python", .suffix = ".py",
	  .argv = { "python3", "-m", "pytest", "-q", "-p", "no:cacheprovider",
		    "--junitxml={report}", TESTS_WORD },
	  .report = "junit" },
	/* Debian's jest would bring hundreds of packages, and cannot read modules without a
	 * configuration of babel that Debian lacks: node alone runs the tests. */
	{ .language = "javascript", .suffix = ".js",
	  .argv = { "node", "runner/run.mjs", "{report}", TESTS_WORD },
	  .report = "tap",
	  .runner = { "run.mjs", "resolve.mjs", "globals.mjs", "expect.mjs", "mock.mjs" },
	  .left_out = { "package.json", "package-lock.json", "babel.config.js",
			"babel.config.cjs", "jest.config.js", ".eslintrc", "eslint.config.mjs",
			".npmrc", ".gitignore" } },
	{ .language = "c", .suffix = ".c",
	  .build = { "sh", "-c", "exec gcc -std=c99 -g -Wall -Wextra -D_POSIX_C_SOURCE=200809L "
		     "-DUNITY_SUPPORT_64 -o tests.out *.c test-framework/unity.c -lm" },
	  .argv = { "sh", "runner/unity-tap.sh", "{report}" },
	  .report = "tap",
	  .runner = { "unity-tap.sh" },
	  .left_out = { "makefile", "GNUmakefile" } },
	{ .language = "bash", .suffix = ".bats",
	  .argv = { "bats", "--formatter", "tap", TESTS_WORD },
	  .report = "tap" },
	{ .language = "go", .suffix = ".go",
	  .argv = { "go", "test", "-json", "." },
	  .report = "gotest" },
};

struct exercise {
	struct import_call *call;
	struct import_draft *draft;
	const struct track *track;
	json_t *solution, *tests, *examples;	/* paths; borrowed from the config */
	json_t *protected;			/* paths; borrowed from the manifest */
};

static bool detect(const struct import_source *source)
{
	return import_source_has(source, CONFIG) && !import_source_has(source, "problem.yaml");
}

static bool begins_with(const char *text, const char *beginning)
{
	return !strncmp(text, beginning, strlen(beginning));
}

static bool is_one_of(const json_t *paths, const char *path)
{
	const json_t *value;
	size_t i;

	json_array_foreach(paths, i, value)
		if (!strcmp(json_string_value(value), path))
			return true;
	return false;
}

/* --- the config */

/* A list of paths in "files"; an empty one when it is not said. */
static int file_list(json_t *config, const char *key, json_t **ret, struct err *err)
{
	json_t *files = json_object_get(config, "files");
	json_t *list = json_object_get(files, key);
	const json_t *value;
	size_t i;

	if (!json_is_object(files))
		return err_set(err, ERR_INPUT, CONFIG ": /files is no object");
	if (!list) {
		list = json_array();
		json_object_set_new(files, key, list);
	}
	if (!json_is_array(list))
		return err_set(err, ERR_INPUT, CONFIG ": /files/%s is no array", key);
	json_array_foreach(list, i, value)
		if (!json_is_string(value) || !fs_path_confined(json_string_value(value)))
			return err_set(err, ERR_INPUT, CONFIG ": /files/%s/%zu is no path", key, i);
	*ret = list;
	return 0;
}

static int find_track(struct exercise *exercise, struct err *err)
{
	const char *test = json_string_value(json_array_get(exercise->tests, 0));

	for (size_t i = 0; i < sizeof(tracks) / sizeof(*tracks); i++)
		if (fs_path_ends(test, tracks[i].suffix)) {
			exercise->track = &tracks[i];
			return 0;
		}
	return err_set(err, ERR_INPUT,
		       "%s: exercises of this track are not read; those of python, javascript, c, "
		       "bash and go are", test);
}

static int read_config(struct exercise *exercise, json_t *config, struct err *err)
{
	if (file_list(config, "solution", &exercise->solution, err) < 0 ||
	    file_list(config, "test", &exercise->tests, err) < 0 ||
	    file_list(config, "example", &exercise->examples, err) < 0)
		return -1;
	if (!json_array_size(exercise->examples) &&
	    file_list(config, "exemplar", &exercise->examples, err) < 0)
		return -1;
	if (!json_array_size(exercise->solution) || !json_array_size(exercise->tests))
		return err_set(err, ERR_INPUT, CONFIG ": /files names no solution or no test");
	return find_track(exercise, err);
}

/* --- the statement */

static int add_doc(struct exercise *exercise, const char *path, struct buf *statement,
		   struct err *err)
{
	AUTO(buf_release) struct buf text = BUF_INIT(0);

	if (!import_source_has(exercise->call->source, path))
		return 0;
	if (import_source_text(exercise->call->source, path, IMPORT_SOURCE_MAX_TEXT, &text,
			       err) < 0)
		return -1;
	buf_add_format(statement, "\n%s%s", buf_str(&text),
		       text.len && text.data[text.len - 1] == '\n' ? "" : "\n");
	import_draft_mapped(exercise->draft, path, "README.md");
	return 0;
}

/* Whose work it is. */
static void add_source(const json_t *config, struct buf *statement)
{
	const char *source = json_str(config, "source", NULL);
	const char *url = json_str(config, "source_url", NULL);

	if (source && url)
		buf_add_format(statement, "\nSource: %s (<%s>)\n", source, url);
	else if (source || url)
		buf_add_format(statement, "\nSource: %s\n", source ? source : url);
}

static int write_statement(struct exercise *exercise, const json_t *config, const char *title,
			   struct err *err)
{
	static const char *const docs[] = {
		".docs/introduction.md", ".docs/introduction.append.md", ".docs/instructions.md",
		".docs/instructions.append.md",
	};
	AUTO(buf_release) struct buf statement = BUF_INIT(8u << 20);

	buf_add_format(&statement, "# %s\n", title);
	if (!import_source_has_folder(exercise->call->source, ".docs"))
		return err_set(err, ERR_NOT_FOUND, ".docs: not in the package");
	for (size_t i = 0; i < sizeof(docs) / sizeof(*docs); i++)
		if (add_doc(exercise, docs[i], &statement, err) < 0)
			return -1;
	add_source(config, &statement);
	return import_draft_put(exercise->draft, "README.md", statement.data, statement.len, false,
				err);
}

/* --- hints */

static void add_hint(json_t *hints, const char *text, size_t len)
{
	AUTO_FREE char *copy = NULL;

	while (len && (text[len - 1] == '\n' || text[len - 1] == ' '))
		len--;
	copy = buf_format("%.*s", (int)len, text);
	if (len && len <= HINT_BYTES_MAX && json_array_size(hints) < HINTS_MAX)
		json_array_append_new(hints,
				      json_pack("{s:s, s:i}", "text", copy, "cost", 0));
}

/* Each part below a "## " is a hint; it costs nothing, as with Exercism. */
static int write_hints(struct exercise *exercise, struct err *err)
{
	static const char path[] = ".docs/hints.md";
	AUTO(buf_release) struct buf text = BUF_INIT(0);
	AUTO_JSON json_t *hints = json_array();
	const char *at, *next;

	if (!import_source_has(exercise->call->source, path))
		return 0;
	if (import_source_text(exercise->call->source, path, IMPORT_SOURCE_MAX_TEXT, &text,
			       err) < 0)
		return -1;
	at = strstr(buf_str(&text), "## ");
	for (; at; at = next) {
		next = strstr(at + 3, "\n## ");
		next = next ? next + 1 : NULL;
		add_hint(hints, at, next ? (size_t)(next - at) : strlen(at));
	}
	import_draft_mapped(exercise->draft, path, "hints");
	json_object_set(import_draft_manifest(exercise->draft), "hints", hints);
	return 0;
}

/* --- files */

static int put_test(struct exercise *exercise, const char *path, const char *to, struct err *err)
{
	AUTO(buf_release) struct buf text = BUF_INIT(0);
	AUTO(buf_release) struct buf out = BUF_INIT(0);
	unsigned count;

	if (import_source_text(exercise->call->source, path, repo_limits.file_bytes, &text,
			       err) < 0)
		return -1;
	out.limit = text.len + 1;
	count = exercism_unskip(exercise->track->language, text.data, text.len, &out);
	if (count) {
		AUTO_FREE char *why = buf_format("no longer skips (%u place%s)", count,
						 count == 1 ? "" : "s");

		import_draft_changed(exercise->draft, path, why);
	}
	import_draft_mapped(exercise->draft, path, to);
	return import_draft_put(exercise->draft, to, buf_str(&out), out.len, false, err);
}

static const char *why_left_out(const struct exercise *exercise, const char *path)
{
	const char *const *names = exercise->track->left_out;

	if (begins_with(path, ".meta/") || begins_with(path, ".approaches/") ||
	    begins_with(path, ".articles/") || begins_with(path, ".docs/"))
		return "of those who make or explain the exercise";
	if (!strcmp(path, "README.md") || !strcmp(path, "HELP.md") || !strcmp(path, "HINTS.md") ||
	    begins_with(path, ".exercism/"))
		return "tells how to work with Exercism";
	for (; *names; names++)
		if (!strcmp(path, *names))
			return "the tests run without it";
	return NULL;
}

static bool is_used(const struct exercise *exercise, const char *path)
{
	return is_one_of(exercise->examples, path) || !strcmp(path, CONFIG) ||
	       (begins_with(path, ".docs/") &&
		(begins_with(path, ".docs/introduction.") ||
		 begins_with(path, ".docs/instructions.") || !strcmp(path, ".docs/hints.md")));
}

static int copy_file(struct exercise *exercise, const char *path, struct err *err)
{
	const char *why = why_left_out(exercise, path);
	AUTO_FREE char *to = NULL;

	if (is_used(exercise, path))
		return 0;
	if (why && !is_one_of(exercise->tests, path) && !is_one_of(exercise->solution, path)) {
		import_draft_left_out(exercise->draft, path, why);
		return 0;
	}
	to = fs_join("start", path);
	if (is_one_of(exercise->solution, path))
		return import_draft_map(exercise->draft, exercise->call->source, path, to, err);
	json_array_append_new(exercise->protected, json_string(path));
	if (is_one_of(exercise->tests, path))
		return put_test(exercise, path, to, err);
	return import_draft_map(exercise->draft, exercise->call->source, path, to, err);
}

/* Each test and solution that the config names must be there; what else lies there comes too. */
static int copy_files(struct exercise *exercise, struct err *err)
{
	json_t *const named[] = { exercise->tests, exercise->solution, exercise->examples };
	const char *const *paths;
	const json_t *value;
	size_t count, i;

	for (size_t list = 0; list < 3; list++)
		json_array_foreach(named[list], i, value)
			if (!import_source_has(exercise->call->source, json_string_value(value)))
				return err_set(err, ERR_NOT_FOUND, "%s: not in the package",
					       json_string_value(value));
	import_source_list(exercise->call->source, "", &paths, &count);
	for (i = 0; i < count; i++)
		if (copy_file(exercise, paths[i], err) < 0)
			return -1;
	return 0;
}

static const char *suffix_of(const char *path)
{
	const char *dot = strrchr(path, '.');

	return dot ? dot : "";
}

/* The file that an example is the solution of: that of its suffix, else the one of its number. */
static const char *solved_by(const struct exercise *exercise, size_t number)
{
	const char *example = json_string_value(json_array_get(exercise->examples, number));
	const json_t *value;
	size_t i;

	json_array_foreach(exercise->solution, i, value)
		if (!strcmp(suffix_of(json_string_value(value)), suffix_of(example)) &&
		    (json_array_size(exercise->examples) == 1 || i >= number))
			return json_string_value(value);
	return json_string_value(json_array_get(exercise->solution, number));
}

static int write_solution(struct exercise *exercise, struct err *err)
{
	for (size_t i = 0; i < json_array_size(exercise->examples); i++) {
		const char *from = json_string_value(json_array_get(exercise->examples, i));
		const char *solved = solved_by(exercise, i);
		AUTO_FREE char *to = NULL;

		if (!solved) {
			import_draft_left_out(exercise->draft, from, "it is unclear of which file "
								     "it is the solution");
			continue;
		}
		to = fs_join("solution", solved);
		if (import_draft_map(exercise->draft, exercise->call->source, from, to, err) < 0)
			return -1;
	}
	if (!json_array_size(exercise->examples))
		import_draft_left_out(exercise->draft, "solution",
				      "the package has no example, so it cannot be proved");
	return 0;
}

/* --- how tests run */

static int write_runner(struct exercise *exercise, struct err *err)
{
	const char *const *name = exercise->track->runner;

	for (; *name; name++) {
		AUTO_FREE char *from = buf_format("import/exercism/%s", *name);
		AUTO_FREE char *to = buf_format("start/runner/%s", *name);
		const struct share_file *file = share_find(from);

		if (!file)
			return err_set(err, ERR_ENV, "%s is missing in this program", from);
		if (import_draft_put(exercise->draft, to, file->data, file->size, false, err) < 0)
			return -1;
	}
	if (*exercise->track->runner) {
		json_array_append_new(exercise->protected, json_string("runner/**"));
		import_draft_changed(exercise->draft, "tests run by start/runner/",
				     "the track's own runner is not there when tali grades");
	}
	return 0;
}

static json_t *words(const char *const *argv, size_t most, const json_t *tests)
{
	json_t *list = json_array();

	for (size_t i = 0; i < most && argv[i]; i++) {
		if (!strcmp(argv[i], TESTS_WORD))
			json_array_extend(list, (json_t *)tests);
		else
			json_array_append_new(list, json_string(argv[i]));
	}
	return list;
}

static void write_manifest(struct exercise *exercise, const char *title)
{
	const struct track *track = exercise->track;
	json_t *root = import_draft_manifest(exercise->draft);

	json_object_set_new(root, "title", json_string(title));
	json_object_set_new(root, "language", json_string(track->language));
	if (*track->build)
		json_object_set_new(root, "build", words(track->build, 4, NULL));
	json_object_set_new(root, "tests",
			    json_pack("[{s:s, s:s, s:s, s:i, s:o, s:s}]", "id", "tests", "kind",
				      "command", "visibility", "visible", "points", 100, "argv",
				      words(track->argv, 8, exercise->tests), "report",
				      track->report));
}

static int convert(struct exercise *exercise, const json_t *config, struct err *err)
{
	const char *slug = import_source_name(exercise->call->source);
	AUTO_FREE char *title = import_naming_title(slug);

	exercise->draft = import_call_draft(exercise->call, slug, err);
	if (!exercise->draft)
		return -1;
	exercise->protected = json_array();
	json_object_set_new(import_draft_manifest(exercise->draft), "protected",
			    exercise->protected);
	import_draft_mapped(exercise->draft, CONFIG, "task.json");
	write_manifest(exercise, title);
	if (write_statement(exercise, config, title, err) < 0 ||
	    write_hints(exercise, err) < 0 || copy_files(exercise, err) < 0 ||
	    write_solution(exercise, err) < 0)
		return -1;
	return write_runner(exercise, err);
}

static int run(struct import_call *call, struct err *err)
{
	AUTO_JSON json_t *config = NULL;
	struct exercise exercise = { .call = call };

	if (import_source_json(call->source, CONFIG, &config, err) < 0 ||
	    read_config(&exercise, config, err) < 0)
		return -1;
	return convert(&exercise, config, err);
}

const struct import_format task_import_exercism = { "exercism", detect, run };
