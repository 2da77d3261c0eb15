/* tap.h - reads a Test Anything Protocol stream (versions 12 to 14)
 *
 * "TAP version N" first or never, the plan "1..N" once (before or after all results), "ok"/"not
 * ok" with an optional number, description and directive "# SKIP" or "# TODO" (both: no points),
 * "Bail out!" at any indentation, "pragma +strict". A name is the description, or the number where
 * there is none. Comments after a failed line, and message: or error: of its YAML block, are its
 * message. Subtests are indented and are summed up by the result that follows them; they are
 * passed over but for a contradiction. So are all other lines, unless the pragma forbids them. */
#ifndef TALI_TAP_H
#define TALI_TAP_H

#include "base/err.h"
#include "grade/case_report.h"

/* A missing, second or misplaced plan, a wrong count, a wrong number, a misplaced version, a result
 * that passed although its subtest failed, and a bail out are noted in ret->broken: the cases are
 * there all the same. ERR_INPUT when it is not TAP at all (no plan
 * and no result, an unknown version) or is past a limit. */
int tap_read(const char *text, size_t len, struct case_report *ret, struct err *err);

#endif
