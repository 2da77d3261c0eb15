/* ctrf.h - reads a Common Test Report Format document (ctrf.io)
 *
 * {"reportFormat": "CTRF", "results": {"tool": {"name"}, "summary": {"tests", "passed", "failed",
 * "skipped", "pending", "other"}, "tests": [{"name", "status", "duration", "suite", "filePath",
 * "message", "trace"}]}}. A case is named by its suites and its name, "SUITE/SUITE/NAME"; where
 * there is no suite, names of two files are told apart by the file. Skipped, pending and other
 * earn nothing. "reportFormat" may be missing (older writers leave it out), members that stand
 * for nothing here are passed over. */
#ifndef TALI_CTRF_H
#define TALI_CTRF_H

#include "base/err.h"
#include "grade/case_report.h"

#define CTRF_MAX_DEPTH 64
#define CTRF_MAX_VALUES 400000	/* of the whole document: it is held in memory */
#define CTRF_MAX_SUITES 32	/* of one case */

/* ERR_INPUT when it is not JSON, not CTRF, has a status that is not known, when the summary does
 * not count what the list has, or past a limit: it was written at once, so a document that does
 * not hold together is not read in part. */
int ctrf_read(const char *text, size_t len, struct case_report *ret, struct err *err);

#endif
