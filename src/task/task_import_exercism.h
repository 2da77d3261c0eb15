/* task_import_exercism.h - the format "exercism": an exercise of a track (.docs/, .meta/) */
#ifndef TALI_TASK_IMPORT_EXERCISM_H
#define TALI_TASK_IMPORT_EXERCISM_H

#include "task/task_import.h"

extern const struct import_format task_import_exercism;

#endif
