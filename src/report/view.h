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
/* The same as `tali list` shows it: with the "figures" of its newest score run, and "blind". */
json_t *view_listed(const struct assessment *assessment, const struct score_figures *figures,
		    bool blind);
/* Takes the person out of a view of the assessment: no name, address or id of the candidate, and
 * whatever else tells them (report/blind.h); "blind" is true. */
void view_make_blind(json_t *view, const struct assessment *assessment);
json_t *view_candidate(const struct candidate *candidate);	/* tali.candidate/1 */
json_t *view_task(const struct task *task);			/* tali.stored-task/1 */
json_t *view_provider(const struct provider *provider);		/* tali.provider/1 */
json_t *view_event(const char *assessment_id, const struct event *event);	/* tali.event/1 */

/* The data of an event of the assessment without the person, as JSON text; yours. */
char *view_blind_data(const struct event *event, const struct assessment *assessment);

/* One line for people: what the event tells. Yours; may hold foreign text. */
char *view_event_text(const struct event *event);

/* Time as JSON string, null for 0. */
json_t *view_time(int64_t ms);

#endif
