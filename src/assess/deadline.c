/* deadline.c - see deadline.h */
#include "assess/deadline.h"

#include "assess/lifecycle.h"
#include "assess/submit.h"
#include "base/auto.h"

#define BATCH 64

static int expire(struct store *store, const char *id, struct err *err)
{
	AUTO(assessment_release) struct assessment assessment = ASSESSMENT_INIT;
	AUTO(store_rollback) struct store *tx = store;

	if (store_begin(store, err) < 0 || assessment_get(store, id, &assessment, err) < 0)
		return -1;
	if (assessment.status != STATUS_SCHEDULED || !assessment.expires ||
	    assessment.expires > store_now(store))
		return 0;
	if (lifecycle_move(store, &assessment, STATUS_EXPIRED, "system", NULL, err) < 0)
		return -1;
	return store_commit(store, err);
}

int deadline_enforce(struct store *store, struct err *err)
{
	char ids[BATCH][RAND_ID_LEN + 1];
	struct err first = ERR_INIT;
	int count = 0, i, done;

	if (!store_writable(store))
		return 0;
	do {
		count = assessment_due(store, store_now(store), ids, BATCH, err);
		if (count < 0)
			return -1;
		for (done = 0, i = 0; i < count; i++) {
			struct err one = ERR_INIT;

			if (submit_due(store, ids[i], &one) == 0 &&
			    expire(store, ids[i], &one) == 0) {
				done++;
			} else if (first.code == ERR_NONE) {
				err_wrap(&one, "assessment %s is due", ids[i]);
				first = one;
			}
		}
	} while (count == BATCH && done);
	if (first.code == ERR_NONE)
		return 0;
	*err = first;
	return -1;
}
