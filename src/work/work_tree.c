/* work_tree.c - see work_tree.h */
#include "work/work_tree.h"

#include "base/auto.h"
#include "base/fs.h"
#include "base/json.h"
#include "base/rand.h"
#include "work/git_program.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#define LIST_MOST (16u << 20)
#define WORDS_MOST 80
#define REPOSITORIES_MOST 100	/* in the folder: each costs a run of git */
#define TEMPORARY ".tali-"

/* Beside caches: what editors write for themselves, and what we do. */
static const char *const skipped[] = { "*~", ".*.sw?", "4913", ".#*", "\\#*#", "*.theirs",
				       TEMPORARY "*", "*.pyc" };

void work_tree_file_release(struct work_tree_file *file)
{
	buf_release(&file->content);
}

/* --- reading */

static int read_all(int fd, size_t limit, struct buf *ret)
{
	char piece[65536];
	ssize_t got;

	*ret = (struct buf)BUF_INIT(limit);
	while ((got = read(fd, piece, sizeof(piece))) > 0)
		if (!buf_add(ret, piece, (size_t)got))
			return -1;
	return (int)got;
}

/* Whether a link is on the way: whatever is behind it, it is not gone. */
static bool is_behind_link(int folder_fd, const char *path)
{
	AUTO_FREE char *copy = buf_strdup(path);
	struct stat st;

	for (char *slash = strchr(copy, '/'); slash; slash = strchr(slash + 1, '/')) {
		*slash = '\0';
		if (fstatat(folder_fd, copy, &st, AT_SYMLINK_NOFOLLOW) == 0 &&
		    S_ISLNK(st.st_mode))
			return true;
		*slash = '/';
	}
	return false;
}

void work_tree_read(int folder_fd, const char *path, size_t limit, struct work_tree_file *ret)
{
	AUTO_FD int fd = fs_open_below(folder_fd, path);
	struct hash hash;
	struct stat st;

	*ret = (struct work_tree_file){ .is = WORK_TREE_OTHER };
	if (fd < 0) {
		if (errno == ENOENT || (errno == ENOTDIR && !is_behind_link(folder_fd, path)))
			ret->is = WORK_TREE_NOTHING;
		return;
	}
	if (fstat(fd, &st) < 0)
		return;
	if (S_ISDIR(st.st_mode))	/* no file, then */
		ret->is = WORK_TREE_NOTHING;
	if (!S_ISREG(st.st_mode) || (uint64_t)st.st_size > limit)
		return;
	if (read_all(fd, limit, &ret->content) < 0) {
		buf_release(&ret->content);
		return;
	}
	hash = hash_of(buf_str(&ret->content), ret->content.len);
	hash_hex(&hash, ret->hash);
	ret->executable = st.st_mode & S_IXUSR;
	ret->is = WORK_TREE_FILE;
}

/* --- listing */

struct listing {
	const char *folder;
	int fd;				/* of the folder */
	const char *const *skip;
	json_t *files;
	unsigned odd, repositories;
};

/* What git names below a folder ("" or "app/"). A repository there would tell of itself alone, and
 * is the candidate's: that of the work is asked, with the other folder as its work tree. What it
 * tracks that is not there is named, too. */
static int ask_git(const struct listing *listing, const char *below, struct buf *out,
		   struct err *err)
{
	AUTO_FREE char *work_tree = fs_join(listing->folder, below);
	AUTO_FREE char *repository = fs_join(listing->folder, ".git");
	const char *argv[WORDS_MOST] = { "git", "-C", work_tree, "--git-dir", repository,
					 "--work-tree", work_tree, "-c", "core.fsmonitor=false",
					 "ls-files", "-z", "-c", "-o", "--exclude-standard" };
	size_t words = 14, i;
	int status;

	for (i = 0; i < sizeof(skipped) / sizeof(*skipped); i++) {
		argv[words++] = "-x";
		argv[words++] = skipped[i];
	}
	for (i = 0; listing->skip[i] && words + 3 < WORDS_MOST; i++) {
		argv[words++] = "-x";
		argv[words++] = listing->skip[i];
	}
	status = git_program(argv, out, err);
	return status <= 0 ? status : err_set(err, ERR_ENV, "git does not know %s as its work tree",
					      listing->folder);
}

static bool is_folder(const struct listing *listing, const char *path)
{
	AUTO_FD int fd = fs_open_below(listing->fd, path);
	struct stat st;

	return fd >= 0 && fstat(fd, &st) == 0 && S_ISDIR(st.st_mode);
}

/* A further work tree of a repository, or a submodule: it is all there elsewhere. */
static bool is_linked(const struct listing *listing, const char *path)
{
	AUTO_FREE char *link = fs_join(path, ".git");
	struct stat st;

	return fstatat(listing->fd, link, &st, AT_SYMLINK_NOFOLLOW) == 0 && !S_ISDIR(st.st_mode);
}

static int list_below(struct listing *listing, const char *below, struct err *err);

/* A repository of its own is named as one thing: with '/' at its end, or, where git tracks it, as a
 * file would be. */
static int list_one(struct listing *listing, char *path, struct err *err)
{
	size_t len = strlen(path);
	AUTO_FREE char *below = NULL;
	struct stat st;

	if (len && path[len - 1] == '/')
		path[len - 1] = '\0';
	if (fstatat(listing->fd, path, &st, AT_SYMLINK_NOFOLLOW) < 0)
		return 0;
	if (!fs_path_confined(path)) {
		listing->odd++;
		return 0;
	}
	if (!S_ISDIR(st.st_mode) || !is_folder(listing, path)) {
		json_object_set_new(listing->files, path, json_true());
		return 0;
	}
	if (is_linked(listing, path) || ++listing->repositories > REPOSITORIES_MOST) {
		listing->odd++;
		return 0;
	}
	below = buf_format("%s/", path);
	return list_below(listing, below, err);
}

static int list_below(struct listing *listing, const char *below, struct err *err)
{
	AUTO(buf_release) struct buf out = BUF_INIT(LIST_MOST);

	if (ask_git(listing, below, &out, err) < 0)
		return -1;
	for (size_t at = 0; at < out.len; at += strlen(out.data + at) + 1) {
		AUTO_FREE char *path = buf_format("%s%s", below, out.data + at);

		if (list_one(listing, path, err) < 0)
			return -1;
	}
	return 0;
}

json_t *work_tree_list(const char *folder, const char *const *skip, unsigned *ret_odd,
		       struct err *err)
{
	AUTO_FD int fd = open(folder, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	AUTO_JSON json_t *files = json_object();
	struct listing listing = { .folder = folder, .fd = fd, .skip = skip, .files = files };

	if (fd < 0) {
		err_sys(err, "%s", folder);
		return NULL;
	}
	if (list_below(&listing, "", err) < 0)
		return NULL;
	*ret_odd = listing.odd;
	return TAKE(files);
}

/* --- changing */

/* Always -1: what this one path does not allow is told apart from what ails the disk. */
static int refuse(const char *what, const char *path, struct err *err)
{
	static const int own[] = { ENOTDIR, EISDIR, ELOOP, EACCES, EPERM, EROFS,
				   ENAMETOOLONG };
	int why = errno;

	err_sys(err, "cannot %s '%.200s' here", what, path);
	for (size_t i = 0; i < sizeof(own) / sizeof(*own); i++)
		if (why == own[i])
			err->code = ERR_STATE;
	return -1;
}

static bool is_as_seen(int folder_fd, const char *path, const struct work_tree_file *seen)
{
	AUTO(work_tree_file_release) struct work_tree_file now;

	work_tree_read(folder_fd, path, seen->content.len, &now);
	return now.is == seen->is && now.executable == seen->executable &&
	       !strcmp(now.hash, seen->hash);
}

static int write_temporary(int parent, const char *name, const struct buf *content, mode_t mode)
{
	AUTO_FD int fd = openat(parent, name, O_WRONLY | O_CREAT | O_EXCL | O_NOFOLLOW | O_CLOEXEC,
				mode);

	return fd < 0 || fs_write_all(fd, buf_str(content), content->len) < 0 || fsync(fd) < 0
		       ? -1 : 0;
}

/* An existing name is never replaced when there was none. */
static int set_in_place(int parent, const char *temporary, const char *name, bool is_new)
{
	struct stat st;

	if (!is_new)
		return renameat(parent, temporary, parent, name);
	if (fstatat(parent, name, &st, AT_SYMLINK_NOFOLLOW) == 0 && S_ISDIR(st.st_mode)) {
		errno = EISDIR;
		return -1;
	}
	return linkat(parent, temporary, parent, name, 0) < 0 ||
	       unlinkat(parent, temporary, 0) < 0 ? -1 : 0;
}

int work_tree_put(int folder_fd, const char *path, const struct work_tree_file *seen,
		  const struct buf *content, bool executable, struct err *err)
{
	char temporary[sizeof(TEMPORARY) + RAND_ID_LEN] = TEMPORARY;
	const char *name;
	AUTO_FD int parent = fs_open_parent(folder_fd, path, true, &name);
	int failed;

	rand_id(temporary + sizeof(TEMPORARY) - 1);
	if (parent < 0)
		return refuse("write", path, err);
	if (write_temporary(parent, temporary, content, executable ? 0777 : 0666) < 0) {
		refuse("write", path, err);
		unlinkat(parent, temporary, 0);
		return -1;
	}
	if (!is_as_seen(folder_fd, path, seen)) {
		unlinkat(parent, temporary, 0);
		return 1;
	}
	failed = set_in_place(parent, temporary, name, seen->is == WORK_TREE_NOTHING);
	if (failed == 0)
		return 0;
	failed = errno == EEXIST ? 1 : refuse("write", path, err);
	unlinkat(parent, temporary, 0);
	return failed;
}

/* As git does. */
static void remove_empty(int folder_fd, const char *path)
{
	AUTO_FREE char *copy = buf_strdup(path);
	char *slash;

	while ((slash = strrchr(copy, '/'))) {
		const char *name;
		AUTO_FD int parent = -1;

		*slash = '\0';
		parent = fs_open_parent(folder_fd, copy, false, &name);
		if (parent < 0 || unlinkat(parent, name, AT_REMOVEDIR) < 0)
			return;
	}
}

int work_tree_remove(int folder_fd, const char *path, const struct work_tree_file *seen,
		     struct err *err)
{
	const char *name;
	AUTO_FD int parent = fs_open_parent(folder_fd, path, false, &name);

	if (!is_as_seen(folder_fd, path, seen))
		return 1;
	if (parent < 0 || (unlinkat(parent, name, 0) < 0 && errno != ENOENT))
		return refuse("remove", path, err);
	remove_empty(folder_fd, path);
	return 0;
}
