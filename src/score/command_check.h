/* command_check.h - whether a line typed into a terminal runs the work or its tests
 *
 * By its form alone: a runner of tests (pytest, jest, ...), a tool with a word for it (npm test,
 * go run, make check), an interpreter with a program (python3 x.py, node --test), or ./program.
 * Code on the line itself (-c, -e) is none, and how it ended nobody knows. */
#ifndef TALI_COMMAND_CHECK_H
#define TALI_COMMAND_CHECK_H

#include <stdbool.h>

/* Any of the commands of a line, between ; & and |. */
bool command_check(const char *line);

#endif
