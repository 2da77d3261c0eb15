/* schema.c - see schema.h
 *
 * Where it is narrower than the standard: an integer must be written without a decimal point, as
 * json_int reads no other. One annotation is our own: "x-message" beside pattern, oneOf or anyOf is
 * the sentence a person reads ("must be ..."); without it pattern uses the description. */
#include "base/schema.h"

#include "base/auto.h"
#include "base/buf.h"
#include "base/json.h"
#include "base/schema_rule.h"
#include "base/share.h"
#include "base/spelling.h"

#include <pthread.h>
#include <string.h>

struct check {
	const json_t *root;		/* the whole schema document */
	const json_t *schema;		/* the part of it that the keyword at hand stands in */
	struct schema_faults faults;
	int before;			/* faults when the value at hand was entered */
};

static void check_value(struct check *check, const json_t *schema, const json_t *value);

static void check_member(struct check *check, const json_t *schema, const char *key,
			 const json_t *value)
{
	schema_fault_enter(&check->faults, key);
	check_value(check, schema, value);
	schema_fault_leave(&check->faults);
}

static const char *nearest_key(const json_t *known, const char *word)
{
	const char *key;
	json_t *ignored;

	json_object_foreach((json_t *)known, key, ignored) {
		if (spelling_near(word, key))
			return key;
	}
	return NULL;
}

/* --- objects */

static void check_properties(struct check *check, const json_t *rule, const json_t *value)
{
	const char *key;
	json_t *member;

	json_object_foreach((json_t *)value, key, member) {
		const json_t *property = json_object_get(rule, key);

		if (property)
			check_member(check, property, key, member);
	}
}

static void check_pattern_properties(struct check *check, const json_t *rule, const json_t *value)
{
	const char *key, *pattern;
	json_t *member, *property;

	json_object_foreach((json_t *)rule, pattern, property) {
		json_object_foreach((json_t *)value, key, member) {
			if (schema_rule_matches(pattern, key))
				check_member(check, property, key, member);
		}
	}
}

static bool is_additional(const json_t *schema, const char *key)
{
	const char *pattern;
	json_t *ignored;

	json_object_foreach(json_object_get(schema, "patternProperties"), pattern, ignored) {
		if (schema_rule_matches(pattern, key))
			return false;
	}
	return !json_object_get(json_object_get(schema, "properties"), key);
}

static void fault_unknown(struct check *check, const char *key)
{
	const char *meant = nearest_key(json_object_get(check->schema, "properties"), key);

	schema_fault_enter(&check->faults, key);
	if (meant)
		schema_fault_add(&check->faults, "unknown key '%s' (did you mean '%s'?)", key,
				 meant);
	else
		schema_fault_add(&check->faults, "unknown key '%s'", key);
	schema_fault_leave(&check->faults);
}

static void check_additional(struct check *check, const json_t *rule, const json_t *value)
{
	const char *key;
	json_t *member;

	json_object_foreach((json_t *)value, key, member) {
		if (!is_additional(check->schema, key))
			continue;
		if (json_is_false(rule))
			fault_unknown(check, key);
		else if (json_is_object(rule))
			check_member(check, rule, key, member);
	}
}

/* A key that is misspelt is reported as unknown; it is then not called missing as well. */
static bool is_misspelt(const json_t *schema, const json_t *value, const char *name)
{
	const char *key;
	json_t *ignored;

	if (!json_is_false(json_object_get(schema, "additionalProperties")))
		return false;
	json_object_foreach((json_t *)value, key, ignored) {
		if (spelling_near(key, name) && is_additional(schema, key))
			return true;
	}
	return false;
}

static void check_required(struct check *check, const json_t *rule, const json_t *value)
{
	const json_t *name;
	size_t i;

	json_array_foreach(rule, i, name) {
		const char *key = json_string_value(name);

		if (json_is_object(value) && !json_object_get(value, key) &&
		    !is_misspelt(check->schema, value, key))
			schema_fault_add(&check->faults, "'%s' is required", key);
	}
}

static void check_property_names(struct check *check, const json_t *rule, const json_t *value)
{
	const char *key;
	json_t *ignored;

	json_object_foreach((json_t *)value, key, ignored) {
		AUTO_JSON json_t *name = json_string(key);

		check_member(check, rule, key, name);
	}
}

/* --- arrays */

static void check_items(struct check *check, const json_t *rule, const json_t *value)
{
	const json_t *item;
	char index[24];
	size_t i;

	json_array_foreach(value, i, item) {
		snprintf(index, sizeof(index), "%zu", i);
		check_member(check, rule, index, item);
	}
}

/* --- $ref, allOf, anyOf, oneOf */

static const json_t *resolve(const struct check *check, const json_t *schema)
{
	const char *ref;

	while ((ref = json_str(schema, "$ref", NULL))) {
		if (strncmp(ref, "#/$defs/", 8) != 0)
			abort();
		schema = json_object_get(json_object_get(check->root, "$defs"), ref + 8);
		if (!schema)
			abort();
	}
	return schema;
}

static void check_ref(struct check *check, const json_t *rule, const json_t *value)
{
	(void)rule;
	check_value(check, resolve(check, check->schema), value);
}

static void check_all_of(struct check *check, const json_t *rule, const json_t *value)
{
	const json_t *form;
	size_t i;

	json_array_foreach(rule, i, form)
		check_value(check, form, value);
}

/* Whether the value means to be of this form: its type, and what the form fixes by const. */
static bool means_form(const struct check *check, const json_t *form, const json_t *value)
{
	const json_t *type = json_object_get(form, "type");
	const char *key;
	json_t *property;

	if (type && !schema_rule_has_type(type, value))
		return false;
	json_object_foreach(json_object_get(form, "properties"), key, property) {
		const json_t *fixed = json_object_get(resolve(check, property), "const");
		const json_t *found = json_object_get(value, key);

		if (fixed && (!found || !json_equal(fixed, found)))
			return false;
	}
	return true;
}

/* The faults of the form that is meant say more than "none of them fits". */
static void fault_forms(struct check *check, const json_t *forms, const json_t *value)
{
	const char *message = json_str(check->schema, "x-message", "has none of the allowed forms");
	const json_t *form;
	size_t i;

	json_array_foreach(forms, i, form) {
		form = resolve(check, form);
		if (check->faults.list && means_form(check, form, value)) {
			check_value(check, form, value);
			return;
		}
	}
	if (check->faults.count == check->before)
		schema_fault_add(&check->faults, "%s", message);
}

static int count_forms(const struct check *check, const json_t *forms, const json_t *value)
{
	const json_t *form;
	int count = 0;
	size_t i;

	json_array_foreach(forms, i, form) {
		struct check trial = { .root = check->root };

		check_value(&trial, form, value);
		count += trial.faults.count == 0;
	}
	return count;
}

static void check_any_of(struct check *check, const json_t *rule, const json_t *value)
{
	if (count_forms(check, rule, value) == 0)
		fault_forms(check, rule, value);
}

static void check_one_of(struct check *check, const json_t *rule, const json_t *value)
{
	int count = count_forms(check, rule, value);

	if (count == 0)
		fault_forms(check, rule, value);
	else if (count > 1)
		schema_fault_add(&check->faults, "fits %d of the forms of which it must have one",
				 count);
}

/* --- the walk */

/* What stands under a keyword, for the search for unknown keywords. */
enum holds { HOLDS_VALUE, HOLDS_SCHEMA, HOLDS_LIST, HOLDS_MAP };

/* The keywords that lead on to other schemas, and those that say nothing about the value. */
static const struct keyword {
	const char *name;
	enum holds holds;
	void (*check)(struct check *check, const json_t *rule, const json_t *value);
} keywords[] = {
	{ "type", HOLDS_VALUE, NULL },	/* asked first, by check_value */
	{ "$ref", HOLDS_VALUE, check_ref },
	{ "properties", HOLDS_MAP, check_properties },
	{ "required", HOLDS_VALUE, check_required },
	{ "additionalProperties", HOLDS_SCHEMA, check_additional },
	{ "patternProperties", HOLDS_MAP, check_pattern_properties },
	{ "propertyNames", HOLDS_SCHEMA, check_property_names },
	{ "items", HOLDS_SCHEMA, check_items },
	{ "oneOf", HOLDS_LIST, check_one_of },
	{ "anyOf", HOLDS_LIST, check_any_of },
	{ "allOf", HOLDS_LIST, check_all_of },
	{ "description", HOLDS_VALUE, NULL },
	{ "x-message", HOLDS_VALUE, NULL },
	{ "x-tali-client", HOLDS_VALUE, NULL },
	{ "title", HOLDS_VALUE, NULL },
	{ "default", HOLDS_VALUE, NULL },
	{ "examples", HOLDS_VALUE, NULL },
	{ "$schema", HOLDS_VALUE, NULL },
	{ "$id", HOLDS_VALUE, NULL },
	{ "$defs", HOLDS_MAP, NULL },
};

static const struct keyword *keyword_find(const char *name)
{
	for (size_t i = 0; i < sizeof(keywords) / sizeof(*keywords); i++) {
		if (!strcmp(keywords[i].name, name))
			return &keywords[i];
	}
	return NULL;
}

static void check_keyword(struct check *check, const char *name, const json_t *rule,
			  const json_t *value)
{
	const struct keyword *keyword = keyword_find(name);

	if (keyword && keyword->check)
		keyword->check(check, rule, value);
	else if (!keyword && !schema_rule_check(&check->faults, check->schema, name, value))
		abort();
}

static void check_value(struct check *check, const json_t *schema, const json_t *value)
{
	const json_t *type = json_object_get(schema, "type"), *outer = check->schema;
	int before = check->before;
	const char *name;
	json_t *rule;

	if (type && !schema_rule_has_type(type, value)) {
		schema_rule_fault_type(&check->faults, type, value);
		return;
	}
	check->before = check->faults.count;
	json_object_foreach((json_t *)schema, name, rule) {
		check->schema = schema;
		check_keyword(check, name, rule, value);
	}
	check->schema = outer;
	check->before = before;
}

int schema_check(const json_t *schema, const json_t *value, struct schema_fault *faults, int most)
{
	struct check check = { .root = schema, .faults = { .list = faults, .most = most } };

	check_value(&check, schema, value);
	return check.faults.count;
}

int schema_check_named(const char *name, const json_t *value, struct err *err)
{
	const json_t *schema = schema_named(name);
	struct schema_fault first;

	if (!schema)
		return err_set(err, ERR_INPUT, "there is no schema '%s'", name);
	if (schema_check(schema, value, &first, 1) == 0)
		return 0;
	return err_set(err, ERR_INPUT, "%s%s%s", first.pointer, *first.pointer ? ": " : "",
		       first.text);
}

/* --- compiled-in schemas */

/* The schemas parsed so far, kept as long as the process; schema_lock guards the list. */
static struct known {
	const struct share_file *file;
	json_t *schema;
	struct known *next;
} *known_schemas;
static pthread_mutex_t schema_lock = PTHREAD_MUTEX_INITIALIZER;

/* Aborts when a keyword that nobody knows stands anywhere in the schema, used or not. */
static void check_keywords(const json_t *schema)
{
	struct schema_faults ignored = { 0 };
	AUTO_JSON json_t *null = json_null();
	const char *name, *key;
	json_t *rule, *part;
	size_t i;

	json_object_foreach((json_t *)schema, name, rule) {
		const struct keyword *keyword = keyword_find(name);
		enum holds holds = keyword ? keyword->holds : HOLDS_VALUE;

		if (!keyword && !schema_rule_check(&ignored, schema, name, null))
			abort();
		if (holds == HOLDS_SCHEMA)
			check_keywords(rule);
		json_object_foreach(holds == HOLDS_MAP ? rule : NULL, key, part)
			check_keywords(part);
		json_array_foreach(holds == HOLDS_LIST ? rule : NULL, i, part)
			check_keywords(part);
	}
}

static const json_t *find_or_parse(const struct share_file *file)
{
	struct err ignored = ERR_INIT;
	struct known *known = known_schemas;

	while (known && known->file != file)
		known = known->next;
	if (known)
		return known->schema;
	known = buf_alloc(sizeof(*known));
	*known = (struct known){ file, json_parse(file->data, file->size, file->name, &ignored),
				 known_schemas };
	if (!json_is_object(known->schema))
		abort();
	check_keywords(known->schema);
	known_schemas = known;
	return known->schema;
}

const json_t *schema_named(const char *name)
{
	AUTO_FREE char *path = buf_format("schema/%s.json", name);
	const struct share_file *file = share_find(path);
	const json_t *schema = NULL;

	if (file) {
		pthread_mutex_lock(&schema_lock);
		schema = find_or_parse(file);
		pthread_mutex_unlock(&schema_lock);
	}
	return schema;
}
