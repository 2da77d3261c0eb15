/* test_task_folder.c - whole task folders: what is refused and in which words */
#include "task/task_folder.h"

#include "base/auto.h"
#include "base/buf.h"
#include "base/fs.h"
#include "base/json.h"

#include <fcntl.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdint.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cmocka.h>

#define LENGTH(array) (sizeof(array) / sizeof(*(array)))

static const char MANIFEST[] =
	"{ \"schema\": \"tali.task/1\", \"name\": \"count\", \"title\": \"Count\",\n"
	"  \"type\": \"algorithm\", \"difficulty\": \"basic\", \"language\": \"c\",\n"
	"  \"time_limit_minutes\": 30,\n"
	"  \"tests\": [\n"
	"    { \"id\": \"samples\", \"kind\": \"io\", \"visibility\": \"visible\", \"points\": 0,\n"
	"      \"dir\": \"samples\", \"argv\": [\"./count\"], \"compare\": \"exact\" },\n"
	"    { \"id\": \"hidden\", \"kind\": \"io\", \"visibility\": \"hidden\", \"points\": 1,\n"
	"      \"dir\": \"io\", \"argv\": [\"./count\"], \"compare\": \"exact\" } ],\n"
	"  \"variants\": {\n"
	"    \"slow\": { \"expect\": \"time_limit\" } } }\n";

static const struct { const char *path, *text; } files[] = {
	{ "task.json", MANIFEST },
	{ "README.md", "# Count\n" },
	{ "start/main.c", "int main(void) { }\n" },
	{ "start/samples/one.in", "1\n" },
	{ "start/samples/one.ans", "1\n" },
	{ "hidden/io/two.in", "2\n" },
	{ "hidden/io/two.out", "2\n" },
	{ "variants/slow/main.c", "int main(void) { }\n" },
	{ "files/data.csv", "1\n" },
};

static void write_file(const char *root, const char *path, const char *text)
{
	AUTO_FREE char *full = fs_join(root, path);
	char *slash = strrchr(full, '/');
	struct err err = ERR_INIT;

	*slash = '\0';
	assert_int_equal(fs_mkdirs(full, 0755, &err), 0);
	*slash = '/';
	assert_int_equal(fs_write(full, 0644, text, strlen(text), &err), 0);
}

/* A fresh copy of a task without fault; yours, for fs_temp_release. */
static char *good_folder(void)
{
	struct err err = ERR_INIT;
	char *root = fs_temp_dir("tali-task", &err);

	assert_non_null(root);
	for (size_t i = 0; i < LENGTH(files); i++)
		write_file(root, files[i].path, files[i].text);
	return root;
}

static const struct bad {
	const char *name;
	const char *removed;		/* path, or NULL */
	const char *written, *text;	/* path and its text; with "-> TARGET" a symbolic link */
	const char *says;
} bad[] = {
	{ "a folder without manifest is refused", "task.json", NULL, NULL,
	  "task.json: is missing" },
	{ "a folder without statement is refused", "README.md", NULL, NULL,
	  "README.md: is missing" },
	{ "a folder without start is refused", "start", NULL, NULL,
	  "task.json:6: /tests/0/dir: there is no folder start/samples" },
	{ "a syntax error in the manifest has file and line", NULL, "task.json", "{\n\"a\" }",
	  "task.json:2: ':' expected near '}'" },
	{ "a fault of the manifest has file, line and pointer", NULL, "task.json",
	  "{\n\"nmae\": 1 }",
	  "task.json:1: 'schema' is required" },
	{ "an unknown entry is refused, lest it leak", NULL, "soluton/main.c", "",
	  "soluton: does not belong in a task folder, see tali-task(5)" },
	{ "a folder that is a file is refused", "files", "files", "", "files: must be a folder" },
	{ "a file that is a folder is refused", "README.md", "README.md/x", "",
	  "README.md: must be a file" },
	{ "a symbolic link out of the folder is refused", NULL, "start/passwd", "-> /etc/passwd",
	  "start/passwd: symbolic links are not allowed in a task" },
	{ "a symbolic link inside the folder is refused", NULL, "start/answers", "-> ../hidden",
	  "start/answers: symbolic links are not allowed in a task" },
	{ "a manifest that is a symbolic link is refused", "task.json", "task.json", "-> README.md",
	  "task.json: symbolic links are not allowed in a task" },
	{ "a name with a control character is refused", NULL, "start/a\033[2J", "",
	  "start/a?[2J: is not a name that a task may use" },
	{ "a git folder inside is refused", NULL, "start/.git/config", "",
	  "start/.git: is not a name that a task may use" },
	{ "a statement in start would hide the statement", NULL, "start/README.md", "",
	  "start/README.md: would hide the statement, which is put there" },
	{ "files in start would hide the attachments", NULL, "start/files/a", "",
	  "start/files: would hide the attachments, which are put there" },
	{ "an input without answer is refused", "hidden/io/two.out", NULL, NULL,
	  "hidden/io/two.in: has no answer, a file of that name with .ans or .out" },
	{ "an answer without input is refused", NULL, "hidden/io/three.ans", "",
	  "hidden/io/three.ans: is an answer without a file of that name with .in" },
	{ "an io test without cases is refused", "hidden/io/two.in", "hidden/io/two.out", "",
	  "hidden/io/two.out: is an answer without a file of that name with .in" },
	{ "an io test without its folder is refused", "hidden/io", NULL, NULL,
	  "task.json:8: /tests/1/dir: there is no folder hidden/io" },
	{ "a hidden test does not live in start", NULL, "start/io/two.in", "",
	  "task.json:8: /tests/1/dir: the test is hidden, but candidates would see its folder "
	  "start/io" },
	{ "a visible test gets no hidden cases", NULL, "hidden/samples/x.in", "",
	  "task.json:6: /tests/0/dir: the test is visible, but hidden/samples would add cases to "
	  "it" },
	{ "a variant of the manifest has a folder", "variants/slow", NULL, NULL,
	  "task.json:10: /variants/slow: there is no folder variants/slow" },
	{ "a folder of a variant is in the manifest", NULL, "variants/sloww/main.c", "",
	  "variants/sloww: is not named in \"variants\" of task.json" },
};

static void spoil(const char *root, const struct bad *row)
{
	AUTO_FREE char *removed = row->removed ? fs_join(root, row->removed) : NULL;
	AUTO_FREE char *written = row->written ? fs_join(root, row->written) : NULL;
	struct err err = ERR_INIT;

	if (removed)
		assert_int_equal(fs_remove_tree(AT_FDCWD, removed, &err), 0);
	if (written && !strncmp(row->text, "-> ", 3))
		assert_int_equal(symlink(row->text + 3, written), 0);
	else if (written)
		write_file(root, row->written, row->text);
}

static void is_refused(void **state)
{
	const struct bad *row = *state;
	AUTO(fs_temp_release) char *root = good_folder();
	AUTO_JSON json_t *faults = json_array();
	struct manifest manifest = MANIFEST_INIT;
	struct err err = ERR_INIT;

	spoil(root, row);
	assert_int_equal(task_folder_check(root, &manifest, faults, &err), -1);
	assert_int_equal(err.code, ERR_INPUT);
	assert_string_equal(err.text, row->says);
	assert_true(json_array_size(faults) > 0);
	assert_null(manifest.root);
}

static void a_good_folder_gives_its_manifest(void **state)
{
	AUTO(fs_temp_release) char *root = good_folder();
	AUTO(manifest_release) struct manifest manifest = MANIFEST_INIT;
	AUTO_JSON json_t *faults = json_array();
	struct err err = ERR_INIT;

	(void)state;
	assert_int_equal(task_folder_check(root, &manifest, faults, &err), 0);
	assert_int_equal(json_array_size(faults), 0);
	assert_string_equal(manifest.name, "count");
}

static void an_interactive_case_needs_no_answer(void **state)
{
	AUTO(fs_temp_release) char *root = good_folder();
	AUTO(manifest_release) struct manifest manifest = MANIFEST_INIT;
	struct err err = ERR_INIT;

	(void)state;
	write_file(root, "task.json",
		   "{ \"schema\": \"tali.task/1\", \"name\": \"count\", \"title\": \"Count\",\n"
		   "  \"type\": \"algorithm\", \"difficulty\": \"basic\", \"language\": \"c\",\n"
		   "  \"time_limit_minutes\": 30, \"tests\": [\n"
		   "    { \"id\": \"talk\", \"kind\": \"interactive\",\n"
		   "      \"visibility\": \"hidden\",\n"
		   "      \"points\": 1, \"dir\": \"talk\", \"argv\": [\"./count\"],\n"
		   "      \"interactor\": [\"sh\", \"talk.sh\"] } ],\n"
		   "  \"variants\": { \"slow\": { \"expect\": \"time_limit\" } } }\n");
	assert_int_equal(task_folder_check(root, &manifest, NULL, &err), -1);
	assert_string_equal(err.text, "task.json:6: /tests/0/dir: there is no folder hidden/talk");
	write_file(root, "hidden/talk/one.in", "1\n");
	assert_int_equal(task_folder_check(root, &manifest, NULL, &err), 0);
	manifest_release(&manifest);
	write_file(root, "hidden/talk/two.ans", "1\n");
	assert_int_equal(task_folder_check(root, &manifest, NULL, &err), -1);
}

static void what_never_enters_a_version_is_not_looked_at(void **state)
{
	AUTO(fs_temp_release) char *root = good_folder();
	AUTO_FREE char *path = fs_join(root, "start/node_modules");
	AUTO(manifest_release) struct manifest manifest = MANIFEST_INIT;
	struct err err = ERR_INIT;

	(void)state;
	write_file(root, ".pytest_cache/README.md", "");
	assert_int_equal(symlink("/", path), 0);
	assert_int_equal(task_folder_check(root, &manifest, NULL, &err), 0);
}

static void all_faults_are_told_not_only_the_first(void **state)
{
	AUTO(fs_temp_release) char *root = good_folder();
	AUTO_JSON json_t *faults = json_array();
	struct manifest manifest = MANIFEST_INIT;
	struct err err = ERR_INIT;
	const json_t *last;

	(void)state;
	write_file(root, "start/README.md", "");
	write_file(root, "notes.txt", "");
	write_file(root, "task.json", "[]");
	assert_int_equal(task_folder_check(root, &manifest, faults, &err), -1);
	assert_int_equal(json_array_size(faults), 3);
	assert_string_equal(err.text, "task.json:1: must be an object, is an array");
	last = json_array_get(faults, 2);
	assert_string_equal(json_str(last, "file", ""), "start/README.md");
	assert_int_equal(json_int(last, "line", -1), 0);
}

static void a_file_over_the_limit_is_refused(void **state)
{
	AUTO(fs_temp_release) char *root = good_folder();
	AUTO_FREE char *path = fs_join(root, "files/data.csv");
	struct manifest manifest = MANIFEST_INIT;
	struct err err = ERR_INIT;

	(void)state;
	assert_int_equal(truncate(path, (32 << 20) + 1), 0);
	assert_int_equal(task_folder_check(root, &manifest, NULL, &err), -1);
	assert_string_equal(err.text, "files/data.csv: is larger than 32 MiB");
}

static void a_folder_nested_without_end_is_refused(void **state)
{
	AUTO(fs_temp_release) char *root = good_folder();
	AUTO(buf_release) struct buf path = BUF_INIT(200);
	struct manifest manifest = MANIFEST_INIT;
	struct err err = ERR_INIT;

	(void)state;
	buf_add_str(&path, "start");
	for (int i = 0; i < 40; i++)
		buf_add_str(&path, "/d");
	buf_add_str(&path, "/f");
	write_file(root, buf_str(&path), "");
	assert_int_equal(task_folder_check(root, &manifest, NULL, &err), -1);
	assert_non_null(strstr(err.text, "/d: is nested deeper than 32 folders"));
}

static void a_pipe_is_refused_and_not_opened(void **state)
{
	AUTO(fs_temp_release) char *root = good_folder();
	AUTO_FREE char *path = fs_join(root, "start/pipe");
	struct manifest manifest = MANIFEST_INIT;
	struct err err = ERR_INIT;

	(void)state;
	assert_int_equal(mkfifo(path, 0600), 0);
	assert_int_equal(task_folder_check(root, &manifest, NULL, &err), -1);
	assert_string_equal(err.text, "start/pipe: is neither a file nor a folder");
}

static void a_folder_that_is_not_there_is_not_found(void **state)
{
	struct manifest manifest = MANIFEST_INIT;
	struct err err = ERR_INIT;

	(void)state;
	assert_int_equal(task_folder_check("/no/such/task", &manifest, NULL, &err), -1);
	assert_int_equal(err.code, ERR_NOT_FOUND);
}

#define TEST(function) { #function, function, NULL, NULL, NULL }

int main(void)
{
	static const struct CMUnitTest single[] = {
		TEST(a_good_folder_gives_its_manifest),
		TEST(an_interactive_case_needs_no_answer),
		TEST(what_never_enters_a_version_is_not_looked_at),
		TEST(all_faults_are_told_not_only_the_first),
		TEST(a_file_over_the_limit_is_refused),
		TEST(a_folder_nested_without_end_is_refused),
		TEST(a_pipe_is_refused_and_not_opened),
		TEST(a_folder_that_is_not_there_is_not_found),
	};
	struct CMUnitTest tests[LENGTH(single) + LENGTH(bad)] = { 0 };
	size_t count = LENGTH(single);

	memcpy(tests, single, sizeof(single));
	for (size_t i = 0; i < LENGTH(bad); i++)
		tests[count++] = (struct CMUnitTest){ bad[i].name, is_refused, NULL, NULL,
						      (void *)&bad[i] };
	return cmocka_run_group_tests_name("task folder", tests, NULL, NULL);
}
