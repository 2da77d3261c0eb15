/* fuzz_batch.c - any bytes as a client's batch: refused with a sentence, or ready to be stored */
#include "journal/batch.h"

#include "base/auto.h"
#include "base/json.h"
#include "journal/batch_quick.h"
#include "journal/event_kind.h"

#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void demand(bool fact)
{
	if (!fact)
		abort();
}

/* Numbered without gaps, canonical, of a kind that a client may send. */
static void check_event(const struct ready_event *event, int64_t seq)
{
	AUTO_FREE char *again = NULL;
	AUTO_JSON json_t *data = NULL;
	struct err err = ERR_INIT;

	demand(event->client_seq == seq && event->instant >= 0);
	demand(event_kind_is_client(event_kind_find(event->kind)));
	data = json_parse(event->data, strlen(event->data), "data", &err);
	demand(data && strlen(event->data) <= EVENT_KIND_DATA_MAX);
	again = json_canonical(data);
	demand(!strcmp(again, event->data));
	demand(event_kind_check(event_kind_find(event->kind), data, &err) == 0);
}

/* The quick way takes nothing that the other does not, and makes the same of it. */
static void check_same(const struct batch *quick, const struct batch *slow)
{
	demand(!strcmp(quick->client, slow->client) && quick->sent == slow->sent);
	demand(quick->list.count == slow->list.count && quick->list.payload_count == 0);
	demand(quick->list.bytes == slow->list.bytes);
	demand(!quick->base == !slow->base);
	demand(!quick->base || json_equal(quick->base, slow->base));
	for (size_t i = 0; i < quick->list.count; i++) {
		const struct ready_event *a = &quick->list.events[i], *b = &slow->list.events[i];

		demand(!strcmp(a->actor, b->actor) && !strcmp(a->kind, b->kind));
		demand(!strcmp(a->data, b->data));
		demand(a->client_seq == b->client_seq && a->instant == b->instant);
	}
}

static void compare_ways(const char *text, size_t size)
{
	AUTO(batch_release) struct batch quick = BATCH_INIT;
	AUTO(batch_release) struct batch slow = BATCH_INIT;
	struct err err = ERR_INIT;

	if (size > BATCH_MAX || !batch_quick_parse(text, size, &quick))
		return;
	demand(batch_parse_slowly(text, size, &slow, &err) == 0);
	check_same(&quick, &slow);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	AUTO(batch_release) struct batch batch = BATCH_INIT;
	struct err err = ERR_INIT;

	hash_init();
	compare_ways((const char *)data, size);
	if (batch_parse((const char *)data, size, &batch, &err) < 0) {
		demand(err.code == ERR_INPUT && err.text[0] && batch.list.count == 0);
		return 0;
	}
	demand(size <= BATCH_MAX && batch.list.count <= BATCH_EVENTS_MAX && batch.client[0]);
	for (size_t i = 0; i < batch.list.count; i++)
		check_event(&batch.list.events[i], batch.list.events[0].client_seq + (int64_t)i);
	for (size_t i = 0; i < batch.list.payload_count; i++)
		demand(batch.list.payloads[i].last_event < batch.list.count);
	return 0;
}
