/* import_draft.c - see import_draft.h */
#include "task/import_draft.h"

#include "base/auto.h"
#include "base/fs.h"
#include "base/utf8.h"
#include "task/manifest.h"
#include "workspace/repo.h"

#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <sys/stat.h>

#define NAME_MIN 2
#define NAME_MAX_LEN 64
#define NOTES_MAX 20000

struct import_draft {
	char *name, *folder;
	int fd;
	json_t *manifest;
	char *text;	/* of task.json, when it is kept as it is */
	size_t text_len;
	json_t *mapped, *changed, *left_out;
};

void import_draft_free(struct import_draft **draft)
{
	struct import_draft *old = *draft;

	*draft = NULL;
	if (!old)
		return;
	auto_close(&old->fd);
	json_decref(old->manifest);
	json_decref(old->mapped);
	json_decref(old->changed);
	json_decref(old->left_out);
	free(old->text);
	free(old->name);
	free(old->folder);
	free(old);
}

/* --- names */

/* Small letters and digits; anything between them is one '-'. Yours. */
static char *valid_name(const char *wanted)
{
	AUTO(buf_release) struct buf name = BUF_INIT(NAME_MAX_LEN);

	for (; *wanted; wanted++) {
		char c = *wanted >= 'A' && *wanted <= 'Z' ? (char)(*wanted + 'a' - 'A') : *wanted;

		if ((c >= 'a' && c <= 'z') || (c >= '0' && c <= '9'))
			buf_add_byte(&name, c);
		else if (name.len && name.data[name.len - 1] != '-')
			buf_add_byte(&name, '-');
	}
	while (name.len && name.data[name.len - 1] == '-')
		name.data[--name.len] = '\0';
	if (!name.len)
		return buf_strdup("task");
	return name.len < NAME_MIN ? buf_format("task-%s", name.data) : buf_take(&name);
}

/* The name, or the first of NAME-2, NAME-3, ... whose folder could be made. */
static int make_folder(struct import_draft *draft, const char *into, const char *name,
		       struct err *err)
{
	for (unsigned i = 1; i < 10000; i++) {
		AUTO_FREE char *ending = i == 1 ? buf_strdup("") : buf_format("-%u", i);
		int room = NAME_MAX_LEN - (int)strlen(ending);
		AUTO_FREE char *tried = buf_format("%.*s%s", room, name, ending);
		AUTO_FREE char *folder = fs_join(into, tried);

		if (mkdir(folder, 0755) == 0) {
			draft->name = TAKE(tried);
			draft->folder = TAKE(folder);
			return 0;
		}
		if (errno != EEXIST)
			break;
	}
	return err_sys(err, "cannot make a folder in '%s'", into);
}

struct import_draft *import_draft_new(const char *into, const char *wanted_name, struct err *err)
{
	AUTO(import_draft_free) struct import_draft *draft = buf_alloc(sizeof(*draft));
	AUTO_FREE char *name = valid_name(wanted_name);

	draft->fd = -1;
	draft->mapped = json_array();
	draft->changed = json_array();
	draft->left_out = json_array();
	if (make_folder(draft, into, name, err) < 0)
		return NULL;
	draft->fd = open(draft->folder, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	if (draft->fd < 0) {
		err_sys(err, "'%s'", draft->folder);
		return NULL;
	}
	draft->manifest = json_pack("{s:s, s:s}", "schema", "tali.task/1", "name", draft->name);
	if (strcmp(draft->name, wanted_name) != 0) {
		AUTO_FREE char *what = buf_format("name '%s' is '%s'", wanted_name, draft->name);

		import_draft_changed(draft, what,
				     "a task's name has small letters, digits and '-', and is "
				     "its own");
	}
	return TAKE(draft);
}

const char *import_draft_name(const struct import_draft *draft)
{
	return draft->name;
}

const char *import_draft_folder(const struct import_draft *draft)
{
	return draft->folder;
}

json_t *import_draft_manifest(struct import_draft *draft)
{
	return draft->manifest;
}

void import_draft_keep_manifest(struct import_draft *draft, const char *text, size_t len)
{
	free(draft->text);
	draft->text = buf_alloc(len + 1);
	memcpy(draft->text, text, len);
	draft->text_len = len;
}

/* --- files */

static int check_path(const char *path, struct err *err)
{
	if (!fs_path_confined(path))
		return err_set(err, ERR_INPUT, "'%s': not a path that a task may use", path);
	return 0;
}

/* No link is ever made in the folder, which is ours alone. */
static int make_folders(struct import_draft *draft, const char *path, bool whole, struct err *err)
{
	for (const char *at = path; *at; at++) {
		AUTO_FREE char *part = NULL;

		at += strcspn(at, "/");
		if (!*at && !whole)
			return 0;
		part = buf_format("%.*s", (int)(at - path), path);
		if (mkdirat(draft->fd, part, 0755) < 0 && errno != EEXIST)
			return errno == ENOTDIR
				       ? err_set(err, ERR_INPUT, "'%s': a file has its name", path)
				       : err_sys(err, "'%s'", path);
		if (!*at)
			return 0;
	}
	return 0;
}

int import_draft_folder_at(struct import_draft *draft, const char *path, struct err *err)
{
	return check_path(path, err) < 0 ? -1 : make_folders(draft, path, true, err);
}

int import_draft_put(struct import_draft *draft, const char *path, const void *data, size_t len,
		     bool executable, struct err *err)
{
	AUTO_FD int fd = -1;

	if (check_path(path, err) < 0 || make_folders(draft, path, false, err) < 0)
		return -1;
	fd = openat(draft->fd, path, O_WRONLY | O_CREAT | O_EXCL | O_NOFOLLOW | O_CLOEXEC, 0600);
	if (fd < 0 && (errno == EEXIST || errno == EISDIR))
		return err_set(err, ERR_INPUT, "'%s': two files of the package would be this one",
			       path);
	if (fd < 0 && errno == ENOTDIR)
		return err_set(err, ERR_INPUT, "'%s': a file has its name", path);
	if (fd < 0 || fs_write_all(fd, data, len) < 0 || fchmod(fd, executable ? 0755 : 0644) < 0)
		return err_sys(err, "'%s'", path);
	return 0;
}

int import_draft_put_text(struct import_draft *draft, const char *path, const char *text,
			  struct err *err)
{
	return import_draft_put(draft, path, text, strlen(text), false, err);
}

bool import_draft_has(const struct import_draft *draft, const char *path)
{
	return faccessat(draft->fd, path, F_OK, AT_SYMLINK_NOFOLLOW) == 0;
}

int import_draft_copy(struct import_draft *draft, const struct import_source *source,
		      const char *from, const char *to, struct err *err)
{
	AUTO(buf_release) struct buf data = BUF_INIT(0);

	if (import_source_read(source, from, repo_limits.file_bytes, &data, err) < 0)
		return -1;
	return import_draft_put(draft, to, data.data, data.len,
				import_source_executable(source, from), err);
}

int import_draft_map(struct import_draft *draft, const struct import_source *source,
		     const char *from, const char *to, struct err *err)
{
	if (import_draft_copy(draft, source, from, to, err) < 0)
		return -1;
	import_draft_mapped(draft, from, to);
	return 0;
}

/* --- the report */

json_t *import_draft_shown(const char *text)
{
	AUTO(buf_release) struct buf out = BUF_INIT(4000);
	size_t left = strlen(text), len;

	for (; left; text += len, left -= len) {
		len = utf8_char(text, left);
		if (!len || (unsigned char)*text < 0x20 || *text == 0x7f) {
			len = 1;
			buf_add_byte(&out, '?');
		} else if (out.len + len <= out.limit) {
			buf_add(&out, text, len);
		}
	}
	return json_string(buf_str(&out));
}

static void add_note(json_t *list, const char *key, const char *value, const char *other_key,
		     const char *other)
{
	if (json_array_size(list) < NOTES_MAX)
		json_array_append_new(list,
				      json_pack("{s:o, s:o}", key, import_draft_shown(value),
						other_key, import_draft_shown(other)));
}

json_t *import_draft_note(const char *what, const char *why)
{
	return json_pack("{s:o, s:o}", "what", import_draft_shown(what), "why",
			 import_draft_shown(why));
}

void import_draft_mapped(struct import_draft *draft, const char *from, const char *to)
{
	add_note(draft->mapped, "from", from, "to", to);
}

void import_draft_changed(struct import_draft *draft, const char *what, const char *why)
{
	add_note(draft->changed, "what", what, "why", why);
}

void import_draft_left_out(struct import_draft *draft, const char *what, const char *why)
{
	add_note(draft->left_out, "what", what, "why", why);
}

json_t *import_draft_report(const struct import_draft *draft)
{
	return json_pack("{s:s, s:n, s:n, s:n, s:O, s:O, s:O}", "name", draft->name, "folder", "id",
			 "version", "mapped", draft->mapped, "changed", draft->changed, "left_out",
			 draft->left_out);
}

/* --- the end */

static void set_default(struct import_draft *draft, const char *key, json_t *value)
{
	AUTO_FREE char *said = json_dumps(value, JSON_ENCODE_ANY);
	AUTO_FREE char *what = buf_format("%s is %s", key, said);

	if (json_object_get(draft->manifest, key)) {
		json_decref(value);
		return;
	}
	json_object_set_new(draft->manifest, key, value);
	import_draft_changed(draft, what, "the package does not say it");
}

static int write_manifest(struct import_draft *draft, struct err *err)
{
	AUTO_FREE char *text = NULL;
	AUTO_FREE char *lines = NULL;

	if (draft->text)
		return import_draft_put(draft, MANIFEST_FILE, draft->text, draft->text_len, false,
					err);
	set_default(draft, "title", json_string(draft->name));
	set_default(draft, "type", json_string("code_generation"));
	set_default(draft, "difficulty", json_string("intermediate"));
	set_default(draft, "time_limit_minutes", json_integer(60));
	text = json_dumps(draft->manifest, JSON_INDENT(2) | JSON_REAL_PRECISION(15));
	if (!text)
		return err_set(err, ERR_INPUT, "the manifest cannot be written");
	lines = buf_format("%s\n", text);
	return import_draft_put_text(draft, MANIFEST_FILE, lines, err);
}

int import_draft_finish(struct import_draft *draft, struct err *err)
{
	if (write_manifest(draft, err) < 0)
		return -1;
	return draft->text ? 0 : import_draft_folder_at(draft, "start", err);
}
