/* status_view.h - where a session stands (tali.status/1), the parts that a store and a server tell
 * alike */
#ifndef TALI_STATUS_VIEW_H
#define TALI_STATUS_VIEW_H

#include "base/err.h"

#include <jansson.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* Makes of what an assessment is (id, status, task, ...; taken) a tali.status/1 at `now`: with
 * "left_seconds", null unless it is active, and "over". The other members are null until they are
 * set. Yours. */
json_t *status_view(json_t *assessment, int64_t now);

/* "run" and "test" of it, by the data of the newest events (NULL: none); data of a server may be
 * anything. Yours. */
json_t *status_view_run(const json_t *data);
json_t *status_view_test(const json_t *data);

/* "ai" of it: {policy, tools, limits: {tokens, cost_microusd, messages, requests_per_minute}, used:
 * {tokens, cost_microusd, messages}}, each number or null; null when it is no object. Yours. */
json_t *status_view_ai(const json_t *ai);

/* "saved" of it: how many changes wait here and files are left out (-1: not known), and when the
 * last was saved (NULL: not known). Yours. */
json_t *status_view_saved(int64_t waiting, int64_t left_out, const char *at);

#endif
