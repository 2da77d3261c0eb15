/* notify.c - see notify.h */
#include "base/notify.h"

#ifdef HAVE_SYS_INOTIFY_H

#include <stdio.h>
#include <sys/inotify.h>
#include <unistd.h>

#define MASK \
	(IN_ATTRIB | IN_CLOSE_WRITE | IN_CREATE | IN_DELETE | IN_MODIFY | IN_MOVED_FROM | \
	 IN_MOVED_TO | IN_ONLYDIR)

int notify_open(void)
{
	return inotify_init1(IN_CLOEXEC | IN_NONBLOCK);
}

int notify_add(int notify, int folder_fd)
{
	char path[32];

	snprintf(path, sizeof(path), "/proc/self/fd/%d", folder_fd);
	return inotify_add_watch(notify, path, MASK);
}

void notify_remove(int notify, int folder)
{
	inotify_rm_watch(notify, folder);
}

void notify_read(int notify, void (*take)(void *arg, const struct notify_event *event), void *arg)
{
	char data[65536] __attribute__((aligned(__alignof__(struct inotify_event))));
	ssize_t got;

	while ((got = read(notify, data, sizeof(data))) > 0) {
		const char *at = data;

		while (at < data + got) {
			const struct inotify_event *event = (const void *)at;
			struct notify_event told = {
				.folder = event->wd,
				.name = event->len ? event->name : NULL,
				.lost = event->mask & IN_Q_OVERFLOW,
				.ended = event->mask & IN_IGNORED,
			};

			take(arg, &told);
			at += sizeof(*event) + event->len;
		}
	}
}

#else

int notify_open(void)
{
	return -1;
}

int notify_add(int notify, int folder_fd)
{
	(void)notify;
	(void)folder_fd;
	return -1;
}

void notify_remove(int notify, int folder)
{
	(void)notify;
	(void)folder;
}

void notify_read(int notify, void (*take)(void *arg, const struct notify_event *event), void *arg)
{
	(void)notify;
	(void)take;
	(void)arg;
}

#endif
