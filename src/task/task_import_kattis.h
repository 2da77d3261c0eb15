/* task_import_kattis.h - problem packages of Kattis, ICPC and DOMjudge as tasks
 *
 * kattis_problem reads problem.yaml, kattis_judge takes the validator and include/, kattis_data and
 * kattis_scoring the cases and what they are worth, kattis_submissions the solutions,
 * kattis_statement the statement. */
#ifndef TALI_TASK_IMPORT_KATTIS_H
#define TALI_TASK_IMPORT_KATTIS_H

#include "task/task_import.h"

extern const struct import_format task_import_kattis;

#endif
