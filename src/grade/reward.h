/* reward.h - reads a reward: one number that a test script leaves as its whole result
 *
 * Either the number alone, or a JSON object: its member "reward", or the only one it has (the two
 * files of a Harbor verifier). It becomes the one case "reward", passed when it is 1; less is a
 * failed case with that share of its points. */
#ifndef TALI_REWARD_H
#define TALI_REWARD_H

#include "base/err.h"
#include "grade/case_report.h"

/* Adds the case to `ret`. ERR_INPUT for what is no number from 0 to 1; the text need not end
 * with a NUL, and is at most CASE_REPORT_MAX_BYTES. */
int reward_read(const char *text, size_t len, struct case_report *ret, struct err *err);

#endif
