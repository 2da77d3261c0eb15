/* fold_files.c - see fold_files.h */
#include "journal/fold_files.h"

#include "base/auto.h"
#include "base/json.h"
#include "workspace/text_diff.h"

#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

/* --- the table */

static void entry_free(struct fold_entry *entry)
{
	text_free(&entry->text);
	free((char *)entry->file.path);
	free(entry);
}

void fold_files_release(struct fold_files *files)
{
	size_t i;

	for (i = 0; i < files->count; i++)
		entry_free(files->entries[i]);
	free(files->entries);
	free(files->present);
}

/* Where the path is or would be. */
static size_t place(const struct fold_files *files, const char *path)
{
	size_t low = 0, high = files->count;

	/* most come in order */
	if (high && strcmp(files->entries[high - 1]->file.path, path) < 0)
		return high;
	while (low < high) {
		size_t middle = low + (high - low) / 2;

		if (strcmp(files->entries[middle]->file.path, path) < 0)
			low = middle + 1;
		else
			high = middle;
	}
	return low;
}

struct fold_entry *fold_files_find(const struct fold_files *files, const char *path)
{
	size_t at = place(files, path);

	if (at < files->count && !strcmp(files->entries[at]->file.path, path))
		return files->entries[at];
	return NULL;
}

struct fold_entry *fold_files_there(const struct fold_files *files, const char *path)
{
	struct fold_entry *entry = fold_files_find(files, path);

	return entry && entry->present ? entry : NULL;
}

struct fold_entry *fold_files_add(struct fold_files *files, const char *path)
{
	struct fold_entry *entry = buf_alloc(sizeof(*entry));
	size_t at = place(files, path);

	/* in powers of two */
	if ((files->count & (files->count - 1)) == 0)
		files->entries = buf_realloc(files->entries, files->count ? files->count * 2 : 1,
					     sizeof(struct fold_entry *));
	memmove(files->entries + at + 1, files->entries + at,
		(files->count - at) * sizeof(struct fold_entry *));
	files->entries[at] = entry;
	files->count++;
	files->present_known = false;
	entry->file = (struct fold_file){ .path = buf_strdup(path), .cursor = -1, .cursor_to = -1 };
	return entry;
}

void fold_files_sweep(struct fold_files *files)
{
	size_t i, kept = 0;

	for (i = 0; i < files->count; i++) {
		if (files->entries[i]->present || files->entries[i]->tree[0])
			files->entries[kept++] = files->entries[i];
		else
			entry_free(files->entries[i]);
	}
	/* so that adding still finds room where it expects it */
	files->entries = buf_realloc(files->entries, files->count ? files->count * 2 : 1,
				     sizeof(struct fold_entry *));
	files->count = kept;
	files->present_known = false;
}

/* --- contents */

/* It has a text of its own: every byte has its mark. */
static bool own_text(const struct fold_entry *entry)
{
	return entry->present && !entry->base[0];
}

static void drop_content(struct fold_files *files, struct fold_entry *entry)
{
	if (own_text(entry))
		files->bytes -= entry->text ? text_len(entry->text) : entry->kept_len;
	text_free(&entry->text);
	entry->kept = false;
	entry->base[0] = '\0';
	entry->other = false;
}

void fold_files_remove(struct fold_files *files, struct fold_entry *entry)
{
	drop_content(files, entry);
	entry->present = false;
	entry->touched = true;
	entry->file = (struct fold_file){ .path = entry->file.path, .cursor = -1, .cursor_to = -1 };
	files->present_known = false;
}

void fold_files_set_base(struct fold_files *files, struct fold_entry *entry, const char *id,
			 enum text_origin origin, int64_t seq)
{
	drop_content(files, entry);
	snprintf(entry->base, sizeof(entry->base), "%s", id);
	entry->base_origin = origin;
	entry->base_seq = seq;
	entry->file.seq = seq;
	entry->touched = true;
	files->present_known &= entry->present;
	entry->present = true;
}

int fold_files_read(const struct fold_files *files, const char *id, size_t limit, struct buf *out,
		    struct err *err)
{
	const struct fold_source *source = files->source;

	if (strlen(id) == REPO_OID_SIZE - 1)
		return source->blob(source->arg, id, limit, out, err);
	return source->payload(source->arg, id, limit, out, err);
}

/* A text that fold_pack handed out. */
static int load_kept(struct fold_files *files, struct fold_entry *entry, struct err *err)
{
	AUTO(buf_release) struct buf packed = { 0 };
	const struct fold_source *source = files->source;
	struct unpack in = { .bad = false };
	char hex[HASH_HEX_SIZE];

	if (!source->text ||
	    source->text(source->arg, hash_hex(&entry->kept_hash, hex), FOLD_TEXTS_MAX, &packed,
			 err) < 0)
		return err_wrap(err, "'%s'", entry->file.path);
	in.at = (const uint8_t *)buf_str(&packed);
	in.end = in.at + packed.len;
	entry->text = text_unpack(&in);
	if (entry->text && in.at == in.end && text_len(entry->text) == entry->kept_len)
		return 0;
	text_free(&entry->text);
	return err_set(err, ERR_INTEGRITY, "'%s': the kept text is damaged", entry->file.path);
}

int fold_files_load(struct fold_files *files, struct fold_entry *entry, struct err *err)
{
	AUTO(buf_release) struct buf content = { 0 };

	if (entry->text || entry->other)
		return 0;
	if (!entry->base[0])
		return load_kept(files, entry, err);
	if (fold_files_read(files, entry->base, TEXT_DIFF_MAX, &content, err) < 0) {
		if (err->code != ERR_INPUT)
			return err_wrap(err, "'%s'", entry->file.path);
		*err = (struct err)ERR_INIT;
		entry->other = true;
		return 0;
	}
	if (!text_diff_fits(buf_str(&content), content.len)) {
		entry->other = true;
		return 0;
	}
	entry->text = text_new();
	return text_edit(entry->text, 0, 0, buf_str(&content), content.len, entry->base_origin,
			 entry->base_seq, err);
}

/* The text of an entry, made its own, to be changed. */
static int own(struct fold_files *files, struct fold_entry *entry, struct err *err)
{
	if (fold_files_load(files, entry, err) < 0)
		return -1;
	if (!entry->base[0])
		return 0;
	if (entry->other)
		return err_set(err, ERR_INPUT, "'%s' is not a text", entry->file.path);
	entry->base[0] = '\0';
	files->bytes += text_len(entry->text);
	return 0;
}

static int change(struct fold_files *files, struct fold_entry *entry, size_t at, size_t del,
		  const char *ins, size_t len, enum text_origin origin, int64_t seq,
		  struct err *err)
{
	if (own(files, entry, err) < 0)
		return -1;
	if (len > FOLD_TEXTS_MAX || files->bytes + len > FOLD_TEXTS_MAX)
		return err_set(err, ERR_INPUT, "the texts are larger than %u bytes in all",
			       FOLD_TEXTS_MAX);
	if (text_edit(entry->text, at, del, ins, len, origin, seq, err) < 0)
		return err_wrap(err, "'%s'", entry->file.path);
	files->bytes += len;
	files->bytes -= del;
	entry->kept = false;
	entry->file.seq = seq;
	entry->touched = true;
	return 0;
}

/* The place after what was typed; elsewhere the cursor stays with its text. */
static void follow(struct fold_file *file, size_t at, size_t del, size_t len,
		   enum text_origin origin)
{
	int64_t *ends[] = { &file->cursor, &file->cursor_to };
	size_t i;

	for (i = 0; i < 2; i++) {
		if (origin != TEXT_SAVED)
			*ends[i] = (int64_t)(at + len);
		else if (*ends[i] >= (int64_t)(at + del))
			*ends[i] += (int64_t)len - (int64_t)del;
		else if (*ends[i] > (int64_t)at)
			*ends[i] = (int64_t)at;
	}
}

struct becoming {
	struct fold_files *files;
	struct fold_entry *entry;
	enum text_origin origin;
	int64_t seq;
};

static int apply_delta(void *arg, const struct text_delta *delta, struct err *err)
{
	struct becoming *to = arg;

	if (change(to->files, to->entry, delta->at, delta->del, delta->ins, delta->len, to->origin,
		   to->seq, err) < 0)
		return -1;
	follow(&to->entry->file, delta->at, delta->del, delta->len, to->origin);
	return 0;
}

int fold_files_become(struct fold_files *files, struct fold_entry *entry, const char *bytes,
		      size_t len, enum text_origin origin, int64_t seq, struct err *err)
{
	struct becoming to = { files, entry, origin, seq };
	AUTO_FREE char *before = NULL;
	size_t before_len;

	if (own(files, entry, err) < 0)
		return -1;
	before_len = text_len(entry->text);
	before = buf_alloc(before_len + 1);
	text_copy(entry->text, 0, before_len, before);
	return text_diff(before, before_len, bytes, len, apply_delta, &to, err);
}

/* --- events */

/* The content of {"blob", "size"}. */
static int read_payload(const struct fold_files *files, const json_t *payload, size_t limit,
			struct buf *out, struct err *err)
{
	const struct fold_source *source = files->source;
	const char *hash = json_str(payload, "blob", NULL);

	if (!hash || strlen(hash) != HASH_HEX_SIZE - 1)
		return err_set(err, ERR_INPUT, "neither a text nor a payload");
	if (source->payload(source->arg, hash, limit, out, err) < 0)
		return -1;
	if (json_int(payload, "size", -1) != (json_int_t)out->len)
		return err_set(err, ERR_INPUT, "payload %s is not of the size that is told", hash);
	return 0;
}

static int find_origin(const json_t *data, enum text_origin fallback, enum text_origin *ret,
		       struct err *err)
{
	const char *name = json_str(data, "origin", NULL);
	int origin = name ? text_origin_find(name) : (int)fallback;

	if (origin < 0)
		return err_set(err, ERR_INPUT, "unknown origin '%.40s'", name);
	*ret = (enum text_origin)origin;
	return 0;
}

static struct fold_entry *need(const struct fold_files *files, const char *path, struct err *err)
{
	struct fold_entry *entry = path ? fold_files_there(files, path) : NULL;

	if (!entry)
		err_set(err, ERR_INPUT, "there is no file '%.200s'", path ? path : "");
	return entry;
}

int fold_files_edit(struct fold_files *files, const json_t *edit, int64_t seq, struct err *err)
{
	struct fold_entry *entry = need(files, json_str(edit, "file", NULL), err);
	const json_t *ins = json_object_get(edit, "ins");
	json_int_t at = json_int(edit, "at", -1), del = json_int(edit, "del", -1);
	AUTO(buf_release) struct buf payload = { 0 };
	const char *bytes = json_string_value(ins);
	size_t len = json_string_length(ins);
	enum text_origin origin = TEXT_TYPED;

	if (!entry || find_origin(edit, TEXT_TYPED, &origin, err) < 0)
		return -1;
	if (at < 0 || del < 0)
		return err_set(err, ERR_INPUT, "an edit at no place");
	if (!bytes) {
		if (read_payload(files, ins, TEXT_MAX, &payload, err) < 0)
			return -1;
		bytes = buf_str(&payload);
		len = payload.len;
	}
	if (change(files, entry, (size_t)at, (size_t)del, bytes, len, origin, seq, err) < 0)
		return -1;
	follow(&entry->file, (size_t)at, (size_t)del, len, origin);
	return 0;
}

/* The entries below a folder, from *ret on. */
static size_t below(const struct fold_files *files, const char *folder, size_t *ret)
{
	AUTO_FREE char *prefix = buf_format("%s/", folder);
	size_t len = strlen(prefix), at = place(files, prefix), end;

	for (end = at; end < files->count; end++)
		if (strncmp(files->entries[end]->file.path, prefix, len) != 0)
			break;
	*ret = at;
	return end - at;
}

static bool any_below(const struct fold_files *files, const char *folder)
{
	size_t first, count = below(files, folder, &first), i;

	for (i = 0; i < count; i++)
		if (files->entries[first + i]->present)
			return true;
	return false;
}

/* A file cannot stand where a folder is, nor in a file. */
static int check_place(const struct fold_files *files, const char *path, struct err *err)
{
	AUTO_FREE char *above = buf_strdup(path);
	char *slash = strrchr(above, '/');

	if (!fs_path_confined(path))
		return err_set(err, ERR_INPUT, "'%.200s' is not a path below the work folder",
			       path);
	for (; slash; slash = strrchr(above, '/')) {
		*slash = '\0';
		if (fold_files_there(files, above))
			return err_set(err, ERR_INPUT, "'%s' is not a folder", above);
	}
	if (any_below(files, path))
		return err_set(err, ERR_INPUT, "'%s' is a folder", path);
	return 0;
}

static struct fold_entry *make(struct fold_files *files, const char *path, struct err *err)
{
	struct fold_entry *entry = fold_files_find(files, path);

	if (check_place(files, path, err) < 0)
		return NULL;
	if (!entry && files->count >= repo_limits.files) {
		err_set(err, ERR_INPUT, "more than %" PRIu64 " files", repo_limits.files);
		return NULL;
	}
	if (!entry)
		entry = fold_files_add(files, path);
	entry->present = entry->touched = true;
	entry->text = text_new();
	files->present_known = false;
	return entry;
}

/* Text that was text before is compared with it; all else is the payload as a whole. */
static int write_content(struct fold_files *files, struct fold_entry *entry, const json_t *content,
			 enum text_origin origin, int64_t seq, struct err *err)
{
	AUTO(buf_release) struct buf bytes = { 0 };

	if (read_payload(files, content, repo_limits.file_bytes, &bytes, err) < 0 ||
	    fold_files_load(files, entry, err) < 0)
		return -1;
	if (entry->text && text_len(entry->text) && text_diff_fits(buf_str(&bytes), bytes.len))
		return fold_files_become(files, entry, buf_str(&bytes), bytes.len, origin, seq,
					 err);
	fold_files_set_base(files, entry, json_str(content, "blob", ""), origin, seq);
	return 0;
}

static int create_or_write(struct fold_files *files, const json_t *data, bool create, int64_t seq,
			   struct err *err)
{
	const char *path = json_str(data, "path", "");
	const json_t *content = json_object_get(data, "content");
	const json_t *executable = json_object_get(data, "executable");
	struct fold_entry *entry = fold_files_there(files, path);
	enum text_origin origin = TEXT_TYPED;

	if (find_origin(data, TEXT_SAVED, &origin, err) < 0)
		return -1;
	if (entry && create)
		return err_set(err, ERR_INPUT, "'%.200s' is there already", path);
	if (!entry && !create && !content)
		return err_set(err, ERR_INPUT, "there is no file '%.200s'", path);
	if (!entry)
		entry = make(files, path, err);
	if (!entry || (content && write_content(files, entry, content, origin, seq, err) < 0))
		return -1;
	if (executable)
		entry->file.executable = json_is_true(executable);
	entry->touched = true;
	entry->file.seq = seq;
	return 0;
}

static int delete(struct fold_files *files, const char *path, struct err *err)
{
	struct fold_entry *entry = fold_files_there(files, path);
	size_t first, count = below(files, path, &first), i;

	if (!entry && !any_below(files, path))
		return err_set(err, ERR_INPUT, "there is no file '%.200s'", path);
	if (entry)
		fold_files_remove(files, entry);
	for (i = 0; i < count; i++)
		if (files->entries[first + i]->present)
			fold_files_remove(files, files->entries[first + i]);
	return 0;
}

/* The content goes over with its marks; what stood there is replaced. */
static int move_file(struct fold_files *files, struct fold_entry *from, const char *path,
		     int64_t seq, struct err *err)
{
	struct fold_entry *to = fold_files_there(files, path);
	struct fold_file told = from->file;

	if (to == from)
		return 0;
	if (to)
		fold_files_remove(files, to);
	to = make(files, path, err);
	if (!to)
		return -1;
	text_free(&to->text);
	to->text = TAKE(from->text);
	memcpy(to->base, from->base, sizeof(to->base));
	to->base_origin = from->base_origin;
	to->base_seq = from->base_seq;
	to->other = from->other;
	to->kept = from->kept;
	to->kept_hash = from->kept_hash;
	to->kept_len = from->kept_len;
	told.path = to->file.path;
	told.seq = seq;
	to->file = told;
	/* its bytes are those of `to` now: nothing to take off */
	from->present = false;
	fold_files_remove(files, from);
	return 0;
}

static int rename_all(struct fold_files *files, const char *path, const char *to, int64_t seq,
		      struct err *err)
{
	struct fold_entry *entry = fold_files_there(files, path);
	size_t len = strlen(path), first, count, i;
	AUTO_FREE struct fold_entry **list = NULL;

	if (entry)
		return move_file(files, entry, to, seq, err);
	if (!any_below(files, path))
		return err_set(err, ERR_INPUT, "there is no file '%.200s'", path);
	if (!strncmp(to, path, len) && (to[len] == '/' || !to[len]))
		return err_set(err, ERR_INPUT, "a folder cannot be moved into itself");
	count = below(files, path, &first);
	list = buf_alloc(count * sizeof(struct fold_entry *));
	memcpy(list, files->entries + first, count * sizeof(struct fold_entry *));
	for (i = 0; i < count; i++) {
		AUTO_FREE char *name = buf_format("%s%s", to, list[i]->file.path + len);

		if (list[i]->present && move_file(files, list[i], name, seq, err) < 0)
			return -1;
	}
	return 0;
}

int fold_files_file(struct fold_files *files, const json_t *data, int64_t seq, struct err *err)
{
	const char *op = json_str(data, "op", ""), *path = json_str(data, "path", "");

	if (!fs_path_confined(path))
		return err_set(err, ERR_INPUT, "'%.200s' is not a path below the work folder",
			       path);
	if (!strcmp(op, "create") || !strcmp(op, "write"))
		return create_or_write(files, data, *op == 'c', seq, err);
	if (!strcmp(op, "delete"))
		return delete(files, path, err);
	if (!strcmp(op, "rename"))
		return rename_all(files, path, json_str(data, "to", ""), seq, err);
	/* folders are where files are: git knows no others */
	if (!strcmp(op, "mkdir") || !strcmp(op, "rmdir"))
		return 0;
	return err_set(err, ERR_INPUT, "unknown op '%.40s'", op);
}

/* An editor may also show what is not followed (a file that snapshots leave out). */
void fold_files_open(struct fold_files *files, const json_t *data)
{
	struct fold_entry *entry = fold_files_there(files, json_str(data, "file", ""));
	const char *action = json_str(data, "action", "");
	bool closing = !strcmp(action, "close");
	size_t i;

	if (!entry)
		return;
	for (i = 0; !closing && i < files->count; i++)
		files->entries[i]->file.shown = false;
	entry->file.open = entry->file.shown = !closing;
}

void fold_files_cursor(struct fold_files *files, const json_t *data)
{
	struct fold_entry *entry = fold_files_there(files, json_str(data, "file", ""));
	json_int_t at = json_int(data, "at", 0), to = json_int(data, "to", at);

	if (!entry)
		return;
	entry->file.cursor = at < 0 ? 0 : at;
	entry->file.cursor_to = to < 0 ? 0 : to;
}
