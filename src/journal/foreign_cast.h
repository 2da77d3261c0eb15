/* foreign_cast.h - asciicast, versions 2 and 3: a recorded terminal (docs.asciinema.org)
 *
 * JSON lines. First {"version":3, "term":{"cols":N, "rows":N, ...}, "timestamp":SECONDS, "title",
 * "command", ...}, in version 2 {"version":2, "width":N, "height":N, ...}; then [SECONDS, CODE,
 * DATA]: "o" output, "i" input, "m" marker, "r" "COLSxROWS", "x" exit status. The seconds are since
 * the event before, in version 2 since the beginning. Lines that begin with '#' are comments. */
#ifndef TALI_FOREIGN_CAST_H
#define TALI_FOREIGN_CAST_H

#include "journal/foreign.h"

/* Becomes the terminal "1" with its input, output and sizes; markers become notes. */
foreign_reader foreign_cast_read;

#endif
