/* import_source.c - see import_source.h
 *
 * Every file is opened from the descriptor of the top by openat2 with RESOLVE_BENEATH, so it is the
 * kernel that keeps links inside, also when somebody changes the folder meanwhile. A kernel without
 * openat2 follows no links. */
#include "task/import_source.h"

#include "base/auto.h"
#include "base/fs.h"
#include "base/owned_folder.h"
#include "base/json.h"
#include "base/utf8.h"
#include "task/language.h"
#include "task/yaml.h"
#include "workspace/archive_file.h"
#include "workspace/repo.h"

#include <ctype.h>
#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <inttypes.h>
#include <linux/openat2.h>
#include <string.h>
#include <strings.h>
#include <sys/syscall.h>
#include <unistd.h>

struct entry {
	char *path;
	bool is_folder, executable;
};

struct import_source {
	char *name, *single;
	struct owned_folder temp;	/* where an archive was unpacked */
	int fd;			/* of the top */
	struct entry *entries;	/* in the order of paths, when all are listed */
	size_t count, size;
	const char **files;	/* the paths of those that are no folders */
	size_t file_count;
	uint64_t bytes;
};

void import_source_close(struct import_source **source)
{
	struct import_source *old = *source;

	*source = NULL;
	if (!old)
		return;
	for (size_t i = 0; i < old->count; i++)
		free(old->entries[i].path);
	free(old->entries);
	free(old->files);
	auto_close(&old->fd);
	owned_folder_release(&old->temp);
	free(old->name);
	free(old->single);
	free(old);
}

/* --- opening below the top */

#define OPEN_TRIES 1000
#define OPEN_READ (O_RDONLY | O_NONBLOCK | O_NOCTTY)

/* `flags` is OPEN_READ, or O_PATH to look only. */
static int open_beneath(int fd, const char *path, int flags)
{
	struct open_how how = {
		.flags = (uint64_t)(flags | O_CLOEXEC),
		.resolve = RESOLVE_BENEATH | RESOLVE_NO_MAGICLINKS,
	};
	int opened, tries = 0;

	/* a rename anywhere makes the kernel give up on a "..", and asks to try again */
	do
		opened = (int)syscall(SYS_openat2, fd, path, &how, sizeof(how));
	while (opened < 0 && errno == EAGAIN && ++tries < OPEN_TRIES);
	if (opened >= 0 || (errno != ENOSYS && errno != EPERM))
		return opened;
	opened = fs_open_below(fd, path);
	if (opened < 0 && errno == ELOOP)
		errno = ENOSYS;		/* it may lead anywhere, and not in a circle */
	return opened;
}

static int refuse_open(const char *path, struct err *err)
{
	switch (errno) {
	case EXDEV: return err_set(err, ERR_INPUT, "'%s': a link that leads out of the package",
				   path);
	case ELOOP: return err_set(err, ERR_INPUT, "'%s': links that lead in a circle", path);
	case ENOSYS: return err_set(err, ERR_INPUT, "'%s': a link: they are followed where the "
				    "kernel has openat2", path);
	case ENOENT: return err_set(err, ERR_INPUT, "'%s': a link to nothing", path);
	case ENXIO:
	case ENODEV: return err_set(err, ERR_INPUT, "'%s': neither a file nor a folder", path);
	default: return err_sys(err, "'%s'", path);
	}
}

/* --- the list */

static int add_entry(struct import_source *source, const char *path, const struct stat *st,
		     struct err *err)
{
	if (source->count >= IMPORT_SOURCE_MAX_ENTRIES)
		return err_set(err, ERR_INPUT, "'%s': more than %d files and folders", path,
			       IMPORT_SOURCE_MAX_ENTRIES);
	if (S_ISREG(st->st_mode)) {
		source->bytes += (uint64_t)st->st_size;
		if ((uint64_t)st->st_size > repo_limits.file_bytes)
			return err_set(err, ERR_INPUT, "'%s': larger than %" PRIu64 " bytes", path,
				       repo_limits.file_bytes);
		if (source->bytes > repo_limits.bytes)
			return err_set(err, ERR_INPUT, "'%s': more than %" PRIu64 " bytes in all",
				       path, repo_limits.bytes);
	}
	if (source->count == source->size) {
		source->size = source->size ? source->size * 2 : 256;
		source->entries =
			buf_realloc(source->entries, source->size, sizeof(*source->entries));
	}
	source->entries[source->count++] = (struct entry){
		.path = buf_strdup(path),
		.is_folder = S_ISDIR(st->st_mode),
		.executable = (st->st_mode & S_IXUSR) != 0,
	};
	return 0;
}

static int refuse_name(const char *path, struct err *err)
{
	AUTO_FREE char *shown = buf_strdup(path);

	for (unsigned char *at = (unsigned char *)shown; *at; at++)
		if (*at < 0x20 || *at >= 0x7f)
			*at = '?';
	return err_set(err, ERR_INPUT, "'%s': not a path that a package may use", shown);
}

static bool is_passed_over(const char *name)
{
	const char *const *caches = language_caches();

	if (!strcmp(name, ".") || !strcmp(name, "..") || !strcmp(name, ".git"))
		return true;
	while (*caches && strcmp(*caches, name) != 0)
		caches++;
	return *caches != NULL;
}

static int list_folder(struct import_source *source, int fd, const char *path, unsigned depth,
		       struct err *err);

static int list_entry(struct import_source *source, const char *path, unsigned depth,
		      struct err *err)
{
	AUTO_FD int fd = -1;
	struct stat st;

	if (!fs_path_confined(path))
		return refuse_name(path, err);
	/* a device is not even opened */
	if (fstatat(source->fd, path, &st, AT_SYMLINK_NOFOLLOW) < 0)
		return refuse_open(path, err);
	if (!S_ISREG(st.st_mode) && !S_ISDIR(st.st_mode) && !S_ISLNK(st.st_mode))
		return err_set(err, ERR_INPUT, "'%s': neither a file nor a folder", path);
	fd = open_beneath(source->fd, path, O_PATH);
	if (fd < 0 || fstat(fd, &st) < 0)
		return refuse_open(path, err);
	if (!S_ISREG(st.st_mode) && !S_ISDIR(st.st_mode))
		return err_set(err, ERR_INPUT, "'%s': neither a file nor a folder", path);
	if (add_entry(source, path, &st, err) < 0)
		return -1;
	if (!S_ISDIR(st.st_mode))
		return 0;
	if (depth >= repo_limits.depth)
		return err_set(err, ERR_INPUT, "'%s': folders are nested more than %u deep", path,
			       repo_limits.depth);
	return list_folder(source, fd, path, depth + 1, err);
}

static void auto_closedir(DIR **dir)
{
	if (*dir)
		closedir(*dir);
}

static int list_folder(struct import_source *source, int fd, const char *path, unsigned depth,
		       struct err *err)
{
	int again = openat(fd, ".", O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	AUTO(auto_closedir) DIR *dir = again < 0 ? NULL : fdopendir(again);
	struct dirent *entry;

	if (!dir) {
		auto_close(&again);
		return err_sys(err, "'%s'", *path ? path : ".");
	}
	while ((entry = readdir(dir))) {
		AUTO_FREE char *below = NULL;

		if (is_passed_over(entry->d_name))
			continue;
		below = *path ? fs_join(path, entry->d_name) : buf_strdup(entry->d_name);
		if (list_entry(source, below, depth, err) < 0)
			return -1;
	}
	return 0;
}

static int by_path(const void *a, const void *b)
{
	return strcmp(((const struct entry *)a)->path, ((const struct entry *)b)->path);
}

static int by_folded_path(const void *a, const void *b)
{
	return strcasecmp(*(const char *const *)a, *(const char *const *)b);
}

/* A file system that does not tell letters by case would lose one of the two. */
static int check_case(const struct import_source *source, struct err *err)
{
	AUTO_FREE const char **paths = buf_alloc((source->count + 1) * sizeof(*paths));

	for (size_t i = 0; i < source->count; i++)
		paths[i] = source->entries[i].path;
	qsort(paths, source->count, sizeof(*paths), by_folded_path);
	for (size_t i = 1; i < source->count; i++)
		if (!strcasecmp(paths[i - 1], paths[i]))
			return err_set(err, ERR_INPUT,
				       "'%s' and '%s' differ by the case of letters alone",
				       paths[i - 1], paths[i]);
	return 0;
}

static int end_list(struct import_source *source, struct err *err)
{
	if (source->count)
		qsort(source->entries, source->count, sizeof(*source->entries), by_path);
	source->files = buf_alloc((source->count + 1) * sizeof(*source->files));
	for (size_t i = 0; i < source->count; i++)
		if (!source->entries[i].is_folder)
			source->files[source->file_count++] = source->entries[i].path;
	return check_case(source, err);
}

/* --- opening */

static bool ends_with(const char *text, const char *ending)
{
	size_t len = strlen(text), ending_len = strlen(ending);

	return len > ending_len && !strcasecmp(text + len - ending_len, ending);
}

/* Yours: the suffix of the name that says archive, or the last one of another file. */
static char *stem_of(const char *name, bool *ret_archive)
{
	static const char *const suffixes[] = { ".tar.gz", ".tgz", ".tar", ".zip", ".kpp" };
	const char *dot = strrchr(name, '.');

	*ret_archive = false;
	for (size_t i = 0; i < sizeof(suffixes) / sizeof(*suffixes); i++)
		if (ends_with(name, suffixes[i])) {
			*ret_archive = true;
			return buf_format("%.*s", (int)(strlen(name) - strlen(suffixes[i])), name);
		}
	return buf_format("%.*s", dot && dot > name ? (int)(dot - name) : (int)strlen(name), name);
}

static bool looks_like_archive(int fd)
{
	unsigned char head[262] = { 0 };

	if (pread(fd, head, sizeof(head), 0) < 4)
		return false;
	return !memcmp(head, "PK\3\4", 4) || !memcmp(head, "\x1f\x8b", 2) ||
	       !memcmp(head + 257, "ustar", 5);
}

static int open_folder(struct import_source *source, const char *path, struct err *err)
{
	source->fd = open(path, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	if (source->fd < 0)
		return err_sys(err, "'%s'", path);
	if (list_folder(source, source->fd, "", 0, err) < 0)
		return -1;
	return end_list(source, err);
}

static int open_archive(struct import_source *source, const char *path, struct err *err)
{
	AUTO_FD int fd = -1;

	if (owned_folder_make(NULL, "tali-import", &source->temp, err) < 0)
		return -1;
	fd = open(source->temp.path, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	if (fd < 0)
		return err_sys(err, "'%s'", source->temp.path);
	if (archive_file_unpack(path, fd, &repo_limits, true, err) < 0)
		return -1;
	return open_folder(source, source->temp.path, err);
}

/* The top is the folder that the file lies in, of which nothing else is listed. */
static int open_single(struct import_source *source, const char *path, const char *name,
		       const struct stat *st, struct err *err)
{
	AUTO_FREE char *folder = buf_format("%.*s", (int)(name - path), path);

	source->fd = open(*folder ? folder : ".", O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	if (source->fd < 0)
		return err_sys(err, "'%s'", path);
	if (!fs_path_confined(name))
		return refuse_name(name, err);
	if (add_entry(source, name, st, err) < 0)
		return -1;
	source->single = buf_strdup(name);
	return end_list(source, err);
}

static int open_file(struct import_source *source, const char *path, const char *name, bool archive,
		     struct err *err)
{
	AUTO_FD int fd = open(path, O_RDONLY | O_NONBLOCK | O_NOCTTY | O_CLOEXEC);
	struct stat st;

	if (fd < 0 || fstat(fd, &st) < 0)
		return err_sys(err, "'%s'", path);
	if (!S_ISREG(st.st_mode))
		return err_set(err, ERR_INPUT, "'%s': neither a file nor a folder", path);
	if (archive || looks_like_archive(fd))
		return open_archive(source, path, err);
	return open_single(source, path, name, &st, err);
}

/* "a/b/" and "." have a name too. Yours. */
static char *full_path(const char *path)
{
	size_t len = strlen(path);

	if (!strcmp(path, ".") || !strcmp(path, "..") || ends_with(path, "/.") ||
	    ends_with(path, "/.."))
		return realpath(path, NULL);
	while (len > 1 && path[len - 1] == '/')
		len--;
	return buf_format("%.*s", (int)len, path);
}

struct import_source *import_source_open(const char *path, struct err *err)
{
	AUTO(import_source_close) struct import_source *source = buf_alloc(sizeof(*source));
	AUTO_FREE char *full = full_path(path);
	const char *name;
	bool archive;
	int rc;

	source->fd = -1;
	if (!full || !fs_exists(full)) {
		err_set(err, ERR_NOT_FOUND, "'%s': no such file or folder", path);
		return NULL;
	}
	name = strrchr(full, '/');
	name = name && name[1] ? name + 1 : full;
	if (fs_is_dir(full)) {
		source->name = buf_strdup(name);
		rc = open_folder(source, full, err);
	} else {
		source->name = stem_of(name, &archive);
		rc = open_file(source, full, name, archive, err);
	}
	return rc < 0 ? NULL : TAKE(source);
}

/* --- asking */

const char *import_source_name(const struct import_source *source)
{
	return source->name;
}

const char *import_source_single(const struct import_source *source)
{
	return source->single;
}

static const struct entry *find(const struct import_source *source, const char *path)
{
	struct entry wanted = { .path = (char *)path };

	return source->count ? bsearch(&wanted, source->entries, source->count,
				       sizeof(*source->entries), by_path)
			     : NULL;
}

bool import_source_has(const struct import_source *source, const char *path)
{
	return !*path || find(source, path);
}

bool import_source_has_folder(const struct import_source *source, const char *path)
{
	const struct entry *entry = find(source, path);

	return !*path || (entry && entry->is_folder);
}

bool import_source_executable(const struct import_source *source, const char *path)
{
	const struct entry *entry = find(source, path);

	return entry && entry->executable;
}

/* The place of the first file that does not stand before `text`. */
static size_t lower_bound(const struct import_source *source, const char *text)
{
	size_t low = 0, high = source->file_count;

	while (low < high) {
		size_t middle = low + (high - low) / 2;

		if (strcmp(source->files[middle], text) < 0)
			low = middle + 1;
		else
			high = middle;
	}
	return low;
}

/* '0' is the character after '/' */
void import_source_list(const struct import_source *source, const char *folder,
			const char *const **ret, size_t *ret_count)
{
	AUTO_FREE char *first = buf_format("%s/", folder);
	AUTO_FREE char *end = buf_format("%s0", folder);
	size_t from = *folder ? lower_bound(source, first) : 0;
	size_t to = *folder ? lower_bound(source, end) : source->file_count;

	*ret = source->files + from;
	*ret_count = to - from;
}

/* --- reading */

int import_source_read(const struct import_source *source, const char *path, size_t limit,
		       struct buf *ret, struct err *err)
{
	const struct entry *entry = find(source, path);
	AUTO_FD int fd = -1;
	char chunk[65536];
	struct stat st;
	ssize_t got;

	if (!entry || entry->is_folder)
		return err_set(err, ERR_NOT_FOUND, "%s: not in the package", path);
	fd = open_beneath(source->fd, path, OPEN_READ);
	if (fd < 0 || fstat(fd, &st) < 0)
		return refuse_open(path, err);
	if (!S_ISREG(st.st_mode))
		return err_set(err, ERR_INPUT, "'%s': neither a file nor a folder", path);
	buf_release(ret);
	*ret = (struct buf)BUF_INIT(limit);
	while ((got = read(fd, chunk, sizeof(chunk))) != 0) {
		if (got < 0 && errno != EINTR)
			return err_sys(err, "'%s'", path);
		if (got > 0 && !buf_add(ret, chunk, (size_t)got))
			return err_set(err, ERR_INPUT, "%s: larger than %zu bytes", path, limit);
	}
	buf_add(ret, "", 0);
	return 0;
}

static int check_text(const struct buf *text, const char *path, struct err *err)
{
	size_t line = 1, len;

	for (size_t i = 0; i < text->len; i += len) {
		len = utf8_char(text->data + i, text->len - i);
		if (!len)
			return err_set(err, ERR_INPUT, "%s:%zu: not UTF-8", path, line);
		if (!text->data[i])
			return err_set(err, ERR_INPUT, "%s:%zu: a NUL character", path, line);
		line += text->data[i] == '\n';
	}
	return 0;
}

int import_source_text(const struct import_source *source, const char *path, size_t limit,
		       struct buf *ret, struct err *err)
{
	if (import_source_read(source, path, limit, ret, err) < 0)
		return -1;
	if (ret->len >= 3 && !memcmp(ret->data, "\xef\xbb\xbf", 3)) {
		ret->len -= 3;
		memmove(ret->data, ret->data + 3, ret->len + 1);
	}
	return check_text(ret, path, err);
}

int import_source_yaml(const struct import_source *source, const char *path, json_t **ret,
		       struct err *err)
{
	AUTO(buf_release) struct buf text = BUF_INIT(0);

	if (import_source_text(source, path, IMPORT_SOURCE_MAX_TEXT, &text, err) < 0)
		return -1;
	return yaml_parse(text.data, text.len, path, ret, err);
}

int import_source_json(const struct import_source *source, const char *path, json_t **ret,
		       struct err *err)
{
	AUTO(buf_release) struct buf text = BUF_INIT(0);
	json_t *value;

	if (import_source_text(source, path, IMPORT_SOURCE_MAX_TEXT, &text, err) < 0)
		return -1;
	value = json_parse(text.data, text.len, path, err);
	if (!value)
		return -1;
	*ret = value;
	return 0;
}
