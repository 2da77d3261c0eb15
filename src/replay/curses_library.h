/* curses_library.h - ncurses (the wide one), loaded when it is first used
 *
 * Most commands draw nothing and should not wait for it. `curses(wmove)(...)` calls wmove through a
 * table that curses_library_load fills. Its variables (stdscr, COLORS) cannot be used. */
#ifndef TALI_CURSES_LIBRARY_H
#define TALI_CURSES_LIBRARY_H

#include "base/err.h"

#define NCURSES_NOMACROS
#include <curses.h>

#define CURSES_LIBRARY_FUNCTIONS(X) \
	X(newterm) X(endwin) X(delscreen) X(newwin) X(delwin) X(cbreak) X(noecho) X(nonl) \
	X(set_escdelay) X(keypad) X(curs_set) X(has_colors) X(start_color) \
	X(use_default_colors) X(init_pair) X(tigetnum) X(define_key) X(getmaxy) X(getmaxx) \
	X(werase) X(wclear) X(wmove) X(wrefresh) X(wtimeout) X(wget_wch) X(setcchar) \
	X(wadd_wch)

#define CURSES_LIBRARY_MEMBER(name) __typeof__(name) *name;
struct curses_library {
	CURSES_LIBRARY_FUNCTIONS(CURSES_LIBRARY_MEMBER)
};
extern struct curses_library curses_library;

#define curses(name) (*curses_library.name)

/* Loads the library once. ERR_ENV. */
int curses_library_load(struct err *err);

#endif
