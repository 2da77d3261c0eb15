/* notify.h - the kernel tells in which folders something changes (inotify(7), where there is it)
 *
 * Where there is none nothing is ever told, and whoever wants to know has to look by himself. */
#ifndef TALI_NOTIFY_H
#define TALI_NOTIFY_H

#include <stdbool.h>

struct notify_event {
	int folder;		/* as notify_add numbered it */
	const char *name;	/* in it; NULL: the folder itself */
	bool lost;		/* more happened than the kernel could tell, anywhere */
	bool ended;		/* this folder is not watched any more */
};

/* A descriptor that can be read when something is to be told, close-on-exec, not waiting. -1: this
 * system tells nothing, or not to us. */
int notify_open(void);

/* Watches a folder, by a descriptor of it: a path could be changed under our hands. Its number,
 * the same when it is watched already; -1: nothing will be told of it. */
int notify_add(int notify, int folder_fd);
void notify_remove(int notify, int folder);

/* All that is to be told; `name` is borrowed during the call. */
void notify_read(int notify, void (*take)(void *arg, const struct notify_event *event), void *arg);

#endif
