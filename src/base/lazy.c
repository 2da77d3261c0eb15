/* lazy.c - see lazy.h */
#include "base/lazy.h"

#include <dlfcn.h>

int lazy_load(const char *soname, const char *const *names, void **slots, struct err *err)
{
	void *library = dlopen(soname, RTLD_NOW | RTLD_LOCAL);

	if (!library)
		return err_set(err, ERR_ENV, "cannot load %s: %s", soname, dlerror());
	for (; *names; names++, slots++) {
		*slots = dlsym(library, *names);
		if (!*slots)
			return err_set(err, ERR_ENV, "%s has no function %s", soname, *names);
	}
	return 0;
}
