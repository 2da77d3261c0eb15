/* result_text.h - a score document as text: at length, in colour on a terminal, or as one line of a
 * table */
#ifndef TALI_RESULT_TEXT_H
#define TALI_RESULT_TEXT_H

#include "report/result.h"

/* At length. */
void result_text_print(FILE *out, const json_t *document);

/* Those that were graded: an archive is a line NAME TAB PERCENT TAB VERDICT TAB POINTS, others are
 * told at length. */
void result_text_write(FILE *out, const struct result_item *items, size_t count);

#endif
