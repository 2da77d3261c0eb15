/* ranking.h - `tali compare`: scored assessments side by side, each in the cohort of its task */
#ifndef TALI_RANKING_H
#define TALI_RANKING_H

#include "store/store.h"

#include <jansson.h>
#include <stdbool.h>
#include <stddef.h>

#define RANKING_MOST 10000	/* entries */

/* tali.compare/1 of these assessments (ids or unique prefixes), or, when there is one word and it
 * names a task, of all scored assessments of the task; yours. `blind` leaves names and addresses
 * out. NULL on error: ERR_STATE when one is not scored or nothing of the task is, ERR_NOT_FOUND. */
json_t *ranking_build(struct store *store, const char *const *words, size_t count, bool blind,
			struct err *err);

#endif
