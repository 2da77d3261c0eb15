/* test_event_kind.c - the kinds, who may send them, and that both checks of a schema agree */
#include "journal/event_kind.h"

#include "base/auto.h"
#include "base/buf.h"
#include "base/json.h"
#include "base/schema.h"
#include "base/schema_fit.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#define LENGTH(array) (sizeof(array) / sizeof(*(array)))
#define OID "0123456789abcdef0123456789abcdef01234567"
#define SHA "2cf24dba5fb0a30e26e83b2ac5b9e29e1b161e5c1fa7425e73043362938b9824"
#define BLOB "{\"blob\":\"" SHA "\",\"size\":5}"

/* Good data of each kind. */
static const struct sample {
	const char *kind;
	bool is_client;
	const char *data;
} samples[] = {
	{ "ai_prompt", false, "{\"conversation\":\"c1\",\"text\":\"why\",\"files\":[\"a\"]}" },
	{ "ai_response", false,
	  "{\"conversation\":\"c1\",\"text\":" BLOB ",\"input_tokens\":3}" },
	{ "ai_tool", false, "{\"conversation\":\"c1\",\"tool\":\"read\",\"result\":" BLOB "}" },
	{ "cursor", true, "{\"file\":\"a/b.c\",\"at\":3,\"to\":5}" },
	{ "edit", true,
	  "{\"edits\":[{\"ms\":1,\"file\":\"a\",\"at\":0,\"del\":0,\"ins\":\"x\"},"
	  "{\"file\":\"a\",\"at\":1,\"del\":2,\"ins\":" BLOB ",\"origin\":\"ai\"}]}" },
	{ "estimate", true, "{\"minutes\":45}" },
	{ "extend", false, "{\"row\":{\"extra_ms\":1,\"reason\":\"ill\"},\"why\":\"ill\"}" },
	{ "file", true, "{\"op\":\"rename\",\"path\":\"a\",\"to\":\"b\",\"executable\":true}" },
	{ "focus", true, "{\"state\":\"hidden\"}" },
	{ "interviewer", false, "{\"action\":\"joined\",\"text\":\"hello\"}" },
	{ "invite", false, "{\"row\":{\"round\":1}}" },
	{ "judge", false,
	  "{\"subitem\":\"planning.task_breakdown\",\"question\":\"" SHA "\",\"rubric\":\"1\","
	  "\"provider\":\"p\",\"model\":\"m\",\"samples\":[],\"input_tokens\":0,"
	  "\"output_tokens\":0}" },
	{ "late", false,
	  "{\"commit\":\"" OID "\",\"tree\":\"" OID "\",\"files\":1,\"after_ms\":0}" },
	{ "model", false, "{\"to\":\"large\",\"from\":\"small\"}" },
	{ "note", true, "{\"text\":\"\"}" },
	{ "open", true, "{\"file\":\"a\",\"action\":\"show\",\"hash\":\"" SHA "\"}" },
	{ "paste", true,
	  "{\"size\":5,\"hash\":\"" SHA "\",\"origin\":\"outside\",\"file\":\"a\"}" },
	{ "resend", false, "{\"row\":{}}" },
	{ "run", true,
	  "{\"argv\":[\"make\"],\"tree\":\"" OID "\",\"stdout\":" BLOB ",\"stderr\":" BLOB
	  ",\"verdict\":\"ok\",\"weak\":[],\"exit_status\":0,\"signal\":null}" },
	{ "score", false,
	  "{\"number\":1,\"digest\":\"" SHA "\",\"verdict\":\"ok\",\"weak\":[\"cpu\"]}" },
	{ "signature", false,
	  "{\"head\":\"" SHA "\",\"seq\":0,\"tree\":\"\",\"commit\":\"" OID "\","
	  "\"task_version\":\"" OID "\",\"time\":1,\"key\":\"\","
	  "\"signature\":\"\"}" },
	{ "snapshot", false,
	  "{\"reason\":\"idle\",\"tree\":\"" OID "\",\"commit\":\"" OID "\",\"row\":{},"
	  "\"open\":{\"a.c\":\"" SHA "\"},\"left_out\":0}" },
	{ "status", false, "{\"from\":\"active\",\"to\":\"submitted\",\"row\":{}}" },
	{ "submit", false, "{\"commit\":\"\",\"tree\":\"" OID "\",\"automatic\":false}" },
	{ "terminal", false,
	  "{\"terminal\":\"t1\",\"action\":\"start\",\"columns\":80,\"rows\":24}" },
	{ "terminal_in", false, "{\"terminal\":\"t1\",\"chunks\":[{\"ms\":0,\"text\":\"ls\"}]}" },
	{ "terminal_out", false,
	  "{\"terminal\":\"t1\",\"chunks\":[{\"base64\":\"/w==\"}," BLOB "]}" },
	{ "terminal_resize", false, "{\"terminal\":\"t1\",\"columns\":1000,\"rows\":1}" },
	{ "test", false,
	  "{\"tree\":\"" OID "\",\"verdict\":\"ok\",\"passed\":1,\"total\":2,"
	  "\"cases\":{\"a\":\"pass\"},\"weak\":[]}" },
	{ "transcript", false,
	  "{\"format\":\"codex\",\"session\":\"a-1\",\"prompts\":2,\"file\":" BLOB "}" },
};

static json_t *parse(const char *text)
{
	struct err err = ERR_INIT;
	json_t *value = json_parse(text, strlen(text), "data", &err);

	if (!value)
		fail_msg("%s: %s", err.text, text);
	return value;
}

static void every_kind_takes_its_data_and_says_who_may_send_it(void **state)
{
	(void)state;
	assert_int_equal(event_kind_count(), LENGTH(samples));
	for (size_t i = 0; i < LENGTH(samples); i++) {
		const struct event_kind *kind = event_kind_find(samples[i].kind);
		AUTO_JSON json_t *data = parse(samples[i].data);
		struct err err = ERR_INIT;

		assert_non_null(kind);
		assert_ptr_equal(kind, event_kind_at(i));
		assert_string_equal(event_kind_name(kind), samples[i].kind);
		assert_int_equal(event_kind_is_client(kind), samples[i].is_client);
		if (event_kind_check(kind, data, &err) < 0)
			fail_msg("%s: %s", samples[i].kind, err.text);
	}
}

static void what_is_no_kind_is_not_found(void **state)
{
	static const char *const names[] = { "", "edi", "edits", "Edit", "../tali.task-1",
					     "edit.json" };

	(void)state;
	for (size_t i = 0; i < LENGTH(names); i++)
		assert_null(event_kind_find(names[i]));
}

/* --- the quick check against the one with words */

static uint32_t dice_state;

static uint32_t dice(uint32_t sides)
{
	dice_state = dice_state * 1664525 + 1013904223;
	return (dice_state >> 8) % sides;
}

static json_t *random_value(void)
{
	static const char *const values[] = {
		"null", "true", "0", "-1", "1", "1000", "1001", "100001", "1.0", "\"\"", "\"a\"",
		"\"typed\"", "\"start\"", "\"" SHA "\"", "\"" OID "\"", "\"../a\"", "[]", "{}",
		"[\"a\"]", "[1]", BLOB, "{\"blob\":\"x\",\"size\":1}", "{\"a\":1}",
		"{\"a\":\"" SHA "\"}", "{\"a\":null}", "[{}]", "\"\xc3\xa4 \xf0\x9f\x98\x80\"",
	};

	return parse(values[dice(LENGTH(values))]);
}

/* A member of an object or an item of an array, somewhere below. */
static void change(json_t *value)
{
	size_t at = dice((uint32_t)(json_object_size(value) + json_array_size(value) + 1));
	const char *key;
	json_t *member;
	void *next;

	if (json_is_array(value) && at < json_array_size(value)) {
		member = json_array_get(value, at);
		if ((json_is_object(member) || json_is_array(member)) && dice(4))
			change(member);
		else
			json_array_set_new(value, at, random_value());
		return;
	}
	if (json_is_array(value)) {
		json_array_append_new(value, random_value());
		return;
	}
	json_object_foreach_safe(value, next, key, member) {
		if (at--)
			continue;
		if ((json_is_object(member) || json_is_array(member)) && dice(4))
			change(member);
		else if (dice(3))
			json_object_set_new(value, key, random_value());
		else
			json_object_del(value, key);
		return;
	}
	json_object_set_new(value, dice(2) ? "row" : "ms", random_value());
}

static void both_checks_of_a_schema_agree(void **state)
{
	int good = 0, bad = 0;

	(void)state;
	for (size_t i = 0; i < LENGTH(samples); i++) {
		AUTO_FREE char *name = buf_format("events/%s", samples[i].kind);
		const json_t *schema = schema_named(name);
		AUTO(json_flat_release) struct json_flat flat = JSON_FLAT_INIT;
		struct schema_fit *fit = schema_fit_make(schema);

		assert_non_null(fit);
		for (int round = 0; round < 1000; round++) {
			AUTO_JSON json_t *value = parse(samples[i].data);
			AUTO_FREE char *text = NULL;
			bool fits;

			for (uint32_t changes = dice(3); changes; changes--)
				change(value);
			text = json_canonical(value);
			if (!json_flat_parse(&flat, text, strlen(text))) {
				assert_true(json_has_real(value));
				continue;
			}
			fits = schema_fit_has(fit, &flat, 0);
			if (fits != (schema_check(schema, value, NULL, 0) == 0))
				fail_msg("%s: %s", samples[i].kind, text);
			good += fits;
			bad += !fits;
		}
		schema_fit_free(fit);
	}
	assert_true(good > 3000 && bad > 3000);
}

static void a_schema_that_says_more_is_not_made_quick(void **state)
{
	static const char *const schemas[] = {
		"{\"anyOf\":[{\"type\":\"string\"}]}",
		"{\"properties\":{\"a\":{\"uniqueItems\":true}}}",
		"{\"$ref\":\"#/$defs/a\",\"$defs\":{\"a\":{\"items\":{\"$ref\":\"#/$defs/a\"}}}}",
		"{\"properties\":{\"a\":{\"$ref\":\"#/$defs/b\"}}}",
		"{\"required\":[\"a\"],\"additionalProperties\":false}",
	};

	(void)state;
	for (size_t i = 0; i < LENGTH(schemas); i++) {
		AUTO_JSON json_t *schema = parse(schemas[i]);

		assert_null(schema_fit_make(schema));
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(every_kind_takes_its_data_and_says_who_may_send_it),
		cmocka_unit_test(what_is_no_kind_is_not_found),
		cmocka_unit_test(both_checks_of_a_schema_agree),
		cmocka_unit_test(a_schema_that_says_more_is_not_made_quick),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
