/* build_step.h - makes the folder that tests start from: the submission put right, and built
 * where the task says so
 *
 * Of what a build leaves only regular files and folders are kept, and nothing that
 * grade_tree_refuses: a build step belongs to the submission and has no say in the tests
 * either. */
#ifndef TALI_BUILD_STEP_H
#define TALI_BUILD_STEP_H

#include "grade/step.h"

/* Sets ground->base, ground->too_large and the build members of the grade. A build that fails,
 * or leaves more than fits, and files without a program where the manifest wants one, are
 * VERDICT_COMPILE_ERROR, not an error; then there is no base. -1 with ERR_ENV. */
int build_step_run(struct step_ground *ground, struct grade *grade, struct err *err);

#endif
