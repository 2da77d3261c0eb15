/* view.h - rows of the store as the JSON that the command line and the API show
 * (share/schema/tali.*-1.json) */
#ifndef TALI_VIEW_H
#define TALI_VIEW_H

#include "store/assessment.h"
#include "store/candidate.h"
#include "store/event.h"
#include "store/provider.h"
#include "store/score_row.h"
#include "store/task.h"

#include <jansson.h>

/* Each is a whole object with its "schema"; yours. Times are RFC 3339 or null. */
json_t *view_assessment(const struct assessment *assessment);	/* tali.assessment/1 */
/* The same as `tali list` shows it: with the "figures" of its newest score run, and "blind" when
 * "email" and "name" are left empty. */
json_t *view_listed(const struct assessment *assessment, const struct score_figures *figures,
		    bool blind);
json_t *view_candidate(const struct candidate *candidate);	/* tali.candidate/1 */
json_t *view_task(const struct task *task);			/* tali.stored-task/1 */
json_t *view_provider(const struct provider *provider);		/* tali.provider/1 */
json_t *view_event(const char *assessment_id, const struct event *event);	/* tali.event/1 */

/* One line for people: what the event tells. Yours; may hold foreign text. */
char *view_event_text(const struct event *event);

/* Time as JSON string, null for 0. */
json_t *view_time(int64_t ms);

#endif
