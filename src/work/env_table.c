/* env_table.c - see env_table.h */
#include "work/env_table.h"

#include "base/auto.h"
#include "base/buf.h"
#include "base/fs.h"
#include "base/json.h"
#include "base/share.h"

#include <stdlib.h>
#include <string.h>

#define TEXT_MAX ((size_t)1 << 20)

/* Yours; what is compiled in can be read. */
static json_t *read_table(void)
{
	const struct share_file *file = share_find("env.json");
	struct err err = ERR_INIT;
	json_t *table = file ? json_parse(file->data, file->size, file->name, &err) : NULL;

	if (!table)
		abort();
	return table;
}

/* --- words in braces */

/* Yours; NULL when there is no such word. */
static char *value_of(const struct env_words *words, const char *name, size_t len)
{
	static const struct {
		const char *name, *above;
	} services[] = { { "anthropic", "/ai/anthropic" }, { "openai", "/ai/openai/v1" } };
	const struct {
		const char *name, *value;
	} known[] = { { "server", words->server }, { "token", words->token },
		      { "state", words->state },   { "folder", words->folder },
		      { "model", words->model } };

	for (size_t i = 0; i < sizeof(services) / sizeof(*services); i++)
		if (strlen(services[i].name) == len && !memcmp(services[i].name, name, len))
			return buf_format("%s%s", words->server, services[i].above);
	for (size_t i = 0; i < sizeof(known) / sizeof(*known); i++)
		if (strlen(known[i].name) == len && !memcmp(known[i].name, name, len))
			return buf_strdup(known[i].value);
	return NULL;
}

/* A basic string of TOML. */
static void add_toml(struct buf *out, const char *value)
{
	buf_add_byte(out, '"');
	for (; *value; value++) {
		unsigned char byte = (unsigned char)*value;

		if (byte == '"' || byte == '\\')
			buf_add_format(out, "\\%c", byte);
		else if (byte < 0x20 || byte == 0x7f)
			buf_add_format(out, "\\u%04x", byte);
		else
			buf_add_byte(out, *value);
	}
	buf_add_byte(out, '"');
}

static void add_plain(struct buf *out, const char *value)
{
	buf_add_str(out, value);
}

/* False when a word of the text is not known. */
static bool fill(const struct env_words *words, const char *text,
		 void (*add)(struct buf *out, const char *value), struct buf *out)
{
	while (*text) {
		const char *end = *text == '{' ? strchr(text, '}') : NULL;
		AUTO_FREE char *value = NULL;

		if (!end) {
			buf_add_byte(out, *text++);
			continue;
		}
		value = value_of(words, text + 1, (size_t)(end - text - 1));
		if (!value)
			return false;
		add(out, value);
		text = end + 1;
	}
	return true;
}

/* --- variables */

/* NULL: not now. */
static json_t *filled(const struct env_words *words, const char *text)
{
	AUTO(buf_release) struct buf value = BUF_INIT(TEXT_MAX);

	return fill(words, text, add_plain, &value) ? json_string(buf_str(&value)) : NULL;
}

static void add_variables(const struct env_words *words, const json_t *client, json_t *variables)
{
	const json_t *text;
	const char *name;

	json_object_foreach((json_t *)json_object_get(client, "set"), name, text) {
		json_t *value = filled(words, json_string_value(text));

		if (value)
			json_object_set_new(variables, name, value);
	}
}

json_t *env_table_variables(const struct env_words *words)
{
	AUTO_JSON json_t *table = read_table();
	json_t *variables = json_object();
	const json_t *client, *name;
	size_t i, j;

	json_array_foreach(json_object_get(table, "clients"), i, client) {
		add_variables(words, client, variables);
		json_array_foreach(json_object_get(client, "unset"), j, name)
			json_object_set_new(variables, json_string_value(name), json_null());
	}
	return variables;
}

/* --- clients */

static json_t *names_of(const struct env_words *words, const json_t *client)
{
	AUTO_JSON json_t *variables = json_object();
	json_t *names = json_array();
	const json_t *value;
	const char *name;

	add_variables(words, client, variables);
	json_object_foreach(variables, name, value)
		json_array_append_new(names, json_string(name));
	return names;
}

static json_t *files_of(const struct env_words *words, const json_t *client)
{
	json_t *paths = json_array();
	const json_t *lines;
	const char *name;

	json_object_foreach((json_t *)json_object_get(client, "files"), name, lines) {
		AUTO_FREE char *path = fs_join(words->state, name);

		json_array_append_new(paths, json_string(path));
	}
	return paths;
}

json_t *env_table_clients(const struct env_words *words)
{
	AUTO_JSON json_t *table = read_table();
	json_t *clients = json_array();
	const json_t *client;
	size_t i;

	json_array_foreach(json_object_get(table, "clients"), i, client)
		json_array_append_new(clients, json_pack("{s:s, s:s, s:o, s:o, s:s}", "name",
							 json_str(client, "name", ""), "title",
							 json_str(client, "title", ""), "variables",
							 names_of(words, client), "files",
							 files_of(words, client), "note",
							 json_str(client, "note", "")));
	return clients;
}

/* --- files */

static int write_file(const struct env_words *words, const char *name, const json_t *lines,
		      struct err *err)
{
	AUTO(buf_release) struct buf text = BUF_INIT(TEXT_MAX);
	AUTO_FREE char *path = fs_join(words->state, name);
	AUTO_FREE char *above = buf_strdup(path);
	const json_t *line;
	size_t i;

	json_array_foreach(lines, i, line) {
		AUTO(buf_release) struct buf filled_line = BUF_INIT(TEXT_MAX);

		if (fill(words, json_string_value(line), add_toml, &filled_line))
			buf_add_format(&text, "%s\n", buf_str(&filled_line));
	}
	*strrchr(above, '/') = '\0';
	if (fs_mkdirs(above, 0700, err) < 0)
		return -1;
	return fs_write(path, 0600, text.data, text.len, err);
}

int env_table_write(const struct env_words *words, struct err *err)
{
	AUTO_JSON json_t *table = read_table();
	const json_t *client, *lines;
	const char *name;
	size_t i;

	json_array_foreach(json_object_get(table, "clients"), i, client)
		json_object_foreach((json_t *)json_object_get(client, "files"), name, lines)
			if (write_file(words, name, lines, err) < 0)
				return -1;
	return 0;
}
