/* test_language.c - a program of each language compiles, runs and fails in the sandbox by the
 * commands and limits of share/languages.json
 *
 * The programs are tests/languages/NAME/hello.EXT, fail.EXT, and where a runtime could take more
 * memory than there is, heavy.EXT. Each is handed to the grader as a submission to a task that
 * builds and runs it as the table says, and once more as a program in a folder that is found. */
#include "grade_fixture.h"

#include "sandbox/sandbox.h"
#include "task/language_probe.h"

#include <jansson.h>

static struct sandbox *sandbox;
static bool weak;	/* a limit cannot be enforced here */

static int start_sandbox(void **state)
{
	static const char *const argv[] = { "true", NULL };
	struct plan plan = { .argv = argv, .stdin_fd = -1, .limits = plan_default_limits };
	struct run_report report;
	struct err err = ERR_INIT;

	(void)state;
	hash_init();
	sandbox = sandbox_start(&err);
	if (!sandbox)
		fail_msg("%s", err.text);
	weak = sandbox_run(sandbox, &plan, NULL, &report, &err) < 0;
	return 0;
}

static int stop_sandbox(void **state)
{
	(void)state;
	sandbox_close(&sandbox);
	return 0;
}

/* Java names its file after the class. */
static const char *stem_of(const struct language *language)
{
	return strcmp(language->name, "java") != 0 ? "main" : "Main";
}

/* A command of the table with {main} and {stem} put in. */
static json_t *command(const struct language *language, const char **words)
{
	json_t *argv = json_array();

	for (; *words; words++) {
		const char *mark = strchr(*words, '{');
		const char *extension =
			mark && (!strncmp(mark, "{main}", 6) || !strncmp(mark, "{sources}", 9) ||
				 !strncmp(mark, "{package}", 9))
				? language->extensions[0] : "";

		if (!mark)
			json_array_append_new(argv, json_string(*words));
		else
			json_array_append_new(
				argv, json_sprintf("%.*s%s%s%s", (int)(mark - *words), *words,
						   stem_of(language), extension,
						   strchr(mark, '}') + 1));
	}
	return argv;
}

/* Takes the commands. */
static void put_manifest(struct fixture *f, const struct language *language, json_t *run,
			 json_t *build)
{
	AUTO_JSON json_t *manifest = json_pack(
		"{s:s, s:s, s:s, s:s, s:s, s:s, s:i, s:o, s:[{s:s, s:s, s:s, s:i, s:s, s:s, s:o}]}",
		"schema", "tali.task/1", "name", "hello", "title", "Hello", "type", "bug_fix",
		"difficulty", "basic", "language", language->name, "time_limit_minutes", 30, "run",
		json_incref(run), "tests", "id", "says", "kind", "io", "visibility", "hidden",
		"points", 1, "dir", "io", "compare", "exact", "argv", run);
	AUTO_FREE char *text = NULL;

	assert_non_null(manifest);
	if (build)
		json_object_set_new(manifest, "build", build);
	text = json_dumps(manifest, 0);
	manifest_release(&f->manifest);
	ok(f, manifest_parse(text, strlen(text), "task.json", &f->manifest, NULL, &f->err));
}

static void put_plain_manifest(struct fixture *f, const struct language *language)
{
	put_manifest(f, language, command(language, language->run),
		     language->compile ? command(language, language->compile) : NULL);
}

/* Grades `program` as the submission, in a folder of that. */
static void expect_in(struct fixture *f, const char *folder, const struct language *language,
		      const char *program, const char *verdict)
{
	AUTO(grade_release) struct grade grade = GRADE_INIT;
	AUTO_FREE char *path =
		buf_format("work/%s%s%s", folder, stem_of(language), language->extensions[0]);
	char tree[REPO_OID_SIZE], task_tree[REPO_OID_SIZE];
	struct grade_request request = { .sandbox = sandbox, .repo = f->repo, .tree = tree,
					 .task_tree = task_tree, .manifest = &f->manifest,
					 .allow_weak = weak };

	put(f, path, program);
	tree_of(f, "work", tree);
	tree_of(f, "task", task_tree);
	ok(f, grade_run(&request, &grade, &f->err));
	if (strcmp(grade_verdict(&grade), verdict) != 0)
		fail_msg("%s instead of %s; build: %s; run: %s", grade_verdict(&grade), verdict,
			 grade.build_output ? grade.build_output : "",
			 grade.tests[0].case_count && grade.tests[0].cases[0].message
				 ? grade.tests[0].cases[0].message : "");
}

static void expect(struct fixture *f, const struct language *language, const char *program,
		   const char *verdict)
{
	expect_in(f, "", language, program, verdict);
}

/* "" when there is no such sample. */
static char *sample(struct fixture *f, const struct language *language, const char *name)
{
	const char *top = getenv("TALI_SRCDIR");
	AUTO_FREE char *path = buf_format("%s/tests/languages/%s/%s%s", top ? top : ".",
					  language->name, name, language->extensions[0]);
	struct buf text = { 0 };

	if (!fs_exists(path))
		return buf_strdup("");
	ok(f, fs_read(AT_FDCWD, path, 4096, &text, &f->err));
	return text.data;
}

static int open_language(void **state)
{
	const struct language *language = *state;
	struct fixture *f = buf_alloc(sizeof(*f));
	AUTO_FREE char *path = NULL;

	f->path = fs_temp_dir("tali-test", &f->err);
	path = fs_join(f->path, "repo.git");
	f->repo = repo_create(path, NULL, &f->err);
	ok(f, f->repo ? 0 : -1);
	put_plain_manifest(f, language);
	put(f, "task/README.md", "# Hello\n");
	put(f, "task/hidden/io/all.in", "");
	put(f, "task/hidden/io/all.ans", "hello world\n");
	*state = f;
	return 0;
}

static void runs_and_fails(void **state)
{
	struct fixture *f = *state;
	const struct language *language = language_find(f->manifest.languages[0]);
	AUTO_FREE char *hello = sample(f, language, "hello");
	AUTO_FREE char *failing = sample(f, language, "fail");
	AUTO_FREE char *heavy = sample(f, language, "heavy");
	char version[LANGUAGE_VERSION_SIZE];

	if (!language_probe(sandbox, language, version))
		skip();
	expect(f, language, hello, "passed");
	expect(f, language, failing, "runtime_error");
	if (language->compile)
		expect(f, language, "this is no program\n", "compile_error");
	if (*heavy)
		expect(f, language, heavy, "passed");
	take_away(f, "work");
	put_manifest(f, language, json_pack("[s]", "{program}"), json_string("language"));
	expect_in(f, "src/", language, hello, "passed");
}

int main(void)
{
	struct CMUnitTest tests[32] = { 0 };
	char names[32][64];
	int count = language_count();

	for (int i = 0; i < count && i < 32; i++) {
		snprintf(names[i], sizeof(names[i]), "%s_runs_and_fails_as_the_table_says",
			 language_at(i)->name);
		tests[i] = (struct CMUnitTest){ names[i], runs_and_fails, open_language,
						fixture_close, (void *)language_at(i) };
	}
	return _cmocka_run_group_tests("languages", tests, (size_t)count, start_sandbox,
				       stop_sandbox);
}
