/* task_import_harbor.h - tasks of Harbor, and of Terminal-Bench before it */
#ifndef TALI_TASK_IMPORT_HARBOR_H
#define TALI_TASK_IMPORT_HARBOR_H

#include "task/task_import.h"

extern const struct import_format task_import_harbor;

#endif
