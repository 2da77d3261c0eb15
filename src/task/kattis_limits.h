/* kattis_limits.h - the limits of a Kattis package as those of a task
 *
 * time_limit of problem.yaml, else .timelimit, else timelimit of domjudge-problem.ini (seconds of
 * CPU time). Where none says it, the format would measure the accepted submissions and multiply;
 * that differs from machine to machine, so a fixed limit is taken and the report says so. */
#ifndef TALI_KATTIS_LIMITS_H
#define TALI_KATTIS_LIMITS_H

#include "task/kattis_problem.h"

/* Writes "limits" into the manifest. ERR_INPUT for an unknown key (2025-09) and for what is no
 * number over 0. */
int kattis_limits_read(struct kattis *kattis, struct err *err);

#endif
