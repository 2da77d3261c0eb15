/* schema_fit.c - see schema_fit.h
 *
 * The schema becomes a tree of nodes in which nothing is looked up by name any more; regular
 * expressions are compiled once. */
#include "base/schema_fit.h"

#include "base/auto.h"
#include "base/buf.h"
#include "base/json.h"

#include <regex.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#define DEEPEST 32

struct property {
	const char *name;
	struct schema_fit *fit;		/* NULL: any value */
	bool required;
};

struct schema_fit {
	unsigned types;			/* a bit for each json_type */
	const json_t *choices, *fixed;	/* enum, const; NULL: any */
	struct property *properties;
	size_t property_count, required_count;
	bool closed;			/* no member but the properties */
	struct schema_fit *additional;	/* of the other members; NULL: any */
	struct schema_fit *items;	/* NULL: any */
	size_t min_items, max_items;
	size_t min_length, max_length;	/* in code points */
	const json_t *minimum, *maximum;	/* NULL: none */
	regex_t *pattern;
	struct schema_fit **forms;	/* oneOf */
	size_t form_count;
};

struct maker {
	const json_t *document;
	int depth;
};

static struct schema_fit *make(struct maker *maker, const json_t *schema);

/* --- keywords */

static unsigned type_bits(const char *name)
{
	static const struct {
		const char *name;
		unsigned bits;
	} types[] = {
		{ "object", 1u << JSON_OBJECT },
		{ "array", 1u << JSON_ARRAY },
		{ "string", 1u << JSON_STRING },
		{ "integer", 1u << JSON_INTEGER },
		{ "number", 1u << JSON_INTEGER | 1u << JSON_REAL },
		{ "boolean", 1u << JSON_TRUE | 1u << JSON_FALSE },
		{ "null", 1u << JSON_NULL },
	};

	for (size_t i = 0; i < sizeof(types) / sizeof(*types); i++)
		if (name && !strcmp(types[i].name, name))
			return types[i].bits;
	return 0;
}

static bool make_type(struct maker *maker, struct schema_fit *fit, const json_t *rule)
{
	const json_t *type;
	size_t i;

	(void)maker;
	fit->types = type_bits(json_string_value(rule));
	json_array_foreach(rule, i, type)
		fit->types |= type_bits(json_string_value(type));
	return fit->types != 0;
}

static bool is_scalar(const json_t *value)
{
	return !json_is_object(value) && !json_is_array(value) && !json_is_real(value);
}

static bool make_enum(struct maker *maker, struct schema_fit *fit, const json_t *rule)
{
	const json_t *choice;
	size_t i;

	(void)maker;
	fit->choices = rule;
	json_array_foreach(rule, i, choice)
		if (!is_scalar(choice))
			return false;
	return true;
}

static bool make_const(struct maker *maker, struct schema_fit *fit, const json_t *rule)
{
	(void)maker;
	fit->fixed = rule;
	return is_scalar(rule);
}

static struct property *property_of(struct schema_fit *fit, const char *name)
{
	for (size_t i = 0; i < fit->property_count; i++)
		if (!strcmp(fit->properties[i].name, name))
			return &fit->properties[i];
	fit->properties = buf_realloc(fit->properties, fit->property_count + 1,
				      sizeof(*fit->properties));
	fit->properties[fit->property_count] = (struct property){ .name = name };
	return &fit->properties[fit->property_count++];
}

static bool make_properties(struct maker *maker, struct schema_fit *fit, const json_t *rule)
{
	const char *name;
	json_t *schema;

	json_object_foreach((json_t *)rule, name, schema) {
		struct schema_fit *made = make(maker, schema);

		if (!made)
			return false;
		property_of(fit, name)->fit = made;
	}
	return true;
}

static bool make_required(struct maker *maker, struct schema_fit *fit, const json_t *rule)
{
	const json_t *name;
	size_t i;

	(void)maker;
	json_array_foreach(rule, i, name)
		property_of(fit, json_string_value(name))->required = true;
	fit->required_count = json_array_size(rule);
	return true;
}

static bool make_additional(struct maker *maker, struct schema_fit *fit, const json_t *rule)
{
	fit->closed = json_is_false(rule);
	if (json_is_object(rule))
		fit->additional = make(maker, rule);
	return !json_is_object(rule) || fit->additional;
}

static bool make_items(struct maker *maker, struct schema_fit *fit, const json_t *rule)
{
	fit->items = make(maker, rule);
	return fit->items;
}

static bool make_min_items(struct maker *maker, struct schema_fit *fit, const json_t *rule)
{
	(void)maker;
	fit->min_items = (size_t)json_integer_value(rule);
	return true;
}

static bool make_max_items(struct maker *maker, struct schema_fit *fit, const json_t *rule)
{
	(void)maker;
	fit->max_items = (size_t)json_integer_value(rule);
	return true;
}

static bool make_min_length(struct maker *maker, struct schema_fit *fit, const json_t *rule)
{
	(void)maker;
	fit->min_length = (size_t)json_integer_value(rule);
	return true;
}

static bool make_max_length(struct maker *maker, struct schema_fit *fit, const json_t *rule)
{
	(void)maker;
	fit->max_length = (size_t)json_integer_value(rule);
	return true;
}

static bool make_minimum(struct maker *maker, struct schema_fit *fit, const json_t *rule)
{
	(void)maker;
	fit->minimum = rule;
	return true;
}

static bool make_maximum(struct maker *maker, struct schema_fit *fit, const json_t *rule)
{
	(void)maker;
	fit->maximum = rule;
	return true;
}

static bool make_pattern(struct maker *maker, struct schema_fit *fit, const json_t *rule)
{
	(void)maker;
	fit->pattern = buf_alloc(sizeof(*fit->pattern));
	if (regcomp(fit->pattern, json_string_value(rule), REG_EXTENDED | REG_NOSUB) != 0)
		abort();
	return true;
}

static bool make_forms(struct maker *maker, struct schema_fit *fit, const json_t *rule)
{
	const json_t *schema;
	size_t i;

	fit->forms = buf_alloc(json_array_size(rule) * sizeof(*fit->forms));
	json_array_foreach(rule, i, schema) {
		fit->forms[i] = make(maker, schema);
		fit->form_count++;
		if (!fit->forms[i])
			return false;
	}
	return true;
}

static const struct keyword {
	const char *name;
	bool (*make)(struct maker *maker, struct schema_fit *fit, const json_t *rule);
} keywords[] = {
	{ "type", make_type },
	{ "enum", make_enum },
	{ "const", make_const },
	{ "properties", make_properties },
	{ "required", make_required },
	{ "additionalProperties", make_additional },
	{ "items", make_items },
	{ "minItems", make_min_items },
	{ "maxItems", make_max_items },
	{ "minLength", make_min_length },
	{ "maxLength", make_max_length },
	{ "minimum", make_minimum },
	{ "maximum", make_maximum },
	{ "pattern", make_pattern },
	{ "oneOf", make_forms },
	{ "description", NULL },
	{ "title", NULL },
	{ "default", NULL },
	{ "examples", NULL },
	{ "x-message", NULL },
	{ "x-tali-client", NULL },
	{ "$schema", NULL },
	{ "$id", NULL },
	{ "$defs", NULL },
};

static bool make_keyword(struct maker *maker, struct schema_fit *fit, const char *name,
			 const json_t *rule)
{
	for (size_t i = 0; i < sizeof(keywords) / sizeof(*keywords); i++)
		if (!strcmp(keywords[i].name, name))
			return !keywords[i].make || keywords[i].make(maker, fit, rule);
	return false;
}

/* --- the tree */

/* A schema that is nothing but a reference gives what it refers to; NULL when there is more. */
static const json_t *resolve(const struct maker *maker, const json_t *schema)
{
	const json_t *definitions = json_object_get(maker->document, "$defs");
	const char *ref = json_str(schema, "$ref", NULL);

	if (!ref)
		return schema;
	if (json_object_size(schema) > 1 + (json_object_get(schema, "description") != NULL) ||
	    strncmp(ref, "#/$defs/", 8) != 0)
		return NULL;
	schema = json_object_get(definitions, ref + 8);
	return json_object_get(schema, "$ref") ? NULL : schema;
}

static struct schema_fit *make(struct maker *maker, const json_t *schema)
{
	struct schema_fit *fit;
	const char *name;
	bool fine = true;
	json_t *rule;

	schema = resolve(maker, schema);
	if (!schema || maker->depth == DEEPEST)
		return NULL;
	fit = buf_alloc(sizeof(*fit));
	fit->types = ~0u;
	fit->max_items = fit->max_length = SIZE_MAX;
	maker->depth++;
	json_object_foreach((json_t *)schema, name, rule)
		fine = fine && make_keyword(maker, fit, name, rule);
	maker->depth--;
	/* one that is required and no property would count as a property */
	for (size_t i = 0; i < fit->property_count; i++)
		fine = fine && (fit->properties[i].fit || !(fit->closed || fit->additional));
	if (fine)
		return fit;
	schema_fit_free(fit);
	return NULL;
}

struct schema_fit *schema_fit_make(const json_t *document)
{
	struct maker maker = { .document = document };

	return make(&maker, document);
}

void schema_fit_free(struct schema_fit *fit)
{
	if (!fit)
		return;
	for (size_t i = 0; i < fit->property_count; i++)
		schema_fit_free(fit->properties[i].fit);
	for (size_t i = 0; i < fit->form_count; i++)
		schema_fit_free(fit->forms[i]);
	if (fit->pattern)
		regfree(fit->pattern);
	schema_fit_free(fit->additional);
	schema_fit_free(fit->items);
	free(fit->pattern);
	free(fit->properties);
	free(fit->forms);
	free(fit);
}

/* --- the answer */

static bool string_fits(const struct schema_fit *fit, const struct json_node *string)
{
	size_t count = 0;

	if (fit->min_length || fit->max_length != SIZE_MAX) {
		for (uint32_t i = 0; i < string->count; i++)
			count += (string->text[i] & 0xc0) != 0x80;
		if (count < fit->min_length || count > fit->max_length)
			return false;
	}
	if (fit->pattern) {
		AUTO_FREE char *text = strndup(string->text, string->count);

		if (!text)
			abort();
		return regexec(fit->pattern, text, 0, NULL, 0) == 0;
	}
	return true;
}

static bool number_fits(const struct schema_fit *fit, int64_t number)
{
	if (fit->minimum && (double)number < json_number_value(fit->minimum))
		return false;
	return !fit->maximum || (double)number <= json_number_value(fit->maximum);
}

static const struct property *find_property(const struct schema_fit *fit,
					    const struct json_node *key)
{
	for (size_t i = 0; i < fit->property_count; i++)
		if (json_flat_is(key, fit->properties[i].name))
			return &fit->properties[i];
	return NULL;
}

static bool object_fits(const struct schema_fit *fit, const struct json_flat *flat, uint32_t value)
{
	const struct json_node *nodes = flat->nodes;
	size_t required = 0;

	for (uint32_t key = value + 1; key < nodes[value].after; key = nodes[key + 1].after) {
		const struct property *property = find_property(fit, &nodes[key]);
		const struct schema_fit *member = property ? property->fit : fit->additional;

		if ((!property && fit->closed) ||
		    (member && !schema_fit_has(member, flat, key + 1)))
			return false;
		required += property && property->required;
	}
	return required == fit->required_count;	/* no key is there twice */
}

static bool array_fits(const struct schema_fit *fit, const struct json_flat *flat, uint32_t value)
{
	const struct json_node *nodes = flat->nodes;

	if (nodes[value].count < fit->min_items || nodes[value].count > fit->max_items)
		return false;
	for (uint32_t item = value + 1; fit->items && item < nodes[value].after;
	     item = nodes[item].after)
		if (!schema_fit_has(fit->items, flat, item))
			return false;
	return true;
}

static bool equals(const json_t *choice, const struct json_node *node)
{
	if (json_is_string(choice) && node->type == JSON_STRING)
		return json_flat_is(node, json_string_value(choice));
	if (json_is_integer(choice) && node->type == JSON_INTEGER)
		return json_integer_value(choice) == node->number;
	return json_typeof(choice) == node->type &&
	       (json_is_boolean(choice) || json_is_null(choice));
}

static bool is_choice(const json_t *choices, const struct json_node *node)
{
	const json_t *choice;
	size_t i;

	json_array_foreach(choices, i, choice)
		if (equals(choice, node))
			return true;
	return false;
}

static bool one_form_fits(const struct schema_fit *fit, const struct json_flat *flat,
			  uint32_t value)
{
	int count = 0;

	for (size_t i = 0; i < fit->form_count; i++)
		count += schema_fit_has(fit->forms[i], flat, value);
	return count == 1;
}

bool schema_fit_has(const struct schema_fit *fit, const struct json_flat *flat, uint32_t value)
{
	const struct json_node *node = &flat->nodes[value];

	if (!(fit->types & 1u << node->type) ||
	    (fit->choices && !is_choice(fit->choices, node)) ||
	    (fit->fixed && !equals(fit->fixed, node)) ||
	    (fit->forms && !one_form_fits(fit, flat, value)))
		return false;
	switch (node->type) {
	case JSON_OBJECT: return object_fits(fit, flat, value);
	case JSON_ARRAY: return array_fits(fit, flat, value);
	case JSON_STRING: return string_fits(fit, node);
	case JSON_INTEGER: return number_fits(fit, node->number);
	default: return true;
	}
}
