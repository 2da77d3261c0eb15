/* journal.c - see journal.h */
#include "journal/journal.h"

#include "base/auto.h"
#include "base/buf.h"
#include "base/json.h"
#include "journal/chain.h"

#include <string.h>

/* What the next event stands on: the end of the chain as it is now. */
struct head {
	int64_t seq;			/* of the next event */
	int64_t time, instant;		/* of the last event; 0 before the first */
	struct hash hash;
};

static int read_head(struct store *store, const char *assessment_id, struct head *ret,
		     struct err *err)
{
	struct event last;
	int row = event_last(store, assessment_id, &last, err);

	if (row < 0)
		return -1;
	*ret = (struct head){ .seq = 0 };
	if (row == 0) {
		ret->hash = chain_start(assessment_id);
		return 0;
	}
	ret->seq = last.seq + 1;
	ret->time = last.time;
	ret->instant = event_instant(&last);
	return hash_from_hex(last.hash, &ret->hash, err);
}

/* Neither time nor instants run backwards, and no instant lies after the event's time. */
static void set_times(struct event *event, const struct head *head, int64_t now, bool has_instant,
		      int64_t instant)
{
	event->time = now < head->time ? head->time : now;
	if (!has_instant)
		return;
	event->client_time = instant < head->instant ? head->instant : instant;
	if (event->client_time > event->time)
		event->client_time = event->time;
}

/* The event as it follows the head, which then is this one. */
static void chain_event(struct head *head, const struct ready_event *ready, int64_t now,
			int64_t shift, struct event *ret)
{
	*ret = (struct event){ .seq = head->seq++, .client_seq = ready->client_seq,
			       .actor = ready->actor, .kind = ready->kind, .data = ready->data };
	set_times(ret, head, now, ready->instant || ready->client_seq, ready->instant + shift);
	head->hash = chain_next(&head->hash, ret);
	hash_hex(&head->hash, ret->hash);
	head->time = ret->time;
	head->instant = event_instant(ret);
}

int journal_add(struct store *store, const char *assessment_id, const struct ready_event *events,
		size_t count, int64_t shift, int64_t *ret_seq, struct err *err)
{
	AUTO_FREE struct event *chained = NULL;
	int64_t now = store_now(store);
	struct head head;

	if (read_head(store, assessment_id, &head, err) < 0)
		return -1;
	if (ret_seq)
		*ret_seq = head.seq;
	chained = buf_realloc(NULL, count, sizeof(*chained));
	for (size_t i = 0; i < count; i++)
		chain_event(&head, &events[i], now, shift, &chained[i]);
	return event_add_all(store, assessment_id, chained, count, err);
}

int journal_append(struct store *store, const char *assessment_id, const char *actor,
		   const char *kind, json_t *data, struct err *err)
{
	AUTO(event_list_release) struct event_list list = EVENT_LIST_INIT;

	if (event_list_add(&list, actor, kind, data, 0, err) < 0)
		return -1;
	return journal_add(store, assessment_id, list.events, list.count, 0, NULL, err);
}

int64_t journal_next_seq(struct store *store, const char *assessment_id, struct err *err)
{
	struct event last;
	int row = event_last(store, assessment_id, &last, err);

	return row < 0 ? -1 : row == 0 ? 0 : last.seq + 1;
}

json_t *journal_blob(struct store *store, const void *data, size_t len, struct err *err)
{
	char hash[HASH_HEX_SIZE];

	if (event_blob_add(store, data, len, hash, err) < 0)
		return NULL;
	return json_pack("{s:s, s:I}", "blob", hash, "size", (json_int_t)len);
}

char *journal_sealed_text(const char *assessment_id, const json_t *data)
{
	AUTO_JSON json_t *sealed =
		json_pack("{s:s, s:s, s:s, s:s, s:s, s:I, s:s, s:I}", "schema", "tali.seal/1",
			  "assessment", assessment_id, "head", json_str(data, "head", ""), "tree",
			  json_str(data, "tree", ""), "commit", json_str(data, "commit", ""), "seq",
			  json_int(data, "seq", -1), "task_version",
			  json_str(data, "task_version", ""), "time", json_int(data, "time", 0));

	return json_canonical(sealed);
}

static json_t *sign_seal(const struct sign_key *key, const char *assessment_id, json_t *data)
{
	AUTO_FREE char *text = journal_sealed_text(assessment_id, data);
	AUTO_FREE char *key_text = hash_base64(key->public_key, SIGN_PUBLIC_SIZE);
	AUTO_FREE char *signature = NULL;
	uint8_t bytes[SIGN_SIZE];

	sign_make(key, text, strlen(text), bytes);
	signature = hash_base64(bytes, sizeof(bytes));
	json_object_set_new(data, "key", json_string(key_text));
	json_object_set_new(data, "signature", json_string(signature));
	return data;
}

int journal_seal(struct store *store, const char *assessment_id, const struct journal_seal *seal,
		 struct err *err)
{
	const struct sign_key *key = store_sign_key(store, err);
	struct event last;
	json_t *data;

	if (!key || event_last(store, assessment_id, &last, err) != 1)
		return -1;
	data = json_pack("{s:s, s:I, s:s, s:s, s:s, s:I}", "head", last.hash, "seq",
			 (json_int_t)last.seq, "tree", seal->tree, "commit", seal->commit,
			 "task_version", seal->task_version, "time", (json_int_t)store_now(store));
	return journal_append(store, assessment_id, "system", "signature",
			      sign_seal(key, assessment_id, data), err);
}
