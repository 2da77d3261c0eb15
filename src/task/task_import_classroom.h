/* task_import_classroom.h - the format "classroom": an assignment of GitHub Classroom */
#ifndef TALI_TASK_IMPORT_CLASSROOM_H
#define TALI_TASK_IMPORT_CLASSROOM_H

#include "task/task_import.h"

extern const struct import_format task_import_classroom;

#endif
