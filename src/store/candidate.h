/* candidate.h - people who are assessed: one e-mail address once per organization */
#ifndef TALI_CANDIDATE_H
#define TALI_CANDIDATE_H

#include "base/rand.h"
#include "store/store.h"

struct candidate {
	char id[RAND_ID_LEN + 1];
	char *email;		/* lower case */
	char *name;
	char *notes;
	int64_t created, deleted;
};

#define CANDIDATE_INIT { .id = "" }
void candidate_release(struct candidate *candidate);

/* Checks an address and gives it in lower case (yours): one @, no blanks or control characters,
 * at most 254 bytes, a dot in the domain or "localhost". NULL with ERR_INPUT. */
char *candidate_email_read(const char *typed, struct err *err);

/* ERR_INPUT "WHAT ..." unless the text is UTF-8 of at most 4000 bytes; NULL passes. */
int candidate_text_check(const char *what, const char *text, struct err *err);

/* By normalised address. 1 found, 0 not, -1 error. Deleted ones are found too. */
int candidate_find_email(struct store *store, const char *email, struct candidate *ret,
			 struct err *err);

/* 1 when there is a candidate of this id, deleted or not; 0, -1. */
int candidate_known(struct store *store, const char *id, struct err *err);

/* By id, unique prefix of an id, or e-mail address. ERR_NOT_FOUND; ERR_USAGE lists the ambiguous
 * ones. */
int candidate_find(struct store *store, const char *words, struct candidate *ret, struct err *err);

/* These need an open transaction and check name and notes. candidate_add gives the id;
 * candidate_import keeps the one of the store that the candidate comes from. */
int candidate_add(struct store *store, struct candidate *candidate, struct err *err);
int candidate_import(struct store *store, struct candidate *candidate, struct err *err);
int candidate_save(struct store *store, const struct candidate *candidate, struct err *err);

/* Calls visit for each candidate that is not deleted and whose name, address or notes contain
 * `search` (NULL: all), ordered by name; `offset` and `limit` cut a page. */
int candidate_each(struct store *store, const char *search, int64_t limit, int64_t offset,
		   int (*visit)(void *arg, const struct candidate *candidate, struct err *err),
		   void *arg, struct err *err);

#endif
