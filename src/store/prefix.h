/* prefix.h - a unique prefix of an id stands for the id (only src/store/ includes this) */
#ifndef TALI_PREFIX_H
#define TALI_PREFIX_H

#include "base/rand.h"
#include "store/store.h"

/* Runs a query of (id, words) bound to organization, first id and end id. ERR_NOT_FOUND "no WHAT
 * 'x'"; ERR_USAGE "'x' is ambiguous: it could be ID (words), ..." when more than one begins with
 * it. */
int prefix_find(struct store *store, const char *text, const char *what, const char *prefix,
		char ret_id[RAND_ID_LEN + 1], struct err *err);

#endif
