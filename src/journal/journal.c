/* journal.c - see journal.h */
#include "journal/journal.h"

#include "base/auto.h"
#include "base/buf.h"
#include "base/json.h"
#include "base/schema.h"
#include "journal/chain.h"

#include <string.h>

static int check_data(const char *kind, const json_t *data, struct err *err)
{
	AUTO_FREE char *name = buf_format("events/%s", kind);

	if (!schema_named(name))
		return err_set(err, ERR_INPUT, "'%s' is not a kind of event", kind);
	if (schema_check_named(name, data, err) < 0)
		return err_wrap(err, "event '%s'", kind);
	if (json_has_real(data))
		return err_set(err, ERR_INPUT, "event '%s': only whole numbers are allowed", kind);
	return 0;
}

/* What the new event stands on: the head of the chain as it is now. */
static int read_head(struct store *store, const char *assessment_id, struct event *next,
		     struct hash *ret_head, struct err *err)
{
	struct event last;
	int row = event_last(store, assessment_id, &last, err);

	next->time = store_now(store);
	if (row < 0)
		return -1;
	if (row == 0) {
		next->seq = 0;
		*ret_head = chain_start(assessment_id);
		return 0;
	}
	next->seq = last.seq + 1;
	if (next->time < last.time)
		next->time = last.time;
	return hash_from_hex(last.hash, ret_head, err);
}

int journal_append(struct store *store, const char *assessment_id, const char *actor,
		   const char *kind, json_t *data, struct err *err)
{
	AUTO_JSON json_t *owned = data;
	AUTO_FREE char *text = json_canonical(owned);
	struct event event = { .actor = actor, .kind = kind, .data = text };
	struct hash head, hash;

	if (check_data(kind, owned, err) < 0)
		return -1;
	if (strlen(text) > JOURNAL_EVENT_MAX)
		return err_set(err, ERR_INPUT, "event '%s' is larger than %d bytes", kind,
			       JOURNAL_EVENT_MAX);
	if (read_head(store, assessment_id, &event, &head, err) < 0)
		return -1;
	hash = chain_next(&head, &event);
	hash_hex(&hash, event.hash);
	return event_add(store, assessment_id, &event, err);
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
