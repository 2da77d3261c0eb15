/* kattis_grader.h - points by the legacy format's default grader, as tests of a task
 *
 * A group is judged by its flags: with worst_error and first_error one rejected case or group
 * rejects it and it has no points; with always_accept and accept_if_any_accepted its score counts
 * whatever happens. The score is the sum, mean, lowest or highest of what is in it. */
#ifndef TALI_KATTIS_GRADER_H
#define TALI_KATTIS_GRADER_H

#include "task/kattis_data.h"

/* Writes the tests of data/secret. `samples` are the ids of the samples' tests, which the others
 * require unless data/testdata.yaml says ignore_sample. ERR_INPUT as kattis_scoring.h says. */
int kattis_grader_import(const struct kattis *kattis, const struct kattis_group *secret,
			 const json_t *samples, struct err *err);

/* For a pass-fail problem: checks the configuration of the group and of those below it, and says
 * whether judging stops at the first rejected case. ERR_INPUT also where a group would be accepted
 * in spite of one. */
int kattis_grader_check(const struct kattis *kattis, const struct kattis_group *group,
			bool *ret_stops, struct err *err);

#endif
