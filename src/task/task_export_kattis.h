/* task_export_kattis.h - a task as a problem package of Kattis and ICPC, version 2025-09
 *
 *	problem.yaml		pass-fail where one hidden test of 100 points is for all or nothing,
 *				else scoring
 *	statement/		README.md without title and samples
 *	data/			visible tests as samples, hidden ones as groups (kattis_out_data)
 *	output_validator/	include/ attachments/ submissions/ (kattis_out_programs)
 *	input_validators/	one that takes everything, as the format wants one
 *
 * What task_import_kattis makes of it grades the same. */
#ifndef TALI_TASK_EXPORT_KATTIS_H
#define TALI_TASK_EXPORT_KATTIS_H

#include "task/task_export.h"

extern const struct export_format task_export_kattis;

#endif
