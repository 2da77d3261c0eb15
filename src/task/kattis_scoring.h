/* kattis_scoring.h - what the cases of a Kattis package are worth, in both dialects
 *
 * pass-fail			one hidden test with all of data/secret, 100 points for all or
 *				nothing
 * scoring, 2025-09		max_score, score_aggregation and require_pass of test_group.yaml:
 *				a test for each group
 * scoring, legacy		on_reject, grader_flags (worst_error first_error always_accept
 *				accept_if_any_accepted; sum avg min max; ignore_sample),
 *				accept_score and range of testdata.yaml. A group in which any
 *				rejected case takes all points is one test; the groups of one in
 *				which it does not are on their own.
 *
 * data/sample is a visible test without points; where the format wants it passed, the hidden tests
 * require it. */
#ifndef TALI_KATTIS_SCORING_H
#define TALI_KATTIS_SCORING_H

#include "task/kattis_problem.h"

/* Writes all tests. ERR_INPUT: data/secret has no case, a configuration that is wrong, or one that
 * a task cannot say (unbounded scores, graders of the package's own, points for rejected cases, the
 * lowest or highest of groups). */
int kattis_scoring_import(const struct kattis *kattis, struct err *err);

#endif
