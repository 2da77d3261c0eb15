/* task_import_coderunner.h - the format "coderunner": Moodle XML with questions of CodeRunner */
#ifndef TALI_TASK_IMPORT_CODERUNNER_H
#define TALI_TASK_IMPORT_CODERUNNER_H

#include "task/task_import.h"

extern const struct import_format task_import_coderunner;

#endif
