/* test_sandbox_cases.h - what must hold for a sandbox, whoever starts it */
#ifndef TALI_TEST_SANDBOX_CASES_H
#define TALI_TEST_SANDBOX_CASES_H

#include <stdbool.h>

/* Runs all cases as the user we are. The hostile program (tests/unit/hostile) is open as hostile_fd;
 * with `weak`, limits that only look are allowed, as an ordinary user without control groups needs it. */
int sandbox_cases_run(const char *name, int hostile_fd, bool weak);

/* Opens the hostile program: $TALI_HOSTILE, or hostile/hostile beside this program. */
int sandbox_cases_open_hostile(void);

#endif
