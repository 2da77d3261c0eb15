/* reporting_moments.h - the moments of a session that a report tells: those worth a look, and those
 * that the score rests on */
#ifndef TALI_REPORTING_MOMENTS_H
#define TALI_REPORTING_MOMENTS_H

#include "assess/replaying.h"

#include <jansson.h>

/* "timeline" of tali.report/1, within the limits of reporting.h; yours. NULL on error. Every event
 * that `document` (tali.score/1) names under "events" or "event" is in it, up to
 * REPORTING_CITED_MOST: those of "score" and "integrity" before those of "work". */
json_t *reporting_moments(struct replaying *replaying, const json_t *document, struct err *err);

#endif
