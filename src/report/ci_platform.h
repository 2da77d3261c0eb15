/* ci_platform.h - a score in the formats of platforms that show it to whoever is graded
 *
 * gradescope: /autograder/results/results.json {score, execution_time, output, output_format,
 * visibility, stdout_visibility, extra_data, tests: [{name, number, score, max_score, status,
 * output, output_format, visibility, tags}]}. It has a word for what students may not see, so
 * hidden tests are told case by case with "visibility": "hidden". Without a grade there is no score
 * at all, which Gradescope takes for a failed autograder.
 *
 * prairielearn: /grade/results/results.json {gradable, score (0 to 1), message, format_errors,
 * tests: [{name, description, points, max_points, message}]}. Without a grade it is not gradable:
 * the attempt does not count.
 *
 * check50: {slug, version, results: [{name, description, passed, log, cause, data, dependency}]} or
 * {slug, version, error: {type, value, traceback, actions, data}}. passed is null for what was
 * skipped. */
#ifndef TALI_CI_PLATFORM_H
#define TALI_CI_PLATFORM_H

#include "report/result.h"

/* Each writes the first of the items. */
void ci_platform_gradescope(FILE *out, const struct result_item *items, size_t count);
void ci_platform_prairielearn(FILE *out, const struct result_item *items, size_t count);
void ci_platform_check50(FILE *out, const struct result_item *items, size_t count);

#endif
