/* event_kind.c - see event_kind.h */
#include "journal/event_kind.h"

#include "base/auto.h"
#include "base/buf.h"
#include "base/fs.h"
#include "base/json.h"
#include "base/schema.h"
#include "base/schema_fit.h"
#include "base/share.h"

#include <pthread.h>
#include <stdlib.h>
#include <string.h>

#define FOLDER "schema/events/"
#define KINDS_MAX 64

struct event_kind {
	char *name;
	const json_t *schema;
	struct schema_fit *fit;
	bool is_client;
	const json_t *client_needs;	/* names of members, or NULL */
};

/* Filled once, then constant; sorted by name, as share_files is. */
static struct event_kind kinds[KINDS_MAX];
static size_t kind_count;
static pthread_once_t kinds_read = PTHREAD_ONCE_INIT;

static void read_kind(const struct share_file *file)
{
	struct event_kind *kind = &kinds[kind_count];
	AUTO_FREE char *schema = NULL;

	if (kind_count++ == KINDS_MAX)
		abort();
	kind->name = buf_strdup(file->name + strlen(FOLDER));
	kind->name[strlen(kind->name) - strlen(".json")] = '\0';
	schema = buf_format("events/%s", kind->name);
	kind->schema = schema_named(schema);
	kind->fit = schema_fit_make(kind->schema);
	kind->is_client = json_object_get(kind->schema, "x-tali-client") != NULL;
	kind->client_needs = json_object_get(kind->schema, "x-tali-client");
	if (!json_is_array(kind->client_needs))
		kind->client_needs = NULL;
	if (!kind->fit)
		abort();
}

static void read_kinds(void)
{
	for (const struct share_file *file = share_files; file->name; file++)
		if (!strncmp(file->name, FOLDER, strlen(FOLDER)))
			read_kind(file);
}

static int compare(const void *name, const void *kind)
{
	return strcmp(name, ((const struct event_kind *)kind)->name);
}

const struct event_kind *event_kind_find(const char *name)
{
	pthread_once(&kinds_read, read_kinds);
	return bsearch(name, kinds, kind_count, sizeof(*kinds), compare);
}

size_t event_kind_count(void)
{
	pthread_once(&kinds_read, read_kinds);
	return kind_count;
}

const struct event_kind *event_kind_at(size_t index)
{
	return &kinds[index];
}

const char *event_kind_name(const struct event_kind *kind)
{
	return kind->name;
}

bool event_kind_is_client(const struct event_kind *kind)
{
	return kind->is_client;
}

bool event_kind_is_plain_client(const struct event_kind *kind)
{
	return kind->is_client && !kind->client_needs;
}

int event_kind_check_client(const struct event_kind *kind, const json_t *data, struct err *err)
{
	const json_t *name;
	size_t i;

	if (!kind->is_client)
		return err_set(err, ERR_INPUT, "a client may not send events of kind '%s'",
			       kind->name);
	json_array_foreach(kind->client_needs, i, name)
		if (!json_object_get(data, json_string_value(name)))
			return err_set(err, ERR_INPUT, "a client may send events of kind '%s' "
				       "only with '%s'", kind->name, json_string_value(name));
	return 0;
}

/* --- what a schema cannot say */

static int check_path(const json_t *object, const char *key, struct err *err)
{
	const char *path = json_str(object, key, NULL);

	if (path && !fs_path_confined(path))
		return err_set(err, ERR_INPUT, "/%s: must be a path inside the workspace", key);
	return 0;
}

static int check_paths(const json_t *data, bool to_is_path, struct err *err)
{
	if (check_path(data, "file", err) < 0 || check_path(data, "path", err) < 0)
		return -1;
	return to_is_path ? check_path(data, "to", err) : 0;
}

static int check_edit_paths(const json_t *edits, struct err *err)
{
	const char *last = NULL;
	const json_t *edit;
	size_t i;

	json_array_foreach(edits, i, edit) {
		const char *file = json_str(edit, "file", "");

		if ((!last || strcmp(file, last) != 0) && check_path(edit, "file", err) < 0) {
			AUTO_FREE char *what = buf_strdup(err->text);

			return err_set(err, ERR_INPUT, "/edits/%zu%s", i, what);
		}
		last = file;
	}
	return 0;
}

/* What ran elsewhere ran on something that nobody here has seen. */
static int check_run(const json_t *data, struct err *err)
{
	bool elsewhere = json_object_get(data, "where") != NULL;

	if ((json_object_get(data, "tree") == NULL) == elsewhere)
		return 0;
	return err_set(err, ERR_INPUT, elsewhere ? "/tree: is not known of a run elsewhere"
						 : "/tree: is missing");
}

int event_kind_check(const struct event_kind *kind, const json_t *data, struct err *err)
{
	struct schema_fault first;

	if (schema_check(kind->schema, data, &first, 1) > 0)
		return err_set(err, ERR_INPUT, "%s%s%s", first.pointer, *first.pointer ? ": " : "",
			       first.text);
	if (json_has_real(data))
		return err_set(err, ERR_INPUT, "only whole numbers are allowed");
	if (!strcmp(kind->name, "edit"))
		return check_edit_paths(json_object_get(data, "edits"), err);
	if (!strcmp(kind->name, "run"))
		return check_run(data, err);
	return check_paths(data, !strcmp(kind->name, "file"), err);
}

static bool path_fits(const struct json_flat *flat, uint32_t object, const char *key)
{
	uint32_t value = json_flat_member(flat, object, key);
	const struct json_node *node = &flat->nodes[value];
	char path[1024 + 1];

	if (!value)
		return true;
	if (node->type != JSON_STRING || node->count >= sizeof(path))
		return false;
	memcpy(path, node->text, node->count);
	path[node->count] = '\0';
	return fs_path_confined(path);
}

static bool edit_paths_fit(const struct json_flat *flat, uint32_t edits)
{
	const struct json_node *nodes = flat->nodes;

	for (uint32_t edit = edits + 1; edit < nodes[edits].after; edit = nodes[edit].after)
		if (!path_fits(flat, edit, "file"))
			return false;
	return true;
}

bool event_kind_fits(const struct event_kind *kind, const struct json_flat *flat, uint32_t data)
{
	if (!schema_fit_has(kind->fit, flat, data))
		return false;
	if (!strcmp(kind->name, "edit"))
		return edit_paths_fit(flat, json_flat_member(flat, data, "edits"));
	if (!strcmp(kind->name, "run"))
		return !json_flat_member(flat, data, "where") ==
		       (json_flat_member(flat, data, "tree") != 0);
	return path_fits(flat, data, "file") && path_fits(flat, data, "path") &&
	       (strcmp(kind->name, "file") != 0 || path_fits(flat, data, "to"));
}

/* The quick yes; else event_kind_check decides, and has the words. */
static bool text_fits(const struct event_kind *kind, const char *text)
{
	AUTO(json_flat_release) struct json_flat flat = JSON_FLAT_INIT;

	return json_flat_parse(&flat, text, strlen(text)) && event_kind_fits(kind, &flat, 0);
}

char *event_kind_text(const struct event_kind *kind, const json_t *data, struct err *err)
{
	AUTO_FREE char *text = json_canonical(data);

	if (!text_fits(kind, text) && event_kind_check(kind, data, err) < 0) {
		err_wrap(err, "event '%s'", kind->name);
		return NULL;
	}
	if (strlen(text) > EVENT_KIND_DATA_MAX) {
		err_set(err, ERR_INPUT, "event '%s' is larger than %d bytes", kind->name,
			EVENT_KIND_DATA_MAX);
		return NULL;
	}
	return TAKE(text);
}
