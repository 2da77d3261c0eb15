/* ai_desk_table.h - the desks (ai_desk.h) of all sessions of a process, and what is due at them */
#ifndef TALI_AI_DESK_TABLE_H
#define TALI_AI_DESK_TABLE_H

#include "journal/journal_writer.h"
#include "store/store.h"

#include <jansson.h>
#include <stddef.h>

#define AI_DESK_END_MS 2000	/* for what runs at the end of a session to come on record */
#define AI_DESK_KEPT_MS 600000	/* a desk that nobody used for so long is freed */

struct ai_desk_table;

/* Writer and prices (ai_price_check was passed; or NULL) are borrowed. */
struct ai_desk_table *ai_desk_table_new(struct journal_writer *writer, const json_t *prices);
/* No desk may be taken, and the writer must be closed: it may still have something of them. */
void ai_desk_table_free(struct ai_desk_table **table);

/* To be called a few times a second, and before deadline_enforce: exchanges that waited too long
 * are told; those of sessions that are over (also by another process) are stopped, and it waits
 * until they are on record, for at most AI_DESK_END_MS. Desks that nobody uses are freed. */
void ai_desk_table_look(struct ai_desk_table *table, struct store *store);

/* Frees the desks that nobody has, and nobody used for `ms`: the next who asks reads the record. */
void ai_desk_table_forget(struct ai_desk_table *table, int64_t ms);

/* How many desks there are, for whoever watches the memory. */
size_t ai_desk_table_count(struct ai_desk_table *table);

#endif
