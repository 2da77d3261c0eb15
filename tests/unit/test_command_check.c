/* test_command_check.c - which lines of a terminal run the work or its tests */
#include "score/command_check.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

static void assert_lines(const char *const *lines, bool wanted)
{
	for (; *lines; lines++)
		if (command_check(*lines) != wanted)
			fail_msg("'%s' %s", *lines, wanted ? "runs nothing" : "runs something");
}

static void programs_and_tests_are_run(void **state)
{
	static const char *const lines[] = {
		"pytest", "pytest -q tests/test_x.py::test_y", "python3 bill.py",
		"python3.11 -m pytest", "python -m unittest discover",
		"  time python3 -u main.py <in", "node --test", "/usr/bin/env node app.js",
		"npm test", "npm run check", "npx jest --watch", "go test ./...", "cargo run -- 3",
		"make -s test", "uv run pytest", "./run.sh", "./a.out", "cd x && ./a",
		"DEBUG=1 PORT=2 node app.js", "cc -o a a.c; ./a", "ls | bash run.sh", NULL,
	};

	(void)state;
	assert_lines(lines, true);
}

static void what_else_is_typed_is_no_check(void **state)
{
	static const char *const lines[] = {
		"", " ", ";;", "python3", "python3 --version", "python3 -c 'print(1)'",
		"node -e 1", "python3 -m venv .venv", "bash", "vi bill.py", "cat tests/pytest.ini",
		"npm install", "go build", "make", "git add test.py", "grep -r run .",
		"echo python3 bill.py", "cd ./x", "sh -c ./x", "=", "/", "A=1", "time", NULL,
	};

	(void)state;
	assert_lines(lines, false);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(programs_and_tests_are_run),
		cmocka_unit_test(what_else_is_typed_is_no_check),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
