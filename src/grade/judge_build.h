/* judge_build.h - builds the validators and interactors of a task
 *
 * Once for each grade, on start/ and hidden/ and nothing submitted, before the first test that has
 * one. What the build leaves, regular files and folders, is what they run on, but for the inputs
 * and answers of all cases, of which each run gets its own: thousands would be copied each time. */
#ifndef TALI_JUDGE_BUILD_H
#define TALI_JUDGE_BUILD_H

#include "grade/step.h"

/* Sets ground->judge_base unless it is set, or there is nothing to build. A build that fails is the
 * author's fault: -1 with ERR_ENV and what it said. */
int judge_build_run(struct step_ground *ground, struct err *err);

#endif
