/* template.c - see template.h */
#include "report/template.h"

#include "base/share.h"
#include "report/html.h"

#include <inttypes.h>
#include <stdio.h>
#include <string.h>

#define DEPTH_MAX 16
#define NAME_MAX_LEN 64

/* What names stand for: the innermost first. */
struct scope {
	const json_t *value;
	const struct scope *around;
};

struct template
{
	const char *name;
	const char *at; /* what comes next */
	struct buf *out;
	int depth;
	struct err *err;
};

/* {{KIND NAME}}; kind is 0 for a plain name. */
struct tag {
	char kind;
	char name[NAME_MAX_LEN];
};

static int fill(struct template *template, const struct scope *scope, const char *section);

/* --- values */

static const json_t *member(const json_t *value, const char *path)
{
	const char *dot;

	for (; value && (dot = strchr(path, '.')) != NULL; path = dot + 1) {
		char key[NAME_MAX_LEN];

		snprintf(key, sizeof(key), "%.*s", (int)(dot - path), path);
		value = json_object_get(value, key);
	}
	return json_object_get(value, path);
}

static const json_t *look_up(const struct scope *scope, const char *name)
{
	const json_t *found = NULL;

	if (!strcmp(name, "."))
		return scope->value;
	for (; scope && !found; scope = scope->around)
		found = member(scope->value, name);
	return found;
}

static bool holds(const json_t *value)
{
	switch (value ? json_typeof(value) : JSON_NULL) {
	case JSON_NULL:
	case JSON_FALSE: return false;
	case JSON_STRING: return json_string_length(value) > 0;
	case JSON_INTEGER: return json_integer_value(value) != 0;
	case JSON_ARRAY: return json_array_size(value) > 0;
	default: return true;
	}
}

static void add_text(struct buf *out, const json_t *value)
{
	if (json_is_integer(value))
		buf_add_format(out, "%" PRId64, (int64_t)json_integer_value(value));
	else if (json_is_real(value))
		buf_add_format(out, "%.15g", json_real_value(value));
	else
		html_escape(out, json_string_value(value));
}

/* --- tags */

static int wrong(const struct template *template, const char *what, const char *name)
{
	return err_set(template->err, ERR_INTEGRITY, "share/web/%s.html: %s {{%s}}", template->name,
		       what, name);
}

/* 1 with the next tag, and the text before it added; 0 at the end. */
static int next_tag(struct template *template, struct tag *ret)
{
	const char *open = strstr(template->at, "{{"), *close = open ? strstr(open, "}}") : NULL;
	size_t len;

	if (!close) {
		buf_add_str(template->out, template->at);
		template->at += strlen(template->at);
		return 0;
	}
	buf_add(template->out, template->at, (size_t)(open - template->at));
	template->at = close + 2;
	open += 2;
	ret->kind = strchr("&=#^/>", *open) ? *open++ : 0;
	len = (size_t)(close - open);
	if (!len || len >= sizeof(ret->name))
		return wrong(template, "no name in", "");
	memcpy(ret->name, open, len);
	ret->name[len] = '\0';
	return 1;
}

static int include(struct template *template, const struct scope *scope, const char *name)
{
	char path[NAME_MAX_LEN + 16];
	const struct share_file *file;
	struct template inner = *template;

	snprintf(path, sizeof(path), "web/%s.html", name);
	file = share_find(path);
	if (!file || ++inner.depth > DEPTH_MAX)
		return wrong(template, "cannot take in", name);
	inner.name = name;
	inner.at = file->data;
	return fill(&inner, scope, NULL);
}

/* To the end of the section without a trace. */
static int skip(struct template *template, const struct scope *scope, const char *name)
{
	struct buf nothing = BUF_INIT(0), *out = template->out;
	int result;

	template->out = &nothing;
	result = fill(template, scope, name);
	template->out = out;
	buf_release(&nothing);
	return result;
}

static int repeat(struct template *template, const struct scope *scope, const struct tag *tag)
{
	const json_t *value = look_up(scope, tag->name);
	const char *begin = template->at;
	size_t count = json_is_array(value) ? json_array_size(value) : holds(value), i;

	if (tag->kind == '^')
		count = !holds(value);
	if (!count)
		return skip(template, scope, tag->name);
	for (i = 0; i < count; i++) {
		struct scope inner = { value, scope };

		if (json_is_array(value))
			inner.value = json_array_get(value, i);
		template->at = begin;
		if (fill(template, tag->kind == '^' ? scope : &inner, tag->name) < 0)
			return -1;
	}
	return 0;
}

static int replace(struct template *template, const struct scope *scope, const struct tag *tag)
{
	static const char html[] = "_html";
	size_t len = strlen(tag->name);

	switch (tag->kind) {
	case '#':
	case '^': return repeat(template, scope, tag);
	case '>': return include(template, scope, tag->name);
	case '=': html_json(template->out, look_up(scope, tag->name)); return 0;
	case '&':
		if (len < sizeof(html) || strcmp(tag->name + len - strlen(html), html) != 0)
			return wrong(template, "no HTML in", tag->name);
		buf_add_str(template->out, json_string_value(look_up(scope, tag->name))
						   ? json_string_value(look_up(scope, tag->name))
						   : "");
		return 0;
	default: add_text(template->out, look_up(scope, tag->name)); return 0;
	}
}

/* Up to the end of the section, or of the template. */
static int fill(struct template *template, const struct scope *scope, const char *section)
{
	struct tag tag;
	int more;

	if (++template->depth > DEPTH_MAX)
		return wrong(template, "too deep at", section ? section : "");
	while ((more = next_tag(template, &tag)) > 0) {
		if (tag.kind == '/') {
			template->depth--;
			if (section && !strcmp(section, tag.name))
				return 0;
			return wrong(template, "nothing ends at", tag.name);
		}
		if (replace(template, scope, &tag) < 0)
			return -1;
	}
	template->depth--;
	if (more < 0)
		return -1;
	return section ? wrong(template, "no end of", section) : 0;
}

int template_fill(const char *name, const json_t *values, struct buf *out, struct err *err)
{
	struct template template = { .name = name, .at = "", .out = out, .err = err };
	struct scope scope = { values, NULL };

	return include(&template, &scope, name);
}
