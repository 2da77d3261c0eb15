/* assessment.h - one candidate on one task version: the row, and how it is found
 *
 * The invitation's link and passcode are derived from the store's secret key, secret_id and
 * rotation, and are stored only as keyed hashes. secret_id is the id of the first attempt; the
 * hashes stand in the row of the newest attempt. Status moves are made by assess/lifecycle
 * alone.
 *
 * An assessment that was imported keeps the public key of the store that signed its journal: it is
 * there to be read, and nothing of it may change (lifecycle_require_own). */
#ifndef TALI_ASSESSMENT_H
#define TALI_ASSESSMENT_H

#include "base/hash.h"
#include "base/rand.h"
#include "store/store.h"

enum status {
	STATUS_SCHEDULED,
	STATUS_ACTIVATED,
	STATUS_INITIALIZING,
	STATUS_CONFIGURING,
	STATUS_ACTIVE,
	STATUS_SUBMITTED,
	STATUS_SCORING,
	STATUS_SCORED,
	STATUS_EXPIRED,
	STATUS_REVOKED,
	STATUS_ERROR,
	STATUSES
};

const char *status_name(enum status status);
int status_parse(const char *name, enum status *ret, struct err *err);

struct assessment {
	char id[RAND_ID_LEN + 1];
	char candidate_id[RAND_ID_LEN + 1];
	char task_id[RAND_ID_LEN + 1];
	char task_version[41];
	bool live;			/* kind "live", else "take-home" */
	int64_t round, attempt;		/* from 1 */
	enum status status;
	int64_t created;
	int64_t not_before, expires;	/* the window in which it may be started; 0: no bound */
	int64_t duration_ms, extra_ms;
	int64_t started, deadline, submitted;	/* 0: not yet */
	char commit[41];		/* newest snapshot, "" before the first */
	char secret_id[RAND_ID_LEN + 1];
	int64_t rotation;
	char link_hash[HASH_HEX_SIZE], passcode_hash[HASH_HEX_SIZE];	/* "" when taken away */
	char code_hash[HASH_HEX_SIZE];	/* of the access code, "" when none is asked for */
	char *instructions, *message;
	char *reason;			/* of revoked and error */
	char signer[48];		/* key of the store it came from, in base64, or "" */
	/* of the candidate and the task, read only */
	char *email, *name, *task_name;
};

#define ASSESSMENT_INIT { .id = "" }
void assessment_release(struct assessment *assessment);

/* By id or unique prefix. ERR_NOT_FOUND; ERR_USAGE lists the ambiguous ones. */
int assessment_find(struct store *store, const char *words, struct assessment *ret,
		    struct err *err);
/* By exact id: 0, or -1 with ERR_NOT_FOUND. */
int assessment_get(struct store *store, const char *id, struct assessment *ret, struct err *err);
/* By keyed hash: 1 found, 0 not, -1 error. */
int assessment_find_link(struct store *store, const char *hash, struct assessment *ret,
			 struct err *err);
int assessment_find_passcode(struct store *store, const char *hash, struct assessment *ret,
			     struct err *err);
/* Newest attempt of (task, candidate, round): 1 found, 0 not, -1 error. */
int assessment_find_round(struct store *store, const char *task_id, const char *candidate_id,
			  int64_t round, struct assessment *ret, struct err *err);

/* Both need an open transaction. assessment_save writes what may change (status, window, times,
 * commit, hashes, texts). */
int assessment_add(struct store *store, const struct assessment *assessment, struct err *err);
int assessment_save(struct store *store, const struct assessment *assessment, struct err *err);

/* The same for one that was imported, with everything that its journal says of it, and `signer`. */
int assessment_import(struct store *store, const struct assessment *assessment, struct err *err);

/* The public key that signed its journal: its signer, or this store's own. */
int assessment_signer(const struct store *store, const struct assessment *assessment,
		      uint8_t public_key[SIGN_PUBLIC_SIZE], struct err *err);

enum assessment_sort {
	ASSESSMENT_BY_CREATED,		/* newest first unless told otherwise */
	ASSESSMENT_BY_SCORE,		/* highest first, then by grade; those without one last */
	ASSESSMENT_BY_SUBMITTED,	/* newest first; those not handed in last */
	ASSESSMENT_BY_STATUS,		/* in the order of the words, as the next two */
	ASSESSMENT_BY_TASK,
	ASSESSMENT_BY_CANDIDATE,	/* by address */
	ASSESSMENT_SORTS
};

/* ERR_USAGE tells the words. */
int assessment_sort_parse(const char *name, enum assessment_sort *ret, struct err *err);

struct assessment_filter {
	const char *status;		/* word, or NULL for all */
	const char *task_id, *candidate_id;	/* or NULL */
	const char *search;		/* part of the candidate's name or address, or NULL */
	const char *level;		/* of the newest score, or NULL */
	int64_t least_score;		/* of the newest score, in hundredths; 0 for all */
	enum assessment_sort sort;
	bool oldest_first;		/* for ASSESSMENT_BY_CREATED */
	int64_t limit, offset;
};

int assessment_each(struct store *store, const struct assessment_filter *filter,
		    int (*visit)(void *arg, const struct assessment *assessment, struct err *err),
		    void *arg, struct err *err);
/* How many the filter finds without limit and offset; -1 on error. */
int64_t assessment_count(struct store *store, const struct assessment_filter *filter,
			 struct err *err);

/* Ids of at most `most` assessments that are due at `now`: active past the deadline, scheduled
 * past the end of the window. Number found, or -1. */
int assessment_due(struct store *store, int64_t now, char (*ids)[RAND_ID_LEN + 1], int most,
		   struct err *err);

#endif
