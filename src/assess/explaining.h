/* explaining.h - one subitem of a score: its signals, what each number is worth by which table, and
 * the events behind it with the words that show them (tali.explain/1) */
#ifndef TALI_EXPLAINING_H
#define TALI_EXPLAINING_H

#include "store/store.h"

#include <jansson.h>
#include <stdbool.h>

/* `document` is a tali.score/1. `subitem` is its name, or CATEGORY.SUBITEM. Events are read from
 * the store; NULL without one. Yours. ERR_USAGE names the subitems that there are; ERR_STATE when
 * the document is older than scores. */
json_t *explaining_document(const json_t *document, const char *subitem, struct store *store,
			    struct err *err);

/* The same of the newest score run of an assessment (id or a unique beginning); `blind` takes the
 * person out of it (report/blind.h). ERR_STATE when it has none. */
json_t *explaining_run(struct store *store, const char *words, const char *subitem, bool blind,
		       struct err *err);

#endif
