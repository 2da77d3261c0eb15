/* archive_library.c - see archive_library.h */
#include "workspace/archive_library.h"

#include "base/lazy.h"

#include <pthread.h>

struct archive_library archive_library;

#define NAME(name) "archive_" #name,
static const char *const names[] = { ARCHIVE_LIBRARY_FUNCTIONS(NAME) NULL };

static struct err failure; /* written once under pthread_once */

static void load(void)
{
	lazy_load(LIBARCHIVE_SONAME, names, (void **)&archive_library, &failure);
}

int archive_library_load(struct err *err)
{
	static pthread_once_t once = PTHREAD_ONCE_INIT;

	pthread_once(&once, load);
	if (failure.code == ERR_NONE)
		return 0;
	*err = failure;
	return -1;
}
