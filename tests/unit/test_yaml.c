/* test_yaml.c - YAML as JSON: the core schema, what is refused, and where */
#include "task/yaml.h"

#include "base/auto.h"
#include "base/buf.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

static void gives(const char *yaml, const char *json)
{
	AUTO_JSON json_t *value = NULL;
	AUTO_FREE char *text = NULL;
	struct err err = ERR_INIT;

	if (yaml_parse(yaml, strlen(yaml), "a.yaml", &value, &err) < 0)
		fail_msg("%s: %s", yaml, err.text);
	text = json_dumps(value, JSON_ENCODE_ANY | JSON_COMPACT);
	assert_string_equal(text, json);
}

static void refuses(const char *yaml, size_t len, const char *what)
{
	json_t *value = NULL;
	struct err err = ERR_INIT;

	assert_int_equal(yaml_parse(yaml, len, "a.yaml", &value, &err), -1);
	assert_int_equal(err.code, ERR_INPUT);
	if (!strstr(err.text, what))
		fail_msg("%s: '%s' is not in: %s", yaml, what, err.text);
}

static void scalars_follow_the_core_schema(void **state)
{
	(void)state;
	gives("[1, -2, +3, 0o17, 0x1F, 007]", "[1,-2,3,15,31,7]");
	gives("[1.5, 1e3, .5, 1., 1.e2]", "[1.5,1000.0,0.5,1.0,100.0]");
	gives("[~, null, Null, NULL, '']", "[null,null,null,null,\"\"]");
	gives("a:\nb: x", "{\"a\":null,\"b\":\"x\"}");
	gives("[true, False, TRUE]", "[true,false,true]");
	gives("[yes, No, on, y]", "[\"yes\",\"No\",\"on\",\"y\"]");
	gives("['1', \"true\", 1_000, 1:30, 0b1, .e1, 1e, +, '.inf']",
	      "[\"1\",\"true\",\"1_000\",\"1:30\",\"0b1\",\".e1\",\"1e\",\"+\",\".inf\"]");
	gives("[9223372036854775807, 9223372036854775808]",
	      "[9223372036854775807,9.2233720368547758e18]");
	gives("2025-09", "\"2025-09\"");
}

static void collections_and_texts(void **state)
{
	(void)state;
	gives("", "null");
	gives("# nothing\n", "null");
	gives("---\na: 1\n...\n", "{\"a\":1}");
	gives("a:\n  - b\n  - {c: [1, 2], 3: d}\n", "{\"a\":[\"b\",{\"c\":[1,2],\"3\":\"d\"}]}");
	gives("a: |\n  one\n  two\nb: >-\n  one\n  two\n",
	      "{\"a\":\"one\\ntwo\\n\",\"b\":\"one two\"}");
	gives("\xef\xbb\xbf"
	      "a: \xc3\xa5", "{\"a\":\"\xc3\xa5\"}");
}

static void what_is_refused_names_its_line(void **state)
{
	static const struct { const char *yaml, *what; } wrong[] = {
		{ "a: 1\nb: &x 2\n", "a.yaml:2: anchors" },
		{ "a: &x [1]\n", "a.yaml:1: anchors" },
		{ "a: 1\nb: *x\n", "a.yaml:2: aliases" },
		{ "a: !!str 1\n", "a.yaml:1: tags" },
		{ "\na: !python/object []\n", "a.yaml:2: tags" },
		{ "a:\n  <<: {b: 1}\n", "a.yaml:2: merge keys" },
		{ "a: 1\nb: 2\na: 3\n", "a.yaml:3: the key 'a' is there twice" },
		{ "? [a]\n: 1\n", "a.yaml:1: a key must be" },
		{ "a: 1\n---\nb: 1\n", "a.yaml:2: a second document" },
		{ "a: 1\nb: \"\\0\"\n", "a.yaml:2: a NUL" },
		{ "a: .inf\n", "a.yaml:1: infinity" },
		{ "a: 1e999\n", "a.yaml:1: the number is too large" },
		{ "a: [1,\nb: 2\n", "a.yaml:3: " },
		{ "a: 1\n\tb: 2\n", "a.yaml:2: " },
		{ "a: 1\nb: \xff\n", "a.yaml:2: invalid" },
		{ "a: 1\nb: \x01\n", "a.yaml:2: control" },
	};

	(void)state;
	for (size_t i = 0; i < sizeof(wrong) / sizeof(*wrong); i++)
		refuses(wrong[i].yaml, strlen(wrong[i].yaml), wrong[i].what);
	refuses("a\0b", 3, "a.yaml:1: control");
	/* UTF-16 */
	refuses("\xff\xfe" "a\0:\0", 6, "a.yaml:1: ");
}

static void limits_hold(void **state)
{
	AUTO(buf_release) struct buf text = BUF_INIT(2 * YAML_MAX_BYTES);

	(void)state;
	for (int i = 0; i < YAML_MAX_DEPTH; i++)
		buf_add_str(&text, "[");
	for (int i = 0; i < YAML_MAX_DEPTH; i++)
		buf_add_str(&text, "]");
	gives(text.data, text.data);
	buf_clear(&text);
	for (int i = 0; i < 100000; i++)
		buf_add_str(&text, "[");
	refuses(text.data, text.len, "a.yaml:1: nested too deep");
	buf_clear(&text);
	for (int i = 0; i < YAML_MAX_NODES; i++)
		buf_add_str(&text, "- a\n");
	refuses(text.data, text.len, "too many values");
	buf_clear(&text);
	while (text.len <= YAML_MAX_BYTES)
		buf_add_str(&text, "# more and more of it\n");
	refuses(text.data, text.len, "larger than");
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(scalars_follow_the_core_schema),
		cmocka_unit_test(collections_and_texts),
		cmocka_unit_test(what_is_refused_names_its_line),
		cmocka_unit_test(limits_hold),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
