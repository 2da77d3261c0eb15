/* text_positions.h - a text that is edited by positions in code points or UTF-16, told in bytes
 *
 * Kept in blocks that know how many units they hold. The block of the last edit is remembered: the
 * next edit near it looks at one block or two, and one far away passes whole blocks. */
#ifndef TALI_TEXT_POSITIONS_H
#define TALI_TEXT_POSITIONS_H

#include "base/buf.h"
#include "base/err.h"
#include "journal/foreign.h"

#include <stddef.h>

struct text_positions;

/* A text in UTF-8, copied. */
struct text_positions *text_positions_new(const char *text, size_t len,
					  enum foreign_positions positions);
void text_positions_free(struct text_positions **text);

/* Removes `deleted` units at the unit `at` and puts `len` bytes of UTF-8 there. Gives the byte at
 * which that was and how many were removed. ERR_INPUT when the text is not that long, when a
 * position lies within a character, or when it would grow past FOREIGN_FILE_MAX. */
int text_positions_edit(struct text_positions *text, size_t at, size_t deleted,
			const char *inserted, size_t len, size_t *ret_at, size_t *ret_deleted,
			struct err *err);

/* The whole text. */
void text_positions_copy(const struct text_positions *text, struct buf *out);

#endif
