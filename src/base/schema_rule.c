/* schema_rule.c - see schema_rule.h */
#include "base/schema_rule.h"

#include "base/auto.h"
#include "base/buf.h"
#include "base/json.h"
#include "base/spelling.h"

#include <regex.h>
#include <stdlib.h>
#include <string.h>

#define LENGTH(array) (sizeof(array) / sizeof(*(array)))

/* --- type, enum, const */

static const struct {
	const char *name, *text;
} types[] = {
	[JSON_OBJECT] = { "object", "an object" },
	[JSON_ARRAY] = { "array", "an array" },
	[JSON_STRING] = { "string", "a string" },
	[JSON_INTEGER] = { "integer", "a whole number" },
	[JSON_REAL] = { "number", "a number" },
	[JSON_TRUE] = { "boolean", "true or false" },
	[JSON_FALSE] = { "boolean", "true or false" },
	[JSON_NULL] = { "null", "null" },
};

static const char *type_text(const char *name)
{
	for (size_t i = 0; i < LENGTH(types); i++) {
		if (!strcmp(types[i].name, name))
			return types[i].text;
	}
	abort();
}

static bool is_type(const json_t *value, const char *name)
{
	return !strcmp(types[json_typeof(value)].name, name) ||
	       (json_is_integer(value) && !strcmp(name, "number"));
}

bool schema_rule_has_type(const json_t *rule, const json_t *value)
{
	const json_t *type;
	size_t i;

	json_array_foreach(rule, i, type) {
		if (is_type(value, json_string_value(type)))
			return true;
	}
	return json_is_string(rule) && is_type(value, json_string_value(rule));
}

void schema_rule_fault_type(struct schema_faults *faults, const json_t *rule, const json_t *value)
{
	AUTO(buf_release) struct buf wanted = BUF_INIT(128);
	const char *found = types[json_typeof(value)].text;
	const json_t *type;
	size_t i;

	if (json_is_number(value))
		found = json_is_integer(value) ? "a number" : "a decimal number";
	if (json_is_string(rule))
		buf_add_str(&wanted, type_text(json_string_value(rule)));
	json_array_foreach(rule, i, type)
		buf_add_format(&wanted, "%s%s", i ? " or " : "",
			       type_text(json_string_value(type)));
	schema_fault_add(faults, "must be %s, is %s", buf_str(&wanted), found);
}

static void add_word(struct buf *out, const json_t *value)
{
	AUTO_FREE char *text = json_is_string(value) ? buf_strdup(json_string_value(value))
						     : json_canonical(value);

	buf_add_str(out, text);
}

static void check_enum(struct schema_faults *faults, const json_t *rule, const json_t *value)
{
	AUTO(buf_release) struct buf words = BUF_INIT(200);
	const char *word = json_string_value(value), *meant = NULL;
	const json_t *allowed;
	size_t i;

	json_array_foreach(rule, i, allowed) {
		const char *other = json_string_value(allowed);

		if (json_equal(allowed, value))
			return;
		buf_add_str(&words, i ? ", " : "");
		add_word(&words, allowed);
		if (word && other && spelling_near(word, other))
			meant = other;
	}
	if (meant)
		schema_fault_add(faults, "must be one of %s (did you mean '%s'?)", buf_str(&words),
				 meant);
	else
		schema_fault_add(faults, "must be one of %s", buf_str(&words));
}

static void check_const(struct schema_faults *faults, const json_t *rule, const json_t *value)
{
	AUTO(buf_release) struct buf words = BUF_INIT(200);

	if (json_equal(rule, value))
		return;
	add_word(&words, rule);
	schema_fault_add(faults, "must be '%s'", buf_str(&words));
}

/* --- sizes and numbers */

static size_t code_points(const char *text)
{
	size_t count = 0;

	for (; *text; text++)
		count += (*text & 0xc0) != 0x80;
	return count;
}

static void at_least(struct schema_faults *faults, const json_t *rule, size_t size,
		     const char *what)
{
	size_t limit = (size_t)json_integer_value(rule);

	if (size < limit && limit == 1)
		schema_fault_add(faults, "must not be empty");
	else if (size < limit)
		schema_fault_add(faults, "must have at least %zu %ss, has %zu", limit, what, size);
}

static void at_most(struct schema_faults *faults, const json_t *rule, size_t size,
		    const char *what)
{
	size_t limit = (size_t)json_integer_value(rule);

	if (size > limit)
		schema_fault_add(faults, "must have at most %zu %s%s, has %zu", limit, what,
				 limit == 1 ? "" : "s", size);
}

static void check_min_length(struct schema_faults *faults, const json_t *rule, const json_t *value)
{
	if (json_is_string(value))
		at_least(faults, rule, code_points(json_string_value(value)), "character");
}

static void check_max_length(struct schema_faults *faults, const json_t *rule, const json_t *value)
{
	if (json_is_string(value))
		at_most(faults, rule, code_points(json_string_value(value)), "character");
}

static void check_min_items(struct schema_faults *faults, const json_t *rule, const json_t *value)
{
	if (json_is_array(value))
		at_least(faults, rule, json_array_size(value), "item");
}

static void check_max_items(struct schema_faults *faults, const json_t *rule, const json_t *value)
{
	at_most(faults, rule, json_array_size(value), "item");
}

static void check_min_properties(struct schema_faults *faults, const json_t *rule,
				 const json_t *value)
{
	if (json_is_object(value))
		at_least(faults, rule, json_object_size(value), "member");
}

static void check_max_properties(struct schema_faults *faults, const json_t *rule,
				 const json_t *value)
{
	at_most(faults, rule, json_object_size(value), "member");
}

static void check_minimum(struct schema_faults *faults, const json_t *rule, const json_t *value)
{
	if (json_is_number(value) && json_number_value(value) < json_number_value(rule))
		schema_fault_add(faults, "must be at least %.15g", json_number_value(rule));
}

static void check_maximum(struct schema_faults *faults, const json_t *rule, const json_t *value)
{
	if (json_is_number(value) && json_number_value(value) > json_number_value(rule))
		schema_fault_add(faults, "must be at most %.15g", json_number_value(rule));
}

static void check_exclusive_minimum(struct schema_faults *faults, const json_t *rule,
				    const json_t *value)
{
	if (json_is_number(value) && json_number_value(value) <= json_number_value(rule))
		schema_fault_add(faults, "must be more than %.15g", json_number_value(rule));
}

static void check_unique_items(struct schema_faults *faults, const json_t *rule,
			       const json_t *value)
{
	AUTO_JSON json_t *seen = json_object();
	const json_t *item;
	size_t i;

	json_array_foreach(json_is_true(rule) ? value : NULL, i, item) {
		AUTO_FREE char *text = json_canonical(item);

		if (json_object_get(seen, text)) {
			schema_fault_add(faults, "item %zu is there already", i);
			return;
		}
		json_object_set_new(seen, text, json_true());
	}
}

/* --- patterns */

bool schema_rule_matches(const char *pattern, const char *text)
{
	regex_t regex;
	bool match;

	if (regcomp(&regex, pattern, REG_EXTENDED | REG_NOSUB) != 0)
		abort();
	match = regexec(&regex, text, 0, NULL, 0) == 0;
	regfree(&regex);
	return match;
}

/* "A name." as "must be a name" */
static void fault_described(struct schema_faults *faults, const char *description)
{
	bool acronym = description[1] >= 'A' && description[1] <= 'Z';
	size_t len = strlen(description);

	if (description[len - 1] == '.')
		len--;
	schema_fault_add(faults, "must be %c%.*s", description[0] | (acronym ? 0 : 0x20),
			 (int)len - 1, description + 1);
}

static void check_pattern(struct schema_faults *faults, const json_t *schema, const json_t *value)
{
	const char *message = json_str(schema, "x-message", NULL);
	const char *description = json_str(schema, "description", "");
	const char *pattern = json_str(schema, "pattern", "");

	if (!json_is_string(value) || schema_rule_matches(pattern, json_string_value(value)))
		return;
	if (message)
		schema_fault_add(faults, "%s", message);
	else if (*description)
		fault_described(faults, description);
	else
		schema_fault_add(faults, "must match %s", pattern);
}

/* --- the table */

static const struct {
	const char *keyword;
	void (*check)(struct schema_faults *faults, const json_t *rule, const json_t *value);
} rules[] = {
	{ "enum", check_enum },
	{ "const", check_const },
	{ "minLength", check_min_length },
	{ "maxLength", check_max_length },
	{ "minItems", check_min_items },
	{ "maxItems", check_max_items },
	{ "uniqueItems", check_unique_items },
	{ "minProperties", check_min_properties },
	{ "maxProperties", check_max_properties },
	{ "minimum", check_minimum },
	{ "maximum", check_maximum },
	{ "exclusiveMinimum", check_exclusive_minimum },
};

bool schema_rule_check(struct schema_faults *faults, const json_t *schema, const char *keyword,
		       const json_t *value)
{
	if (!strcmp(keyword, "pattern")) {
		check_pattern(faults, schema, value);
		return true;
	}
	for (size_t i = 0; i < LENGTH(rules); i++) {
		if (!strcmp(rules[i].keyword, keyword)) {
			rules[i].check(faults, json_object_get(schema, keyword), value);
			return true;
		}
	}
	return false;
}
