/* rerun.h - the tests on trees of the past, each tree once */
#ifndef TALI_RERUN_H
#define TALI_RERUN_H

#include "grade/grade.h"

struct rerun;

/* Grades as `request` says but for its tree. What it borrows must stay. */
struct rerun *rerun_new(const struct grade_request *request);
void rerun_free(struct rerun **rerun);

/* The grade of a tree of the request's repository; borrowed until rerun_free. NULL on error. */
const struct grade *rerun_tree(struct rerun *rerun, const char *tree, struct err *err);

/* Trees graded so far. */
size_t rerun_count(const struct rerun *rerun);

#endif
