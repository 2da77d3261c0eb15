/* page.h - a session as one HTML file that plays by itself
 *
 * It needs no network and opens from a folder. Its policy (Content-Security-Policy in a meta
 * element) allows the one script and the styles that are in it, by their hashes, and nothing else.
 * What the session holds stands in it as JSON in which no text can end an element, and the script
 * only ever shows it as text. Terminals are drawn here: no escape sequence is in it, and nothing
 * that was typed into them. */
#ifndef TALI_PAGE_H
#define TALI_PAGE_H

#include "replay/timeline.h"

#include <stdio.h>

/* What the page says about itself; NULL says nothing. Texts are borrowed and may be foreign. */
struct replay_page_facts {
	const char *assessment, *task, *candidate, *status;
	/* Instants that the player's clock begins and ends with; both 0: the first snapshot and the
	 * submission, or the first and the last event. What lies outside happens at its ends. */
	int64_t from, to;
};

/* Writes the page of all events of the timeline, which stands at its end afterwards. Nothing is
 * written when the session cannot be read. ERR_INTEGRITY as the fold says, ERR_ENV when writing
 * fails. `out` is flushed and not closed. */
int replay_page_write(struct timeline *timeline, const struct replay_page_facts *facts, FILE *out,
		      struct err *err);

#endif
