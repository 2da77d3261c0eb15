/* code_json.h - the measured code as the member "code" of tali.score/1 */
#ifndef TALI_CODE_JSON_H
#define TALI_CODE_JSON_H

#include "score/code_metrics.h"

#include <jansson.h>

/* Files with changed lines, and what was found in them. Yours. */
json_t *code_json(const struct code_metrics *metrics);

#endif
