/* junit.h - reads a JUnit XML report (the dialects of pytest, Jest, Maven, Gradle, CTest,
 * cargo-nextest and the like)
 *
 * testsuites > testsuite (nested at will) > testcase(name, classname, time), and in a testcase
 * at most one outcome: failure, error or skipped, each with a message attribute or text. Of
 * several the worst counts. Everything else (properties, system-out, ...) is passed over.
 * Document type declarations, and with them entities, are refused. */
#ifndef TALI_JUNIT_H
#define TALI_JUNIT_H

#include "base/err.h"
#include "grade/case_report.h"

#define JUNIT_MAX_DEPTH 64

/* ERR_INPUT "line N: what" when it is not such a report or is past a limit; `ret` is then empty. */
int junit_read(const char *text, size_t len, struct case_report *ret, struct err *err);

#endif
