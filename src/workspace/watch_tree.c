/* watch_tree.c - see watch_tree.h */
#include "workspace/watch_tree.h"

#include "base/buf.h"
#include "base/system.h"

#include <stdlib.h>
#include <string.h>

struct watch_folder *watch_tree_folder(const char *path, unsigned depth)
{
	struct watch_folder *folder = buf_alloc(sizeof(*folder));

	folder->path = buf_strdup(path);
	folder->depth = depth;
	folder->wd = -1;
	folder->dirty = true;
	return folder;
}

void watch_tree_free(struct watch_folder **folder)
{
	if (!*folder)
		return;
	for (size_t i = 0; i < (*folder)->count; i++) {
		free((*folder)->entries[i].name);
		watch_tree_free(&(*folder)->entries[i].folder);
	}
	free((*folder)->entries);
	free((*folder)->path);
	free(*folder);
	*folder = NULL;
}

/* Where the name stands or would stand. */
static size_t place_of(const struct watch_folder *folder, const char *name, bool *ret_found)
{
	size_t low = 0, high = folder->count;

	*ret_found = false;
	while (low < high && !*ret_found) {
		size_t middle = low + (high - low) / 2;
		int order = strcmp(folder->entries[middle].name, name);

		*ret_found = order == 0;
		if (order < 0)
			low = middle + 1;
		else
			high = middle;
	}
	return high;
}

struct watch_entry *watch_tree_find(const struct watch_folder *folder, const char *name)
{
	bool found;
	size_t at = place_of(folder, name, &found);

	return found ? &folder->entries[at] : NULL;
}

struct watch_entry *watch_tree_add(struct watch_folder *folder, const char *name)
{
	bool found;
	size_t at = place_of(folder, name, &found);

	if (folder->count == folder->size) {
		folder->size = folder->size ? 2 * folder->size : 8;
		folder->entries =
			buf_realloc(folder->entries, folder->size, sizeof(*folder->entries));
	}
	memmove(folder->entries + at + 1, folder->entries + at,
		(folder->count - at) * sizeof(*folder->entries));
	folder->count++;
	folder->entries[at] = (struct watch_entry){ .name = buf_strdup(name) };
	return &folder->entries[at];
}

struct watch_entry watch_tree_take(struct watch_folder *folder, size_t i)
{
	struct watch_entry taken = folder->entries[i];

	folder->count--;
	memmove(folder->entries + i, folder->entries + i + 1,
		(folder->count - i) * sizeof(*folder->entries));
	return taken;
}

char *watch_tree_path(const struct watch_folder *folder, const char *name)
{
	return buf_format("%s%s%s", folder->path, *folder->path ? "/" : "", name);
}

bool watch_tree_same(const struct stat *a, const struct stat *b)
{
	return a->st_ino == b->st_ino && a->st_size == b->st_size && a->st_mode == b->st_mode &&
	       a->st_mtim.tv_sec == b->st_mtim.tv_sec && a->st_mtim.tv_nsec == b->st_mtim.tv_nsec &&
	       a->st_ctim.tv_sec == b->st_ctim.tv_sec && a->st_ctim.tv_nsec == b->st_ctim.tv_nsec;
}
