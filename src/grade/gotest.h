/* gotest.h - reads what `go test -json` prints (test2json of the Go distribution)
 *
 * One JSON object a line: {"Action", "Package", "Test", "Elapsed", "Output"}; build-output and
 * build-fail (Go 1.24 and later) have "ImportPath" instead of "Package". A case begins with run
 * and ends with pass, bench, fail or skip; its name is "PACKAGE/TEST", PACKAGE the import path and
 * TEST with its subtests: "cart/TestTotal/empty". What a failed case printed is its message,
 * without the lines of the runner itself, which hold times.
 *
 * Before Go 1.20 a mark of a test ("--- PASS: TestA (0.00s)") that comes after output without a
 * line feed is no event but stays in the output: it is the result of a case that has no other.
 *
 * A package that fails without a failed case (it does not build, it ends early) is a case of its
 * own in error, "PACKAGE". So is a case that has no end. Before Go 1.24 the runner says in plain
 * text that a package does not build: "FAIL<tab>PACKAGE [build failed]" is understood. */
#ifndef TALI_GOTEST_H
#define TALI_GOTEST_H

#include "base/err.h"
#include "grade/case_report.h"

#define GOTEST_MAX_LINE (64 << 10)
#define GOTEST_MAX_SCOPES (2 * CASE_REPORT_MAX_CASES)	/* packages and cases */

/* A line that is no event, a result without a start, a start without a result, a package without
 * an end, and a package or a case that passed although a part of it failed are noted in
 * ret->broken: the cases are there all the same. ERR_INPUT when there is no event at all or past
 * a limit. */
int gotest_read(const char *text, size_t len, struct case_report *ret, struct err *err);

#endif
