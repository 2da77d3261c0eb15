/* integrity.h - what in a session a person may want to look at: evidence with its base rate, never
 * a verdict
 *
 * Three observations, always in this order, each with a number that is null when the recorder does
 * not tell such things (the candidate's own editor):
 *	outside_pastes	bytes that were pasted and came neither from the work nor from an answer
 *	unbroken_typing	percent of what was typed that came in stretches of INTEGRITY_STRETCH bytes
 *			or more with hardly anything taken back: the rhythm of copying by hand, and
 *			also that of who knows what to write
 *	focus_loss	how often the page was left for another window
 * They are part of a score document, which must not change when others hand in; so their base rates
 * are added by whoever shows them. */
#ifndef TALI_INTEGRITY_H
#define TALI_INTEGRITY_H

#include "score/facts.h"

#include <jansson.h>

#define INTEGRITY_STRETCH 200		/* bytes of typing */
#define INTEGRITY_TAKEN_BACK 50		/* one of so many bytes at most was removed again */
#define INTEGRITY_TYPED_LEAST 400	/* bytes that must have been typed to tell a rhythm */
#define INTEGRITY_RETURN_MS 30000	/* a paste so soon after coming back came from there */
#define INTEGRITY_EVENTS 20		/* cited at most, the first ones */

/* Array of {name, number, text, events} as in tali.score/1. Yours. */
json_t *integrity_observe(const struct facts *facts);

/* Array of {name}, one for each observation there is. Yours. */
json_t *integrity_names(void);

/* Sets "base" in each of `observations` (an array as above): {submissions, median} of the numbers
 * with the same name in `others`, an array of such arrays. Numbers that are null are passed over;
 * without any, base is null. */
void integrity_add_base(json_t *observations, const json_t *others);

#endif
