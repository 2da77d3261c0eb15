/* report_compare.h - several scored assessments side by side: rank, percentile, printing */
#ifndef TALI_REPORT_COMPARE_H
#define TALI_REPORT_COMPARE_H

#include <jansson.h>
#include <stddef.h>
#include <stdio.h>

/* One entry of tali.compare/1 from a report, without rank and percentile; yours. The report needs
 * no more members than "assessment", "candidate", "task", "session", "score" and "overrides". */
json_t *report_compare_entry(const json_t *report);

/* Sorts the entries by value, then by grade, highest first, and gives each its "rank" and "tied":
 * those with the same value and grade have the same rank, and the next one is as far down as there
 * are before it. Without a value they follow by their grade; without either they come last and have
 * no rank. */
void report_compare_rank(json_t *entries);

/* Percent of the cohort that a value is not below, where equals count half: 0 to 100. `values` has
 * all values of the cohort, its own too. */
double report_compare_percentile(const double *values, size_t count, double value);

/* {"task", "scored", "lowest", "median", "highest"} of the values of a cohort, which are sorted;
 * null where there is none. Yours. */
json_t *report_compare_cohort(const char *task, double *values, size_t count);

/* A table for people. */
void report_compare_text(const json_t *compare, FILE *out);

#endif
