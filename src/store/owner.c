/* owner.c - see owner.h */
#include "store/owner.h"

#include "base/auto.h"
#include "base/buf.h"
#include "base/fs.h"

#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

/* Field 22 of /proc/PID/stat: when the process started, so that a reused pid is not taken for
 * it. */
static int process_start(long pid, char *text, size_t size)
{
	AUTO(buf_release) struct buf stat = { 0 };
	struct err ignored = ERR_INIT;
	char path[64];
	char *at;
	int field;

	snprintf(path, sizeof(path), "/proc/%ld/stat", pid);
	if (fs_read(AT_FDCWD, path, 8192, &stat, &ignored) < 0)
		return -1;
	at = strrchr(stat.data, ')');
	for (field = 2; at && field < 22; field++)
		at = strchr(at + 1, ' ');
	if (!at)
		return -1;
	snprintf(text, size, "%.*s", (int)strcspn(at + 1, " "), at + 1);
	return 0;
}

static char *owner_of(long pid)
{
	AUTO(buf_release) struct buf boot = { 0 };
	struct err ignored = ERR_INIT;
	char start[32];

	if (process_start(pid, start, sizeof(start)) < 0 ||
	    fs_read(AT_FDCWD, "/proc/sys/kernel/random/boot_id", 64, &boot, &ignored) < 0)
		return buf_strdup("");
	boot.data[strcspn(boot.data, "\n")] = '\0';
	return buf_format("%s %ld %s", boot.data, pid, start);
}

char *owner_self(void)
{
	return owner_of(getpid());
}

bool owner_alive(const char *owner)
{
	const char *space = strchr(owner, ' ');
	AUTO_FREE char *now = space ? owner_of(strtol(space + 1, NULL, 10)) : NULL;

	return now && !strcmp(now, owner);
}
