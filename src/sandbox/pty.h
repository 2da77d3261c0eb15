/* pty.h - a pseudo terminal for a run (plan->terminal): the side a person sits at, and the other */
#ifndef TALI_PTY_H
#define TALI_PTY_H

#include "base/err.h"

#include <stdbool.h>

#define PTY_SIDE_MAX 1000	/* most columns, most rows */

/* A fresh one of that size, cut to 1 to PTY_SIDE_MAX each. What comes out of it is read from
 * *ret_master, what is typed is written there, without waiting; *ret_slave is for the run. Both are
 * yours, close-on-exec, and nobody's controlling terminal. As long as *ret_slave is open, reading
 * never meets an end. ERR_ENV. */
int pty_open(int columns, int rows, int *ret_master, int *ret_slave, struct err *err);

/* Changes the size; the programs on it are told by SIGWINCH. */
void pty_resize(int master, int columns, int rows);

/* Whether it is the side for the run of a pseudo terminal, and not our own terminal. */
bool pty_is_slave(int fd);

#endif
