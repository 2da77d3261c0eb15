/* kattis_out_programs.h - validator, files laid over submissions, and solutions of a task as those
 * of a Kattis package */
#ifndef TALI_KATTIS_OUT_PROGRAMS_H
#define TALI_KATTIS_OUT_PROGRAMS_H

#include "task/kattis_out_data.h"

/* Writes output_validator/ where the tests have a validator of their own: the tree that it runs on
 * in tree/, `build` that does judge_build there, and `run`. */
int kattis_out_judge(const struct kattis_out *out, struct err *err);

/* Writes include/default/ (protected files of start/) and attachments/ (files/, and what else is in
 * start/). */
int kattis_out_files(const struct kattis_out *out, struct err *err);

/* Writes submissions/: solution/ as accepted/reference/, each variant in the folder that says what
 * it must get, and submissions.yaml for what no folder says. */
int kattis_out_submissions(const struct kattis_out *out, struct err *err);

#endif
