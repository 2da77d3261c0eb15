/* watch_tree.h - what a watched folder held at the last look: folders, and files by their hash */
#ifndef TALI_WATCH_TREE_H
#define TALI_WATCH_TREE_H

#include "base/hash.h"

#include <stdbool.h>
#include <stddef.h>
#include <sys/stat.h>

struct watch_folder;

struct watch_entry {
	char *name;
	struct watch_folder *folder;	/* what it holds; NULL: it is a file */
	struct stat stat;
	struct hash hash;		/* of a file's content, or of what stands for it */
	bool is_new, seen;		/* in the look that goes on */
	bool check;			/* its content may have changed */
	bool executable;		/* as it was told */
};

struct watch_folder {
	char *path;			/* "" at the top */
	unsigned depth;
	int wd;				/* its number at notify.h; -1: none */
	bool dirty;			/* something in it may have changed */
	struct watch_entry *entries;	/* by name */
	size_t count, size;
};

struct watch_folder *watch_tree_folder(const char *path, unsigned depth);
/* With all that is in it. */
void watch_tree_free(struct watch_folder **folder);

/* Borrowed until the folder's entries change; NULL when there is none. */
struct watch_entry *watch_tree_find(const struct watch_folder *folder, const char *name);
struct watch_entry *watch_tree_add(struct watch_folder *folder, const char *name);
/* Takes entry i out; what it holds is the caller's. */
struct watch_entry watch_tree_take(struct watch_folder *folder, size_t i);

/* The path of a name in the folder; yours. */
char *watch_tree_path(const struct watch_folder *folder, const char *name);

/* Whether the two look the same from outside. */
bool watch_tree_same(const struct stat *a, const struct stat *b);

#endif
