/* kattis_submissions.h - the example submissions of a Kattis package as reference solution and
 * variants
 *
 * What a variant must get is what the folder says (accepted, wrong_answer, ...), what
 * submissions.yaml says (2025-09), or what DOMjudge's @EXPECTED_RESULTS@ in its source says. */
#ifndef TALI_KATTIS_SUBMISSIONS_H
#define TALI_KATTIS_SUBMISSIONS_H

#include "task/kattis_problem.h"

/* Copies the model solution (the first accepted one when none is called so) to solution/ and the
 * others to variants/, and writes "variants". Submissions in other languages, past the number a
 * task may have, and what cannot be expected of a variant go to the report. ERR_INPUT for an
 * unknown verdict or a wrong type in submissions.yaml. */
int kattis_submissions_import(const struct kattis *kattis, struct err *err);

#endif
