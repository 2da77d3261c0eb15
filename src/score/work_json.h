/* work_json.h - facts as the member "work" of tali.score/1 */
#ifndef TALI_WORK_JSON_H
#define TALI_WORK_JSON_H

#include "score/facts.h"
#include "score/provenance.h"

#include <jansson.h>

/* `limit_ms` is the time there was, 0 when nobody said. Yours. */
json_t *work_json(const struct facts *facts, const struct provenance *provenance, int64_t limit_ms);

#endif
