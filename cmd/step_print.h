/* step_print.h - what an agent does, step by step, for a person at a terminal */
#ifndef TALI_STEP_PRINT_H
#define TALI_STEP_PRINT_H

#include <jansson.h>
#include <stdio.h>

/* One line each, harmless whatever the model or a program wrote. `data` is that of the assistant's
 * events "step" and "result" (assess/assistant.h). */
void step_print_begin(FILE *out, const json_t *data);
void step_print_end(FILE *out, const json_t *data);

#endif
