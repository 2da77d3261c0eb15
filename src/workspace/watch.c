/* watch.c - see watch.h */
#include "workspace/watch.h"

#include "workspace/watch_tree.h"
#include "base/auto.h"
#include "base/notify.h"
#include "base/system.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

/* A file or folder that was there at the look before. */
struct gone {
	char *path;
	ino_t ino;
	struct hash hash;
	bool is_folder, moved;
};

struct gone_list {
	struct gone *items;
	size_t count, size;
};

struct watched {
	int wd;
	struct watch_folder *folder;
};

struct watch {
	int folder_fd, notify;		/* notify -1: the kernel tells of nothing */
	const char *const *skip;
	struct fs_limits limits;
	struct watch_folder *top;
	struct watched *watched;	/* by wd */
	size_t watched_count, watched_size;
	uint64_t entries;		/* files and folders in all */
	unsigned left_out;
	bool blind;			/* the kernel does not tell of every folder */
	int64_t first, last;		/* times of changes that were not looked at; -1: none */
	int64_t looked;
};

struct look {
	struct watch *watch;
	bool all, silent;
	int (*visit)(void *arg, const struct watch_change *change, struct err *err);
	void *arg;
	struct gone_list gone;
};

/* --- watching */

/* Where the wd stands or would stand. */
static size_t place_of(const struct watch *watch, int wd)
{
	size_t low = 0, high = watch->watched_count;

	while (low < high) {
		size_t middle = low + (high - low) / 2;

		if (watch->watched[middle].wd < wd)
			low = middle + 1;
		else
			high = middle;
	}
	return low;
}

static struct watch_folder *folder_of(const struct watch *watch, int wd)
{
	size_t at = place_of(watch, wd);

	return at < watch->watched_count && watch->watched[at].wd == wd
		       ? watch->watched[at].folder
		       : NULL;
}

/* A folder that was moved is watched by the number it had. */
static void remember(struct watch *watch, int wd, struct watch_folder *folder)
{
	size_t at = place_of(watch, wd);

	folder->wd = wd;
	if (at < watch->watched_count && watch->watched[at].wd == wd) {
		watch->watched[at].folder = folder;
		return;
	}
	if (watch->watched_count == watch->watched_size) {
		watch->watched_size = watch->watched_size ? 2 * watch->watched_size : 16;
		watch->watched = buf_realloc(watch->watched, watch->watched_size,
					     sizeof(*watch->watched));
	}
	memmove(watch->watched + at + 1, watch->watched + at,
		(watch->watched_count - at) * sizeof(*watch->watched));
	watch->watched[at] = (struct watched){ wd, folder };
	watch->watched_count++;
}

static void drop_watched(struct watch *watch, int wd)
{
	struct watch_folder *folder = folder_of(watch, wd);
	size_t at = place_of(watch, wd);

	if (!folder)
		return;
	if (folder->wd == wd)
		folder->wd = -1;
	watch->watched_count--;
	memmove(watch->watched + at, watch->watched + at + 1,
		(watch->watched_count - at) * sizeof(*watch->watched));
}

/* No number leads to it any more: neither its own nor one it had before. */
static void forget(struct watch *watch, const struct watch_folder *folder)
{
	for (size_t i = watch->watched_count; i-- > 0;) {
		if (watch->watched[i].folder != folder)
			continue;
		notify_remove(watch->notify, watch->watched[i].wd);
		drop_watched(watch, watch->watched[i].wd);
	}
}

static void watch_folder(struct watch *watch, struct watch_folder *folder, int fd)
{
	int wd = notify_add(watch->notify, fd);

	if (wd < 0)
		watch->blind = true;
	else if (wd != folder->wd)
		remember(watch, wd, folder);
}

static void set_dirty(struct watch_folder *folder)
{
	folder->dirty = true;
	for (size_t i = 0; i < folder->count; i++) {
		folder->entries[i].check = true;
		if (folder->entries[i].folder)
			set_dirty(folder->entries[i].folder);
	}
}

struct taking {
	struct watch *watch;
	int64_t now;
};

static void take_event(void *arg, const struct notify_event *event)
{
	const struct taking *taking = arg;
	struct watch *watch = taking->watch;
	struct watch_folder *folder;
	struct watch_entry *entry;

	if (event->lost) {
		set_dirty(watch->top);
	} else {
		folder = folder_of(watch, event->folder);
		if (event->ended)
			drop_watched(watch, event->folder);
		if (!folder || event->ended)
			return;
		folder->dirty = true;
		entry = event->name ? watch_tree_find(folder, event->name) : NULL;
		if (entry)
			entry->check = true;
	}
	watch->last = taking->now;
	if (watch->first < 0)
		watch->first = taking->now;
}

void watch_take(struct watch *watch, int64_t now)
{
	struct taking taking = { watch, now };

	notify_read(watch->notify, take_event, &taking);
}

int64_t watch_due(const struct watch *watch)
{
	int64_t quiet = watch->last + WATCH_QUIET_MS, most = watch->first + WATCH_MOST_MS;

	if (watch->first >= 0)
		return quiet < most ? quiet : most;
	return watch->blind ? watch->looked + WATCH_BLIND_MS : -1;
}

/* --- looking */

static bool is_skipped(const struct watch *watch, const char *name)
{
	if (!strcmp(name, ".") || !strcmp(name, ".."))
		return true;
	for (const char *const *skip = watch->skip; skip && *skip; skip++)
		if (!strcmp(name, *skip))
			return true;
	return false;
}

static int tell(const struct look *look, const struct watch_change *change, struct err *err)
{
	return look->silent ? 0 : look->visit(look->arg, change, err);
}

static void add_gone(struct gone_list *list, char *path, const struct watch_entry *entry)
{
	if (list->count == list->size) {
		list->size = list->size ? 2 * list->size : 16;
		list->items = buf_realloc(list->items, list->size, sizeof(*list->items));
	}
	list->items[list->count++] = (struct gone){
		.path = path, .ino = entry->stat.st_ino, .hash = entry->hash,
		.is_folder = entry->folder != NULL,
	};
}

/* The entry, which was taken out of its folder, with all below it: a folder ahead of what is in
 * it. */
static void lose(struct look *look, const struct watch_folder *parent, struct watch_entry *entry)
{
	struct watch_folder *folder = entry->folder;

	add_gone(&look->gone, watch_tree_path(parent, entry->name), entry);
	look->watch->entries--;
	for (size_t i = 0; folder && i < folder->count; i++)
		lose(look, folder, &folder->entries[i]);
	if (folder) {
		folder->count = 0;
		forget(look->watch, folder);
		watch_tree_free(&entry->folder);
	}
	free(entry->name);
}

static int tell_gone(const struct look *look, const struct gone *gone, struct err *err)
{
	struct watch_change change = {
		.kind = gone->is_folder ? WATCH_GONE_FOLDER : WATCH_GONE, .path = gone->path,
	};

	return gone->moved ? 0 : tell(look, &change, err);
}

/* From the end on, down to `from`: what is in a folder goes before it. */
static int tell_all_gone(struct look *look, size_t from, struct err *err)
{
	while (look->gone.count > from) {
		AUTO_FREE char *path = look->gone.items[look->gone.count - 1].path;

		if (tell_gone(look, &look->gone.items[--look->gone.count], err) < 0)
			return -1;
	}
	return 0;
}

static void release_gone(struct look *look)
{
	while (look->gone.count > 0)
		free(look->gone.items[--look->gone.count].path);
	free(look->gone.items);
}

/* A name that now is another kind of thing: the old one goes first. */
static int replace(struct look *look, struct watch_folder *folder, size_t i, struct err *err)
{
	struct watch_entry old = watch_tree_take(folder, i);
	size_t before = look->gone.count;

	lose(look, folder, &old);
	return tell_all_gone(look, before, err);
}

/* NULL when it is not to be followed. */
static struct watch_entry *add_entry(struct look *look, struct watch_folder *folder,
				     const char *name, const struct stat *stat)
{
	struct watch *watch = look->watch;
	AUTO_FREE char *path = watch_tree_path(folder, name);
	struct watch_entry *entry;

	if (!fs_path_confined(path))
		return NULL;
	if (watch->entries >= watch->limits.files || folder->depth >= watch->limits.depth) {
		watch->left_out++;
		return NULL;
	}
	watch->entries++;
	entry = watch_tree_add(folder, name);
	entry->is_new = entry->check = true;
	if (S_ISDIR(stat->st_mode))
		entry->folder = watch_tree_folder(path, folder->depth + 1);
	return entry;
}

static int see(struct look *look, struct watch_folder *folder, int fd, const char *name,
	       struct err *err)
{
	struct watch_entry *entry = watch_tree_find(folder, name);
	struct stat stat;

	if (fstatat(fd, name, &stat, AT_SYMLINK_NOFOLLOW) < 0 ||
	    (!S_ISREG(stat.st_mode) && !S_ISDIR(stat.st_mode)))
		return 0;
	if (entry && !entry->folder != !S_ISDIR(stat.st_mode)) {
		if (replace(look, folder, (size_t)(entry - folder->entries), err) < 0)
			return -1;
		entry = NULL;
	}
	if (!entry)
		entry = add_entry(look, folder, name, &stat);
	if (!entry)
		return 0;
	entry->seen = true;
	if (look->all || !watch_tree_same(&entry->stat, &stat))
		entry->check = true;
	if (entry->folder && entry->stat.st_ino != stat.st_ino)
		entry->folder->dirty = true;
	entry->stat = stat;
	return 0;
}

/* Its watch stands before it is listed: what comes after the list is told. */
static int list_folder(struct look *look, struct watch_folder *folder, int fd, struct err *err)
{
	int copy = openat(fd, ".", O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	DIR *dir = copy < 0 ? NULL : fdopendir(copy);
	struct dirent *entry;
	int result = 0;

	if (!dir) {
		if (copy >= 0)
			close(copy);
		return 0;
	}
	watch_folder(look->watch, folder, fd);
	for (size_t i = 0; i < folder->count; i++)
		folder->entries[i].seen = false;
	while (result == 0 && (entry = readdir(dir)))
		if (!is_skipped(look->watch, entry->d_name))
			result = see(look, folder, fd, entry->d_name, err);
	closedir(dir);
	for (size_t i = folder->count; result == 0 && i-- > 0;) {
		if (!folder->entries[i].seen) {
			struct watch_entry old = watch_tree_take(folder, i);

			lose(look, folder, &old);
		}
	}
	return result;
}

static int open_folder(const struct watch *watch, const struct watch_folder *folder)
{
	int fd = *folder->path ? fs_open_below(watch->folder_fd, folder->path)
			       : openat(watch->folder_fd, ".", O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	struct stat stat;

	if (fd >= 0 && (fstat(fd, &stat) < 0 || !S_ISDIR(stat.st_mode))) {
		close(fd);
		return -1;
	}
	return fd;
}

/* All folders in which something changed are listed before any file is read: what was moved from
 * one to another is known by then. */
static int list_all(struct look *look, struct watch_folder *folder, struct err *err)
{
	if (folder->dirty || look->all || (look->watch->blind && !look->silent)) {
		AUTO_FD int fd = open_folder(look->watch, folder);

		folder->dirty = false;
		if (fd >= 0 && list_folder(look, folder, fd, err) < 0)
			return -1;
	}
	for (size_t i = 0; i < folder->count; i++)
		if (folder->entries[i].folder &&
		    list_all(look, folder->entries[i].folder, err) < 0)
			return -1;
	return 0;
}

static struct gone *find_moved(const struct look *look, const struct watch_entry *entry)
{
	for (size_t i = 0; i < look->gone.count; i++) {
		struct gone *gone = &look->gone.items[i];

		if (!gone->is_folder && !gone->moved && gone->ino == entry->stat.st_ino &&
		    hash_equal(&gone->hash, &entry->hash))
			return gone;
	}
	return NULL;
}

static int tell_file(struct look *look, const char *path, const struct watch_entry *entry,
		     const struct buf *content, struct err *err)
{
	struct gone *gone = entry->is_new ? find_moved(look, entry) : NULL;
	struct watch_change change = {
		.kind = gone ? WATCH_MOVED : entry->is_new ? WATCH_MADE : WATCH_WRITTEN,
		.path = path, .from = gone ? gone->path : NULL, .content = content,
		.executable = entry->stat.st_mode & S_IXUSR,
	};

	if (gone)
		gone->moved = true;
	return tell(look, &change, err);
}

/* Stands for the content of a file that is not read. */
static struct hash look_from_outside(const struct stat *stat)
{
	const int64_t seen[] = {
		(int64_t)stat->st_ino, stat->st_size, stat->st_mtim.tv_sec, stat->st_mtim.tv_nsec,
	};

	return hash_of(seen, sizeof(seen));
}

/* Its content decides: a file that was only touched has not changed. */
static int check_file(struct look *look, const char *path, struct watch_entry *entry,
		      struct err *err)
{
	AUTO(buf_release) struct buf content = { 0 };
	struct err ignored = ERR_INIT;
	bool was_read = fs_read(look->watch->folder_fd, path, look->watch->limits.file_bytes,
				&content, &ignored) == 0;
	bool executable = entry->stat.st_mode & S_IXUSR, was_executable = entry->executable;
	struct watch_change mode = { .kind = WATCH_MODE, .path = path, .executable = executable };
	struct hash hash = was_read ? hash_of(buf_str(&content), content.len)
				    : look_from_outside(&entry->stat);

	entry->executable = executable;
	if (!entry->is_new && hash_equal(&hash, &entry->hash))
		return executable != was_executable ? tell(look, &mode, err) : 0;
	entry->hash = hash;
	return tell_file(look, path, entry, was_read ? &content : NULL, err);
}

static int tell_changes(struct look *look, struct watch_folder *folder, struct err *err)
{
	for (size_t i = 0; i < folder->count; i++) {
		struct watch_entry *entry = &folder->entries[i];
		AUTO_FREE char *path = watch_tree_path(folder, entry->name);
		struct watch_change made = { .kind = WATCH_MADE_FOLDER, .path = path };

		if (entry->folder && entry->is_new && tell(look, &made, err) < 0)
			return -1;
		if (!entry->folder && entry->check && check_file(look, path, entry, err) < 0)
			return -1;
		entry->is_new = entry->check = false;
		if (entry->folder && tell_changes(look, entry->folder, err) < 0)
			return -1;
	}
	return 0;
}

static int look_now(struct look *look, struct err *err)
{
	struct watch *watch = look->watch;
	int result = 0;

	watch->first = watch->last = -1;
	if (list_all(look, watch->top, err) < 0 || tell_changes(look, watch->top, err) < 0 ||
	    tell_all_gone(look, 0, err) < 0)
		result = -1;
	release_gone(look);
	return result;
}

int watch_look(struct watch *watch, bool all, int64_t now,
	       int (*visit)(void *arg, const struct watch_change *change, struct err *err),
	       void *arg, struct err *err)
{
	struct look look = { .watch = watch, .all = all, .visit = visit, .arg = arg };

	watch->looked = now;
	return look_now(&look, err);
}

struct watch *watch_open(int folder_fd, const char *const *skip, const struct fs_limits *limits,
			 struct err *err)
{
	AUTO(watch_close) struct watch *watch = buf_alloc(sizeof(*watch));
	struct look look = { .watch = watch, .silent = true };

	watch->skip = skip;
	watch->limits = *limits;
	watch->first = watch->last = -1;
	watch->top = watch_tree_folder("", 0);
	watch->folder_fd = fcntl(folder_fd, F_DUPFD_CLOEXEC, 3);
	watch->notify = notify_open();
	if (watch->folder_fd < 0) {
		err_sys(err, "cannot watch the work folder");
		return NULL;
	}
	return look_now(&look, err) < 0 ? NULL : TAKE(watch);
}

void watch_close(struct watch **watch)
{
	if (!*watch)
		return;
	auto_close(&(*watch)->folder_fd);
	auto_close(&(*watch)->notify);
	watch_tree_free(&(*watch)->top);
	free((*watch)->watched);
	free(*watch);
	*watch = NULL;
}

int watch_fd(const struct watch *watch)
{
	return watch->notify;
}

unsigned watch_left_out(const struct watch *watch)
{
	return watch->left_out;
}
