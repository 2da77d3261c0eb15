/* task_export_harbor.h - a task as a folder that Harbor runs in a container
 *
 *	instruction.md		README.md
 *	task.toml		schema 1.1
 *	environment/		a Dockerfile of Debian's packages; workspace/: start/, files/
 *	tests/			test.sh, grade.py (of share/export/harbor), plan.json, start/,
 *				hidden/, and owned/: what the task has the last word on
 *	solution/		solve.sh, which lays files/ over the workspace */
#ifndef TALI_TASK_EXPORT_HARBOR_H
#define TALI_TASK_EXPORT_HARBOR_H

#include "task/task_export.h"

extern const struct export_format task_export_harbor;

#endif
