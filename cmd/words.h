/* words.h - a text as a command takes it: its words, or "-" for standard input */
#ifndef TALI_CMD_WORDS_H
#define TALI_CMD_WORDS_H

#include "base/buf.h"
#include "base/err.h"
#include "base/opt.h"

/* Appends the words with blanks between them; where "-" is the only one, standard input. Stops
 * when `text` is full: one byte more than is allowed is enough to see that it is too long.
 * ERR_ENV. */
int words_read(const struct opt_list *words, struct buf *text, struct err *err);

#endif
