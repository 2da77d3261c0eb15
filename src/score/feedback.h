/* feedback.h - strengths, improvements, highlights and remarks, drawn from a score document
 *
 * Nothing is measured here. What a candidate gets is made of sentences of
 * share/rubric/feedback.json and of what the candidate did in view: no sentence of a signal, no
 * number of the rubric, and no hidden test is in it. */
#ifndef TALI_FEEDBACK_H
#define TALI_FEEDBACK_H

#include <jansson.h>

enum feedback_reader { FEEDBACK_TEAM, FEEDBACK_CANDIDATE };

/* {"strengths", "improvements", "highlights", "remarks"}, each an array of {"title", "text",
 * "events"}, at most four; yours. `document` is tali.score/1, also one without a score. */
json_t *feedback_make(const json_t *document, enum feedback_reader reader);

/* "task_breakdown" -> "Task breakdown": names of the rubric for people; yours. */
char *feedback_title(const char *name);

#endif
