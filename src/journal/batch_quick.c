/* batch_quick.c - see batch_quick.h */
#include "journal/batch_quick.h"

#include "base/auto.h"
#include "base/json_flat.h"
#include "base/schema.h"
#include "base/schema_fit.h"
#include "journal/event_kind.h"

#include <pthread.h>
#include <string.h>

static struct schema_fit *batch_fit;
static pthread_once_t batch_fit_made = PTHREAD_ONCE_INIT;

static void make_batch_fit(void)
{
	batch_fit = schema_fit_make(schema_named("tali.batch-1"));
	if (!batch_fit)
		abort();
}

static int64_t number_of(const struct json_flat *flat, uint32_t object, const char *name)
{
	uint32_t value = json_flat_member(flat, object, name);

	return value ? flat->nodes[value].number : 0;
}

static const struct event_kind *kind_of(const struct json_node *name)
{
	char text[32];

	if (name->count >= sizeof(text))
		return NULL;
	memcpy(text, name->text, name->count);
	text[name->count] = '\0';
	return event_kind_find(text);
}

/* Whether no "ms" must be cut. */
static bool times_in_order(const struct json_flat *flat, uint32_t edits, int64_t most)
{
	const struct json_node *nodes = flat->nodes;
	int64_t least = 0;

	for (uint32_t edit = edits + 1; edits && edit < nodes[edits].after;
	     edit = nodes[edit].after) {
		int64_t ms = number_of(flat, edit, "ms");

		if (ms < least || ms > most)
			return false;
		least = ms;
	}
	return true;
}

/* An object somewhere below that points at a payload. */
static bool has_payload(const struct json_flat *flat, uint32_t value)
{
	for (uint32_t at = value; at < flat->nodes[value].after; at++)
		if (json_flat_is(&flat->nodes[at], "blob"))
			return true;
	return false;
}

static bool read_event(struct batch *batch, const struct json_flat *flat, uint32_t value)
{
	AUTO(buf_release) struct buf text = BUF_INIT(EVENT_KIND_DATA_MAX);
	uint32_t name = json_flat_member(flat, value, "kind");
	uint32_t data = json_flat_member(flat, value, "data");
	const struct event_kind *kind = kind_of(&flat->nodes[name]);
	struct ready_event event = { .actor = "candidate",
				     .client_seq = number_of(flat, value, "seq"),
				     .instant = number_of(flat, value, "time") };
	size_t at = batch->list.count;

	if ((at && event.client_seq != batch->list.events[at - 1].client_seq + 1) || !kind ||
	    !event_kind_is_plain_client(kind) || !event_kind_fits(kind, flat, data) ||
	    has_payload(flat, data) ||
	    !times_in_order(flat, json_flat_member(flat, data, "edits"),
			    batch->sent > event.instant ? batch->sent - event.instant : 0))
		return false;
	json_flat_canonical(flat, data, &text);
	if (text.full)
		return false;
	event.kind = event_kind_name(kind);
	event.data = buf_take(&text);
	event_list_take(&batch->list, &event);
	return true;
}

static json_t *read_base(const struct json_flat *flat)
{
	const struct json_node *nodes = flat->nodes;
	uint32_t base = json_flat_member(flat, 0, "base"), key;
	json_t *object = base ? json_object() : NULL;

	for (key = base + 1; object && key < nodes[base].after; key = nodes[key + 1].after)
		json_object_setn_new(object, nodes[key].text, nodes[key].count,
				     json_integer(nodes[key + 1].number));
	return object;
}

static bool read_batch(struct batch *batch, const struct json_flat *flat)
{
	const struct json_node *nodes = flat->nodes;
	uint32_t events = json_flat_member(flat, 0, "events");
	const struct json_node *client = &nodes[json_flat_member(flat, 0, "client")];

	if (!schema_fit_has(batch_fit, flat, 0) || json_flat_member(flat, 0, "payloads"))
		return false;
	memcpy(batch->client, client->text, client->count);
	batch->client[client->count] = '\0';
	batch->sent = number_of(flat, 0, "sent");
	batch->base = read_base(flat);
	for (uint32_t event = events + 1; event < nodes[events].after; event = nodes[event].after)
		if (!read_event(batch, flat, event))
			return false;
	return true;
}

bool batch_quick_parse(const char *text, size_t len, struct batch *ret)
{
	AUTO(batch_release) struct batch batch = BATCH_INIT;
	AUTO(json_flat_release) struct json_flat flat = JSON_FLAT_INIT;

	pthread_once(&batch_fit_made, make_batch_fit);
	if (!json_flat_parse(&flat, text, len) || !read_batch(&batch, &flat))
		return false;
	*ret = batch;
	batch = (struct batch)BATCH_INIT;
	return true;
}
