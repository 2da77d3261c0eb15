/* journal_stats.h - what a journal holds, and how much room it takes */
#ifndef TALI_JOURNAL_STATS_H
#define TALI_JOURNAL_STATS_H

#include "store/store.h"

#include <jansson.h>

#define JOURNAL_STATS_IDLE_MS 10000	/* a longer gap between two events is no active time */

/* tali.journal-stats/1; yours. NULL on error. Reads every event once. */
json_t *journal_stats(struct store *store, const char *assessment_id, struct err *err);

#endif
