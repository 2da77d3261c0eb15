/* folder_scan.c - see folder_scan.h */
#include "workspace/folder_scan.h"

#include "base/auto.h"
#include "workspace/repo_internal.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <inttypes.h>
#include <string.h>
#include <unistd.h>

struct walk {
	struct folder_scan *scan;
	const char *const *skip;
	const struct fs_limits *limits;
	uint64_t bytes;
	char path[REPO_PATH_SIZE];
	size_t len; /* of the folder's path */
};

static void free_entries(struct folder_scan *scan)
{
	size_t i;

	for (i = 0; i < scan->count; i++)
		free(scan->entries[i].path);
	free(scan->entries);
}

void folder_scan_release(struct folder_scan *scan)
{
	free_entries(scan);
	*scan = (struct folder_scan)FOLDER_SCAN_INIT;
}

static void add_entry(struct folder_scan *scan, char *path, const struct stat *st)
{
	if (scan->count == scan->size) {
		scan->size = scan->size ? scan->size * 2 : 64;
		scan->entries = buf_realloc(scan->entries, scan->size, sizeof(*scan->entries));
	}
	scan->entries[scan->count++] = (struct folder_entry){ path, *st };
}

static bool is_skipped(const struct walk *walk, const char *name)
{
	const char *const *skip;

	if (!strcmp(name, ".") || !strcmp(name, "..") || !strcmp(name, ".git"))
		return true;
	for (skip = walk->skip; skip && *skip; skip++)
		if (!strcmp(name, *skip))
			return true;
	return false;
}

/* git compares a folder's name as if it ended in '/' */
static int char_at(const char *at, const struct folder_entry *entry)
{
	if (!*at && S_ISDIR(entry->stat.st_mode))
		return '/';
	return (unsigned char)*at;
}

static int compare_entries(const void *left, const void *right)
{
	const struct folder_entry *a = left, *b = right;
	const char *a_at = a->path, *b_at = b->path;

	while (*a_at && *a_at == *b_at) {
		a_at++;
		b_at++;
	}
	return char_at(a_at, a) - char_at(b_at, b);
}

static int check_limits(struct walk *walk, const struct folder_scan *here, const struct stat *st,
			struct err *err)
{
	const struct fs_limits *limits = walk->limits;

	if (walk->scan->count + here->count >= limits->files)
		return err_set(err, ERR_INPUT, "'%s': more than %" PRIu64 " files and folders",
			       walk->path, limits->files);
	if (!S_ISREG(st->st_mode))
		return 0;
	walk->bytes += (uint64_t)st->st_size;
	if ((uint64_t)st->st_size > limits->file_bytes)
		return err_set(err, ERR_INPUT, "'%s': larger than %" PRIu64 " bytes", walk->path,
			       limits->file_bytes);
	if (walk->bytes > limits->bytes)
		return err_set(err, ERR_INPUT, "'%s': more than %" PRIu64 " bytes in all",
			       walk->path, limits->bytes);
	return 0;
}

/* One name of the folder: into `here`, or counted, or refused. */
static int list_name(struct walk *walk, int fd, const char *name, struct folder_scan *here,
		     struct err *err)
{
	struct stat st;

	if (is_skipped(walk, name))
		return 0;
	if (fstatat(fd, name, &st, AT_SYMLINK_NOFOLLOW) < 0)
		return errno == ENOENT ? 0 : err_sys(err, "'%s/%s'", walk->path, name);
	if (!S_ISREG(st.st_mode) && !S_ISDIR(st.st_mode)) {
		walk->scan->left_out++;
		return 0;
	}
	if (repo_path_add(walk->path, walk->len, name, err) < 0 ||
	    check_limits(walk, here, &st, err) < 0)
		return -1;
	add_entry(here, buf_strdup(walk->path), &st);
	return 0;
}

static int list_names(struct walk *walk, DIR *dir, struct folder_scan *here, struct err *err)
{
	struct dirent *entry;

	for (;;) {
		walk->path[walk->len] = '\0';
		errno = 0;
		entry = readdir(dir);
		if (!entry)
			return errno ? err_sys(err, "'%s'", walk->path) : 0;
		if (list_name(walk, dirfd(dir), entry->d_name, here, err) < 0)
			return -1;
	}
}

static int walk_folder(struct walk *walk, DIR *dir, unsigned depth, struct err *err);

static void auto_closedir(DIR **dir)
{
	if (*dir)
		closedir(*dir);
}

/* Takes over the descriptor. */
static DIR *open_dir(int *fd)
{
	DIR *dir = *fd < 0 ? NULL : fdopendir(*fd);

	if (dir)
		*fd = -1;
	return dir;
}

static int walk_below(struct walk *walk, int parent, size_t name_at, unsigned depth,
		      struct err *err)
{
	AUTO_FD int fd = openat(parent, walk->path + name_at,
				O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC);
	AUTO(auto_closedir) DIR *dir = open_dir(&fd);

	if (!dir && (errno == ENOENT || errno == ENOTDIR || errno == ELOOP))
		return 0; /* removed or replaced meanwhile */
	if (!dir)
		return err_sys(err, "'%s'", walk->path);
	if (depth == walk->limits->depth)
		return err_set(err, ERR_INPUT, "'%s': folders are nested more than %u deep",
			       walk->path, walk->limits->depth);
	return walk_folder(walk, dir, depth + 1, err);
}

/* A folder's own names are sorted before any of them is entered, so one list of all comes out in
 * order. */
static int walk_folder(struct walk *walk, DIR *dir, unsigned depth, struct err *err)
{
	AUTO(folder_scan_release) struct folder_scan here = FOLDER_SCAN_INIT;
	size_t folder_len = walk->len, i;

	if (list_names(walk, dir, &here, err) < 0)
		return -1;
	if (here.count > 0)
		qsort(here.entries, here.count, sizeof(*here.entries), compare_entries);
	for (i = 0; i < here.count; i++) {
		struct folder_entry *entry = &here.entries[i];
		bool is_folder = S_ISDIR(entry->stat.st_mode);

		walk->len = strlen(entry->path);
		memcpy(walk->path, entry->path, walk->len + 1);
		add_entry(walk->scan, TAKE(entry->path), &entry->stat);
		if (is_folder &&
		    walk_below(walk, dirfd(dir), folder_len + (folder_len > 0), depth, err) < 0)
			return -1;
	}
	walk->len = folder_len;
	return 0;
}

int folder_scan_list(struct folder_scan *ret, int folder_fd, const char *const *skip,
		     const struct fs_limits *limits, struct err *err)
{
	AUTO(folder_scan_release) struct folder_scan scan = FOLDER_SCAN_INIT;
	struct walk walk = { .scan = &scan, .skip = skip, .limits = limits };
	AUTO_FD int fd = openat(folder_fd, ".", O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	AUTO(auto_closedir) DIR *dir = open_dir(&fd);

	if (!dir)
		return err_sys(err, "cannot read the folder");
	if (walk_folder(&walk, dir, 0, err) < 0)
		return -1;
	*ret = scan;
	scan = (struct folder_scan)FOLDER_SCAN_INIT;
	return 0;
}

/* --- reading one file */

static bool is_gone(int error)
{
	return error == ENOENT || error == ENOTDIR || error == ELOOP || error == ENXIO;
}

int folder_scan_read(int folder_fd, const char *path, struct buf *out, struct stat *ret_stat,
		     struct err *err)
{
	char chunk[32768];
	AUTO_FD int fd = fs_open_below(folder_fd, path);
	ssize_t got;

	buf_clear(out);
	out->full = false;
	if (fd < 0)
		return is_gone(errno) ? 1 : err_sys(err, "'%s'", path);
	if (fstat(fd, ret_stat) < 0)
		return err_sys(err, "'%s'", path);
	if (!S_ISREG(ret_stat->st_mode))
		return 1;
	while ((got = read(fd, chunk, sizeof(chunk))) != 0) {
		if (got < 0 && errno != EINTR)
			return err_sys(err, "'%s'", path);
		if (got > 0 && !buf_add(out, chunk, (size_t)got))
			return err_set(err, ERR_INPUT, "'%s': larger than %zu bytes", path,
				       out->limit);
	}
	buf_add(out, "", 0);
	return 0;
}
