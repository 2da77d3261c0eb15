/* api_work.h - what a candidate does: events of the page, runs, tests (share/openapi.json) */
#ifndef TALI_API_WORK_H
#define TALI_API_WORK_H

#include "web/route.h"

#include <jansson.h>
#include <stdbool.h>

void api_work_events(struct route_call *call);	/* POST events: tali.batch/1 */
void api_work_run(struct route_call *call);	/* POST run {argv, cwd} */
void api_work_stop(struct route_call *call);	/* DELETE run */
void api_work_test(struct route_call *call);	/* POST test */

/* The words of a command, 1 to 64: yours, ends with NULL, see program_free_words (also on false).
 * True with *ret NULL when `words` is none, or null. */
bool api_work_words(const json_t *words, char ***ret);

#endif
