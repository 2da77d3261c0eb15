/* test_print.h - prints tests as `tali run --test` does: a line for each case */
#ifndef TALI_TEST_PRINT_H
#define TALI_TEST_PRINT_H

#include "cmd.h"

/* Of tali.test/1, which it takes: 0 when all cases passed, else 1; -1 when it cannot be written. */
int test_print(const struct cmd_ctx *ctx, json_t *tests, struct err *err);

#endif
