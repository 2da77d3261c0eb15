/* report_csv.h - scored assessments as comma-separated values, one line for each (RFC 4180)
 *
 * A spreadsheet takes a field that begins with = + - @ for a formula, also after quotes, and runs
 * it. So a text that begins with one of these, a tab or an end of line, or with white space before
 * one, gets an apostrophe in front; numbers are written by us and are left alone. */
#ifndef TALI_REPORT_CSV_H
#define TALI_REPORT_CSV_H

#include "base/buf.h"

#include <jansson.h>
#include <stdio.h>

/* Head and lines of entries (report_compare.h). Columns: rank, assessment, name, email, task,
 * status, submitted, run, score, level, tests, percentile, needs_review (yes, or empty), reviewer,
 * and each category and subitem of any of them. Fields without a value are empty. */
void report_csv(const json_t *entries, FILE *out);

/* Appends one field. */
void report_csv_field(struct buf *out, const char *text);

#endif
