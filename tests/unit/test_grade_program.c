/* test_grade_program.c - which files of a submission are its program, in which language */
#include "grade_fixture.h"

#include "grade/program.h"

#define HEAD                                                                                       \
	"{'schema': 'tali.task/1', 'name': 'add', 'title': 'Add', 'type': 'algorithm',"            \
	" 'difficulty': 'basic', 'time_limit_minutes': 30, 'run': ['{program}'],"                  \
	" 'build': 'language', 'tests': [], 'language': "
#define THREE HEAD "['python', 'c++', 'java']}"

/* "LANGUAGE MAIN: COMPILE | RUN", or why there is none; yours. */
static char *found_in(struct fixture *f)
{
	static const char *const argv[] = { "run", "{program}", "{main}", NULL };
	char task[REPO_OID_SIZE], work[REPO_OID_SIZE];
	AUTO(program_release) struct program program = PROGRAM_INIT;
	AUTO(program_free_words) char **compile = NULL;
	AUTO(program_free_words) char **run = NULL;
	struct buf out = BUF_INIT(1 << 16);

	tree_of(f, "task", task);
	tree_of(f, "work", work);
	ok(f, program_find(f->repo, &f->manifest, work, task, &program, &f->err));
	if (!program.language)
		return buf_strdup(program.fault);
	buf_add_format(&out, "%s %s:", program.language->name, program.main);
	compile = program_compile(&program);
	for (char **word = compile; word && *word; word++)
		buf_add_format(&out, " %s", *word);
	buf_add_str(&out, " |");
	run = program_words(&program, argv);
	for (char **word = run; *word; word++)
		buf_add_format(&out, " %s", *word);
	return buf_take(&out);
}

static void assert_found(struct fixture *f, const char *want)
{
	AUTO_FREE char *got = found_in(f);

	assert_string_equal(got, want);
}

static void begin(struct fixture *f, const char *manifest)
{
	take_away(f, "task");
	take_away(f, "work");
	put(f, "task/start/README", "");
	put(f, "work/README", "");
	read_manifest(f, manifest);
}

static void the_language_is_that_of_most_bytes(void **state)
{
	struct fixture *f = *state;

	begin(f, THREE);
	assert_found(f, "no file of python, c++, java");
	put(f, "work/x.c", "int main;");
	put(f, "work/x.hpp", "int main;");
	assert_found(f, "no file of python, c++, java");
	put(f, "work/x.py", "12345");
	put(f, "work/y.cc", "12345");
	assert_found(f, "python x.py: | run python3 x.py {main}");
	put(f, "work/y.cc", "123456");
	assert_found(f, "c++ y.cc: g++ -std=c++17 -O2 -Wall -o y y.cc | run ./y {main}");
}

static void files_of_the_task_choose_nothing(void **state)
{
	struct fixture *f = *state;

	begin(f, THREE);
	put(f, "task/start/lib.cc", "a long file of the task");
	put(f, "work/lib.cc", "a long file of the task");
	put(f, "task/hidden/check.cc", "x");
	put(f, "work/check.cc", "another long file, where the task has one");
	put(f, "work/files/data.cc", "a long attachment of the task");
	assert_found(f, "no file of python, c++, java");
	put(f, "work/a.py", "1");
	assert_found(f, "python a.py: | run python3 a.py {main}");
	put(f, "work/lib.cc", "changed");
	assert_found(f, "c++ lib.cc: g++ -std=c++17 -O2 -Wall -o lib lib.cc | run ./lib {main}");
}

static void a_single_language_is_not_chosen(void **state)
{
	struct fixture *f = *state;

	begin(f, HEAD "'python'}");
	assert_found(f, "no file of python");
	put(f, "task/start/add.py", "1");
	put(f, "work/add.py", "1");
	assert_found(f, "python add.py: | run python3 add.py {main}");
}

static void the_main_file_is_the_one_named_so_or_the_only_one_or_has_the_entry(void **state)
{
	struct fixture *f = *state;

	begin(f, THREE);
	put(f, "task/start/grader.py", "def main(): pass\n");
	put(f, "work/grader.py", "def main(): pass\n");
	put(f, "task/start/deep/main.py", "1");
	put(f, "work/deep/main.py", "1");
	put(f, "work/sum.py", "1");
	assert_found(f, "python sum.py: | run python3 sum.py {main}");
	put(f, "work/more.py", "def main(): pass\n");
	assert_found(f, "python more.py: | run python3 more.py {main}");
	put(f, "work/pkg/pkg.py", "1");
	assert_found(f, "python pkg/pkg.py: | run python3 pkg/pkg.py {main}");
	put(f, "work/own/main.py", "1");
	assert_found(f, "python own/main.py: | run python3 own/main.py {main}");
	put(f, "task/start/main.py", "1");
	put(f, "work/main.py", "1");
	assert_found(f, "python own/main.py: | run python3 own/main.py {main}");
	take_away(f, "work/own");
	assert_found(f, "python main.py: | run python3 main.py {main}");
}

static void all_sources_are_compiled(void **state)
{
	struct fixture *f = *state;

	begin(f, THREE);
	put(f, "task/start/Grader.java", "class Grader {}");
	put(f, "work/Grader.java", "class Grader {}");
	put(f, "work/B.java", "class B {}");
	put(f, "work/Sum.java", "class Sum { public static void main(String[] a) {} }");
	assert_found(f, "java Sum.java: javac -J-Xmx640m -J-XX:+UseSerialGC -d build B.java "
			"Grader.java Sum.java | run java -Xmx640m -XX:+UseSerialGC -cp build Sum "
			"{main}");
}

static void a_java_file_says_itself_of_which_package_it_is(void **state)
{
	static const char command[] = "java src/com/Sum.java: javac -J-Xmx640m -J-XX:+UseSerialGC "
				      "-d build src/com/Sum.java | run java -Xmx640m "
				      "-XX:+UseSerialGC -cp build";
	static const struct {
		const char *text, *class;
	} files[] = {
		{ "class Sum {}", "Sum" },
		{ "package com;", "com.Sum" },
		{ "// package no;\n/* package no; */ package com . example ;", "com.example.Sum" },
		{ "packages com; package no;", "Sum" },
		{ "/* package no;", "Sum" },
		{ "package", "Sum" },
	};
	struct fixture *f = *state;

	begin(f, THREE);
	for (size_t i = 0; i < sizeof(files) / sizeof(*files); i++) {
		AUTO_FREE char *want = buf_format("%s %s {main}", command, files[i].class);

		put(f, "work/src/com/Sum.java", files[i].text);
		assert_found(f, want);
	}
}

static void a_go_program_is_the_package_of_its_main_file(void **state)
{
	struct fixture *f = *state;

	begin(f, HEAD "['python', 'go']}");
	put(f, "work/main.go", "package main");
	put(f, "work/more.go", "package main");
	put(f, "work/sub/sub.go", "package sub");
	assert_found(f, "go main.go: go build -o main main.go more.go | run ./main {main}");
	take_away(f, "work/main.go");
	put(f, "work/cmd/app/main.go", "package main");
	assert_found(f, "go cmd/app/main.go: go build -o cmd/app/main cmd/app/main.go | run "
			"./cmd/app/main {main}");
}

/* Who works on one file of several has not moved where they begin. */
static void a_compiled_program_begins_where_its_entry_is(void **state)
{
	struct fixture *f = *state;

	begin(f, HEAD "['python', 'java', 'go']}");
	put(f, "task/start/cmd/app/main.go", "func main() {}");
	put(f, "work/cmd/app/main.go", "func main() {}");
	put(f, "work/sum/sum.go", "package sum");
	assert_found(f, "go cmd/app/main.go: go build -o cmd/app/main cmd/app/main.go | run "
			"./cmd/app/main {main}");
	put(f, "task/start/App.java", "public static void main");
	put(f, "work/App.java", "public static void main");
	put(f, "work/Sum.java", "class Sum {} /* longer than the others */");
	assert_found(f, "java App.java: javac -J-Xmx640m -J-XX:+UseSerialGC -d build App.java "
			"Sum.java | run java -Xmx640m -XX:+UseSerialGC -cp build App {main}");
}

static void a_name_is_no_option_and_no_place(void **state)
{
	struct fixture *f = *state;

	begin(f, THREE);
	put(f, "work/-{stem}.cc", "1");
	put(f, "work/@x.cc", "1");
	assert_found(f, "c++ ./-{stem}.cc: g++ -std=c++17 -O2 -Wall -o ./-{stem} ./-{stem}.cc "
			"./@x.cc | run ././-{stem} {main}");
}

static void a_run_by_hand_compiles_first(void **state)
{
	static const char *const whole[] = { "{program}", NULL }, *const other[] = { "ls", NULL };
	struct fixture *f = *state;
	char task[REPO_OID_SIZE], work[REPO_OID_SIZE];
	AUTO(program_free_words) char **run = NULL;
	AUTO(program_free_words) char **plain = NULL;
	struct plan_limits limits;

	begin(f, THREE);
	put(f, "work/it's.cc", "1");
	tree_of(f, "task", task);
	tree_of(f, "work", work);
	ok(f, program_run(f->repo, &f->manifest, work, task, whole, &run, &limits, &f->err));
	assert_int_equal(limits.wall_ms, 120000);
	assert_string_equal(run[0], "sh");
	assert_string_equal(run[2], "g++ '-std=c++17' -O2 -Wall -o 'it'\\''s' 'it'\\''s.cc' && "
				    "exec './it'\\''s'");
	assert_null(run[3]);
	ok(f, program_run(f->repo, &f->manifest, work, task, other, &plain, &limits, &f->err));
	assert_string_equal(plain[0], "ls");
	assert_null(plain[1]);
	assert_int_equal(limits.wall_ms, 60000);
	assert_int_equal(program_run(f->repo, &f->manifest, task, task, whole, &run, &limits,
				     &f->err), -1);
	assert_int_equal(f->err.code, ERR_INPUT);
	assert_string_equal(f->err.text, "no file of python, c++, java");
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, fixture_open, fixture_close)

int main(void)
{
	const struct CMUnitTest tests[] = {
		TEST(the_language_is_that_of_most_bytes),
		TEST(files_of_the_task_choose_nothing),
		TEST(a_single_language_is_not_chosen),
		TEST(the_main_file_is_the_one_named_so_or_the_only_one_or_has_the_entry),
		TEST(all_sources_are_compiled),
		TEST(a_java_file_says_itself_of_which_package_it_is),
		TEST(a_go_program_is_the_package_of_its_main_file),
		TEST(a_compiled_program_begins_where_its_entry_is),
		TEST(a_name_is_no_option_and_no_place),
		TEST(a_run_by_hand_compiles_first),
	};

	hash_init();
	return cmocka_run_group_tests(tests, NULL, NULL);
}
