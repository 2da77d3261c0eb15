/* remark.c - see remark.h */
#include "assess/remark.h"

#include "assess/lifecycle.h"
#include "base/auto.h"
#include "journal/journal.h"

#include <string.h>

#define MINUTE_MS 60000

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
	json_t *string;

	while (len > 0 && strchr(" \t\r\n", text[len - 1]))
		len--;
	if (len == 0)
		return err_set(err, ERR_INPUT, "the note is empty");
	if (len > REMARK_TEXT_MAX)
		return err_set(err, ERR_INPUT, "the note is longer than %d bytes",
			       REMARK_TEXT_MAX);
	string = memchr(text, 0, len) ? NULL : json_stringn(text, len);
	if (!string)
		return err_set(err, ERR_INPUT, "the note is not UTF-8 text");
	return record(store, session->assessment_id, "note", json_pack("{s:o}", "text", string),
		      ret_seq, err);
}

int remark_estimate(struct store *store, const struct session *session, int64_t duration_ms,
		    int64_t *ret_seq, struct err *err)
{
	int64_t minutes = (duration_ms + MINUTE_MS - 1) / MINUTE_MS;

	if (minutes > REMARK_MINUTES_MAX)
		return err_set(err, ERR_INPUT, "the estimate is longer than %d minutes",
			       REMARK_MINUTES_MAX);
	return record(store, session->assessment_id, "estimate",
		      json_pack("{s:I}", "minutes", (json_int_t)minutes), ret_seq, err);
}
