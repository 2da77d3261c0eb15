/* civetweb_library.c - see civetweb_library.h */
#include "http/civetweb_library.h"

#include "base/lazy.h"

#include <pthread.h>
#include <stdbool.h>

struct civetweb_library civetweb_library;

#define NAME(name) #name,
static const char *const names[] = { CIVETWEB_LIBRARY_FUNCTIONS(NAME) NULL };

int civetweb_library_load(struct err *err)
{
	static pthread_mutex_t lock = PTHREAD_MUTEX_INITIALIZER;
	static bool loaded;
	int result = 0;

	pthread_mutex_lock(&lock);
	if (!loaded) {
		result = lazy_load(CIVETWEB_SONAME, names, (void **)&civetweb_library, err);
		if (!result)
			civetweb(mg_init_library)(0);
		loaded = !result;
	}
	pthread_mutex_unlock(&lock);
	return result;
}
