/* ci_tap.h - scores in the Test Anything Protocol, version 13
 *
 * A case is a test point, its verdict, points and message a YAML block of JSON strings in one line
 * each, which no reader takes for a test point. Several submissions follow each other in one plan,
 * their names in front. When our side failed, the stream ends in "Bail out!". */
#ifndef TALI_CI_TAP_H
#define TALI_CI_TAP_H

#include "report/result.h"

void ci_tap_write(FILE *out, const struct result_item *items, size_t count);

#endif
