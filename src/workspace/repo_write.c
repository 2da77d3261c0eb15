/* repo_write.c - see repo_write.h */
#include "workspace/repo_write.h"

#include "base/auto.h"
#include "workspace/folder_scan.h"
#include "workspace/repo_internal.h"
#include "workspace/repo_stage.h"

#include <errno.h>
#include <fcntl.h>
#include <inttypes.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

#define STALE_CHANGES 32
#define STALE_BYTES (512u << 10)

struct folder_write {
	struct repo *repo;
	int folder_fd;
	git_index *index;
	struct folder_scan scan;
	bool *known; /* by entry of scan: the index has it as it is */
	char **gone; /* paths that the index has and the folder has not */
	size_t gone_count, gone_size;
	size_t changes; /* of the index, since it was read */
	uint64_t changed_bytes; /* what they made us read */
	uint64_t bytes;
	struct buf contents; /* of the file at hand */
};

static void folder_write_release(struct folder_write *write)
{
	size_t i;

	for (i = 0; i < write->gone_count; i++)
		free(write->gone[i]);
	free(write->gone);
	free(write->known);
	git(index_free)(write->index);
	folder_scan_release(&write->scan);
	buf_release(&write->contents);
}

/* --- the stat cache: a git index, whose TREE extension also remembers the ids of unchanged
 * folders */

static uint32_t file_mode(const struct stat *st)
{
	return st->st_mode & S_IXUSR ? GIT_FILEMODE_BLOB_EXECUTABLE : GIT_FILEMODE_BLOB;
}

/* The clock that the kernel stamps files with moves in ticks: a file changed within the last ones
 * may change again and show the same times. So its times are not remembered (zero fits no file),
 * and it is read again next time. A file system that keeps whole seconds has ticks that long. */
static bool may_change_unseen(const struct stat *st, const struct timespec *now)
{
	int64_t tick = st->st_ctim.tv_nsec ? 20000000 : 2000000000;
	int64_t age = ((int64_t)now->tv_sec - st->st_ctim.tv_sec) * 1000000000 + now->tv_nsec -
		      st->st_ctim.tv_nsec;

	return age < tick;
}

static bool is_unchanged(const git_index_entry *entry, const struct stat *st)
{
	return entry->mode == file_mode(st) && entry->file_size == (uint32_t)st->st_size &&
	       entry->ino == (uint32_t)st->st_ino &&
	       entry->mtime.seconds == (int32_t)st->st_mtim.tv_sec &&
	       entry->mtime.nanoseconds == (uint32_t)st->st_mtim.tv_nsec &&
	       entry->ctime.seconds == (int32_t)st->st_ctim.tv_sec &&
	       entry->ctime.nanoseconds == (uint32_t)st->st_ctim.tv_nsec &&
	       entry->ctime.seconds != 0;
}

static int update_entry(struct folder_write *write, const char *path, const struct stat *st,
			const struct timespec *now, const git_oid *id, struct err *err)
{
	git_index_entry entry = {
		.path = path,
		.id = *id,
		.mode = file_mode(st),
		.file_size = (uint32_t)st->st_size,
		.ino = (uint32_t)st->st_ino,
		.mtime = { (int32_t)st->st_mtim.tv_sec, (uint32_t)st->st_mtim.tv_nsec },
		.ctime = { (int32_t)st->st_ctim.tv_sec, (uint32_t)st->st_ctim.tv_nsec },
	};

	if (may_change_unseen(st, now))
		entry.ctime = (git_index_time){ 0, 0 };
	write->changes++;
	write->changed_bytes += (uint64_t)st->st_size;
	if (git(index_add)(write->index, &entry) < 0)
		return err_set(err, ERR_INPUT, "'%s': git refuses the name", path);
	return 0;
}

/* Every object of the cache is there if its root is: it was written last, and nothing is ever
 * removed. */
static bool cache_holds(struct repo *repo, git_index *index)
{
	git_oid root;

	return git(index_write_tree_to)(&root, index, repo->git) == 0 &&
	       git(odb_exists)(repo->odb, &root);
}

/* The cache if it can be used, else an empty index in its place. */
static int open_index(struct folder_write *write, const char *name, struct err *err)
{
	AUTO_FREE char *path = name ? fs_join(write->repo->path, name) : NULL;

	if (!name)
		return git(index_new)(&write->index) < 0 ? repo_git_err(err, "new index") : 0;
	if (git(index_open)(&write->index, path) == 0 && cache_holds(write->repo, write->index))
		return 0;
	git(index_free)(TAKE(write->index));
	unlink(path);
	return git(index_open)(&write->index, path) < 0 ? repo_git_err(err, "cannot use '%s'", path)
							: 0;
}

/* A few changed files are read again faster than the cache of all is written. */
static bool is_stale(const struct folder_write *write)
{
	return write->changes > STALE_CHANGES || write->changed_bytes > STALE_BYTES;
}

/* It is only a cache: whether this succeeds matters to nobody, and it may name objects that are
 * still staged. The old one is removed first because ext4 waits for the disk when a file is
 * replaced. git's way of writing leaves a lock behind when
 * it is killed, which nobody else would remove. */
static void write_index(git_index *index)
{
	AUTO_FREE char *lock = buf_format("%s.lock", git(index_path)(index));
	struct stat st;

	unlink(git(index_path)(index));
	if (git(index_write)(index) != GIT_ELOCKED)
		return;
	if (stat(lock, &st) == 0 && time(NULL) - st.st_mtime > 60 && unlink(lock) == 0)
		git(index_write)(index);
}

/* --- what has changed */

static void add_gone(struct folder_write *write, const char *path)
{
	if (write->gone_count == write->gone_size) {
		write->gone_size = write->gone_size ? write->gone_size * 2 : 16;
		write->gone = buf_realloc(write->gone, write->gone_size, sizeof(*write->gone));
	}
	write->gone[write->gone_count++] = buf_strdup(path);
}

/* Both the list and the index are in git's order: one pass over the two. */
static void compare_with_index(struct folder_write *write)
{
	size_t count = git(index_entrycount)(write->index), at = 0, i;

	for (i = 0; i < write->scan.count; i++) {
		const struct folder_entry *file = &write->scan.entries[i];
		const git_index_entry *entry = NULL;
		int order = -1;

		if (!S_ISREG(file->stat.st_mode))
			continue;
		for (; at < count; at++) {
			entry = git(index_get_byindex)(write->index, at);
			order = strcmp(entry->path, file->path);
			if (order >= 0)
				break;
			add_gone(write, entry->path);
		}
		if (at == count || order != 0)
			continue;
		write->known[i] = is_unchanged(entry, &file->stat);
		if (write->known[i])
			write->bytes += (uint64_t)file->stat.st_size;
		at++;
	}
	for (; at < count; at++)
		add_gone(write, git(index_get_byindex)(write->index, at)->path);
}

static int store_file(struct folder_write *write, const char *path, struct err *err)
{
	struct timespec now;
	struct stat st;
	git_oid id;
	int rc;

	clock_gettime(CLOCK_REALTIME_COARSE, &now);
	rc = folder_scan_read(write->folder_fd, path, &write->contents, &st, err);
	if (rc < 0)
		return -1;
	if (rc == 1) { /* gone since it was listed */
		git(index_remove)(write->index, path, 0);
		write->changes++;
		return 0;
	}
	write->bytes += write->contents.len;
	if (write->bytes > repo_limits.bytes)
		return err_set(err, ERR_INPUT, "'%s': more than %" PRIu64 " bytes in all", path,
			       repo_limits.bytes);
	if (git(odb_write)(&id, write->repo->odb, buf_str(&write->contents), write->contents.len,
			   GIT_OBJECT_BLOB) < 0)
		return repo_git_err(err, "cannot store '%s'", path);
	if (repo_stage_relieve(write->repo->stage, err) < 0)
		return -1;
	return update_entry(write, path, &st, &now, &id, err);
}

static int update_index(struct folder_write *write, struct err *err)
{
	size_t i;

	write->known = buf_alloc(write->scan.count + 1);
	compare_with_index(write);
	write->changes = write->gone_count;
	for (i = 0; i < write->gone_count; i++)
		git(index_remove)(write->index, write->gone[i], 0);
	for (i = 0; i < write->scan.count; i++)
		if (S_ISREG(write->scan.entries[i].stat.st_mode) && !write->known[i] &&
		    store_file(write, write->scan.entries[i].path, err) < 0)
			return -1;
	return 0;
}

int repo_write_folder(struct repo *repo, int folder_fd, const char *index_name,
		      const struct repo_skip *skip, char ret_tree[REPO_OID_SIZE],
		      unsigned *ret_left_out, struct err *err)
{
	AUTO(folder_write_release)
	struct folder_write write = {
		.repo = repo,
		.folder_fd = folder_fd,
		.contents = BUF_INIT(repo_limits.file_bytes),
	};
	git_oid id;

	if (index_name && (strchr(index_name, '/') || index_name[0] == '.'))
		return err_set(err, ERR_INPUT, "'%s' is not a plain name", index_name);
	if (folder_scan_list(&write.scan, folder_fd, skip ? skip->names : NULL, &repo_limits, err) <
		    0 ||
	    open_index(&write, index_name, err) < 0 || update_index(&write, err) < 0)
		return -1;
	if (git(index_write_tree_to)(&id, write.index, repo->git) < 0)
		return repo_git_err(err, "cannot write the tree");
	if (index_name && is_stale(&write))
		write_index(write.index);
	git(oid_tostr)(ret_tree, REPO_OID_SIZE, &id);
	if (ret_left_out)
		*ret_left_out = write.scan.left_out;
	return 0;
}

int repo_write_blob(struct repo *repo, const void *data, size_t len, char ret_oid[REPO_OID_SIZE],
		    struct err *err)
{
	git_oid id;

	if (git(odb_write)(&id, repo->odb, len ? data : "", len, GIT_OBJECT_BLOB) < 0)
		return repo_git_err(err, "cannot store a blob");
	git(oid_tostr)(ret_oid, REPO_OID_SIZE, &id);
	return 0;
}
