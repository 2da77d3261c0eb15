/* batch.c - see batch.h */
#include "journal/batch.h"

#include "base/auto.h"
#include "base/buf.h"
#include "base/json.h"
#include "base/schema.h"
#include "journal/batch_quick.h"
#include "journal/event_kind.h"

#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

#define SCHEMA "tali.batch-1"
#define DEPTH_MAX 16	/* a good one nests 7 deep */

void batch_release(struct batch *batch)
{
	event_list_release(&batch->list);
	json_decref(batch->base);
	*batch = (struct batch)BATCH_INIT;
}

/* --- before it is parsed */

static bool is_too_deep(const char *text, size_t len)
{
	bool in_string = false;
	int depth = 0;

	for (size_t i = 0; i < len; i++) {
		char byte = text[i];

		if (in_string && byte == '\\')
			i++;
		else if (byte == '"')
			in_string = !in_string;
		else if (!in_string && (byte == '{' || byte == '[') && ++depth > DEPTH_MAX)
			return true;
		else if (!in_string && (byte == '}' || byte == ']'))
			depth--;
	}
	return false;
}

/* Where the JSON text that begins in the stream ends: nesting is back at nothing. What does not
 * begin like an object ends with its line, and the parser will say what is wrong with it. */
struct extent {
	bool in_string, escaped;
	int depth;
};

static bool ends_text(struct extent *extent, int byte)
{
	if (extent->escaped) {
		extent->escaped = false;
	} else if (extent->in_string && byte == '\\') {
		extent->escaped = true;
	} else if (byte == '"') {
		extent->in_string = !extent->in_string;
	} else if (!extent->in_string) {
		extent->depth += byte == '{' || byte == '[';
		extent->depth -= byte == '}' || byte == ']';
		return extent->depth <= 0 && (byte == '}' || byte == ']' || byte == '\n');
	}
	return false;
}

int batch_read(FILE *in, struct buf *ret, struct err *err)
{
	struct extent extent = { .depth = 0 };
	int byte = getc_unlocked(in);

	buf_clear(ret);
	ret->limit = BATCH_MAX;
	while (byte == ' ' || byte == '\t' || byte == '\n' || byte == '\r')
		byte = getc_unlocked(in);
	for (; byte != EOF; byte = getc_unlocked(in)) {
		if (!buf_add_byte(ret, (char)byte))
			return err_set(err, ERR_INPUT, "a batch has at most %d bytes", BATCH_MAX);
		if (ends_text(&extent, byte))
			return 1;
	}
	if (ferror(in))
		return err_sys(err, "cannot read");
	return ret->len > 0;
}

static json_t *parse_text(const char *text, size_t len, struct err *err)
{
	if (len > BATCH_MAX)
		err_set(err, ERR_INPUT, "a batch has at most %d bytes", BATCH_MAX);
	else if (is_too_deep(text, len))
		err_set(err, ERR_INPUT, "a batch is nested at most %d deep", DEPTH_MAX);
	else
		return json_parse(text, len, "batch", err);
	return NULL;
}

/* --- payloads */

static int add_payload(struct event_list *list, const json_t *payload, struct err *err)
{
	const char *base64 = json_str(payload, "base64", NULL);
	AUTO_JSON json_t *reference = NULL;
	AUTO_FREE void *data = NULL;
	size_t size = 0, before = list->payload_count;

	if (!base64) {
		reference = event_list_payload(list, json_string_value(payload),
					       json_string_length(payload));
	} else {
		data = hash_from_base64(base64, &size, err);
		if (!data)
			return -1;
		reference = event_list_payload(list, data, size);
	}
	if (list->payload_count == before)
		return err_set(err, ERR_INPUT, "is there twice");
	/* nobody points at it yet */
	list->payloads[before].first_event = SIZE_MAX;
	list->payloads[before].last_event = 0;
	return 0;
}

static int add_payloads(struct event_list *list, const json_t *payloads, struct err *err)
{
	const json_t *payload;
	size_t i;

	json_array_foreach(payloads, i, payload)
		if (add_payload(list, payload, err) < 0)
			return err_wrap(err, "/payloads/%zu", i);
	return 0;
}

static int use_payload(struct event_list *list, const json_t *reference, size_t event,
		       struct err *err)
{
	const char *hash = json_str(reference, "blob", "");
	struct ready_payload *payload = event_list_find_payload(list, hash);

	if (!payload)
		return err_set(err, ERR_INPUT, "payload %.64s is not in the batch", hash);
	if (json_int(reference, "size", -1) != (json_int_t)payload->size)
		return err_set(err, ERR_INPUT, "payload %.64s has another size", hash);
	if (payload->first_event == SIZE_MAX)
		payload->first_event = event;
	payload->last_event = event;
	return 0;
}

/* Every {"blob": ...} in the data of an event. */
static int use_payloads(struct event_list *list, json_t *value, size_t event, struct err *err)
{
	const char *key;
	json_t *member;
	size_t i;

	if (json_object_get(value, "blob"))
		return use_payload(list, value, event, err);
	json_object_foreach(value, key, member)
		if (use_payloads(list, member, event, err) < 0)
			return -1;
	json_array_foreach(value, i, member)
		if (use_payloads(list, member, event, err) < 0)
			return -1;
	return 0;
}

/* What no event points at would lie in the store for nothing. */
static int check_payloads(const struct event_list *list, struct err *err)
{
	for (size_t i = 0; i < list->payload_count; i++)
		if (list->payloads[i].first_event == SIZE_MAX)
			return err_set(err, ERR_INPUT, "/payloads/%zu: no event points at it", i);
	return 0;
}

/* --- events */

/* The parts of an event are in order, and none lies after the batch was sent. */
static void cut_times(json_t *parts, int64_t most)
{
	int64_t least = 0;
	json_t *part;
	size_t i;

	json_array_foreach(parts, i, part) {
		int64_t ms = json_int(part, "ms", 0), cut = ms < least ? least : ms;

		if (cut > most)
			cut = most;
		if (cut != ms)
			json_object_set_new(part, "ms", json_integer(cut));
		least = cut;
	}
}

static int read_event(struct batch *batch, const json_t *value, struct err *err)
{
	const char *name = json_str(value, "kind", "");
	const struct event_kind *kind = event_kind_find(name);
	json_t *data = json_object_get(value, "data");
	struct ready_event event = { .actor = "candidate",
				     .client_seq = json_int(value, "seq", 0),
				     .instant = json_int(value, "time", 0) };
	size_t at = batch->list.count;

	if (at && event.client_seq != batch->list.events[at - 1].client_seq + 1)
		return err_set(err, ERR_INPUT, "seq is %" PRId64 " where %" PRId64 " is due",
			       event.client_seq, batch->list.events[at - 1].client_seq + 1);
	if (!kind)
		return err_set(err, ERR_INPUT, "'%.64s' is not a kind of event", name);
	if (event_kind_check_client(kind, data, err) < 0)
		return -1;
	cut_times(json_object_get(data, "edits"),
		  batch->sent > event.instant ? batch->sent - event.instant : 0);
	event.kind = event_kind_name(kind);
	event.data = event_kind_text(kind, data, err);
	if (!event.data)
		return -1;
	event_list_take(&batch->list, &event);
	return strstr(event.data, "\"blob\":") ? use_payloads(&batch->list, data, at, err) : 0;
}

static int read_batch(struct batch *batch, const json_t *document, struct err *err)
{
	const json_t *event;
	size_t i;

	if (schema_check_named(SCHEMA, document, err) < 0)
		return -1;
	snprintf(batch->client, sizeof(batch->client), "%s", json_str(document, "client", ""));
	batch->sent = json_int(document, "sent", 0);
	batch->base = json_incref(json_object_get(document, "base"));
	if (add_payloads(&batch->list, json_object_get(document, "payloads"), err) < 0)
		return -1;
	json_array_foreach(json_object_get(document, "events"), i, event)
		if (read_event(batch, event, err) < 0)
			return err_wrap(err, "/events/%zu", i);
	return check_payloads(&batch->list, err);
}

int batch_parse_slowly(const char *text, size_t len, struct batch *ret, struct err *err)
{
	AUTO(batch_release) struct batch batch = BATCH_INIT;
	AUTO_JSON json_t *document = parse_text(text, len, err);

	if (!document || read_batch(&batch, document, err) < 0)
		return -1;
	*ret = batch;
	batch = (struct batch)BATCH_INIT;
	return 0;
}

int batch_parse(const char *text, size_t len, struct batch *ret, struct err *err)
{
	if (len <= BATCH_MAX && batch_quick_parse(text, len, ret))
		return 0;
	return batch_parse_slowly(text, len, ret, err);
}
