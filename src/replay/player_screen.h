/* player_screen.h - a player on the terminal, by ncurses: keys in, cells out */
#ifndef TALI_PLAYER_SCREEN_H
#define TALI_PLAYER_SCREEN_H

#include "replay/player.h"

/* Plays until it is left; the terminal (standard input and output) is as before then. 0, or 128 and
 * the signal that ended it. ERR_ENV when the terminal cannot do it; the error of the session when
 * that broke. Colours unless NO_COLOR is
 * set. Sets the process's LC_CTYPE to the user's. */
int player_screen_run(const struct player_session *session, struct err *err);

#endif
