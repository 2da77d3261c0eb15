/* ci_sarif.h - scores as SARIF 2.1.0 (OASIS), for code scanning
 *
 * Each test of the task is a rule; each case that earned not all is a result with the case as its
 * logical location. tali does not know which line is to blame: the physical location, without which
 * GitHub takes no result, is the root of the submission. What was not graded is no result but a
 * notification of an invocation that did not succeed. */
#ifndef TALI_CI_SARIF_H
#define TALI_CI_SARIF_H

#include "report/result.h"

void ci_sarif_write(FILE *out, const struct result_item *items, size_t count);

#endif
