/* task_folder.c - see task_folder.h
 *
 * The tree is read once into a map from path to size; every question is then asked of the map. What
 * language_caches() names is passed over, as it never enters a version of the task. */
#include "task/task_folder.h"

#include "base/auto.h"
#include "base/buf.h"
#include "base/fs.h"
#include "base/json.h"
#include "task/language.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <stdarg.h>
#include <string.h>

#define STATEMENT "README.md"

static const struct fs_limits folder_limits = {
	.files = 10000,
	.bytes = 256 << 20,
	.file_bytes = 32 << 20,
	.depth = 32,
};

static const struct entry {
	const char *name;
	bool is_folder, is_required;
} top_entries[] = {
	{ MANIFEST_FILE, false, true },
	{ STATEMENT, false, true },
	{ "start", true, false },
	{ "hidden", true, false },
	{ "solution", true, false },
	{ "variants", true, false },
	{ "files", true, false },
};
#define TOP_ENTRIES (sizeof(top_entries) / sizeof(*top_entries))

struct folder {
	int fd;
	json_t *paths;		/* path -> size of a file, null for a folder, false for others */
	uint64_t bytes;
	bool is_full;		/* a limit of the whole folder was met; the walk ended there */
	json_t *faults;
};

/* --- faults */

static void add_fault(struct folder *folder, const char *file, int line, const char *pointer,
		      const char *message)
{
	json_array_append_new(folder->faults,
			      json_pack("{s:s, s:i, s:s, s:s}", "file", file, "line", line,
					"pointer", pointer, "message", message));
}

/* What is wrong with a file or folder; it has no line. */
__attribute__((format(printf, 3, 4)))
static void fault(struct folder *folder, const char *file, const char *format, ...)
{
	char message[300];
	va_list args;

	va_start(args, format);
	vsnprintf(message, sizeof(message), format, args);
	va_end(args);
	add_fault(folder, file, 0, "", message);
}

/* A path that may be printed and put into JSON: what is not plain ASCII becomes '?'. Yours. */
static char *printable_path(const char *path)
{
	char *copy = buf_strdup(path);

	for (unsigned char *at = (unsigned char *)copy; *at; at++) {
		if (*at < 0x20 || *at >= 0x7f)
			*at = '?';
	}
	return copy;
}

static int fail_with_first(const json_t *faults, struct err *err)
{
	const json_t *first = json_array_get(faults, 0);
	const char *file = json_str(first, "file", "");
	const char *pointer = json_str(first, "pointer", "");
	const char *message = json_str(first, "message", "");
	int line = (int)json_int(first, "line", 0);

	if (line == 0)
		return err_set(err, ERR_INPUT, "%s: %s", file, message);
	return err_set(err, ERR_INPUT, "%s:%d: %s%s%s", file, line, pointer, *pointer ? ": " : "",
		       message);
}

/* --- the map */

static bool has_file(const struct folder *folder, const char *path)
{
	return json_is_integer(json_object_get(folder->paths, path));
}

static bool has_folder(const struct folder *folder, const char *path)
{
	return json_is_null(json_object_get(folder->paths, path));
}

/* The name when `path` lies directly in the folder `parent` ("" is the top), else NULL. */
static const char *name_in(const char *path, const char *parent)
{
	size_t len = strlen(parent);

	if (len && (strncmp(path, parent, len) != 0 || path[len] != '/'))
		return NULL;
	path += len ? len + 1 : 0;
	return strchr(path, '/') ? NULL : path;
}

static void add_file(struct folder *folder, const char *path, const struct stat *st)
{
	uint64_t size = (uint64_t)st->st_size;

	if (size > folder_limits.file_bytes)
		fault(folder, path, "is larger than %u MiB",
		      (unsigned)(folder_limits.file_bytes >> 20));
	folder->bytes += size;
	json_object_set_new(folder->paths, path, json_integer((json_int_t)size));
	if (folder->bytes > folder_limits.bytes) {
		fault(folder, path, "all files together are larger than %u MiB",
		      (unsigned)(folder_limits.bytes >> 20));
		folder->is_full = true;
	}
}

static void walk(struct folder *folder, int fd, const char *path, unsigned depth);

static void walk_below(struct folder *folder, int parent, const char *name, const char *path,
		       unsigned depth)
{
	AUTO_FD int fd = openat(parent, name, O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC);

	json_object_set_new(folder->paths, path, json_null());
	if (fd < 0)
		fault(folder, path, "%s", strerror(errno));
	else if (depth >= folder_limits.depth)
		fault(folder, path, "is nested deeper than %u folders", folder_limits.depth);
	else
		walk(folder, fd, path, depth + 1);
}

static void add_entry(struct folder *folder, int fd, const char *name, const char *path,
		      unsigned depth)
{
	AUTO_FREE char *shown = printable_path(path);
	struct stat st;

	if (!fs_path_confined(path)) {
		fault(folder, shown, "is not a name that a task may use");
		return;
	}
	json_object_set_new(folder->paths, path, json_false());
	if (fstatat(fd, name, &st, AT_SYMLINK_NOFOLLOW) < 0)
		fault(folder, path, "%s", strerror(errno));
	else if (S_ISLNK(st.st_mode))
		fault(folder, path, "symbolic links are not allowed in a task");
	else if (S_ISDIR(st.st_mode))
		walk_below(folder, fd, name, path, depth);
	else if (S_ISREG(st.st_mode))
		add_file(folder, path, &st);
	else
		fault(folder, path, "is neither a file nor a folder");
	if (json_object_size(folder->paths) >= folder_limits.files && !folder->is_full) {
		fault(folder, path, "there are more than %u files and folders",
		      (unsigned)folder_limits.files);
		folder->is_full = true;
	}
}

static bool is_passed_over(const char *name)
{
	const char *const *caches = language_caches();

	if (!strcmp(name, ".") || !strcmp(name, ".."))
		return true;
	while (*caches && strcmp(*caches, name) != 0)
		caches++;
	return *caches != NULL;
}

static int is_entry(const struct dirent *entry)
{
	return !is_passed_over(entry->d_name);
}

static int by_name(const struct dirent **a, const struct dirent **b)
{
	return strcmp((*a)->d_name, (*b)->d_name);
}

/* In the order of names, so that the same folder gives the same faults. */
static void walk(struct folder *folder, int fd, const char *path, unsigned depth)
{
	struct dirent **entries;
	int count = scandirat(fd, ".", &entries, is_entry, by_name);

	if (count < 0) {
		fault(folder, *path ? path : ".", "%s", strerror(errno));
		return;
	}
	for (int i = 0; i < count; i++) {
		AUTO_FREE char *below = *path ? fs_join(path, entries[i]->d_name)
					      : buf_strdup(entries[i]->d_name);

		if (!folder->is_full)
			add_entry(folder, fd, entries[i]->d_name, below, depth);
		free(entries[i]);
	}
	free(entries);
}

/* --- the layout */

static const struct entry *find_entry(const char *name)
{
	for (size_t i = 0; i < TOP_ENTRIES; i++) {
		if (!strcmp(top_entries[i].name, name))
			return &top_entries[i];
	}
	return NULL;
}

static void check_top(struct folder *folder)
{
	const char *path;
	json_t *ignored;

	for (size_t i = 0; i < TOP_ENTRIES; i++) {
		const struct entry *entry = &top_entries[i];
		bool other = entry->is_folder ? has_file(folder, entry->name)
					      : has_folder(folder, entry->name);

		if (other)
			fault(folder, entry->name, entry->is_folder ? "must be a folder"
								    : "must be a file");
		else if (entry->is_required && !json_object_get(folder->paths, entry->name))
			fault(folder, entry->name, "is missing");
	}
	json_object_foreach(folder->paths, path, ignored) {
		if (name_in(path, "") && !find_entry(path))
			fault(folder, path, "does not belong in a task folder, see tali-task(5)");
	}
}

static void check_start(struct folder *folder)
{
	if (json_object_get(folder->paths, "start/" STATEMENT))
		fault(folder, "start/" STATEMENT, "would hide the statement, which is put there");
	if (json_object_get(folder->paths, "start/files"))
		fault(folder, "start/files", "would hide the attachments, which are put there");
}

/* --- what the manifest points at */

static void manifest_faults(struct folder *folder, const json_t *list)
{
	const json_t *entry;
	size_t i;

	json_array_foreach(list, i, entry)
		add_fault(folder, MANIFEST_FILE, (int)json_int(entry, "line", 1),
			  json_str(entry, "pointer", ""), json_str(entry, "message", ""));
}

/* The text ends with NUL; NULL and a fault when the file cannot be read. Yours. */
static char *read_manifest(struct folder *folder, size_t *ret_len)
{
	AUTO(buf_release) struct buf text = BUF_INIT(MANIFEST_MAX_BYTES);
	struct err err = ERR_INIT;

	if (fs_read(folder->fd, MANIFEST_FILE, MANIFEST_MAX_BYTES, &text, &err) < 0) {
		if (has_file(folder, MANIFEST_FILE))
			fault(folder, MANIFEST_FILE, "cannot be read: %s", err.text);
		return NULL;
	}
	*ret_len = text.len;
	return buf_take(&text);
}

__attribute__((format(printf, 4, 5)))
static void pointed_fault(struct folder *folder, const char *text, const char *pointer,
			  const char *format, ...)
{
	char message[400];
	va_list args;

	va_start(args, format);
	vsnprintf(message, sizeof(message), format, args);
	va_end(args);
	add_fault(folder, MANIFEST_FILE, json_line_of(text, pointer), pointer, message);
}

static bool has_sibling(const struct folder *folder, const char *path, const char *ending)
{
	size_t stem = (size_t)(strrchr(path, '.') - path);
	AUTO_FREE char *sibling = buf_format("%.*s%s", (int)stem, path, ending);

	return has_file(folder, sibling);
}

/* Counts the inputs directly in `dir`; each must have its answer where the kind of test compares,
 * and each answer its input. */
static int check_cases(struct folder *folder, const char *dir, bool compares)
{
	const char *path;
	json_t *ignored;
	int count = 0;

	json_object_foreach(folder->paths, path, ignored) {
		const char *name = has_file(folder, path) ? name_in(path, dir) : NULL;

		if (!name)
			continue;
		count += fs_path_ends(name, ".in");
		if (compares && fs_path_ends(name, ".in") &&
		    !has_sibling(folder, path, ".ans") &&
		    !has_sibling(folder, path, ".out"))
			fault(folder, path, "has no answer, a file of that name with .ans or .out");
		if ((fs_path_ends(name, ".ans") || fs_path_ends(name, ".out")) &&
		    !has_sibling(folder, path, ".in"))
			fault(folder, path, "is an answer without a file of that name with .in");
	}
	return count;
}

static void check_io_test(struct folder *folder, const struct manifest_test *test, int number,
			  const char *text)
{
	AUTO_FREE char *hidden = buf_format("hidden/%s", test->dir);
	AUTO_FREE char *start = buf_format("start/%s", test->dir);
	AUTO_FREE char *pointer = buf_format("/tests/%d/dir", number);
	const char *dir = test->hidden ? hidden : start;

	if (test->hidden && has_folder(folder, start))
		pointed_fault(folder, text, pointer,
			      "the test is hidden, but candidates would see its folder start/%s",
			      test->dir);
	else if (!test->hidden && has_folder(folder, hidden))
		pointed_fault(folder, text, pointer,
			      "the test is visible, but hidden/%s would add cases to it",
			      test->dir);
	else if (!has_folder(folder, dir))
		pointed_fault(folder, text, pointer, "there is no folder %s", dir);
	else if (check_cases(folder, dir, test->kind == MANIFEST_IO) == 0)
		pointed_fault(folder, text, pointer, "there is no NAME.in in %s", dir);
}

static void check_variants(struct folder *folder, const struct manifest *manifest,
			   const char *text)
{
	const char *path;
	json_t *ignored;

	for (int i = 0; i < manifest->variant_count; i++) {
		AUTO_FREE char *dir = buf_format("variants/%s", manifest->variants[i].name);
		AUTO_FREE char *pointer = buf_format("/%s", dir);

		if (!has_folder(folder, dir))
			pointed_fault(folder, text, pointer, "there is no folder %s", dir);
	}
	json_object_foreach(folder->paths, path, ignored) {
		const char *name = name_in(path, "variants");
		const json_t *variants = json_object_get(manifest->root, "variants");

		if (name && !json_object_get(variants, name))
			fault(folder, path, "is not named in \"variants\" of " MANIFEST_FILE);
	}
}

static void check_pointed(struct folder *folder, const struct manifest *manifest, const char *text)
{
	for (int i = 0; i < manifest->test_count; i++) {
		if (manifest->tests[i].kind != MANIFEST_COMMAND)
			check_io_test(folder, &manifest->tests[i], i, text);
	}
	check_variants(folder, manifest, text);
}

static void check_manifest(struct folder *folder, struct manifest *manifest)
{
	AUTO_JSON json_t *list = json_array();
	struct err ignored = ERR_INIT;
	size_t len = 0;
	AUTO_FREE char *text = read_manifest(folder, &len);

	if (!text)
		return;
	if (manifest_parse(text, len, MANIFEST_FILE, manifest, list, &ignored) == 0)
		check_pointed(folder, manifest, text);
	manifest_faults(folder, list);
}

int task_folder_check(const char *path, struct manifest *ret_manifest, json_t *faults,
		      struct err *err)
{
	AUTO_FD int fd = open(path, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	AUTO(manifest_release) struct manifest manifest = MANIFEST_INIT;
	AUTO_JSON json_t *paths = json_object();
	AUTO_JSON json_t *list = json_array();
	struct folder folder = { .fd = fd, .paths = paths, .faults = list };

	if (fd < 0 && (errno == ENOENT || errno == ENOTDIR))
		return err_set(err, ERR_NOT_FOUND, "%s: no such folder", path);
	if (fd < 0)
		return err_sys(err, "%s", path);
	walk(&folder, fd, "", 0);
	check_manifest(&folder, &manifest);
	check_top(&folder);
	check_start(&folder);
	if (faults)
		json_array_extend(faults, list);
	if (json_array_size(list))
		return fail_with_first(list, err);
	*ret_manifest = manifest;
	manifest = (struct manifest)MANIFEST_INIT;
	return 0;
}
