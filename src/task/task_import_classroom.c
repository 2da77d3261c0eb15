/* task_import_classroom.c - see task_import_classroom.h
 *
 * The repository of an assignment is what a learner gets: it becomes start/, with its tests visible
 * (classroom_tests.h). A test with an input or an output is an io test of one case, judged by
 * share/import/compare.py; any other is a command whose exit status counts. Commands are
 * lines for a shell, in a folder where nothing can be installed. What one of them leaves for those
 * after it is made by the build. */
#include "task/task_import_classroom.h"

#include "base/auto.h"
#include "base/fs.h"
#include "base/json.h"
#include "base/share.h"
#include "task/classroom_tests.h"
#include "task/import_naming.h"
#include "task/language.h"

#include <string.h>

#define COMPARE "grader/compare.py"
#define BUILD "grader/build.sh"
#define STATEMENT "README.md"
#define GITHUB ".github/"
/* Compilers and runners start slowly; the limit of a command is the highest timeout. */
#define WALL_SECONDS_MAX 7200
#define CPU_SECONDS_MAX 3600

struct assignment {
	struct import_call *call;
	struct import_draft *draft;
	const char *file;
	json_t *tests;		/* of the manifest; borrowed */
	bool compares;		/* some test needs compare.py */
};

static bool detect(const struct import_source *source)
{
	return classroom_tests_file(source) != NULL;
}

/* --- lines for the shell */

static bool has_word(const char *line, const char *word)
{
	static const char ends[] = " \t\n;&|()";
	size_t len = strlen(word);

	for (const char *at = line; (at = strstr(at, word)); at++)
		if ((at == line || strchr(ends, at[-1])) && (!at[len] || strchr(ends, at[len])))
			return true;
	return false;
}

static bool has_any(const char *command, const char *const *words)
{
	while (*words && !has_word(command, *words))
		words++;
	return *words != NULL;
}

/* Setups that want to install something: nothing can be, and what is there need not be. */
static bool installs(const char *setup)
{
	static const char *const words[] = { "sudo",   "apt-get", "apt",	 "pip",	   "pip3",
					     "npm i",  "npm ci",  "npm install", "yarn",   "gem",
					     "bundle", "brew",	  "curl",	 "wget",   "go get",
					     "go install", NULL };

	return has_any(setup, words) || strstr(setup, "/pip");
}

/* The line for the shell; yours. */
static char *shell_line(struct assignment *assignment, const json_t *test, const char *id)
{
	const char *setup = json_str(test, "setup", ""), *run = json_str(test, "run", "");
	AUTO_FREE char *what = buf_format("setup of %s: %s", id, setup);

	if (!*setup)
		return buf_strdup(run);
	if (installs(setup)) {
		import_draft_left_out(assignment->draft, what,
				      "nothing can be installed where tests run; what it installs "
				      "must be on the machine");
		return buf_strdup(run);
	}
	return buf_format("{\n%s\n} </dev/null >&2 || exit\n%s", setup, run);
}

static bool is_compared(const json_t *test)
{
	return *json_str(test, "input", "") || *json_str(test, "output", "");
}

/* --- what tests leave for those after them */

static bool is_compiler(const char *command)
{
	static const char *const words[] = { "make",  "cmake", "gcc",	  "g++",   "cc",
					     "c++",   "clang", "clang++", "javac", "rustc",
					     "tsc",   "go build", "cargo build", NULL };
	static const char *const targets[] = { "test", "check", "run", NULL };

	return has_any(command, words) &&
	       !(has_word(command, "make") && has_any(command, targets));
}

static bool is_beside(const char *command)
{
	static const char *const words[] = { "cd",    "mkdir", "rm",   "cp",  "mv",   "ls",   "set",
					     "chmod", "echo",  "exit", "tee", "tail", "head", "cat",
					     "export", "true", NULL };
	AUTO_FREE char *first = buf_format("%.*s", (int)strcspn(command, " \t"), command);

	return *first == '#' || has_any(first, words);
}

/* The next command of a line, which goes on, without white space before it; yours. NULL at the
 * end. */
static char *next_command(const char **line)
{
	const char *at = *line, *end;

	while (*at && strchr(" \t\r\n;&|", *at))
		at++;
	for (end = at; *end && !strchr("\n;|", *end) && strncmp(end, "&&", 2) != 0; end++)
		;
	*line = end;
	return end > at ? buf_format("%.*s", (int)(end - at), at) : NULL;
}

/* A line that compiles and runs nothing that was submitted: that might never end, and then the
 * build failed for all tests. */
static bool compiles(const char *line)
{
	bool found = false;

	for (;;) {
		AUTO_FREE char *command = next_command(&line);

		if (!command)
			return found;
		if (is_compiler(command))
			found = true;
		else if (!is_beside(command))
			return false;
	}
}

/* A line that fails is a test of its own, or shows in those that need what it makes. */
static void add_line(struct buf *script, const char *line)
{
	if (*line)
		buf_add_format(script, "(\n%s\n) </dev/null || :\n", line);
}

/* On GitHub tests run one after another in one folder, and here each has a fresh one: so the build
 * does what they set up and compile. */
static int write_build(struct assignment *assignment, const json_t *tests, struct err *err)
{
	AUTO(buf_release) struct buf script = BUF_INIT(1 << 20);
	const json_t *test;
	size_t i;

	json_array_foreach(tests, i, test) {
		const char *setup = json_str(test, "setup", ""), *run = json_str(test, "run", "");

		add_line(&script, installs(setup) ? "" : setup);
		add_line(&script, !is_compared(test) && compiles(run) ? run : "");
	}
	if (!script.len)
		return 0;
	json_object_set_new(import_draft_manifest(assignment->draft), "build",
			    json_pack("[s, s]", "sh", BUILD));
	import_draft_changed(assignment->draft, "build does what tests set up and compile",
			     "on GitHub they run one after another in one folder");
	if (script.full)
		return err_set(err, ERR_INPUT, "%s: its setups are too long", assignment->file);
	return import_draft_put(assignment->draft, "start/" BUILD, buf_str(&script), script.len,
				false, err);
}

/* --- tests */

static int put_case(struct assignment *assignment, const char *id, const char *ending,
		    const char *text, struct err *err)
{
	AUTO_FREE char *path = buf_format("start/grader/%s/1.%s", id, ending);

	return import_draft_put_text(assignment->draft, path, text, err);
}

/* The mode of compare.py for a comparison. */
static const char *compare_mode(const json_t *test)
{
	const char *word = json_str(test, "comparison", "included");

	return strcmp(word, "regex") ? word : "search";
}

static int make_io_test(struct assignment *assignment, const json_t *test, const char *id,
			json_t *made, struct err *err)
{
	AUTO_FREE char *dir = buf_format("grader/%s", id);

	assignment->compares = true;
	json_object_set_new(made, "kind", json_string("io"));
	json_object_set_new(made, "dir", json_string(dir));
	json_object_set_new(made, "compare",
			    json_pack("{s:[s, s, s]}", "validator", "python3", COMPARE,
				      compare_mode(test)));
	if (put_case(assignment, id, "in", json_str(test, "input", ""), err) < 0)
		return -1;
	return put_case(assignment, id, "ans", json_str(test, "output", ""), err);
}

static void make_pytest(json_t *made)
{
	const struct language *python = language_find("python");

	json_object_set_new(made, "kind", json_string("command"));
	json_object_set_new(made, "report", json_string("junit"));
	json_object_set_new(made, "argv", json_array());
	for (const char **word = python->test; *word; word++)
		json_array_append_new(json_object_get(made, "argv"), json_string(*word));
}

static int add_test(struct assignment *assignment, const json_t *test, struct err *err)
{
	const char *name = json_str(test, "name", "");
	AUTO_FREE char *id = import_naming_test_id(name, assignment->tests);
	AUTO_FREE char *line = shell_line(assignment, test, id);
	json_t *made = json_pack("{s:s, s:s, s:O}", "id", id, "visibility", "visible", "points",
				 json_object_get(test, "points"));

	json_array_append_new(assignment->tests, made);
	import_draft_mapped(assignment->draft, *name ? name : "a test without a name", id);
	if (json_is_null(json_object_get(test, "run"))) {
		make_pytest(made);
		return 0;
	}
	json_object_set_new(made, "argv", json_pack("[s, s, s]", "sh", "-c", line));
	if (is_compared(test))
		return make_io_test(assignment, test, id, made, err);
	json_object_set_new(made, "kind", json_string("command"));
	json_object_set_new(made, "report", json_string("exit"));
	return 0;
}

static double highest(const json_t *tests, const char *key)
{
	const json_t *test;
	double most = 0;
	size_t i;

	json_array_foreach(tests, i, test) {
		double value = json_number_value(json_object_get(test, key));

		most = value > most ? value : most;
	}
	return most;
}

static void set_limits(struct assignment *assignment, const json_t *tests)
{
	double seconds = highest(tests, "timeout") * 60;
	double wall = seconds < 1 ? 1 : seconds > WALL_SECONDS_MAX ? WALL_SECONDS_MAX : seconds;
	double cpu = wall > CPU_SECONDS_MAX ? CPU_SECONDS_MAX : wall;

	json_object_set_new(import_draft_manifest(assignment->draft), "limits",
			    json_pack("{s:f, s:f}", "cpu_seconds", cpu, "wall_seconds", wall));
	import_draft_changed(assignment->draft, "timeout",
			     "limits are those of the whole task: the highest one counts");
}

/* Without points nothing could be earned. */
static void set_points(struct assignment *assignment)
{
	json_t *test;
	size_t i;

	if (highest(assignment->tests, "points") > 0)
		return;
	json_array_foreach(assignment->tests, i, test)
		json_object_set_new(test, "points", json_integer(1));
	import_draft_changed(assignment->draft, "points", "no test has any: each is worth one");
}

static int add_compare(struct assignment *assignment, struct err *err)
{
	const struct share_file *file = share_find("import/compare.py");

	if (!assignment->compares)
		return 0;
	if (!file)
		return err_set(err, ERR_ENV, "import/compare.py is missing");
	return import_draft_put(assignment->draft, "start/" COMPARE, file->data, file->size, false,
				err);
}

static int add_tests(struct assignment *assignment, const json_t *tests, struct err *err)
{
	const json_t *test;
	size_t i;

	json_array_foreach(tests, i, test)
		if (add_test(assignment, test, err) < 0)
			return -1;
	set_limits(assignment, tests);
	set_points(assignment);
	if (write_build(assignment, tests, err) < 0)
		return -1;
	return add_compare(assignment, err);
}

/* --- files */

/* By their names: GitHub Classroom protects none. */
static bool looks_like_test(const char *path)
{
	static const char *const globs[] = {
		"tests/**", "test/**", "**/tests/**", "**/test/**", "spec/**", "**/__tests__/**",
		"**/test_*", "test_*", "**/*_test.*", "*_test.*", "**/*.test.*", "*.test.*",
		"**/*.spec.*", "*.spec.*", "**/*Test.java", "*Test.java", "**/*.bats", "*.bats",
	};

	for (size_t i = 0; i < sizeof(globs) / sizeof(*globs); i++)
		if (fs_path_match(globs[i], path))
			return true;
	return false;
}

/* GitHub keeps learners from .github/, so that scripts of tests may lie there: a folder in it that
 * a command names comes whole. */
static bool is_called(const json_t *tests, const char *path)
{
	const char *below = strchr(path + strlen(GITHUB), '/');
	AUTO_FREE char *part = buf_format("%.*s", below ? (int)(below - path) : (int)strlen(path),
					  path);
	const json_t *test;
	size_t i;

	json_array_foreach(tests, i, test)
		if (strstr(json_str(test, "run", ""), part) ||
		    strstr(json_str(test, "setup", ""), part))
			return true;
	return false;
}

static void protect(struct assignment *assignment, const char *path, const char *why)
{
	json_t *root = import_draft_manifest(assignment->draft);

	json_array_append_new(json_object_get(root, "protected"), json_string(path));
	import_draft_changed(assignment->draft, path, why);
}

static int copy_files(struct assignment *assignment, const json_t *tests, struct err *err)
{
	const struct import_source *source = assignment->call->source;
	const char *const *paths;
	size_t count;

	if (import_source_single(source))
		return 0;
	import_source_list(source, "", &paths, &count);
	for (size_t i = 0; i < count; i++) {
		AUTO_FREE char *to = fs_join("start", paths[i]);
		bool of_github = !strncmp(paths[i], GITHUB, strlen(GITHUB));

		if (!strcmp(paths[i], assignment->file) || !strcmp(paths[i], STATEMENT))
			continue;
		if (of_github && !is_called(tests, paths[i])) {
			import_draft_left_out(assignment->draft, paths[i], "of GitHub");
			continue;
		}
		if (import_draft_map(assignment->draft, source, paths[i], to, err) < 0)
			return -1;
		if (of_github)
			protect(assignment, paths[i], "tests call it, so it is protected");
		else if (looks_like_test(paths[i]))
			protect(assignment, paths[i], "looks like a test, so it is protected");
	}
	return 0;
}

static void set_language(struct assignment *assignment)
{
	const struct language *language;
	AUTO_FREE char *what = NULL;
	const char *const *paths;
	size_t count;

	import_source_list(assignment->call->source, "", &paths, &count);
	language = language_of_paths(paths, count);
	what = buf_format("language is %s", language ? language->name : "bash");
	json_object_set_new(import_draft_manifest(assignment->draft), "language",
			    json_string(language ? language->name : "bash"));
	import_draft_changed(assignment->draft, what,
			     language ? "most files are of it" : "no file tells which it is");
}

static int write_statement(struct assignment *assignment, const char *title, struct err *err)
{
	AUTO_FREE char *text = buf_format("# %s\n\nMake the tests of this assignment pass.\n",
					  title);

	if (import_source_has(assignment->call->source, STATEMENT) &&
	    !import_source_single(assignment->call->source))
		return import_draft_map(assignment->draft, assignment->call->source, STATEMENT,
					STATEMENT, err);
	import_draft_changed(assignment->draft, STATEMENT, "the package has none: write it");
	return import_draft_put_text(assignment->draft, STATEMENT, text, err);
}

static int convert(struct assignment *assignment, const json_t *tests, struct err *err)
{
	const char *name = import_source_name(assignment->call->source);
	AUTO_FREE char *title = import_naming_title(name);
	json_t *root;

	assignment->draft = import_call_draft(assignment->call, name, err);
	if (!assignment->draft)
		return -1;
	root = import_draft_manifest(assignment->draft);
	json_object_set_new(root, "title", json_string(title));
	set_language(assignment);
	assignment->tests = json_array();
	json_object_set_new(root, "tests", assignment->tests);
	json_object_set_new(root, "protected", json_pack("[s]", "grader/**"));
	import_draft_mapped(assignment->draft, assignment->file, "task.json");
	if (add_tests(assignment, tests, err) < 0 ||
	    write_statement(assignment, title, err) < 0 || copy_files(assignment, tests, err) < 0)
		return -1;
	import_draft_left_out(assignment->draft, "solution",
			      "an assignment has none: add solution/, or it cannot be proved");
	return 0;
}

static int run(struct import_call *call, struct err *err)
{
	struct assignment assignment = { .call = call, .file = classroom_tests_file(call->source) };
	AUTO_JSON json_t *tests = NULL;

	if (!assignment.file)
		return err_set(err, ERR_NOT_FOUND, CLASSROOM_TESTS_FILE ": not in the package");
	tests = classroom_tests_read(call->source, assignment.file, err);
	return tests ? convert(&assignment, tests, err) : -1;
}

const struct import_format task_import_classroom = { "classroom", detect, run };
