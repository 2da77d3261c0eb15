/* task_import_task.c - see task_import_task.h */
#include "task/task_import_task.h"

#include "base/auto.h"
#include "base/json.h"
#include "task/manifest.h"

#include <string.h>

static bool detect(const struct import_source *source)
{
	return import_source_has(source, MANIFEST_FILE);
}

/* Another name changes the text, so it is written anew. What is no JSON is kept: the check of the
 * folder says where it is wrong. */
static int keep_manifest(struct import_call *call, struct import_draft *draft,
			 const struct buf *text, json_t *root)
{
	AUTO_FREE char *changed = NULL;
	AUTO_FREE char *lines = NULL;

	if (!call->name || !json_is_object(root) ||
	    !strcmp(call->name, json_str(root, "name", ""))) {
		import_draft_keep_manifest(draft, text->data, text->len);
		return 0;
	}
	json_object_set_new(root, "name", json_string(call->name));
	changed = json_dumps(root, JSON_INDENT(2) | JSON_REAL_PRECISION(15));
	lines = buf_format("%s\n", changed ? changed : "");
	import_draft_keep_manifest(draft, lines, strlen(lines));
	return 0;
}

/* Folders without files too: start/ may be one. */
static int copy_all(struct import_call *call, struct import_draft *draft, struct err *err)
{
	static const char *const folders[] = { "start", "hidden", "solution", "variants", "files" };
	const char *const *paths;
	size_t count;

	import_source_list(call->source, "", &paths, &count);
	for (size_t i = 0; i < count; i++)
		if (strcmp(paths[i], MANIFEST_FILE) != 0 &&
		    import_draft_copy(draft, call->source, paths[i], paths[i], err) < 0)
			return -1;
	for (size_t i = 0; i < sizeof(folders) / sizeof(*folders); i++)
		if (import_source_has_folder(call->source, folders[i]) &&
		    import_draft_folder_at(draft, folders[i], err) < 0)
			return -1;
	return 0;
}

static int run(struct import_call *call, struct err *err)
{
	AUTO(buf_release) struct buf text = BUF_INIT(0);
	AUTO_JSON json_t *root = NULL;
	struct err ignored = ERR_INIT;
	struct import_draft *draft;

	if (import_source_read(call->source, MANIFEST_FILE, MANIFEST_MAX_BYTES, &text, err) < 0)
		return -1;
	root = json_parse(text.data, text.len, MANIFEST_FILE, &ignored);
	draft = import_call_draft(
		call, json_str(root, "name", import_source_name(call->source)), err);
	if (!draft || keep_manifest(call, draft, &text, root) < 0)
		return -1;
	import_draft_mapped(draft, "**", "**");
	return copy_all(call, draft, err);
}

const struct import_format task_import_task = { "task", detect, run };
