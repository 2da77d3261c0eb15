/* test_print.h - prints a grade as `tali run --test` does: a line for each case */
#ifndef TALI_TEST_PRINT_H
#define TALI_TEST_PRINT_H

#include "cmd.h"

#include "grade/grade.h"

/* 0 when all cases passed, else 1; -1 when it cannot be written. */
int test_print(const struct cmd_ctx *ctx, const struct grade *grade, bool recorded,
	       struct err *err);

#endif
