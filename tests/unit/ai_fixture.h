/* ai_fixture.h - JSON in tests, written with ' for ", and compared as text */
#ifndef TALI_AI_FIXTURE_H
#define TALI_AI_FIXTURE_H

#include "base/auto.h"
#include "base/buf.h"
#include "base/json.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#define LENGTH(array) (sizeof(array) / sizeof(*(array)))

/* The text with " for each '. Yours. */
static inline char *quoted(const char *text)
{
	char *copy = buf_strdup(text);

	for (char *at = copy; (at = strchr(at, '\''));)
		*at = '"';
	return copy;
}

static inline json_t *parsed(const char *text)
{
	AUTO_FREE char *json = quoted(text);
	json_t *value = json_loads(json, JSON_DECODE_ANY, NULL);

	if (!value)
		fail_msg("no JSON: %s", json);
	return value;
}

/* `value` is the JSON in `want`, in whatever order of members. */
static inline void assert_json(const json_t *value, const char *want)
{
	AUTO_JSON json_t *wanted = parsed(want);
	AUTO_FREE char *text = value ? json_canonical(value) : buf_strdup("(nothing)");
	AUTO_FREE char *expected = json_canonical(wanted);

	assert_string_equal(text, expected);
}

#endif
