/* repo_clone.c - see repo_clone.h */
#include "workspace/repo_clone.h"

#include "base/auto.h"
#include "workspace/repo_stage.h"
#include "workspace/repo_walk.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

#define UNFINISHED ".git.unfinished"

struct clone {
	struct repo *repo;
	int folder_fd;	    /* the work tree */
	char *git_path;	    /* PATH/.git.unfinished */
	git_commit *commit; /* of branch main */
	git_index *index;
	struct timespec file_time;
};

static void clone_release(struct clone *clone)
{
	auto_close(&clone->folder_fd);
	free(clone->git_path);
	git(commit_free)(clone->commit);
	git(index_free)(clone->index);
}

static void auto_closedir(DIR **dir)
{
	if (*dir)
		closedir(*dir);
}

/* Empty, or the remains of a clone that was interrupted. */
static int check_empty(int folder_fd, const char *path, struct err *err)
{
	int fd = openat(folder_fd, ".", O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	AUTO(auto_closedir) DIR *dir = fd < 0 ? NULL : fdopendir(fd);
	struct dirent *entry;
	bool empty = true;

	if (!dir)
		return err_sys(err, "'%s'", path);
	while ((entry = readdir(dir))) {
		if (!strcmp(entry->d_name, UNFINISHED))
			return 0;
		empty &= !strcmp(entry->d_name, ".") || !strcmp(entry->d_name, "..");
	}
	return empty ? 0 : err_set(err, ERR_STATE, "'%s' is not empty", path);
}

static int open_folder(struct clone *clone, const char *path, struct err *err)
{
	if (fs_exists(path) && !fs_is_dir(path))
		return err_set(err, ERR_STATE, "'%s' is not a folder", path);
	if (fs_mkdirs(path, 0755, err) < 0)
		return -1;
	clone->folder_fd = open(path, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	if (clone->folder_fd < 0)
		return err_sys(err, "'%s'", path);
	clone->git_path = fs_join(path, UNFINISHED);
	return check_empty(clone->folder_fd, path, err);
}

static int open_commit(struct clone *clone, struct err *err)
{
	char hex[REPO_OID_SIZE];
	git_oid id;
	int64_t made;

	if (repo_get_ref(clone->repo, "refs/heads/main", hex, err) < 0)
		return -1;
	if (!*hex)
		return err_set(err, ERR_NOT_FOUND, "branch main has no commit");
	if (repo_parse_oid(&id, hex, err) < 0)
		return -1;
	if (git(commit_lookup)(&clone->commit, clone->repo->git, &id) < 0)
		return repo_git_err(err, "commit %s", hex);
	made = git(commit_time)(clone->commit);
	clone->file_time.tv_sec = made < time(NULL) - 10 ? made : time(NULL) - 10;
	return 0;
}

/* A value of git's configuration in quotes. */
static void add_quoted(struct buf *config, const char *text)
{
	buf_add_byte(config, '"');
	for (; *text; text++) {
		if (*text == '"' || *text == '\\')
			buf_add_byte(config, '\\');
		buf_add_byte(config, (unsigned char)*text < 0x20 ? ' ' : *text);
	}
	buf_add_str(config, "\"\n");
}

static int lay_out(struct clone *clone, const char *name, const char *email, struct err *err)
{
	AUTO(buf_release) struct buf config = BUF_INIT(65536);

	if (fs_remove_tree(clone->folder_fd, UNFINISHED, err) < 0)
		return -1;
	buf_add_str(&config, "[core]\n"
			     "\trepositoryformatversion = 0\n"
			     "\tfilemode = true\n"
			     "\tbare = false\n"
			     "\tlogallrefupdates = true\n"
			     "[user]\n\tname = ");
	add_quoted(&config, name);
	buf_add_str(&config, "\temail = ");
	add_quoted(&config, email);
	return repo_lay_out(clone->git_path, buf_str(&config), NULL, false, err);
}

static void free_walk(git_revwalk **walk)
{
	git(revwalk_free)(*walk);
}

static void free_builder(git_packbuilder **builder)
{
	git(packbuilder_free)(*builder);
}

/* One pack of what main reaches, and of nothing else that the repository holds or borrows. */
static int copy_objects(struct clone *clone, struct err *err)
{
	AUTO(free_walk) git_revwalk *walk = NULL;
	AUTO(free_builder) git_packbuilder *builder = NULL;
	AUTO_FREE char *folder = fs_join(clone->git_path, "objects/pack");
	AUTO_FREE char *name = NULL;

	if (git(revwalk_new)(&walk, clone->repo->git) < 0 ||
	    git(revwalk_push)(walk, git(commit_id)(clone->commit)) < 0 ||
	    git(packbuilder_new)(&builder, clone->repo->git) < 0 ||
	    git(packbuilder_insert_walk)(builder, walk) < 0)
		return repo_git_err(err, "cannot collect the objects of branch main");
	name = repo_stage_write_pack(builder, folder, err);
	return name ? repo_stage_sync(folder, err) : -1;
}

/* Files are dated like the commit, which is before the index is written: else git would take them
 * for possibly changed, and look at them through the filters that the candidate's attributes ask
 * for. */
static int index_file(struct repo_walk *walk, const git_tree_entry *tree_entry, struct err *err)
{
	struct clone *clone = walk->arg;
	struct timespec times[2] = { clone->file_time, clone->file_time };
	git_index_entry entry = { .path = walk->path };
	AUTO_FD int fd = openat(clone->folder_fd, walk->path, O_RDONLY | O_NOFOLLOW | O_CLOEXEC);
	struct stat st;

	if (fd < 0 || futimens(fd, times) < 0 || fsync(fd) < 0 || fstat(fd, &st) < 0)
		return err_sys(err, "'%s'", walk->path);
	git(oid_cpy)(&entry.id, git(tree_entry_id)(tree_entry));
	entry.mode = git(tree_entry_filemode)(tree_entry);
	entry.file_size = (uint32_t)st.st_size;
	entry.dev = (uint32_t)st.st_dev;
	entry.ino = (uint32_t)st.st_ino;
	entry.uid = st.st_uid;
	entry.gid = st.st_gid;
	entry.mtime = (git_index_time){ (int32_t)st.st_mtim.tv_sec, (uint32_t)st.st_mtim.tv_nsec };
	entry.ctime = (git_index_time){ (int32_t)st.st_ctim.tv_sec, (uint32_t)st.st_ctim.tv_nsec };
	if (git(index_add)(clone->index, &entry) < 0)
		return repo_git_err(err, "'%s'", walk->path);
	return 0;
}

static int check_out(struct clone *clone, struct err *err)
{
	AUTO_FREE char *path = fs_join(clone->git_path, "index");
	struct repo_walk walk = { .repo = clone->repo, .arg = clone, .file = index_file };
	char hex[REPO_OID_SIZE];

	git(oid_tostr)(hex, sizeof(hex), git(commit_tree_id)(clone->commit));
	if (repo_materialise(clone->repo, hex, clone->folder_fd, err) < 0)
		return -1;
	if (git(index_open)(&clone->index, path) < 0)
		return repo_git_err(err, "cannot make '%s'", path);
	if (repo_walk_tree(&walk, git(commit_tree_id)(clone->commit), err) < 0)
		return -1;
	if (git(index_write)(clone->index) < 0)
		return repo_git_err(err, "cannot write '%s'", path);
	return repo_stage_sync(path, err);
}

static int write_main(struct clone *clone, struct err *err)
{
	AUTO_FREE char *path = fs_join(clone->git_path, "refs/heads/main");
	char line[REPO_OID_SIZE + 1];

	git(oid_tostr)(line, REPO_OID_SIZE, git(commit_id)(clone->commit));
	memcpy(line + REPO_OID_SIZE - 1, "\n", 2);
	return fs_write(path, 0644, line, strlen(line), err);
}

static int finish(struct clone *clone, const char *path, struct err *err)
{
	if (repo_stage_sync(clone->git_path, err) < 0)
		return -1;
	if (renameat(clone->folder_fd, UNFINISHED, clone->folder_fd, ".git") < 0 ||
	    fsync(clone->folder_fd) < 0)
		return err_sys(err, "'%s'", path);
	return 0;
}

int repo_clone_out(struct repo *repo, const char *path, const char *name, const char *email,
		   struct err *err)
{
	AUTO(clone_release) struct clone clone = { .repo = repo, .folder_fd = -1 };

	if (open_commit(&clone, err) < 0 || open_folder(&clone, path, err) < 0 ||
	    lay_out(&clone, name, email, err) < 0 || copy_objects(&clone, err) < 0 ||
	    write_main(&clone, err) < 0 || check_out(&clone, err) < 0 ||
	    finish(&clone, path, err) < 0)
		return err_wrap(err, "cannot clone to '%s'", path);
	return 0;
}
