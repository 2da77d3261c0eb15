/* ingest.c - see ingest.h
 *
 * All that can refuse a batch is read before the first row is written: a refusal leaves no trace in
 * the transaction. */
#include "journal/ingest.h"

#include "base/auto.h"
#include "journal/journal.h"
#include "store/client.h"

#include <stdlib.h>

#define TOKEN 1000			/* what an event costs */
#define TOKENS_PER_MS (INGEST_RATE * TOKEN / 1000)
#define TOKENS_MAX (INGEST_BURST * TOKEN)

static int read_state(struct store *store, const char *assessment_id, const char *client_id,
		      struct client_state *ret, struct err *err)
{
	char time[CLOCK_TEXT_SIZE];
	int row = client_get(store, assessment_id, client_id, ret, err);

	if (row < 0)
		return -1;
	if (row == 0)
		return err_set(err, ERR_NOT_FOUND, "no assessment '%s'", assessment_id);
	if (ret->status == STATUS_ACTIVE)
		return 0;
	if (ret->submitted)
		return err_set(err, ERR_STATE,
			       "the assessment is %s (handed in at %s) and takes no more events",
			       status_name(ret->status), clock_text(ret->submitted, time));
	return err_set(err, ERR_STATE, "the assessment is %s and takes no events",
		       status_name(ret->status));
}

static int check_time(const struct client_state *state, int64_t now, struct err *err)
{
	char time[CLOCK_TEXT_SIZE];

	if (state->deadline && now >= state->deadline)
		return err_set(err, ERR_STATE, "time was up at %s: no more events are taken",
			       clock_text(state->deadline, time));
	return 0;
}

/* A clock that was set back gives nothing, and takes nothing away. */
static int64_t tokens_now(const struct client_state *state, int64_t now)
{
	int64_t past = now - state->updated, tokens = state->tokens;

	if (!state->updated || past >= TOKENS_MAX / TOKENS_PER_MS)
		return TOKENS_MAX;
	if (past > 0)
		tokens += past * TOKENS_PER_MS;
	return tokens < TOKENS_MAX ? tokens : TOKENS_MAX;
}

static int64_t wait_for(int64_t events, int64_t tokens)
{
	int64_t missing = events * TOKEN - tokens;

	return missing <= 0 ? 1 : (missing + TOKENS_PER_MS - 1) / TOKENS_PER_MS;
}

static int check_place(struct store *store, const char *assessment_id,
		       const struct event_list *list, struct err *err)
{
	int64_t next = list->at_seq ? journal_next_seq(store, assessment_id, err) : 0;

	if (next < 0)
		return -1;
	return next == list->at_seq ? 0 : err_set(err, ERR_STATE, "other events came first");
}

static int add_payloads(struct store *store, const struct event_list *list, size_t from, size_t to,
			struct err *err)
{
	for (size_t i = 0; i < list->payload_count; i++) {
		const struct ready_payload *payload = &list->payloads[i];

		if (payload->first_event < to && payload->last_event >= from &&
		    event_blob_put(store, payload->hash, payload->data, payload->size, err) < 0)
			return -1;
	}
	return 0;
}

static int64_t first_client_seq(const struct batch *batch)
{
	return batch->list.count ? batch->list.events[0].client_seq : 1;
}

/* What of the batch is to be stored: the events from `duplicates` on, `stored` of them. */
static void measure(const struct batch *batch, const struct client_state *state, int64_t tokens,
		    struct ingest_answer *ret)
{
	int64_t count = (int64_t)batch->list.count, first = first_client_seq(batch);
	int64_t known = state->last_seq - first + 1, fitting = tokens / TOKEN;

	*ret = (struct ingest_answer){ .acknowledged = state->last_seq, .first_seq = -1 };
	if (count && known < 0) {
		ret->gap_from = state->last_seq + 1;
		ret->gap_to = first - 1;
		return;
	}
	ret->duplicates = known > count ? count : known > 0 ? known : 0;
	ret->stored = count - ret->duplicates;
	if (ret->stored > fitting) {
		ret->retry_ms = wait_for(ret->stored - fitting, tokens - fitting * TOKEN);
		ret->stored = fitting;
	}
	ret->acknowledged += ret->stored;
}

int ingest_batch(struct store *store, const char *assessment_id, const struct batch *batch,
		 struct ingest_answer *ret, struct err *err)
{
	int64_t now = store_now(store), tokens;
	struct client_state state;
	size_t from, count;

	if (read_state(store, assessment_id, batch->client, &state, err) < 0 ||
	    check_time(&state, now, err) < 0)
		return -1;
	tokens = tokens_now(&state, now);
	measure(batch, &state, tokens, ret);
	if (ret->stored == 0)
		return 0;
	if (check_place(store, assessment_id, &batch->list, err) < 0)
		return -1;
	from = (size_t)ret->duplicates;
	count = (size_t)ret->stored;
	if (journal_add(store, assessment_id, batch->list.events + from, count,
			now - batch->sent, &ret->first_seq, err) < 0 ||
	    add_payloads(store, &batch->list, from, from + count, err) < 0 ||
	    client_set_last(store, assessment_id, batch->client, ret->acknowledged, err) < 0)
		return -1;
	return client_set_rate(store, assessment_id, tokens - ret->stored * TOKEN, now, err);
}

int ingest_now(struct store *store, const char *assessment_id, const struct batch *batch,
	       struct ingest_answer *ret, struct err *err)
{
	AUTO(store_rollback) struct store *tx = store;
	struct ingest_answer answer;

	if (store_begin(store, err) < 0 ||
	    ingest_batch(store, assessment_id, batch, &answer, err) < 0 ||
	    store_commit(store, err) < 0)
		return -1;
	*ret = answer;
	return 0;
}

int ingest_list(struct store *store, const char *assessment_id, const struct event_list *list,
		int64_t *ret_seq, struct err *err)
{
	struct client_state state;

	if (read_state(store, assessment_id, "", &state, err) < 0 ||
	    check_place(store, assessment_id, list, err) < 0 ||
	    journal_add(store, assessment_id, list->events, list->count, 0, ret_seq, err) < 0)
		return -1;
	return add_payloads(store, list, 0, list->count, err);
}

bool ingest_is_whole(const struct ingest_answer *answer)
{
	return !answer->gap_from && !answer->retry_ms;
}

json_t *ingest_json(const struct ingest_answer *answer)
{
	json_t *gap = answer->gap_from
			      ? json_pack("{s:I, s:I}", "from", (json_int_t)answer->gap_from, "to",
					  (json_int_t)answer->gap_to)
			      : json_null();

	return json_pack("{s:s, s:I, s:I, s:I, s:o, s:I}", "schema", "tali.ingest/1",
			 "acknowledged", (json_int_t)answer->acknowledged, "stored",
			 (json_int_t)answer->stored, "duplicates", (json_int_t)answer->duplicates,
			 "gap", gap, "retry_ms", (json_int_t)answer->retry_ms);
}
