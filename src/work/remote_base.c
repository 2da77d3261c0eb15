/* remote_base.c - see remote_base.h */
#include "work/remote_base.h"

#include "base/auto.h"
#include "base/fs.h"
#include "base/json.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#define SCHEMA "tali.base/1"
#define INDEX "index.json"
#define AGAIN "`tali start` the link again"
#define INDEX_MOST (16u << 20)

struct remote_base {
	char *folder;
	struct remote_file **files;	/* by path */
	size_t count;
	int64_t done;
	bool saved;
};

/* --- the table */

static void free_file(struct remote_file *file)
{
	free(file->path);
	free(file->data);
	free(file);
}

void remote_base_close(struct remote_base **base)
{
	if (!*base)
		return;
	for (size_t i = 0; i < (*base)->count; i++)
		free_file((*base)->files[i]);
	free((*base)->files);
	free((*base)->folder);
	free(*base);
	*base = NULL;
}

static size_t place(const struct remote_base *base, const char *path)
{
	size_t low = 0, high = base->count;

	while (low < high) {
		size_t middle = low + (high - low) / 2;

		if (strcmp(base->files[middle]->path, path) < 0)
			low = middle + 1;
		else
			high = middle;
	}
	return low;
}

size_t remote_base_count(const struct remote_base *base)
{
	return base->count;
}

struct remote_file *remote_base_at(const struct remote_base *base, size_t index)
{
	return base->files[index];
}

struct remote_file *remote_base_find(const struct remote_base *base, const char *path)
{
	size_t at = place(base, path);

	return at < base->count && !strcmp(base->files[at]->path, path) ? base->files[at] : NULL;
}

static struct remote_file *get(struct remote_base *base, const char *path)
{
	size_t at = place(base, path);
	struct remote_file *file;

	if (at < base->count && !strcmp(base->files[at]->path, path))
		return base->files[at];
	if ((base->count & (base->count - 1)) == 0)
		base->files = buf_realloc(base->files, base->count ? 2 * base->count : 1,
					  sizeof(*base->files));
	memmove(base->files + at + 1, base->files + at,
		(base->count - at) * sizeof(*base->files));
	file = buf_alloc(sizeof(*file));
	file->path = buf_strdup(path);
	base->files[at] = file;
	base->count++;
	return file;
}

void remote_base_remove(struct remote_base *base, const char *path)
{
	size_t at = place(base, path);

	if (at == base->count || strcmp(base->files[at]->path, path) != 0)
		return;
	free_file(base->files[at]);
	base->count--;
	memmove(base->files + at, base->files + at + 1,
		(base->count - at) * sizeof(*base->files));
}

/* --- contents */

static void *copy_of(const void *data, size_t len)
{
	char *copy = buf_alloc(len + 1);

	if (len)
		memcpy(copy, data, len);
	return copy;
}

static void set_content(struct remote_file *file, const void *data, size_t len)
{
	struct hash hash = hash_of(data, len);
	char *copy = copy_of(data, len);

	hash_hex(&hash, file->hash);
	free(file->data);
	file->data = copy;
	file->len = len;
}

struct remote_file *remote_base_put(struct remote_base *base, const char *path, const void *data,
				    size_t len, bool executable, int64_t rev)
{
	struct remote_file *file = get(base, path);

	set_content(file, data, len);
	file->executable = executable;
	file->rev = rev;
	return file;
}

int remote_base_read(const struct remote_base *base, const struct remote_file *file,
		     struct buf *ret, struct err *err)
{
	AUTO_FREE char *path = NULL;
	struct hash hash;
	char hex[HASH_HEX_SIZE];

	*ret = (struct buf)BUF_INIT(REMOTE_FILE_MOST);
	if (file->data) {
		buf_add(ret, file->data, file->len);
		return 0;
	}
	path = fs_join(base->folder, file->hash);
	if (fs_read(AT_FDCWD, path, REMOTE_FILE_MOST, ret, err) == 0) {
		hash = hash_of(buf_str(ret), ret->len);
		if (!strcmp(hash_hex(&hash, hex), file->hash))
			return 0;
	} else if (err->code == ERR_ENV) {
		return err_wrap(err, "what the server had of '%.200s'", file->path);
	}
	return err_set(err, ERR_INTEGRITY, "%s is damaged: " AGAIN, path);
}

int remote_base_check(const struct remote_base *base, struct err *err)
{
	for (size_t i = 0; i < base->count; i++) {
		AUTO(buf_release) struct buf content = { 0 };

		if (remote_base_read(base, base->files[i], &content, err) < 0)
			return -1;
	}
	return 0;
}

struct remote_base *remote_base_copy(const struct remote_base *base)
{
	struct remote_base *copy = buf_alloc(sizeof(*copy));

	copy->folder = buf_strdup(base->folder);
	copy->done = base->done;
	for (size_t i = 0; i < base->count; i++) {
		const struct remote_file *from = base->files[i];
		struct remote_file *to = get(copy, from->path);

		to->rev = from->rev;
		to->executable = from->executable;
		memcpy(to->hash, from->hash, sizeof(to->hash));
		to->data = from->data ? copy_of(from->data, from->len) : NULL;
		to->len = from->len;
	}
	return copy;
}

/* --- events */

/* The bytes of a payload; yours, with their number. */
static char *payload_bytes(const json_t *payloads, const char *hash, size_t *ret_len,
			   struct err *err)
{
	const json_t *payload;
	char hex[HASH_HEX_SIZE];
	size_t i;

	json_array_foreach(payloads, i, payload) {
		const char *base64 = json_str(payload, "base64", NULL);
		AUTO_FREE char *bytes = NULL;
		struct hash found;

		if (base64) {
			bytes = hash_from_base64(base64, ret_len, err);
		} else {
			*ret_len = json_string_length(payload);
			bytes = copy_of(json_string_value(payload), *ret_len);
		}
		if (!bytes)
			return NULL;
		found = hash_of(bytes, *ret_len);
		if (!strcmp(hash_hex(&found, hex), hash))
			return TAKE(bytes);
	}
	err_set(err, ERR_INTEGRITY, "payload %.64s is missing", hash);
	return NULL;
}

static int apply_edit(struct remote_base *base, const json_t *edit, const json_t *payloads,
		      struct err *err)
{
	struct remote_file *file = remote_base_find(base, json_str(edit, "file", ""));
	const json_t *ins = json_object_get(edit, "ins");
	size_t at = (size_t)json_int(edit, "at", 0), del = (size_t)json_int(edit, "del", 0);
	size_t len = json_string_length(ins);
	AUTO_FREE char *bytes = json_is_object(ins) ?
		payload_bytes(payloads, json_str(ins, "blob", ""), &len, err) : NULL;
	AUTO(buf_release) struct buf before = { 0 };
	AUTO(buf_release) struct buf after = BUF_INIT(REMOTE_FILE_MOST);

	if (json_is_object(ins) && !bytes)
		return -1;
	if (!file || remote_base_read(base, file, &before, err) < 0)
		return file ? -1 : err_set(err, ERR_INTEGRITY, "there is no such file");
	if (at > before.len || del > before.len - at)
		return err_set(err, ERR_INTEGRITY, "an edit is beyond the end");
	buf_add(&after, buf_str(&before), at);
	buf_add(&after, bytes ? bytes : json_string_value(ins), len);
	buf_add(&after, buf_str(&before) + at + del, before.len - at - del);
	set_content(file, buf_str(&after), after.len);
	return 0;
}

static int apply_write(struct remote_base *base, const json_t *data, const json_t *payloads,
		       struct err *err)
{
	const char *path = json_str(data, "path", "");
	const json_t *content = json_object_get(data, "content");
	struct remote_file *file = remote_base_find(base, path);
	AUTO_FREE char *bytes = NULL;
	size_t len = 0;

	if (content) {
		bytes = payload_bytes(payloads, json_str(content, "blob", ""), &len, err);
		if (!bytes)
			return -1;
	}
	if (!file)
		file = remote_base_put(base, path, "", 0, false, 0);
	if (content)
		set_content(file, bytes, len);
	file->executable = json_flag(data, "executable", file->executable);
	return 0;
}

static int apply_rename(struct remote_base *base, const char *path, const char *to,
			struct err *err)
{
	struct remote_file *from = remote_base_find(base, path);
	AUTO(buf_release) struct buf content = { 0 };
	bool executable;

	if (!from || remote_base_read(base, from, &content, err) < 0)
		return from ? -1 : err_set(err, ERR_INTEGRITY, "there is no such file");
	executable = from->executable;
	remote_base_remove(base, path);
	remote_base_put(base, to, buf_str(&content), content.len, executable, 0);
	return 0;
}

static int apply_file(struct remote_base *base, const json_t *data, const json_t *payloads,
		      struct err *err)
{
	const char *op = json_str(data, "op", "");

	if (!strcmp(op, "create") || !strcmp(op, "write"))
		return apply_write(base, data, payloads, err);
	if (!strcmp(op, "rename"))
		return apply_rename(base, json_str(data, "path", ""), json_str(data, "to", ""),
				    err);
	if (!strcmp(op, "delete"))
		remote_base_remove(base, json_str(data, "path", ""));
	return 0;
}

int remote_base_apply(struct remote_base *base, const char *kind, const json_t *data,
		      const json_t *payloads, struct err *err)
{
	const json_t *edit;
	size_t i;

	if (!strcmp(kind, "file") && apply_file(base, data, payloads, err) < 0)
		return err_wrap(err, "'%.200s'", json_str(data, "path", ""));
	if (strcmp(kind, "edit") != 0)
		return 0;
	json_array_foreach(json_object_get(data, "edits"), i, edit)
		if (apply_edit(base, edit, payloads, err) < 0)
			return err_wrap(err, "'%.200s'", json_str(edit, "file", ""));
	return 0;
}

/* --- on disk */

static int read_file(struct remote_base *base, const char *path, const json_t *value,
		     struct err *err)
{
	const char *hash = json_str(value, "hash", "");
	struct remote_file *file;
	struct hash ignored;

	if (!fs_path_confined(path) || hash_from_hex(hash, &ignored, err) < 0)
		return err_set(err, ERR_INTEGRITY, "%s/" INDEX " is damaged: " AGAIN, base->folder);
	file = get(base, path);
	file->rev = json_int(value, "rev", REMOTE_REV_UNSURE);
	file->executable = json_flag(value, "executable", false);
	memcpy(file->hash, hash, sizeof(file->hash));
	return 0;
}

static int read_index(struct remote_base *base, struct err *err)
{
	AUTO_FREE char *path = fs_join(base->folder, INDEX);
	AUTO_JSON json_t *root = NULL;
	const char *name;
	json_t *value;

	if (!fs_exists(path))
		return 0;
	root = json_read(path, INDEX_MOST, err);
	if (!root || strcmp(json_str(root, "schema", ""), SCHEMA) != 0)
		return err_set(err, ERR_INTEGRITY, "%s is damaged: " AGAIN, path);
	base->saved = true;
	base->done = json_int(root, "done", 0);
	json_object_foreach(json_object_get(root, "files"), name, value)
		if (read_file(base, name, value, err) < 0)
			return -1;
	return 0;
}

struct remote_base *remote_base_open(const struct remote_state *state, struct err *err)
{
	AUTO(remote_base_close) struct remote_base *base = buf_alloc(sizeof(*base));

	base->folder = fs_join(state->path, "base");
	if (fs_mkdirs(base->folder, 0700, err) < 0 || read_index(base, err) < 0)
		return NULL;
	return TAKE(base);
}

bool remote_base_is_new(const struct remote_base *base)
{
	return !base->saved;
}

int64_t remote_base_done(const struct remote_base *base)
{
	return base->done;
}

static int save_content(const struct remote_base *base, struct remote_file *file,
			struct err *err)
{
	AUTO_FREE char *path = fs_join(base->folder, file->hash);

	if (!file->data)
		return 0;
	if (!fs_exists(path) && fs_write(path, 0600, file->data, file->len, err) < 0)
		return -1;
	free(TAKE(file->data));
	return 0;
}

static json_t *index_json(const struct remote_base *base, int64_t done)
{
	json_t *files = json_object();

	for (size_t i = 0; i < base->count; i++) {
		const struct remote_file *file = base->files[i];

		json_object_set_new(files, file->path,
				    json_pack("{s:I, s:s, s:b}", "rev", (json_int_t)file->rev,
					      "hash", file->hash, "executable",
					      file->executable));
	}
	return json_pack("{s:s, s:I, s:o}", "schema", SCHEMA, "done", (json_int_t)done, "files",
			 files);
}

/* What is left of contents that nothing needs; also what a killed process left. */
static void sweep(const struct remote_base *base)
{
	AUTO_JSON json_t *needed = json_object();
	DIR *folder = opendir(base->folder);
	struct dirent *entry;

	for (size_t i = 0; i < base->count; i++)
		json_object_set_new(needed, base->files[i]->hash, json_true());
	while (folder && (entry = readdir(folder)))
		if (entry->d_name[0] != '.' && strcmp(entry->d_name, INDEX) != 0 &&
		    !json_object_get(needed, entry->d_name))
			unlinkat(dirfd(folder), entry->d_name, 0);
	if (folder)
		closedir(folder);
}

int remote_base_save(struct remote_base *base, int64_t done, struct err *err)
{
	AUTO_FREE char *path = fs_join(base->folder, INDEX);
	AUTO_JSON json_t *index = NULL;
	AUTO_FREE char *text = NULL;

	for (size_t i = 0; i < base->count; i++)
		if (save_content(base, base->files[i], err) < 0)
			return -1;
	index = index_json(base, done);
	text = json_dumps(index, JSON_SORT_KEYS);
	if (fs_write(path, 0600, text, strlen(text), err) < 0)
		return -1;
	base->done = done;
	base->saved = true;
	sweep(base);
	return 0;
}
