/* run_folder.c - see run_folder.h */
#include "work/run_folder.h"

#include "base/auto.h"
#include "base/fs.h"
#include "base/json.h"
#include "task/language.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#define DEPTH_MOST 64
#define PATH_MOST 1024
#define TAG_SIZE 64

void run_folder_release(struct run_folder *folder)
{
	json_decref(folder->laid);
	folder->laid = NULL;
}

/* --- every file of the sandbox's folder, which is hostile after the run */

struct walk {
	struct run_folder *folder;
	int (*take)(struct run_folder *folder, int parent, const char *name, const char *path,
		    const struct stat *st, struct err *err);
	char path[PATH_MOST + 1];
	uint64_t seen;
};

static bool is_ours(const char *name)
{
	const char *const *cache = language_caches();

	while (*cache && strcmp(*cache, name) != 0)
		cache++;
	return !*cache && fs_path_confined(name);
}

static void close_folder(DIR **dir)
{
	if (*dir)
		closedir(*dir);
}

static int walk_folder(struct walk *walk, int fd, size_t len, unsigned depth, struct err *err);

static int walk_entry(struct walk *walk, int parent, const char *name, size_t len, unsigned depth,
		      struct err *err)
{
	int more = snprintf(walk->path + len, sizeof(walk->path) - len, "%s%s", len ? "/" : "",
			    name);
	AUTO_FD int below = -1;
	struct stat st;

	if (++walk->seen > walk->folder->limits->inodes)
		return err_set(err, ERR_INPUT, "there are too many files");
	if (len + (size_t)more > PATH_MOST || !is_ours(name))
		return 0;
	if (fstatat(parent, name, &st, AT_SYMLINK_NOFOLLOW) < 0)
		return 0;
	if (S_ISREG(st.st_mode))
		return walk->take(walk->folder, parent, name, walk->path, &st, err);
	if (!S_ISDIR(st.st_mode) || depth == 0)
		return 0;
	below = openat(parent, name, O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC);
	return below < 0 ? 0 : walk_folder(walk, below, len + (size_t)more, depth - 1, err);
}

static int walk_folder(struct walk *walk, int fd, size_t len, unsigned depth, struct err *err)
{
	int own = openat(fd, ".", O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	AUTO(close_folder) DIR *dir = own < 0 ? NULL : fdopendir(own);
	struct dirent *entry;

	if (!dir) {
		auto_close(&own);
		return err_sys(err, "cannot read the folder");
	}
	while ((entry = readdir(dir))) {
		if (!strcmp(entry->d_name, ".") || !strcmp(entry->d_name, ".."))
			continue;
		if (walk_entry(walk, fd, entry->d_name, len, depth, err) < 0)
			return -1;
	}
	return 0;
}

/* --- laying */

static const char *tag(const struct stat *st, char text[TAG_SIZE])
{
	snprintf(text, TAG_SIZE, "%jd %jd.%09ld %d", (intmax_t)st->st_size,
		 (intmax_t)st->st_mtim.tv_sec, st->st_mtim.tv_nsec,
		 (st->st_mode & S_IXUSR) != 0);
	return text;
}

static int note_file(struct run_folder *folder, int parent, const char *name, const char *path,
		     const struct stat *st, struct err *err)
{
	char text[TAG_SIZE];

	(void)parent, (void)name, (void)err;
	json_object_set_new(folder->laid, path, json_string(tag(st, text)));
	return 0;
}

/* What is no part of the work: .git, and the caches. */
static const char **skipped_names(void)
{
	const char *const *caches = language_caches();
	size_t count = 0;
	const char **names;

	while (caches[count])
		count++;
	names = buf_alloc((count + 2) * sizeof(*names));
	memcpy(names, caches, count * sizeof(*names));
	names[count] = ".git";
	return names;
}

int run_folder_lay(struct run_folder *folder, int work_fd, struct err *err)
{
	AUTO_FREE const char **skip = skipped_names();
	const struct fs_limits limits = {
		.files = folder->limits->inodes, .bytes = folder->limits->disk,
		.file_bytes = folder->limits->file_size, .depth = DEPTH_MOST, .skip = skip,
	};
	AUTO_FD int from = open(folder->path, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	struct walk walk = { .folder = folder, .take = note_file };

	if (from < 0)
		return err_sys(err, "%s", folder->path);
	if (fs_copy_tree(from, work_fd, &limits, NULL, err) < 0)
		return err_wrap(err, "the work folder");
	folder->laid = json_object();
	return walk_folder(&walk, work_fd, 0, DEPTH_MOST, err);
}

/* --- collecting */

/* Whether here is still what was laid: the same file, or nothing. */
static bool is_untouched(int parent, const char *name, const char *laid)
{
	char text[TAG_SIZE];
	struct stat st;

	if (fstatat(parent, name, &st, AT_SYMLINK_NOFOLLOW) < 0)
		return errno == ENOENT && !laid;
	return S_ISREG(st.st_mode) && laid && !strcmp(tag(&st, text), laid);
}

static int bring_file(struct run_folder *folder, int from, const char *name, const char *path,
		      const struct stat *st, struct err *err)
{
	const char *laid = json_str(folder->laid, path, NULL), *last;
	AUTO(buf_release) struct buf content = { 0 };
	struct err ignored = ERR_INIT;
	AUTO_FD int top = -1, parent = -1;
	char text[TAG_SIZE];

	if (laid && !strcmp(tag(st, text), laid))
		return 0;
	top = open(folder->path, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	parent = top < 0 ? -1 : fs_open_parent(top, path, true, &last);
	if (parent < 0 || !is_untouched(parent, last, laid) ||
	    fs_read(from, name, folder->limits->file_size, &content, &ignored) < 0) {
		folder->kept++;
		return 0;
	}
	return fs_put(parent, last, st->st_mode & S_IXUSR ? 0777 : 0666, buf_str(&content),
		      content.len, err);
}

int run_folder_collect(struct run_folder *folder, int work_fd, struct err *err)
{
	struct walk walk = { .folder = folder, .take = bring_file };

	return walk_folder(&walk, work_fd, 0, DEPTH_MOST, err);
}
