/* ci_github.h - scores for GitHub Actions: annotations in the log, and the summary of the job
 *
 * A line "::error title=TITLE::MESSAGE" becomes an annotation; the runner keeps the first ten of a
 * step. In data %, CR and LF are escaped as %25, %0D, %0A, in properties also ":" and ",". The
 * summary is HTML without an empty line, which Markdown passes on as it is. */
#ifndef TALI_CI_GITHUB_H
#define TALI_CI_GITHUB_H

#include "report/result.h"

/* One notice for each submission, after an error for each of its cases that failed, as far as there
 * is room. */
void ci_github_write(FILE *out, const struct result_item *items, size_t count);

/* For $GITHUB_STEP_SUMMARY. */
void ci_github_summary(FILE *out, const struct result_item *items, size_t count);

#endif
