/* test_toml.c - TOML as JSON, by python3 in the sandbox */
#include "base/auto.h"
#include "base/buf.h"
#include "sandbox/sandbox.h"
#include "task/toml.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

static struct sandbox *sandbox;

static int start(void **state)
{
	struct err err = ERR_INIT;

	(void)state;
	sandbox = sandbox_start(&err);
	return sandbox ? 0 : -1;
}

static int stop(void **state)
{
	(void)state;
	sandbox_close(&sandbox);
	return 0;
}

static void assert_gives(const char *text, const char *want)
{
	AUTO_JSON json_t *got = NULL;
	AUTO_FREE char *json = NULL;
	struct err err = ERR_INIT;

	if (toml_parse(sandbox, true, text, strlen(text), "t.toml", &got, &err) < 0)
		assert_string_equal(err.text, "");
	json = json_dumps(got, JSON_SORT_KEYS | JSON_COMPACT | JSON_REAL_PRECISION(15));
	assert_string_equal(json, want);
}

static void assert_refused(const char *text, size_t len, const char *want)
{
	json_t *got = NULL;
	struct err err = ERR_INIT;

	assert_int_equal(toml_parse(sandbox, true, text, len, "t.toml", &got, &err), -1);
	assert_null(got);
	assert_int_equal(err.code, ERR_INPUT);
	if (strncmp(err.text, want, strlen(want)) != 0)
		assert_string_equal(err.text, want);
}

static void refused(const char *text, const char *want)
{
	assert_refused(text, strlen(text), want);
}

static void tables_and_values_become_json(void **state)
{
	(void)state;
	assert_gives("", "{}");
	assert_gives("a = 1\nb = 2.5\nc = 'x'\nd = [true, false]\n",
		     "{\"a\":1,\"b\":2.5,\"c\":\"x\",\"d\":[true,false]}");
	assert_gives("[e.f]\ng = \"\"\"\nh\n\"\"\"\n", "{\"e\":{\"f\":{\"g\":\"h\\n\"}}}");
	assert_gives("[[s]]\nn = 1\n[[s]]\nn = 2\n", "{\"s\":[{\"n\":1},{\"n\":2}]}");
	assert_gives("d = 2026-01-31T09:00:00Z\n", "{\"d\":\"2026-01-31 09:00:00+00:00\"}");
	assert_gives("u = 'grün'\n", "{\"u\":\"gr\xc3\xbcn\"}");
}

static void what_is_wrong_has_its_line(void **state)
{
	(void)state;
	refused("a = 1\nb =\n", "t.toml:2: Invalid value");
	refused("a = 1\n\n[a.b]\n", "t.toml:3: ");
	refused("a = 1\na = 2\n", "t.toml:2: Cannot overwrite a value");
	refused("a = 1\nb = [1,\n", "t.toml:2: ");
	assert_refused("a = 1\nb = '\xff'\n", 13, "t.toml:2: is not UTF-8");
	assert_refused("a = 1\nb\0 = 2\n", 13, "t.toml:2: ");
}

static void what_json_has_not_is_refused(void **state)
{
	(void)state;
	refused("a = inf\n", "t.toml: has a number that is not finite");
	refused("a = nan\n", "t.toml: has a number that is not finite");
	refused("a = 99999999999999999999\n", "t.toml: has a number of more than 64 bits");
	refused("a = \"\\u0000\"\n", "t.toml: ");
}

static void limits_hold(void **state)
{
	AUTO_FREE char *large = malloc(TOML_MAX_BYTES + 1);
	AUTO_FREE char *deep = buf_format("a = %0*d", 20000, 0);

	(void)state;
	memset(large, '#', TOML_MAX_BYTES + 1);
	assert_refused(large, TOML_MAX_BYTES + 1, "t.toml: is larger than 1048576 bytes");
	memset(deep + 4, '[', 10000);
	memset(deep + 10004, ']', 10000);
	refused(deep, "t.toml: is nested too deep");
	memset(deep + 4, '[', 63);
	memset(deep + 67, ']', 63);
	deep[130] = '\0';
	assert_true(strlen(deep) == 130);
	{
		AUTO_JSON json_t *got = NULL;
		struct err err = ERR_INIT;

		assert_int_equal(toml_parse(sandbox, true, deep, 130, "t", &got, &err), 0);
	}
	memset(deep + 4, '[', 64);
	memset(deep + 68, ']', 64);
	deep[132] = '\0';
	refused(deep, "t.toml: is nested too deep");
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(tables_and_values_become_json),
		cmocka_unit_test(what_is_wrong_has_its_line),
		cmocka_unit_test(what_json_has_not_is_refused),
		cmocka_unit_test(limits_hold),
	};

	return cmocka_run_group_tests(tests, start, stop);
}
