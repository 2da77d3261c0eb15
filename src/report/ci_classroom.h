/* ci_classroom.h - a score for GitHub Classroom and for Classroom 50
 *
 * classroom: what a grader hands to autograding-grading-reporter: {version: 1, status pass | fail |
 * error, max_score, tests: [{name, status, score, message, test_code, filename, line_no,
 * duration}]}; as the output `result` of its step it is that in base64.
 *
 * classroom50: result.json, "classroom50/result/v1": {schema, classroom, assignment, submission,
 * commit, release, review, datetime, score, max-score, tests: [{test-name, passed, score,
 * max-score}]}. Whose it is comes from the variables that its runner sets ($CLASSROOM, $ASSIGNMENT,
 * $SUBMISSION_TAG, $COMMIT_URL, $RELEASE_URL, $REVIEW_URL); what is not set is left out. owner,
 * assignment_type, graded_at and submitted_by are the runner's to write.
 *
 * A test of the task is a test, its cases are summed up in the message. */
#ifndef TALI_CI_CLASSROOM_H
#define TALI_CI_CLASSROOM_H

#include "report/result.h"

/* Each writes the first of the items. */
void ci_classroom_write(FILE *out, const struct result_item *items, size_t count);
void ci_classroom_50(FILE *out, const struct result_item *items, size_t count);

/* Lines for $GITHUB_OUTPUT: result, and for what was graded points, max-points, percent, verdict.
 * Of several submissions nothing. */
void ci_classroom_outputs(FILE *out, const struct result_item *items, size_t count);

#endif
