/* remark.c - see remark.h */
#include "assess/remark.h"

#include "assess/lifecycle.h"
#include "base/auto.h"
#include "journal/journal.h"
#include "work/remark_data.h"

/* Takes `data`. */
static int record(struct store *store, const char *id, const char *kind, json_t *data,
		  int64_t *ret_seq, struct err *err)
{
	AUTO(store_rollback) struct store *tx = store;
	AUTO(assessment_release) struct assessment now = ASSESSMENT_INIT;
	AUTO_JSON json_t *owned = data;
	char time[CLOCK_TEXT_SIZE];
	int64_t seq;

	if (store_begin(store, err) < 0 || assessment_get(store, id, &now, err) < 0 ||
	    lifecycle_require(&now, STATUS_ACTIVE, "for this", err) < 0)
		return -1;
	if (store_now(store) >= now.deadline)
		return err_set(err, ERR_STATE, "time was up at %s", clock_text(now.deadline, time));
	seq = journal_next_seq(store, id, err);
	if (seq < 0 || journal_append(store, id, "candidate", kind, TAKE(owned), err) < 0 ||
	    store_commit(store, err) < 0)
		return -1;
	*ret_seq = seq;
	return 0;
}

int remark_note(struct store *store, const struct session *session, const char *text, size_t len,
		int64_t *ret_seq, struct err *err)
{
	json_t *data = remark_data_note(text, len, err);

	return data ? record(store, session->assessment_id, "note", data, ret_seq, err) : -1;
}

int remark_estimate(struct store *store, const struct session *session, int64_t duration_ms,
		    int64_t *ret_seq, struct err *err)
{
	json_t *data = remark_data_estimate(duration_ms, err);

	return data ? record(store, session->assessment_id, "estimate", data, ret_seq, err) : -1;
}
