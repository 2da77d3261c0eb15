/* task_import_task.h - the format "task": task folders of our own, kept byte for byte */
#ifndef TALI_TASK_IMPORT_TASK_H
#define TALI_TASK_IMPORT_TASK_H

#include "task/task_import.h"

extern const struct import_format task_import_task;

#endif
