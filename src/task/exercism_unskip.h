/* exercism_unskip.h - tests of Exercism that are all run
 *
 * Exercism's tracks skip all tests of an exercise but the first, for who learns. A line that skips
 * is taken out (`[[ $BATS_RUN_SKIPPED == "true" ]] || skip`, `TEST_IGNORE();`,
 * `@unittest.skip(...)`, `t.Skip(...)`); of JavaScript, `xtest(` becomes `test(`, and so on. */
#ifndef TALI_EXERCISM_UNSKIP_H
#define TALI_EXERCISM_UNSKIP_H

#include "base/buf.h"

/* Adds the test file `text` of a language ("python", "javascript", "c", "bash", "go") to `out`, and
 * gives how many places no longer skip. */
unsigned exercism_unskip(const char *language, const char *text, size_t len, struct buf *out);

#endif
