/* fold_view.c - see fold_view.h */
#include "journal/fold_view.h"

#include "base/json.h"
#include "journal/fold_internal.h"

#include <stdlib.h>
#include <string.h>

int64_t fold_seq(const struct fold *fold)
{
	return fold->seq;
}

int64_t fold_instant(const struct fold *fold)
{
	return fold->instant;
}

const json_t *fold_event_data(const struct fold *fold)
{
	return fold->data;
}

/* --- files */

/* Those that are there, without those that only the last snapshot has. */
static void list_present(struct fold_files *files)
{
	size_t i;

	if (files->present_known)
		return;
	files->present = buf_realloc(files->present, files->count, sizeof(struct fold_entry *));
	files->present_count = 0;
	for (i = 0; i < files->count; i++)
		if (files->entries[i]->present)
			files->present[files->present_count++] = files->entries[i];
	files->present_known = true;
}

size_t fold_file_count(const struct fold *fold)
{
	list_present((struct fold_files *)&fold->files);
	return fold->files.present_count;
}

const struct fold_file *fold_file_at(const struct fold *fold, size_t i)
{
	list_present((struct fold_files *)&fold->files);
	return &fold->files.present[i]->file;
}

const struct fold_file *fold_file(const struct fold *fold, const char *path)
{
	struct fold_entry *entry = fold_files_there(&fold->files, path);

	return entry ? &entry->file : NULL;
}

static struct fold_entry *entry_of(const struct fold_file *file)
{
	return (struct fold_entry *)((char *)file - offsetof(struct fold_entry, file));
}

int fold_text(struct fold *fold, const struct fold_file *file, struct text **ret, struct err *err)
{
	struct fold_entry *entry = entry_of(file);

	if (fold_files_load(&fold->files, entry, err) < 0)
		return -1;
	*ret = entry->text;
	return 0;
}

int fold_bytes(struct fold *fold, const struct fold_file *file, size_t limit, struct buf *out,
	       struct err *err)
{
	struct fold_entry *entry = entry_of(file);

	*out = (struct buf)BUF_INIT(limit);
	if (!entry->text && entry->base[0])
		return fold_files_read(&fold->files, entry->base, limit, out, err);
	if (fold_files_load(&fold->files, entry, err) < 0)
		return -1;
	if (text_len(entry->text) > limit)
		return err_set(err, ERR_INPUT, "'%s' is larger than %zu bytes", file->path, limit);
	buf_add(out, text_bytes(entry->text), text_len(entry->text));
	return 0;
}

/* --- terminals */

size_t fold_terminal_count(const struct fold *fold)
{
	return fold->terminals.count;
}

const struct fold_terminal *fold_terminal_at(const struct fold *fold, size_t i)
{
	return &fold->terminals.list[i]->terminal;
}

const struct fold_terminal *fold_terminal(const struct fold *fold, const char *id)
{
	struct fold_screen *screen = fold_terminals_find(&fold->terminals, id);

	return screen ? &screen->terminal : NULL;
}

struct screen *fold_screen(struct fold *fold, const struct fold_terminal *terminal)
{
	(void)fold;
	return ((struct fold_screen *)((char *)terminal - offsetof(struct fold_screen, terminal)))
		->screen;
}

/* --- conversations, notes, the rest */

size_t fold_conversation_count(const struct fold *fold)
{
	return fold->talk.count;
}

const struct fold_conversation *fold_conversation_at(const struct fold *fold, size_t i)
{
	return &fold->talk.list[i];
}

int fold_payload(const struct fold *fold, const json_t *text, size_t limit, struct buf *out,
		 struct err *err)
{
	const char *hash = json_str(text, "blob", NULL);

	*out = (struct buf)BUF_INIT(limit);
	if (hash)
		return fold_files_read(&fold->files, hash, limit, out, err);
	if (!json_is_string(text))
		return err_set(err, ERR_INPUT, "neither a text nor a payload");
	if (!buf_add(out, json_string_value(text), json_string_length(text)))
		return err_set(err, ERR_INPUT, "larger than %zu bytes", limit);
	return 0;
}

const struct fold_latest *fold_latest(const struct fold *fold, const char *kind)
{
	size_t i;

	for (i = 0; fold_latest_kinds[i]; i++)
		if (!strcmp(fold_latest_kinds[i], kind))
			return fold->latest[i].data ? &fold->latest[i] : NULL;
	return NULL;
}

size_t fold_note_count(const struct fold *fold)
{
	return fold->note_count;
}

const struct fold_note *fold_note_at(const struct fold *fold, size_t i)
{
	return &fold->notes[i];
}

/* --- provenance */

static int count_file(struct fold *fold, struct fold_entry *entry, uint64_t bytes[TEXT_ORIGINS],
		      struct fold_provenance *ret, struct err *err)
{
	int origin;

	memset(bytes, 0, TEXT_ORIGINS * sizeof(*bytes));
	if (fold_files_load(&fold->files, entry, err) < 0)
		return -1;
	if (!entry->text) {
		ret->other_files++;
		return 0;
	}
	text_count(entry->text, bytes);
	ret->texts++;
	for (origin = 0; origin < TEXT_ORIGINS; origin++)
		ret->bytes[origin] += bytes[origin];
	return 0;
}

int fold_provenance(struct fold *fold,
		    int (*visit)(void *arg, const struct fold_file *file, struct text *text,
				 const uint64_t bytes[TEXT_ORIGINS], struct err *err),
		    void *arg, struct fold_provenance *ret, struct err *err)
{
	size_t i;

	*ret = (struct fold_provenance){ .texts = 0 };
	for (i = 0; i < fold->files.count; i++) {
		struct fold_entry *entry = fold->files.entries[i];
		uint64_t bytes[TEXT_ORIGINS];

		if (!entry->present)
			continue;
		if (count_file(fold, entry, bytes, ret, err) < 0 ||
		    (visit && entry->text &&
		     visit(arg, &entry->file, entry->text, bytes, err) < 0))
			return -1;
	}
	return 0;
}
