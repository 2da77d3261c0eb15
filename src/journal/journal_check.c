/* journal_check.c - see journal_check.h */
#include "journal/journal_check.h"

#include "base/auto.h"
#include "base/json.h"
#include "journal/chain.h"
#include "journal/event_kind.h"
#include "journal/journal.h"

#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

void journal_check_start(struct journal_check *check, const char *assessment_id,
			 const uint8_t *public_key)
{
	*check = (struct journal_check){
		.assessment_id = assessment_id, .public_key = public_key,
		.head = chain_start(assessment_id), .row = json_object(), .blobs = json_object(),
		.snapshots = json_array(), .scores = json_array(), .signed_seq = -1,
		.canonical = BUF_INIT(EVENT_KIND_DATA_MAX),
	};
}

void journal_check_release(struct journal_check *check)
{
	json_decref(check->row);
	json_decref(check->blobs);
	json_decref(check->snapshots);
	json_decref(check->seal);
	json_decref(check->scores);
	json_flat_release(&check->flat);
	buf_release(&check->canonical);
}

/* Every {"blob": HASH, "size": N} anywhere in the data. */
static void note_blobs(json_t *blobs, json_t *value)
{
	const char *hash = json_str(value, "blob", NULL);
	const char *key;
	json_t *member;
	size_t i;

	if (hash && json_is_integer(json_object_get(value, "size")))
		json_object_set(blobs, hash, json_object_get(value, "size"));
	json_object_foreach(value, key, member)
		note_blobs(blobs, member);
	json_array_foreach(value, i, member)
		note_blobs(blobs, member);
}

static int check_signature(struct journal_check *check, const struct event *event,
			   const json_t *data, struct err *err)
{
	AUTO_FREE char *text = journal_sealed_text(check->assessment_id, data);
	AUTO_FREE char *key = hash_base64(check->public_key, SIGN_PUBLIC_SIZE);
	AUTO_FREE uint8_t *signature = NULL;
	char head[HASH_HEX_SIZE];
	size_t len = 0;

	if (strcmp(json_str(data, "head", ""), hash_hex(&check->head, head)) != 0 ||
	    json_int(data, "seq", -1) != event->seq - 1)
		return err_set(err, ERR_INTEGRITY, "the signature is for another chain");
	if (strcmp(json_str(data, "key", ""), key) != 0)
		return err_set(err, ERR_INTEGRITY, "signed by another key than the one given");
	signature = hash_from_base64(json_str(data, "signature", ""), &len, err);
	if (!signature || len != SIGN_SIZE)
		return err_set(err, ERR_INTEGRITY, "the signature is damaged");
	if (sign_check(check->public_key, text, strlen(text), signature, err) < 0)
		return -1;
	check->signed_seq = event->seq - 1;
	if (check->signatures++ == 0)
		check->seal = json_deep_copy(data);
	return 0;
}

static int fold(struct journal_check *check, const struct event *event, json_t *data,
		struct err *err)
{
	json_t *row = json_object_get(data, "row");

	if (row)
		json_object_update(check->row, row);
	note_blobs(check->blobs, data);
	if (!strcmp(event->kind, "snapshot"))
		json_array_append_new(check->snapshots,
				      json_pack("{s:O, s:O}", "commit",
						json_object_get(data, "commit"), "tree",
						json_object_get(data, "tree")));
	if (!strcmp(event->kind, "score"))
		json_array_append(check->scores, json_object_get(data, "digest"));
	if (!strcmp(event->kind, "signature"))
		return check_signature(check, event, data, err);
	return 0;
}

/* Typing is most of a journal: what is plainly in order needs no tree of values. Only kinds of
 * clients have neither row nor signature. */
static bool is_plainly_good(struct journal_check *check, const struct event_kind *kind,
			    const char *data)
{
	size_t len = strlen(data);

	if (!event_kind_is_client(kind) || strstr(data, "\"blob\":") ||
	    !json_flat_parse(&check->flat, data, len) || !event_kind_fits(kind, &check->flat, 0))
		return false;
	buf_clear(&check->canonical);
	json_flat_canonical(&check->flat, 0, &check->canonical);
	return check->canonical.len == len && !memcmp(check->canonical.data, data, len);
}

/* The text must be the canonical one: a byte changed anywhere shows, also one that means
 * nothing. */
static int check_data(struct journal_check *check, const struct event *event, struct err *err)
{
	const struct event_kind *kind = event_kind_find(event->kind);
	AUTO_FREE char *canonical = NULL;
	AUTO_JSON json_t *data = NULL;

	if (!kind)
		return err_set(err, ERR_INTEGRITY, "not a kind of event");
	if (is_plainly_good(check, kind, event->data))
		return 0;
	data = json_parse(event->data, strlen(event->data), "data", err);
	if (!data)
		return -1;
	canonical = json_canonical(data);
	if (strcmp(canonical, event->data) != 0)
		return err_set(err, ERR_INTEGRITY, "not canonical JSON");
	if (event_kind_check(kind, data, err) < 0)
		return -1;
	return fold(check, event, data, err);
}

static int check_event(struct journal_check *check, const struct event *event, struct err *err)
{
	struct hash hash;
	char hex[HASH_HEX_SIZE];

	if (event->seq != check->next_seq)
		return err_set(err, ERR_INTEGRITY, "expected event %" PRId64 ", it is missing",
			       check->next_seq);
	hash = chain_next(&check->head, event);
	if (strcmp(hash_hex(&hash, hex), event->hash) != 0)
		return err_set(err, ERR_INTEGRITY, "its hash does not match: it was changed");
	if (event->time < check->last_time)
		return err_set(err, ERR_INTEGRITY, "time runs backwards");
	if (event_instant(event) < check->last_instant || event->client_time > event->time)
		return err_set(err, ERR_INTEGRITY, "it happened before the one ahead, or later "
						   "than it was written");
	if (check_data(check, event, err) < 0)
		return -1;
	check->head = hash;
	check->next_seq++;
	check->last_time = event->time;
	check->last_instant = event_instant(event);
	return 0;
}

int journal_check_event(struct journal_check *check, const struct event *event, struct err *err)
{
	if (check_event(check, event, err) == 0)
		return 0;
	err->code = ERR_INTEGRITY;
	return err_wrap(err, "event %" PRId64 " (%s)", event->seq, event->kind);
}

int journal_check_end(const struct journal_check *check, struct err *err)
{
	size_t scores = json_array_size(check->scores), signatures = (size_t)check->signatures;

	if (check->next_seq == 0)
		return err_set(err, ERR_INTEGRITY, "the journal is empty");
	if (json_int(check->row, "submitted", 0) && !signatures)
		return err_set(err, ERR_INTEGRITY,
			       "it was handed in, but the signature is missing");
	if (scores && signatures < 1 + scores)
		return err_set(err, ERR_INTEGRITY, "the signature of score run %zu is missing",
			       signatures);
	return 0;
}

int journal_check_score(const struct journal_check *check, int64_t count, int64_t number,
			const char *result, struct err *err)
{
	const char *told = json_string_value(json_array_get(check->scores, (size_t)count));
	struct hash hash = hash_of(result, strlen(result));
	char hex[HASH_HEX_SIZE];

	if (number != count + 1 || !told || strcmp(hash_hex(&hash, hex), told) != 0)
		return err_set(err, ERR_INTEGRITY,
			       "score run %" PRId64 " is not what the journal says", number);
	return 0;
}

int journal_check_scores(const struct journal_check *check, int64_t count, struct err *err)
{
	if (count != (int64_t)json_array_size(check->scores))
		return err_set(err, ERR_INTEGRITY, "a score run is missing");
	return 0;
}

static int visit_event(void *arg, const struct event *event, struct err *err)
{
	return journal_check_event(arg, event, err);
}

int journal_check_store(struct store *store, struct journal_check *check, struct err *err)
{
	const char *hash;
	json_t *size;

	if (event_each(store, check->assessment_id, 0, visit_event, check, err) < 0 ||
	    journal_check_end(check, err) < 0)
		return -1;
	json_object_foreach(check->blobs, hash, size) {
		size_t len = 0;
		AUTO_FREE void *data = event_blob_get(store, hash, &len, err);

		if (!data)
			return -1;
		if ((json_int_t)len != json_integer_value(size))
			return err_set(err, ERR_INTEGRITY, "payload %s has another size", hash);
	}
	return 0;
}
