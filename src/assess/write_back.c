/* write_back.c - see write_back.h */
#include "assess/write_back.h"

#include "base/auto.h"
#include "base/buf.h"
#include "base/json.h"
#include "task/language.h"
#include "workspace/repo_borrow.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

/* Path -> blob id of the tree the sandbox started from. */
static int note_file(void *arg, const struct repo_file *file, struct err *err)
{
	(void)err;
	json_object_set_new(arg, file->path, json_string(file->oid));
	return 0;
}

struct walk {
	struct write_back *back;
	const json_t *before;
	char path[1025];
};

static bool is_cache(const char *name)
{
	const char *const *cache;

	for (cache = language_caches(); *cache; cache++)
		if (!strcmp(name, *cache))
			return true;
	return false;
}

/* The blob id of a file below the folder; "" when there is no readable regular file. */
static void file_oid(struct repo *repo, int folder, const char *path, struct buf *content,
		     char oid[REPO_OID_SIZE])
{
	struct err ignored = ERR_INIT;

	oid[0] = '\0';
	if (fs_read(folder, path, repo_limits.file_bytes, content, &ignored) == 0)
		repo_borrow_blob_id(repo, content->data, content->len, oid);
}

/* True when what is there is what the sandbox started from: nothing, or the same file. */
static bool is_untouched(struct repo *repo, int parent, const char *name, const char *before)
{
	AUTO(buf_release) struct buf present = { 0 };
	char oid[REPO_OID_SIZE];
	struct stat st;

	file_oid(repo, parent, name, &present, oid);
	if (*oid)
		return !strcmp(oid, before);
	return !*before && fstatat(parent, name, &st, AT_SYMLINK_NOFOLLOW) < 0;
}

int write_back_file(struct write_back *back, const char *path, const char *before,
		    const struct buf *content, bool executable, struct err *err)
{
	const char *name;
	AUTO_FD int parent = fs_open_parent(back->folder_fd, path, true, &name);

	if (parent < 0 || !is_untouched(back->repo, parent, name, before)) {
		back->kept++;
		return 0;
	}
	back->written++;
	return fs_put(parent, name, executable ? 0777 : 0666, buf_str(content), content->len,
		      err) < 0 ? -1 : 1;
}

int write_back_mode(struct write_back *back, const char *path, const char *before, bool executable)
{
	const char *name;
	AUTO_FD int parent = fs_open_parent(back->folder_fd, path, false, &name);
	AUTO_FD int fd = -1;
	struct stat st;
	mode_t mode;

	if (parent < 0 || !*before || !is_untouched(back->repo, parent, name, before))
		return 0;
	fd = fs_open_below(parent, name);
	if (fd < 0 || fstat(fd, &st) < 0 || !S_ISREG(st.st_mode))
		return 0;
	mode = st.st_mode & 0666;
	return fchmod(fd, executable ? mode | (mode & 0444) >> 2 : mode) == 0;
}

int write_back_remove(struct write_back *back, const char *path, const char *before)
{
	const char *name;
	AUTO_FD int parent = fs_open_parent(back->folder_fd, path, false, &name);

	if (!*before)
		return 1;
	if (parent >= 0 && is_untouched(back->repo, parent, name, before))
		return unlinkat(parent, name, 0) == 0;
	back->kept++;
	return 0;
}

void write_back_folder(struct write_back *back, const char *path, bool made)
{
	const char *name;
	AUTO_FD int parent = fs_open_parent(back->folder_fd, path, made, &name);

	/* whether it is there, or still holds something of the candidate's, is no matter */
	if (parent >= 0 && (made ? mkdirat(parent, name, 0777)
				 : unlinkat(parent, name, AT_REMOVEDIR)) < 0)
		return;
}

static int bring_file(struct walk *walk, int from, const char *name, bool executable,
		      struct err *err)
{
	AUTO(buf_release) struct buf made = { 0 };
	const char *before = json_str(walk->before, walk->path, "");
	char oid[REPO_OID_SIZE];

	if (!fs_path_confined(walk->path))
		return 0;
	file_oid(walk->back->repo, from, name, &made, oid);
	if (!*oid || !strcmp(oid, before))
		return 0;
	return write_back_file(walk->back, walk->path, before, &made, executable, err) < 0 ? -1 : 0;
}

static int bring_folder(struct walk *walk, int fd, unsigned depth, struct err *err);

static int bring_entry(struct walk *walk, int from, const char *name, unsigned depth,
		       struct err *err)
{
	size_t len = strlen(walk->path);
	struct stat st;
	int result = 0;

	if (fstatat(from, name, &st, AT_SYMLINK_NOFOLLOW) < 0 || is_cache(name) ||
	    len + strlen(name) + 2 > sizeof(walk->path))
		return 0;
	snprintf(walk->path + len, sizeof(walk->path) - len, "%s%s", len ? "/" : "", name);
	if (S_ISDIR(st.st_mode) && depth > 0) {
		int below = openat(from, name, O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC);

		result = below < 0 ? 0 : bring_folder(walk, below, depth - 1, err);
	} else if (S_ISREG(st.st_mode)) {
		result = bring_file(walk, from, name, st.st_mode & S_IXUSR, err);
	}
	walk->path[len] = '\0';
	return result;
}

/* Takes fd. */
static int bring_folder(struct walk *walk, int fd, unsigned depth, struct err *err)
{
	DIR *dir = fdopendir(fd);
	struct dirent *entry;
	int result = 0;

	if (!dir) {
		close(fd);
		return err_sys(err, "cannot read the sandbox's work folder");
	}
	while (result == 0 && (entry = readdir(dir)))
		if (strcmp(entry->d_name, ".") != 0 && strcmp(entry->d_name, "..") != 0)
			result = bring_entry(walk, dirfd(dir), entry->d_name, depth, err);
	closedir(dir);
	return result;
}

int write_back_collect(void *arg, int work_fd, struct err *err)
{
	struct write_back *back = arg;
	AUTO_JSON json_t *before = json_object();
	struct walk walk = { .back = back, .before = before };
	int fd = openat(work_fd, ".", O_RDONLY | O_DIRECTORY | O_CLOEXEC);

	if (fd < 0)
		return err_sys(err, "cannot read the sandbox's work folder");
	if (repo_each_file(back->repo, back->tree, note_file, before, err) < 0) {
		close(fd);
		return -1;
	}
	return bring_folder(&walk, fd, repo_limits.depth, err);
}
