/* repo_read.c - see repo_read.h */
#include "workspace/repo_read.h"

#include "base/auto.h"
#include "workspace/repo_walk.h"

#include <errno.h>
#include <fcntl.h>
#include <inttypes.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#define LOOK_MOST 8000	   /* bytes in which git looks for a NUL, too */
#define LONG_AGO 946684800 /* 2000-01-01, s */

/* --- a folder from a tree */

struct materialise {
	int folders[REPO_PATH_SIZE / 2 + 1]; /* descriptors of the folders entered, by depth */
	uint64_t bytes;
};

/* Whatever has the name already must go: a file would keep its links and mode, a link would be
 * followed. */
static int create_file(int folder, const char *name, struct err *err)
{
	int flags = O_WRONLY | O_CREAT | O_EXCL | O_NOFOLLOW | O_CLOEXEC;
	int fd = openat(folder, name, flags, 0600);

	if (fd < 0 && errno == EEXIST) {
		if (fs_remove_tree(folder, name, err) < 0)
			return -1;
		fd = openat(folder, name, flags, 0600);
	}
	return fd < 0 ? err_sys(err, "cannot create it") : fd;
}

/* What programs leave: other programs, objects, marks that something was done. Of texts, scripts:
 * an archive may let each of its files be executed. */
static bool is_made(const char *data, size_t len, mode_t mode)
{
	bool script = mode == 0755 && len >= 2 && !memcmp(data, "#!", 2);

	return len == 0 || script || memchr(data, 0, len < LOOK_MOST ? len : LOOK_MOST);
}

/* A tree remembers no times, and all of it is written in the same moment: what make and its like
 * once made of older files would pass for up to date. */
static int date_file(int fd, git_odb_object *blob, mode_t mode)
{
	const struct timespec times[2] = { { .tv_sec = LONG_AGO }, { .tv_sec = LONG_AGO } };

	if (!is_made(git(odb_object_data)(blob), git(odb_object_size)(blob), mode))
		return 0;
	return futimens(fd, times);
}

static int write_file(struct repo_walk *walk, const git_tree_entry *entry, struct err *err)
{
	struct materialise *to = walk->arg;
	mode_t mode = git(tree_entry_filemode)(entry) == GIT_FILEMODE_BLOB_EXECUTABLE ? 0755 : 0644;
	AUTO(repo_free_object) git_odb_object *blob = NULL;
	AUTO_FD int fd = -1;

	blob = repo_walk_blob(walk->repo, git(tree_entry_id)(entry), repo_limits.file_bytes,
			      walk->path, err);
	if (!blob)
		return -1;
	to->bytes += git(odb_object_size)(blob);
	if (to->bytes > repo_limits.bytes)
		return err_set(err, ERR_INPUT, "'%s': more than %" PRIu64 " bytes in all",
			       walk->path, repo_limits.bytes);
	fd = create_file(to->folders[walk->depth], walk->name, err);
	if (fd < 0)
		return err_wrap(err, "'%s'", walk->path);
	if (fs_write_all(fd, git(odb_object_data)(blob), git(odb_object_size)(blob)) < 0 ||
	    fchmod(fd, mode) < 0 || date_file(fd, blob, mode) < 0)
		return err_sys(err, "'%s'", walk->path);
	return 0;
}

static int enter_folder(struct repo_walk *walk, struct err *err)
{
	struct materialise *to = walk->arg;
	int above = to->folders[walk->depth];
	int flags = O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC;
	bool fresh = mkdirat(above, walk->name, 0755) == 0;
	int fd;

	if (!fresh && errno != EEXIST)
		return err_sys(err, "'%s'", walk->path);
	fd = openat(above, walk->name, flags);
	if (fd < 0 && !fresh && (errno == ENOTDIR || errno == ELOOP)) {
		if (fs_remove_tree(above, walk->name, err) < 0)
			return err_wrap(err, "'%s'", walk->path);
		fresh = mkdirat(above, walk->name, 0755) == 0;
		fd = openat(above, walk->name, flags);
	}
	if (fd < 0 || (fresh && fchmod(fd, 0755) < 0)) {
		err_sys(err, "'%s'", walk->path);
		auto_close(&fd);
		return -1;
	}
	to->folders[walk->depth + 1] = fd;
	return 0;
}

static void leave_folder(struct repo_walk *walk)
{
	struct materialise *to = walk->arg;

	close(to->folders[walk->depth + 1]);
}

int repo_materialise(struct repo *repo, const char *tree, int folder_fd, struct err *err)
{
	struct materialise to = { .folders = { folder_fd } };
	struct repo_walk walk = {
		.repo = repo,
		.arg = &to,
		.file = write_file,
		.enter = enter_folder,
		.leave = leave_folder,
	};
	git_oid id;

	if (repo_parse_oid(&id, tree, err) < 0)
		return -1;
	return repo_walk_tree(&walk, &id, err);
}

/* --- single files */

static void free_entry(git_tree_entry **entry)
{
	git(tree_entry_free)(*entry);
}

static git_tree_entry *find_entry(struct repo *repo, const char *tree, const char *path,
				  struct err *err)
{
	AUTO(repo_free_tree) git_tree *root = NULL;
	git_tree_entry *entry;
	git_oid id;
	int rc;

	if (repo_parse_oid(&id, tree, err) < 0)
		return NULL;
	root = repo_tree(repo, &id, err);
	if (!root)
		return NULL;
	rc = fs_path_confined(path) ? git(tree_entry_bypath)(&entry, root, path) : GIT_ENOTFOUND;
	if (rc == 0)
		return entry;
	if (rc == GIT_ENOTFOUND)
		err_set(err, ERR_NOT_FOUND, "'%s': no such file", path);
	else
		repo_git_err(err, "'%s'", path);
	return NULL;
}

int repo_read_file(struct repo *repo, const char *tree, const char *path, size_t limit,
		   struct buf *out, struct err *err)
{
	AUTO(free_entry) git_tree_entry *entry = find_entry(repo, tree, path, err);
	AUTO(repo_free_object) git_odb_object *blob = NULL;

	if (!entry)
		return -1;
	if (!repo_is_file(git(tree_entry_filemode)(entry)))
		return err_set(err, ERR_NOT_FOUND, "'%s' is not a file", path);
	blob = repo_walk_blob(repo, git(tree_entry_id)(entry), limit, path, err);
	if (!blob)
		return -1;
	*out = (struct buf)BUF_INIT(limit);
	buf_add(out, git(odb_object_data)(blob), git(odb_object_size)(blob));
	return 0;
}

int repo_read_blob(struct repo *repo, const char *oid, size_t limit, struct buf *out,
		   struct err *err)
{
	AUTO(repo_free_object) git_odb_object *blob = NULL;
	git_oid id;

	if (repo_parse_oid(&id, oid, err) < 0)
		return -1;
	blob = repo_walk_blob(repo, &id, limit, oid, err);
	if (!blob)
		return -1;
	*out = (struct buf)BUF_INIT(limit);
	buf_add(out, git(odb_object_data)(blob), git(odb_object_size)(blob));
	return 0;
}

bool repo_has(struct repo *repo, const char *tree, const char *path)
{
	struct err ignored = ERR_INIT;
	AUTO(free_entry) git_tree_entry *entry = find_entry(repo, tree, path, &ignored);

	return entry && (repo_is_file(git(tree_entry_filemode)(entry)) ||
			 git(tree_entry_filemode)(entry) == GIT_FILEMODE_TREE);
}

/* --- all of them */

struct each_file {
	int (*visit)(void *arg, const struct repo_file *file, struct err *err);
	void *arg;
};

static int visit_file(struct repo_walk *walk, const git_tree_entry *entry, struct err *err)
{
	const struct each_file *each = walk->arg;
	char hex[REPO_OID_SIZE];
	struct repo_file file = {
		.path = walk->path,
		.oid = git(oid_tostr)(hex, sizeof(hex), git(tree_entry_id)(entry)),
		.executable = git(tree_entry_filemode)(entry) == GIT_FILEMODE_BLOB_EXECUTABLE,
	};
	git_object_t type;
	size_t size;

	if (git(odb_read_header)(&size, &type, walk->repo->odb, git(tree_entry_id)(entry)) < 0)
		return repo_git_err(err, "'%s'", walk->path);
	file.size = size;
	return each->visit(each->arg, &file, err);
}

int repo_each_file(struct repo *repo, const char *tree,
		   int (*visit)(void *arg, const struct repo_file *file, struct err *err),
		   void *arg, struct err *err)
{
	struct each_file each = { visit, arg };
	struct repo_walk walk = { .repo = repo, .arg = &each, .file = visit_file };
	git_oid id;

	if (repo_parse_oid(&id, tree, err) < 0)
		return -1;
	return repo_walk_tree(&walk, &id, err);
}
