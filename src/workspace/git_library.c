/* git_library.c - see git_library.h */
#include "workspace/git_library.h"

#include "base/lazy.h"

#include <pthread.h>

struct git_library git_library;

#define NAME(name) "git_" #name,
static const char *const names[] = { GIT_LIBRARY_FUNCTIONS(NAME) NULL };

static struct err failure; /* written once under pthread_once */

static void load(void)
{
	static const int levels[] = { GIT_CONFIG_LEVEL_PROGRAMDATA, GIT_CONFIG_LEVEL_SYSTEM,
				      GIT_CONFIG_LEVEL_XDG, GIT_CONFIG_LEVEL_GLOBAL };
	size_t i;

	if (lazy_load(LIBGIT2_SONAME, names, (void **)&git_library, &failure) < 0)
		return;
	if (git(libgit2_init)() < 0) {
		err_set(&failure, ERR_ENV, "libgit2 cannot start");
		return;
	}
	for (i = 0; i < sizeof(levels) / sizeof(levels[0]); i++)
		git(libgit2_opts)(GIT_OPT_SET_SEARCH_PATH, levels[i], "");
	git(libgit2_opts)(GIT_OPT_SET_TEMPLATE_PATH, "");
	git(libgit2_opts)(GIT_OPT_SET_OWNER_VALIDATION, 0);
	git(libgit2_opts)(GIT_OPT_ENABLE_STRICT_HASH_VERIFICATION, 1);
	/* Only ids that we just wrote or read go into trees: to look each up again costs a file per
	 * entry. */
	git(libgit2_opts)(GIT_OPT_ENABLE_STRICT_OBJECT_CREATION, 0);
}

int git_library_load(struct err *err)
{
	static pthread_once_t once = PTHREAD_ONCE_INIT;

	pthread_once(&once, load);
	if (failure.code == ERR_NONE)
		return 0;
	*err = failure;
	return -1;
}
