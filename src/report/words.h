/* words.h - numbers and moments of a report as people read them: all formats say the same */
#ifndef TALI_WORDS_H
#define TALI_WORDS_H

#include <jansson.h>
#include <stdbool.h>
#include <stdint.h>

#define WORDS_EVIDENCE_MOST 6	/* moments named with one sentence */

/* What the words of one report are made from. */
struct words {
	const json_t *report;		/* tali.report/1; borrowed */
	const json_t *document;		/* its tali.score/1 */
	json_t *moments;		/* {"31": at_ms}: the moments of the timeline */
};

void words_begin(struct words *words, const json_t *report);
void words_end(struct words *words);

/* All of these are new JSON strings. */
json_t *words_number(double number);		/* "71.25", "70", "7.1": at most two decimals */
json_t *words_value(const json_t *value);	/* the same, or "not measured" */
json_t *words_title(const char *name);		/* "task_breakdown" as "Task breakdown" */
json_t *words_duration(int64_t ms);		/* "12 min 4 s" */
json_t *words_bytes(int64_t bytes);		/* "1,234 bytes" */
json_t *words_count(int64_t count, const char *one, const char *many);	/* "1 prompt" */
json_t *words_time(const char *rfc3339);	/* "26 November 2026, 09:00 UTC"; "" for NULL */

/* "3 files, 2 h after the deadline, not graded": of {"files", "after_ms"}. */
json_t *words_late(const json_t *late);

/* Parts of a hundred for a bar; 0 for null. */
json_t *words_bar(const json_t *value);

/* Where a sentence is to be checked: [{"seq", "at", "href"}] of the event numbers, the first
 * WORDS_EVIDENCE_MOST of them. "at" is the time on the clock of the session, "" when it is not
 * known; "href" leads to the moment in the page itself, or in the replay when the report names
 * one. */
json_t *words_evidence(const struct words *words, const json_t *events);
/* How many more there are, as " and 12 more", or "". */
json_t *words_evidence_rest(const json_t *events);

/* "31:07" */
json_t *words_moment(int64_t ms);

/* Every string of the value becomes one line that can do nothing to who shows it: control
 * characters and marks that turn the direction of text (U+202A to E, U+2066 to 9) become U+FFFD,
 * ends of lines blanks; tabs stay. Names of members are left alone. */
void words_plain(json_t *value);

#endif
