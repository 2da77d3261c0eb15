/* judge_text.h - a text of the candidate, or of anybody else, as a judge may read it
 *
 * What cannot be seen is written out as [U+200B]: control characters but tab and newline, what
 * turns the direction of writing, what has no width. Bytes that are no UTF-8 become U+FFFD. Lines
 * that speak to the judge (share/rubric/judge.json, "attacks") are taken out and counted. They are
 * found in lower case, with wide letters as plain ones, without what has no width, and with
 * anything that is no letter or digit as a gap, line ends too. It is a net, not a wall: the wall is
 * the band within which a judge can move a value (judge_merge.h). */
#ifndef TALI_JUDGE_TEXT_H
#define TALI_JUDGE_TEXT_H

#include "base/buf.h"

#include <stddef.h>

#define JUDGE_TEXT_GONE "[left out: it speaks to the judge]"	/* stands for such lines */

/* Appends it. Of a text of more than `most` bytes the beginning and the end are kept, with a line
 * between that says how much is missing. Gives the number of lines that speak to the judge. */
size_t judge_text_add(struct buf *out, const char *text, size_t len, size_t most);

#endif
