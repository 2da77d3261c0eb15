/* ci_ctrf.h - scores in the Common Test Report Format (ctrf.io), 0.0.0
 *
 * {"reportFormat", "specVersion", "generatedBy", "timestamp", "results": {"tool", "summary",
 * "tests": [{"name", "status", "duration", "suite", "rawStatus", "message", "tags", "extra"}]}}.
 * What was not graded is a test of status "other". Points are in "extra". */
#ifndef TALI_CI_CTRF_H
#define TALI_CI_CTRF_H

#include "report/result.h"

void ci_ctrf_write(FILE *out, const struct result_item *items, size_t count);

#endif
