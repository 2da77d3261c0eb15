/* test_schema.c - each keyword of the JSON Schema subset, and what it says to people */
#include "base/schema.h"

#include "base/auto.h"
#include "base/json.h"
#include "base/share.h"

#include <pthread.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#define LENGTH(array) (sizeof(array) / sizeof(*(array)))

/* One schema for all rows; each property is about one keyword. */
static const char SCHEMA[] =
	"{ \"type\": \"object\", \"additionalProperties\": false, \"maxProperties\": 2,"
	"  \"properties\": {"
	"    \"string\": { \"type\": \"string\", \"minLength\": 2, \"maxLength\": 3 },"
	"    \"filled\": { \"minLength\": 1 },"
	"    \"whole\": { \"type\": \"integer\", \"minimum\": -1, \"maximum\": 5 },"
	"    \"number\": { \"type\": [\"number\", \"null\"], \"exclusiveMinimum\": 0 },"
	"    \"flag\": { \"type\": \"boolean\" },"
	"    \"color\": { \"enum\": [\"red\", \"green\", 3] },"
	"    \"version\": { \"const\": \"one/1\" },"
	"    \"plain\": { \"pattern\": \"^[a-z]+$\" },"
	"    \"described\": { \"pattern\": \"^[a-z]+$\", \"description\": \"Small letters.\" },"
	"    \"spoken\": { \"pattern\": \"^[a-z]+$\", \"x-message\": \"must be small\" },"
	"    \"list\": { \"type\": \"array\", \"minItems\": 1, \"maxItems\": 3, \"uniqueItems\": "
	"true,"
	"      \"items\": { \"$ref\": \"#/$defs/point\" } },"
	"    \"names\": { \"propertyNames\": { \"maxLength\": 2 }, \"minProperties\": 1,"
	"      \"patternProperties\": { \"^x\": { \"type\": \"integer\" } },"
	"      \"additionalProperties\": { \"type\": \"string\" } },"
	"    \"needs\": { \"required\": [\"points\"], \"additionalProperties\": false,"
	"      \"properties\": { \"points\": {}, \"a/b~c\": {} } },"
	"    \"both\": { \"allOf\": [ { \"minimum\": 1 }, { \"maximum\": 2 } ] },"
	"    \"either\": { \"anyOf\": [ { \"type\": \"string\", \"maxLength\": 2 }, { \"const\": 1 "
	"} ] },"
	"    \"shape\": { \"x-message\": \"must be a shape\", \"oneOf\": ["
	"      { \"type\": \"object\", \"properties\": { \"kind\": { \"const\": \"dot\" } } },"
	"      { \"type\": \"object\", \"properties\": { \"kind\": { \"const\": \"line\" },"
	"        \"length\": { \"type\": \"integer\" } }, \"additionalProperties\": false } ] },"
	"    \"many\": { \"oneOf\": [ { \"minimum\": 1 }, { \"minimum\": 2 } ] } },"
	"  \"$defs\": { \"point\": { \"type\": \"integer\" } } }";

static const struct row {
	const char *name, *value;
	const char *pointer, *text;	/* NULL: valid */
} rows[] = {
	{ "a value without faults is valid", "{\"string\": \"ab\"}", NULL, NULL },
	{ "an unknown key is named", "{\"xyz\": 1}", "/xyz", "unknown key 'xyz'" },
	{ "an unknown key that is nearly known is understood", "{\"colour\": 1}", "/colour",
	  "unknown key 'colour' (did you mean 'color'?)" },
	{ "too many members are counted", "{\"flag\": true, \"color\": 3, \"whole\": 1}", "",
	  "must have at most 2 members, has 3" },
	{ "a wrong type is named", "{\"string\": 5}", "/string", "must be a string, is a number" },
	{ "no fraction is a whole number", "{\"whole\": 1.0}", "/whole",
	  "must be a whole number, is a decimal number" },
	{ "one of two types is enough", "{\"number\": null}", NULL, NULL },
	{ "a whole number is a number", "{\"number\": 2}", NULL, NULL },
	{ "both allowed types are named", "{\"number\": []}", "/number",
	  "must be a number or null, is an array" },
	{ "a flag is true or false", "{\"flag\": 1}", "/flag",
	  "must be true or false, is a number" },
	{ "a short string is refused", "{\"string\": \"a\"}", "/string",
	  "must have at least 2 characters, has 1" },
	{ "an empty string is called empty", "{\"filled\": \"\"}", "/filled", "must not be empty" },
	{ "length is counted in letters, not bytes", "{\"string\": \"\xc3\xa9\xc3\xa9\xc3\xa9\"}",
	  NULL, NULL },
	{ "a long string is refused", "{\"string\": \"abcd\"}", "/string",
	  "must have at most 3 characters, has 4" },
	{ "a number below the least is refused", "{\"whole\": -2}", "/whole",
	  "must be at least -1" },
	{ "a number above the most is refused", "{\"whole\": 6}", "/whole", "must be at most 5" },
	{ "an exclusive minimum is excluded", "{\"number\": 0}", "/number", "must be more than 0" },
	{ "a word that is not in the list is refused", "{\"color\": \"blue\"}", "/color",
	  "must be one of red, green, 3" },
	{ "a word that is nearly in the list is understood", "{\"color\": \"gren\"}", "/color",
	  "must be one of red, green, 3 (did you mean 'green'?)" },
	{ "a constant is said", "{\"version\": \"two\"}", "/version", "must be 'one/1'" },
	{ "a pattern alone is shown", "{\"plain\": \"A\"}", "/plain", "must match ^[a-z]+$" },
	{ "a description beside the pattern is said", "{\"described\": \"A\"}", "/described",
	  "must be small letters" },
	{ "words of its own go before the pattern", "{\"spoken\": \"A\"}", "/spoken",
	  "must be small" },
	{ "a pattern is asked of strings only", "{\"plain\": 5}", NULL, NULL },
	{ "an item is pointed at", "{\"list\": [1, \"a\"]}", "/list/1",
	  "must be a whole number, is a string" },
	{ "an empty list is refused", "{\"list\": []}", "/list", "must not be empty" },
	{ "a long list is refused", "{\"list\": [1, 2, 3, 4]}", "/list",
	  "must have at most 3 items, has 4" },
	{ "an item that is there twice is found", "{\"list\": [1, 2, 1]}", "/list",
	  "item 2 is there already" },
	{ "a name is checked", "{\"names\": {\"abc\": \"\"}}", "/names/abc",
	  "must have at most 2 characters, has 3" },
	{ "a member is checked by the pattern of its name", "{\"names\": {\"x\": \"\"}}",
	  "/names/x",
	  "must be a whole number, is a string" },
	{ "any other member is checked by the rest", "{\"names\": {\"y\": 1}}", "/names/y",
	  "must be a string, is a number" },
	{ "an object without members is empty", "{\"names\": {}}", "/names", "must not be empty" },
	{ "a missing member is named at its object", "{\"needs\": {}}", "/needs",
	  "'points' is required" },
	{ "a misspelt member is not called missing too", "{\"needs\": {\"pionts\": 1}}",
	  "/needs/pionts", "unknown key 'pionts' (did you mean 'points'?)" },
	{ "a pointer is escaped", "{\"needs\": {\"points\": 1, \"/~\": 1}}", "/needs/~1~0",
	  "unknown key '/~'" },
	{ "a control character does not reach the message", "{\"\\u001b[2J\\n\": 1}", "/?[2J?",
	  "unknown key '?[2J?'" },
	{ "all of allOf must hold", "{\"both\": 3}", "/both", "must be at most 2" },
	{ "one of anyOf is enough", "{\"either\": 1}", NULL, NULL },
	{ "the form of the same type explains", "{\"either\": \"abc\"}", "/either",
	  "must have at most 2 characters, has 3" },
	{ "the form with the same constant explains",
	  "{\"shape\": {\"kind\": \"line\", \"lenght\": 1}}",
	  "/shape/lenght", "unknown key 'lenght' (did you mean 'length'?)" },
	{ "no form at all is said in words", "{\"shape\": {\"kind\": \"cube\"}}", "/shape",
	  "must be a shape" },
	{ "oneOf allows no two", "{\"many\": 5}", "/many",
	  "fits 2 of the forms of which it must have one" },
};

static void row_holds(void **state)
{
	const struct row *row = *state;
	struct err err = ERR_INIT;
	AUTO_JSON json_t *schema = json_parse(SCHEMA, strlen(SCHEMA), "schema", &err);
	AUTO_JSON json_t *value = json_parse(row->value, strlen(row->value), "value", &err);
	struct schema_fault faults[8];

	assert_non_null(schema);
	assert_non_null(value);
	if (!row->text) {
		assert_int_equal(schema_check(schema, value, faults, 8), 0);
		return;
	}
	assert_int_equal(schema_check(schema, value, faults, 8), 1);
	assert_string_equal(faults[0].text, row->text);
	assert_string_equal(faults[0].pointer, row->pointer);
}

static void all_faults_are_counted_and_as_many_as_asked_are_told(void **state)
{
	AUTO_JSON json_t *schema = json_pack("{s:{s:s}}", "items", "type", "string");
	AUTO_JSON json_t *value = json_pack("[i, i, i]", 1, 2, 3);
	struct schema_fault faults[3] = { { "", "" }, { "", "" }, { "untouched", "" } };

	(void)state;
	assert_int_equal(schema_check(schema, value, faults, 2), 3);
	assert_string_equal(faults[1].pointer, "/1");
	assert_string_equal(faults[2].pointer, "untouched");
	assert_int_equal(schema_check(schema, value, NULL, 0), 3);
}

static void a_pointer_that_is_too_long_stops_at_a_whole_key(void **state)
{
	struct err err = ERR_INIT;
	static const char text[] = "{\"additionalProperties\": {\"additionalProperties\": {"
				   "\"additionalProperties\": {\"type\": \"null\"}}}}";
	AUTO_JSON json_t *schema = json_parse(text, strlen(text), "schema", &err);
	char key[400];
	AUTO_JSON json_t *value = NULL;
	struct schema_fault fault;

	(void)state;
	memset(key, 'k', sizeof(key));
	key[sizeof(key) - 1] = '\0';
	value = json_pack("{s:{s:{s:i}}}", "a", key, "b", 1);
	assert_int_equal(schema_check(schema, value, &fault, 1), 1);
	assert_string_equal(fault.pointer, "/a");
}

static void a_text_that_is_too_long_ends_with_a_whole_letter(void **state)
{
	AUTO_JSON json_t *schema = json_pack("{s:b}", "additionalProperties", 0);
	AUTO_JSON json_t *value = json_object();
	char key[602] = "";
	struct schema_fault fault;

	(void)state;
	for (int i = 0; i < 300; i++)
		memcpy(key + 2 * i, "\xd1\x8f", 3);
	for (int shift = 0; shift < 2; shift++) {
		AUTO_JSON json_t *text = NULL;

		json_object_clear(value);
		json_object_set_new(value, shift ? key : key + 2, json_null());
		memmove(key + 1, key, 600);
		key[0] = 'x';
		assert_int_equal(schema_check(schema, value, &fault, 1), 1);
		text = json_string(fault.text);
		assert_non_null(text);
	}
}

static void a_schema_is_found_by_name(void **state)
{
	struct err err = ERR_INIT;
	AUTO_JSON json_t *value = json_object();

	(void)state;
	assert_non_null(schema_named("tali.task-1"));
	assert_ptr_equal(schema_named("tali.task-1"), schema_named("tali.task-1"));
	assert_null(schema_named("no-such"));
	assert_int_equal(schema_check_named("tali.task-1", value, &err), -1);
	assert_int_equal(err.code, ERR_INPUT);
	assert_string_equal(err.text, "'schema' is required");
	assert_int_equal(schema_check_named("no-such", value, &err), -1);
}

static void the_first_fault_is_told_with_its_pointer(void **state)
{
	struct err err = ERR_INIT;
	AUTO_JSON json_t *value = json_pack("{s:s, s:s, s:s, s:s, s:s, s:s, s:i, s:[]}", "schema",
					    "tali.task/1", "name", "ab", "title", "T", "type",
					    "bug_fix", "difficulty", "basic", "language", "c",
					    "time_limit_minutes", 1, "tests");

	(void)state;
	assert_int_equal(schema_check_named("tali.task-1", value, &err), -1);
	assert_string_equal(err.text, "/time_limit_minutes: must be at least 5");
}

/* Unknown keywords abort, so that to load each is a test of each. */
static void every_compiled_in_schema_uses_known_keywords_only(void **state)
{
	int count = 0;

	(void)state;
	for (const struct share_file *file = share_files; file->name; file++) {
		size_t len = strlen(file->name);
		char name[200] = "";

		if (strncmp(file->name, "schema/", 7) != 0 || strcmp(file->name + len - 5, ".json"))
			continue;
		strncat(name, file->name + 7, len - 7 - 5);
		assert_non_null(schema_named(name));
		count++;
	}
	assert_true(count > 0);
}

static void *ask(void *arg)
{
	(void)arg;
	return (void *)schema_named("tali.task-1");
}

static void threads_get_the_same_schema(void **state)
{
	pthread_t threads[4];
	void *schemas[4];

	(void)state;
	for (size_t i = 0; i < LENGTH(threads); i++)
		assert_int_equal(pthread_create(&threads[i], NULL, ask, NULL), 0);
	for (size_t i = 0; i < LENGTH(threads); i++)
		pthread_join(threads[i], &schemas[i]);
	for (size_t i = 1; i < LENGTH(threads); i++)
		assert_ptr_equal(schemas[i], schemas[0]);
}

#define TEST(function) { #function, function, NULL, NULL, NULL }

int main(void)
{
	static const struct CMUnitTest single[] = {
		TEST(threads_get_the_same_schema),
		TEST(all_faults_are_counted_and_as_many_as_asked_are_told),
		TEST(a_pointer_that_is_too_long_stops_at_a_whole_key),
		TEST(a_text_that_is_too_long_ends_with_a_whole_letter),
		TEST(a_schema_is_found_by_name),
		TEST(the_first_fault_is_told_with_its_pointer),
		TEST(every_compiled_in_schema_uses_known_keywords_only),
	};
	struct CMUnitTest tests[LENGTH(single) + LENGTH(rows)] = { 0 };
	size_t count = LENGTH(single);

	memcpy(tests, single, sizeof(single));
	for (size_t i = 0; i < LENGTH(rows); i++)
		tests[count++] = (struct CMUnitTest){ rows[i].name, row_holds, NULL, NULL,
						      (void *)&rows[i] };
	return cmocka_run_group_tests_name("schema", tests, NULL, NULL);
}
