/* fs.c - see fs.h */
#include "base/fs.h"

#include "base/auto.h"
#include "base/rand.h"
#include "base/system.h"
#include "base/utf8.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>
#include <sys/file.h>
#include <unistd.h>

#define PUT_TEMPORARY ".tali-"

char *fs_join(const char *folder, const char *name)
{
	size_t len = strlen(folder);

	return buf_format("%s%s%s", folder, len && folder[len - 1] == '/' ? "" : "/", name);
}

int fs_open_below(int folder_fd, const char *path)
{
	AUTO_FREE char *copy = buf_strdup(path);
	AUTO_FD int folder = -1;
	char *part = copy, *slash;

	while ((slash = strchr(part, '/'))) {
		int next;

		*slash = '\0';
		next = openat(folder < 0 ? folder_fd : folder, part,
			      SYSTEM_O_STEP | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC);
		if (next < 0)
			return -1;
		auto_close(&folder);
		folder = next;
		part = slash + 1;
	}
	return openat(folder < 0 ? folder_fd : folder, part,
		      O_RDONLY | O_NOFOLLOW | O_NONBLOCK | O_NOCTTY | O_CLOEXEC);
}

static int open_regular(int dirfd, const char *path, struct stat *ret_stat, struct err *err)
{
	AUTO_FD int fd = dirfd == AT_FDCWD ? open(path, O_RDONLY | O_CLOEXEC | O_NONBLOCK)
					   : fs_open_below(dirfd, path);

	if (fd < 0 && (errno == ENOENT || errno == ENOTDIR))
		return err_set(err, ERR_NOT_FOUND, "%s: no such file", path);
	if (fd < 0 && errno == ELOOP)
		return err_set(err, ERR_INPUT, "%s: is a symbolic link", path);
	if (fd < 0 || fstat(fd, ret_stat) < 0)
		return err_sys(err, "%s", path);
	if (!S_ISREG(ret_stat->st_mode))
		return err_set(err, ERR_INPUT, "%s: not a regular file", path);
	return TAKE_FD(fd);
}

int fs_read(int dirfd, const char *path, size_t limit, struct buf *out, struct err *err)
{
	char chunk[65536];
	struct stat st;
	ssize_t got;
	AUTO_FD int fd = open_regular(dirfd, path, &st, err);

	if (fd < 0)
		return -1;
	*out = (struct buf)BUF_INIT(limit);
	while ((got = read(fd, chunk, sizeof(chunk))) != 0) {
		if (got < 0 && errno == EINTR)
			continue;
		if (got < 0) {
			buf_release(out);
			return err_sys(err, "%s", path);
		}
		if (!buf_add(out, chunk, (size_t)got)) {
			buf_release(out);
			return err_set(err, ERR_INPUT, "%s: larger than %zu bytes", path, limit);
		}
	}
	buf_add(out, "", 0);
	return 0;
}

int fs_write_all(int fd, const void *data, size_t len)
{
	const char *at = data;

	while (len) {
		ssize_t put = write(fd, at, len);

		if (put < 0 && errno == EINTR)
			continue;
		if (put < 0)
			return -1;
		at += put;
		len -= (size_t)put;
	}
	return 0;
}

int fs_sync_parent(const char *path)
{
	AUTO_FREE char *parent = buf_strdup(path);
	char *slash = strrchr(parent, '/');
	AUTO_FD int fd = -1;

	if (slash)
		slash[slash == parent] = '\0';
	fd = open(slash ? parent : ".", O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	return fd < 0 ? -1 : fsync(fd);
}

int fs_open_parent(int folder_fd, const char *path, bool make, const char **ret_name)
{
	AUTO_FREE char *copy = buf_strdup(path);
	AUTO_FD int at = fcntl(folder_fd, F_DUPFD_CLOEXEC, 0);
	char *part = copy, *slash;

	while (at >= 0 && (slash = strchr(part, '/'))) {
		int below;

		*slash = '\0';
		if (make && mkdirat(at, part, 0777) < 0 && errno != EEXIST)
			return -1;
		below = openat(at, part, O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC);
		close(at);
		at = below;
		part = slash + 1;
	}
	*ret_name = path + (part - copy);
	return TAKE_FD(at);
}

int fs_put(int parent, const char *name, mode_t mode, const void *data, size_t len, struct err *err)
{
	char temporary[sizeof(PUT_TEMPORARY) + RAND_ID_LEN] = PUT_TEMPORARY;
	AUTO_FD int fd = -1;

	rand_id(temporary + sizeof(PUT_TEMPORARY) - 1);
	fd = openat(parent, temporary, O_WRONLY | O_CREAT | O_EXCL | O_NOFOLLOW | O_CLOEXEC, mode);
	if (fd < 0)
		return err_sys(err, "%s", name);
	if (fs_write_all(fd, data, len) < 0 || renameat(parent, temporary, parent, name) < 0) {
		err_sys(err, "%s", name);
		unlinkat(parent, temporary, 0);
		return -1;
	}
	return 0;
}

int fs_write(const char *path, mode_t mode, const void *data, size_t len, struct err *err)
{
	AUTO_FREE char *temp = buf_format("%s.XXXXXX", path);
	AUTO_FD int fd = system_temp(temp);

	if (fd < 0)
		return err_sys(err, "%s", path);
	if (fs_write_all(fd, data, len) < 0 || fchmod(fd, mode) < 0 || fsync(fd) < 0 ||
	    rename(temp, path) < 0 || fs_sync_parent(path) < 0) {
		err_sys(err, "%s", path);
		unlink(temp);
		return -1;
	}
	return 0;
}

int fs_mkdirs(const char *path, mode_t mode, struct err *err)
{
	AUTO_FREE char *copy = buf_strdup(path);
	char *at = copy;

	do {
		at = strchr(at + 1, '/');
		if (at)
			*at = '\0';
		if (*copy && mkdir(copy, mode) < 0 && errno != EEXIST)
			return err_sys(err, "%s", copy);
		if (at)
			*at = '/';
	} while (at);
	if (!fs_is_dir(path))
		return err_set(err, ERR_INPUT, "%s: not a folder", path);
	return 0;
}

int fs_may_mkdirs(const char *path, struct err *err)
{
	AUTO_FREE char *above = buf_strdup(path);
	const char *there;

	while (*above && !fs_exists(above)) {
		char *slash = strrchr(above, '/');

		above[slash ? slash - above : 0] = '\0';
	}
	there = *above ? above : *path == '/' ? "/" : ".";
	return access(there, W_OK | X_OK) < 0 ? err_sys(err, "cannot write in %s", there) : 0;
}

int fs_lock(const char *folder, struct err *err)
{
	AUTO_FD int fd = open(folder, O_RDONLY | O_DIRECTORY | O_CLOEXEC);

	if (fd < 0)
		return err_sys(err, "%s", folder);
	while (flock(fd, LOCK_EX) < 0)
		if (errno != EINTR)
			return err_sys(err, "cannot lock %s", folder);
	return TAKE_FD(fd);
}

char *fs_temp_dir(const char *prefix, struct err *err)
{
	const char *base = getenv("TMPDIR");
	char *path = buf_format("%s/%s.XXXXXX", base && *base ? base : "/tmp", prefix);

	if (mkdtemp(path))
		return path;
	err_sys(err, "%s", path);
	free(path);
	return NULL;
}

void fs_temp_release(char **path)
{
	struct err ignored = ERR_INIT;

	if (*path)
		fs_remove_tree(AT_FDCWD, *path, &ignored);
	free(*path);
	*path = NULL;
}

bool fs_is_dir(const char *path)
{
	struct stat st;

	return stat(path, &st) == 0 && S_ISDIR(st.st_mode);
}

bool fs_exists(const char *path)
{
	struct stat st;

	return lstat(path, &st) == 0;
}

static bool is_dot(const char *name)
{
	return !strcmp(name, ".") || !strcmp(name, "..");
}

static DIR *open_folder(int dirfd, const char *name)
{
	int fd = openat(dirfd, name, O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC);
	DIR *dir;

	if (fd < 0)
		return NULL;
	dir = fdopendir(fd);
	if (!dir)
		close(fd);
	return dir;
}

static void auto_closedir(DIR **dir)
{
	if (*dir)
		closedir(*dir);
}

/* Makes a folder readable; when that fails, the step after it says so. */
static void open_up(int folder, const char *name)
{
	if (fchmodat(folder, name, 0700, 0) < 0)
		return;
}

/* Empties folder `name` of `top`: files go, its folders move up into `top` under new names. So
 * the depth of a hostile tree costs neither descriptors nor path length. */
static int flatten(int top, const char *name, unsigned *counter)
{
	AUTO(auto_closedir) DIR *dir = NULL;
	struct dirent *entry;

	open_up(top, name);
	dir = open_folder(top, name);
	if (!dir)
		return -1;
	while ((entry = readdir(dir))) {
		char moved[32];

		if (is_dot(entry->d_name) || unlinkat(dirfd(dir), entry->d_name, 0) == 0)
			continue;
		if (errno != EISDIR && errno != EPERM)
			return -1;
		if (unlinkat(dirfd(dir), entry->d_name, AT_REMOVEDIR) == 0)
			continue;
		open_up(dirfd(dir), entry->d_name);
		do {
			snprintf(moved, sizeof(moved), ".gone-%u", (*counter)++);
		} while (faccessat(top, moved, F_OK, AT_SYMLINK_NOFOLLOW) == 0);
		if (renameat(dirfd(dir), entry->d_name, top, moved) < 0)
			return -1;
	}
	return 0;
}

/* One pass over the folder; what `flatten` moves up is met by the next. 1 when it was empty. */
static int empty_once(DIR *dir, unsigned *counter)
{
	struct dirent *entry;
	int empty = 1;

	rewinddir(dir);
	while ((entry = readdir(dir))) {
		if (is_dot(entry->d_name))
			continue;
		empty = 0;
		if (unlinkat(dirfd(dir), entry->d_name, 0) == 0)
			continue;
		if ((errno != EISDIR && errno != EPERM) ||
		    flatten(dirfd(dir), entry->d_name, counter) < 0 ||
		    unlinkat(dirfd(dir), entry->d_name, AT_REMOVEDIR) < 0)
			return -1;
	}
	return empty;
}

int fs_remove_tree(int folder, const char *path, struct err *err)
{
	AUTO(auto_closedir) DIR *dir = NULL;
	unsigned counter = 0;
	int empty;

	if (unlinkat(folder, path, 0) == 0 || errno == ENOENT)
		return 0;
	open_up(folder, path);
	dir = open_folder(folder, path);
	if (!dir)
		return err_sys(err, "%s", path);
	while ((empty = empty_once(dir, &counter)) == 0)
		;
	if (empty < 0 || unlinkat(folder, path, AT_REMOVEDIR) < 0)
		return err_sys(err, "cannot remove %s", path);
	return 0;
}

/* ".git", also as NTFS sees it; git checks such names out on no system. */
static bool is_git(const char *part, size_t len)
{
	size_t at = len >= 4 && !strncasecmp(part, ".git", 4)	 ? 4
		    : len >= 5 && !strncasecmp(part, "git~1", 5) ? 5
								 : 0;

	if (!at)
		return false;
	while (at < len && (part[at] == '.' || part[at] == ' '))
		at++;
	return at == len || part[at] == ':';
}

static bool part_confined(const char *part, size_t len)
{
	if (len == 0 || len > 255 || (part[0] == '.' && (len == 1 || (len == 2 && part[1] == '.'))))
		return false;
	return !is_git(part, len);
}

bool fs_path_ends(const char *path, const char *ending)
{
	size_t len = strlen(path), ending_len = strlen(ending);

	return len > ending_len && !strcmp(path + len - ending_len, ending);
}

bool fs_path_confined(const char *path)
{
	size_t whole = strlen(path);
	const char *part = path;
	unsigned folders = 0;

	if (whole > 1024)
		return false;
	for (size_t at = 0, len; at < whole; at += len) {
		len = utf8_char(path + at, whole - at);
		if (!len || (unsigned char)path[at] < 0x20 || path[at] == 0x7f || path[at] == '\\')
			return false;
	}
	for (;;) {
		size_t len = strcspn(part, "/");

		if (!part_confined(part, len))
			return false;
		if (!part[len])
			return true;
		if (++folders > FS_PATH_FOLDERS)
			return false;
		part += len + 1;
	}
}

/* '**' is tried at every position; `budget` keeps a hostile pattern from costing more than it is
 * worth. */
static bool match(const char *glob, const char *path, int *budget)
{
	for (; *glob; glob++, path++) {
		if (--*budget < 0)
			return false;
		if (glob[0] == '*' && glob[1] == '*') {
			const char *rest = glob[2] == '/' ? glob + 3 : glob + 2;

			for (;; path++) {
				if (match(rest, path, budget))
					return true;
				path += strcspn(path, "/");
				if (!*path)
					return !*rest;
			}
		}
		if (*glob == '*') {
			for (;; path++) {
				if (match(glob + 1, path, budget))
					return true;
				if (!*path || *path == '/')
					return false;
			}
		}
		if (*glob == '[') {
			const char *end = strchr(glob + 1, ']');
			bool negated = glob[1] == '!', found = false;
			const char *at;

			if (!end || !*path || *path == '/')
				return false;
			for (at = glob + 1 + negated; at < end; at++) {
				if (at[1] == '-' && at + 2 < end) {
					found |= *path >= at[0] && *path <= at[2];
					at += 2;
				} else {
					found |= *path == *at;
				}
			}
			if (found == negated)
				return false;
			glob = end;
			continue;
		}
		if (*glob == '?' ? !*path || *path == '/' : *glob != *path)
			return false;
	}
	return !*path;
}

bool fs_path_match(const char *glob, const char *path)
{
	int budget = 100000;

	return match(glob, path, &budget);
}

struct copy {
	const struct fs_limits *limits;
	uint64_t files, bytes;
	unsigned left_out;
	bool changed_only;
};

static bool same_size_and_time(int to, const char *name, const struct stat *st)
{
	struct stat there;

	return fstatat(to, name, &there, AT_SYMLINK_NOFOLLOW) == 0 && S_ISREG(there.st_mode) &&
	       there.st_size == st->st_size && there.st_mtim.tv_sec == st->st_mtim.tv_sec &&
	       there.st_mtim.tv_nsec == st->st_mtim.tv_nsec;
}

static int copy_file(int from, int to, const char *name, struct copy *copy, struct err *err)
{
	char chunk[65536];
	struct stat st;
	uint64_t size = 0;
	ssize_t got;
	AUTO_FD int in = openat(from, name, O_RDONLY | O_NOFOLLOW | O_NONBLOCK | O_CLOEXEC);
	AUTO_FD int out = -1;

	if (in < 0 || fstat(in, &st) < 0)
		return err_sys(err, "%s", name);
	if (copy->changed_only && same_size_and_time(to, name, &st))
		return 0;
	unlinkat(to, name, 0);
	out = openat(to, name, O_WRONLY | O_CREAT | O_EXCL | O_NOFOLLOW | O_CLOEXEC,
		     st.st_mode & S_IXUSR ? 0755 : 0644);
	if (out < 0)
		return err_sys(err, "%s", name);
	while ((got = read(in, chunk, sizeof(chunk))) > 0) {
		size += (uint64_t)got;
		copy->bytes += (uint64_t)got;
		if (size > copy->limits->file_bytes || copy->bytes > copy->limits->bytes)
			return err_set(err, ERR_INPUT, "%s: too many bytes", name);
		if (fs_write_all(out, chunk, (size_t)got) < 0)
			return err_sys(err, "%s", name);
	}
	if (got < 0 || futimens(out, (struct timespec[]){ st.st_atim, st.st_mtim }) < 0)
		return err_sys(err, "%s", name);
	return 0;
}

static int copy_folder(int from, int to, unsigned depth, struct copy *copy, struct err *err);

static bool is_skipped(const struct fs_limits *limits, const char *name)
{
	for (size_t i = 0; limits->skip && limits->skip[i]; i++)
		if (!strcmp(limits->skip[i], name))
			return true;
	return false;
}

static int copy_entry(int from, int to, const char *name, unsigned depth, struct copy *copy,
		      struct err *err)
{
	AUTO_FD int from_below = -1;
	AUTO_FD int to_below = -1;
	struct stat st;

	if (fstatat(from, name, &st, AT_SYMLINK_NOFOLLOW) < 0)
		return err_sys(err, "%s", name);
	if ((!S_ISREG(st.st_mode) && !S_ISDIR(st.st_mode)) ||
	    (copy->changed_only && !fs_path_confined(name))) {
		copy->left_out++;
		return 0;
	}
	if (++copy->files > copy->limits->files)
		return err_set(err, ERR_INPUT, "%s: too many files", name);
	if (S_ISREG(st.st_mode))
		return copy_file(from, to, name, copy, err);
	if (depth == 0)
		return err_set(err, ERR_INPUT, "%s: folders are nested too deep", name);
	if (mkdirat(to, name, 0755) < 0 && errno != EEXIST)
		return err_sys(err, "%s", name);
	from_below = openat(from, name, O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC);
	to_below = openat(to, name, O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC);
	if (from_below < 0 || to_below < 0)
		return err_sys(err, "%s", name);
	return copy_folder(from_below, to_below, depth - 1, copy, err);
}

static int copy_folder(int from, int to, unsigned depth, struct copy *copy, struct err *err)
{
	AUTO(auto_closedir) DIR *dir = open_folder(from, ".");
	struct dirent *entry;

	if (!dir)
		return err_sys(err, "cannot read the folder");
	while ((entry = readdir(dir))) {
		if (is_dot(entry->d_name) || is_skipped(copy->limits, entry->d_name))
			continue;
		if (copy_entry(from, to, entry->d_name, depth, copy, err) < 0)
			return -1;
	}
	return 0;
}

static int copy_tree(int from, int to, struct copy *copy, unsigned *ret_left_out, struct err *err)
{
	if (copy_folder(from, to, copy->limits->depth, copy, err) < 0)
		return -1;
	if (ret_left_out)
		*ret_left_out = copy->left_out;
	return 0;
}

int fs_copy_tree(int from, int to, const struct fs_limits *limits, unsigned *ret_left_out,
		 struct err *err)
{
	struct copy copy = { .limits = limits };

	return copy_tree(from, to, &copy, ret_left_out, err);
}

int fs_copy_changes(int from, int to, const struct fs_limits *limits, unsigned *ret_left_out,
		    struct err *err)
{
	struct copy copy = { .limits = limits, .changed_only = true };

	return copy_tree(from, to, &copy, ret_left_out, err);
}
