/* report_text.h - a report on a terminal, or as plain text */
#ifndef TALI_REPORT_TEXT_H
#define TALI_REPORT_TEXT_H

#include <jansson.h>
#include <stdio.h>

/* Prints a tali.report/1; in colour when `out` is a terminal that wants it. Foreign text reaches it
 * without control characters. */
void report_text(const json_t *report, FILE *out);

/* Prints a tali.result/1: what the candidate sees. */
void report_text_result(const json_t *result, FILE *out);

#endif
