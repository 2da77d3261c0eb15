/* repo_serve.c - see repo_serve.h */
#include "workspace/repo_serve.h"

#include "base/auto.h"
#include "workspace/repo_internal.h"
#include "workspace/repo_walk.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#define PACKS "objects/pack"
#define LAID "laid"		/* the name of our pack; receive-pack names its own by their hash */
#define PACKS_MOST 16

void repo_serve_pack_release(struct repo_serve_pack *pack)
{
	buf_release(&pack->pack);
	buf_release(&pack->index);
}

/* --- out */

struct spool {
	FILE *file;
	size_t len;
};

static int add_to_spool(void *arg, const void *data, size_t len, struct err *err)
{
	struct spool *spool = arg;

	spool->len += len;
	if (spool->len > REPO_SERVE_PACK_MOST)
		return err_set(err, ERR_INPUT, "the history is larger than %zu MiB",
			       REPO_SERVE_PACK_MOST >> 20);
	return fwrite(data, 1, len, spool->file) == len ? 0 : err_sys(err, "cannot write the pack");
}

static void free_indexer(git_indexer **indexer)
{
	git(indexer_free)(*indexer);
}

/* libgit2 makes both files in a folder. */
static int index_pack(FILE *file, const char *folder, char ret_name[REPO_OID_SIZE], struct err *err)
{
	AUTO(free_indexer) git_indexer *indexer = NULL;
	git_indexer_progress progress = { 0 };
	char piece[65536];
	size_t len;

	rewind(file);
	if (git(indexer_new)(&indexer, folder, 0444, NULL, NULL) < 0)
		return repo_git_err(err, "cannot index a pack");
	while ((len = fread(piece, 1, sizeof(piece), file)) > 0)
		if (git(indexer_append)(indexer, piece, len, &progress) < 0)
			return repo_git_err(err, "cannot index a pack");
	if (ferror(file) || git(indexer_commit)(indexer, &progress) < 0)
		return repo_git_err(err, "cannot index a pack");
	git(oid_tostr)(ret_name, REPO_OID_SIZE, git(indexer_hash)(indexer));
	return 0;
}

int repo_serve_pack_make(struct repo *repo, const char *commit, struct repo_serve_pack *ret,
			 struct err *err)
{
	AUTO(fs_temp_release) char *folder = fs_temp_dir("tali-pack", err);
	AUTO_FILE FILE *file = folder ? tmpfile() : NULL;
	struct spool spool = { .file = file };
	char name[REPO_OID_SIZE];
	AUTO_FREE char *pack = NULL, *index = NULL;

	if (!folder)
		return -1;
	if (!file)
		return err_sys(err, "a temporary file");
	if (repo_pack_write(repo, commit, add_to_spool, &spool, err) < 0 ||
	    index_pack(file, folder, name, err) < 0)
		return -1;
	pack = buf_format("%s/pack-%s.pack", folder, name);
	index = buf_format("%s/pack-%s.idx", folder, name);
	snprintf(ret->commit, sizeof(ret->commit), "%s", commit);
	return fs_read(AT_FDCWD, pack, REPO_SERVE_PACK_MOST, &ret->pack, err) < 0 ||
	       fs_read(AT_FDCWD, index, REPO_SERVE_PACK_MOST, &ret->index, err) < 0 ? -1 : 0;
}

/* --- laying out */

static int lay_file(int folder_fd, const char *path, mode_t mode, const void *data, size_t len,
		    struct err *err)
{
	AUTO_FD int fd = openat(folder_fd, path, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, mode);

	if (fd < 0 || fs_write_all(fd, data, len) < 0)
		return err_sys(err, "cannot lay out '%s'", path);
	return 0;
}

static int lay_text(int folder_fd, const char *path, mode_t mode, const char *text,
		    struct err *err)
{
	return lay_file(folder_fd, path, mode, text, strlen(text), err);
}

int repo_serve_lay(const struct repo_serve_pack *pack, const char *hook, int folder_fd,
		   struct err *err)
{
	static const char *const folders[] = { "objects", "objects/info", PACKS, "refs",
					       "refs/heads", "hooks" };
	static const char SETTINGS[] =
		"[core]\n\trepositoryformatversion = 0\n\tbare = true\n\tfsync = none\n"
		"[transfer]\n\tfsckObjects = true\n\tunpackLimit = 1\n"
		"[receive]\n\tdenyDeletes = true\n\tautogc = false\n"
		"[uploadpack]\n\tallowFilter = true\n\tallowReachableSHA1InWant = true\n"
		"[pack]\n\tthreads = 1\n[index]\n\tthreads = 1\n[gc]\n\tauto = 0\n";
	AUTO_FREE char *tip = buf_format("%s\n", pack->commit);

	for (size_t i = 0; i < sizeof(folders) / sizeof(*folders); i++)
		if (mkdirat(folder_fd, folders[i], 0755) < 0)
			return err_sys(err, "cannot lay out '%s'", folders[i]);
	if (lay_file(folder_fd, PACKS "/pack-" LAID ".pack", 0644, buf_str(&pack->pack),
		     pack->pack.len, err) < 0 ||
	    lay_file(folder_fd, PACKS "/pack-" LAID ".idx", 0644, buf_str(&pack->index),
		     pack->index.len, err) < 0 ||
	    lay_text(folder_fd, "config", 0644, SETTINGS, err) < 0 ||
	    lay_text(folder_fd, "HEAD", 0644, "ref: refs/heads/main\n", err) < 0 ||
	    lay_text(folder_fd, "refs/heads/main", 0644, tip, err) < 0)
		return -1;
	return hook ? lay_text(folder_fd, "hooks/pre-receive", 0755, hook, err) : 0;
}

/* --- what came of it */

static int take_pack(struct repo *repo, int folder_fd, const char *name, struct err *err)
{
	AUTO(buf_release) struct buf bytes = BUF_INIT(REPO_SERVE_PACK_MOST);
	AUTO_FREE char *path = fs_join(PACKS, name);
	AUTO_FILE FILE *spool = NULL;
	uint64_t objects;

	if (fs_read(folder_fd, path, REPO_SERVE_PACK_MOST, &bytes, err) < 0)
		return -1;
	spool = repo_pack_spool(repo, err);
	if (!spool)
		return -1;
	if (fwrite(buf_str(&bytes), 1, bytes.len, spool) != bytes.len)
		return err_sys(err, "cannot write the pack");
	return repo_pack_read(repo, spool, &objects, err);
}

static void free_listing(DIR **listing)
{
	if (*listing)
		closedir(*listing);
}

static int take_packs(struct repo *repo, int folder_fd, struct err *err)
{
	int fd = fs_open_below(folder_fd, PACKS);
	AUTO(free_listing) DIR *listing = fd < 0 ? NULL : fdopendir(fd);
	const struct dirent *entry;
	int count = 0;

	if (!listing)
		return err_set(err, ERR_INTEGRITY, "the push has no packs");
	while ((entry = readdir(listing))) {
		size_t len = strlen(entry->d_name);

		if (len < 5 || strcmp(entry->d_name + len - 5, ".pack") != 0 ||
		    !strcmp(entry->d_name, "pack-" LAID ".pack"))
			continue;
		if (++count > PACKS_MOST)
			return err_set(err, ERR_INPUT, "the push comes in too many packs");
		if (take_pack(repo, folder_fd, entry->d_name, err) < 0)
			return -1;
	}
	return 0;
}

static int read_tip(int folder_fd, char ret_commit[REPO_OID_SIZE], struct err *err)
{
	AUTO(buf_release) struct buf text = BUF_INIT(64);

	if (fs_read(folder_fd, "refs/heads/main", 64, &text, err) < 0 ||
	    text.len < REPO_OID_SIZE - 1 ||
	    strspn(text.data, "0123456789abcdef") != REPO_OID_SIZE - 1)
		return err_set(err, ERR_INTEGRITY, "the push left no branch main");
	snprintf(ret_commit, REPO_OID_SIZE, "%.*s", REPO_OID_SIZE - 1, text.data);
	return 0;
}

static int refuse_other(struct repo_walk *walk, const git_tree_entry *entry, struct err *err)
{
	return err_set(err, ERR_INPUT, "'%s' is a %s: files and folders only", walk->path,
		       git(tree_entry_filemode)(entry) == GIT_FILEMODE_LINK ? "symbolic link"
									    : "submodule");
}

/* What `git lfs` leaves in the place of a file (its specification: at most so long). */
static bool is_lfs_pointer(git_odb_object *blob)
{
	static const char begin[] = "version https://git-lfs.github.com/spec/";
	size_t size = git(odb_object_size)(blob);

	return size >= sizeof(begin) - 1 && size < 1024 &&
	       !memcmp(git(odb_object_data)(blob), begin, sizeof(begin) - 1);
}

static int check_file(struct repo_walk *walk, const git_tree_entry *entry, struct err *err)
{
	AUTO(repo_free_object) git_odb_object *blob =
		repo_walk_blob(walk->repo, git(tree_entry_id)(entry), repo_limits.file_bytes,
			       walk->path, err);
	bool *attributes = walk->arg;

	if (!blob)
		return -1;
	if (is_lfs_pointer(blob))
		return err_set(err, ERR_INPUT, "'%s' is a pointer of Git LFS: commit the file "
			       "itself", walk->path);
	*attributes |= !strcmp(walk->name, ".gitattributes");
	return 0;
}

static int check_tree(struct repo *repo, const char *commit, bool *ret_attributes, struct err *err)
{
	struct repo_walk walk = { .repo = repo, .file = check_file, .other = refuse_other,
				  .arg = ret_attributes };
	char tree[REPO_OID_SIZE];
	git_oid id;

	return repo_commit_tree(repo, commit, tree, err) < 0 ||
	       repo_parse_oid(&id, tree, err) < 0 || repo_walk_tree(&walk, &id, err) < 0 ? -1 : 0;
}

int repo_serve_take(struct repo *repo, const struct repo_serve_pack *laid, int folder_fd,
		    char ret_commit[REPO_OID_SIZE], bool *ret_attributes, struct err *err)
{
	int adds;

	*ret_attributes = false;
	if (read_tip(folder_fd, ret_commit, err) < 0)
		return -1;
	if (!strcmp(ret_commit, laid->commit))
		return 0;
	if (take_packs(repo, folder_fd, err) < 0)
		return -1;
	adds = repo_commit_adds(repo, ret_commit, laid->commit, err);
	if (adds == 0)
		return err_set(err, ERR_INPUT, "a push adds to main and takes nothing away: "
			       "git pull, then push again");
	return adds < 0 || check_tree(repo, ret_commit, ret_attributes, err) < 0 ? -1 : 0;
}
