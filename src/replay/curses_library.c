/* curses_library.c - see curses_library.h */
#include "replay/curses_library.h"

#include "base/lazy.h"

struct curses_library curses_library;

#define NAME(name) #name,
static const char *const names[] = { CURSES_LIBRARY_FUNCTIONS(NAME) NULL };

/* Players are one at a time. */
int curses_library_load(struct err *err)
{
	if (curses_library.newterm)
		return 0;
	return lazy_load(NCURSES_SONAME, names, (void **)&curses_library, err);
}
