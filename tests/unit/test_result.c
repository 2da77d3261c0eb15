/* test_result.c - a score as text: in colour on a terminal, which is asked about once */
#include "report/result_text.h"

#include "base/auto.h"
#include "base/json.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include <cmocka.h>

static bool on_terminal;
static int asked;

/* Stands before the C library's, also for libtali.a. */
int isatty(int fd)
{
	(void)fd;
	asked++;
	return on_terminal;
}

static json_t *document(void)
{
	json_t *cases = json_array();
	const char *verdicts[] = { "passed", "wrong_answer" };

	for (int i = 0; i < 20; i++)
		json_array_append_new(cases, json_pack("{s:s, s:s, s:s}", "id", "judge/case",
						       "verdict", verdicts[i % 2], "message",
						       "as it is\nand more"));
	return json_pack("{s:s, s:s, s:{s:s, s:f, s:[{s:s, s:s, s:o}]}}", "task", "tiny",
			 "task_version", "0123456789abcdef", "grade", "verdict", "wrong_answer",
			 "percent", 50.0, "tests", "id", "judge", "verdict", "wrong_answer",
			 "cases", cases);
}

static void print(char *text, size_t size)
{
	AUTO_JSON json_t *score = document();
	AUTO_FILE FILE *out = tmpfile();

	assert_non_null(out);
	asked = 0;
	result_text_print(out, score);
	rewind(out);
	text[fread(text, 1, size - 1, out)] = '\0';
}

static void a_terminal_is_asked_about_once(void **state)
{
	char text[8192];

	(void)state;
	on_terminal = true;
	setenv("TERM", "xterm", 1);
	unsetenv("NO_COLOR");
	print(text, sizeof(text));
	assert_int_equal(asked, 1);
	assert_non_null(strstr(text, "    \033[32mpass\033[0m  judge/case\n"
				     "    \033[31mFAIL\033[0m  judge/case  (wrong_answer)\n"
				     "        \033[2mas it is\033[0m\n"));
}

static void what_is_no_terminal_gets_no_colour(void **state)
{
	char text[8192];

	(void)state;
	on_terminal = false;
	setenv("TERM", "xterm", 1);
	unsetenv("NO_COLOR");
	print(text, sizeof(text));
	assert_null(strchr(text, '\033'));
	assert_non_null(strstr(text, "grade 50.00 %"));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(a_terminal_is_asked_about_once),
		cmocka_unit_test(what_is_no_terminal_gets_no_colour),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
