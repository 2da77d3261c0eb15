/* event_list.c - see event_list.h */
#include "journal/event_list.h"

#include "base/auto.h"
#include "base/buf.h"
#include "journal/event_kind.h"

#include <stdlib.h>
#include <string.h>

void event_list_release(struct event_list *list)
{
	for (size_t i = 0; i < list->count; i++)
		free(list->events[i].data);
	for (size_t i = 0; i < list->payload_count; i++)
		free(list->payloads[i].data);
	free(list->events);
	free(list->payloads);
	*list = (struct event_list)EVENT_LIST_INIT;
}

/* The words are kept by address: they must be constants. */
static const char *actor_constant(const char *actor)
{
	static const char *const actors[] = { "candidate", "recruiter", "system", "interviewer",
					      "ai" };

	for (size_t i = 0; i < sizeof(actors) / sizeof(*actors); i++)
		if (!strcmp(actors[i], actor))
			return actors[i];
	return NULL;
}

void event_list_take(struct event_list *list, const struct ready_event *event)
{
	if ((list->count & (list->count - 1)) == 0)
		list->events = buf_realloc(list->events, list->count ? 2 * list->count : 1,
					   sizeof(*list->events));
	list->events[list->count++] = *event;
	list->bytes += strlen(event->data);
}

int event_list_add(struct event_list *list, const char *actor, const char *kind, json_t *data,
		   int64_t instant, struct err *err)
{
	AUTO_JSON json_t *owned = data;
	const struct event_kind *known = event_kind_find(kind);
	struct ready_event event = { .actor = actor_constant(actor), .instant = instant };

	if (!known)
		return err_set(err, ERR_INPUT, "'%s' is not a kind of event", kind);
	if (!event.actor)
		return err_set(err, ERR_INPUT, "'%s' is not an actor", actor);
	event.kind = event_kind_name(known);
	event.data = event_kind_text(known, owned, err);
	if (!event.data)
		return -1;
	event_list_take(list, &event);
	return 0;
}

struct ready_payload *event_list_find_payload(const struct event_list *list, const char *hash)
{
	for (size_t i = 0; i < list->payload_count; i++)
		if (!strcmp(list->payloads[i].hash, hash))
			return &list->payloads[i];
	return NULL;
}

json_t *event_list_payload(struct event_list *list, const void *data, size_t size)
{
	struct ready_payload payload = { .size = size, .last_event = SIZE_MAX };
	struct hash hash = hash_of(data, size);

	hash_hex(&hash, payload.hash);
	if (!event_list_find_payload(list, payload.hash)) {
		payload.data = buf_alloc(size);
		if (size)
			memcpy(payload.data, data, size);
		list->payloads = buf_realloc(list->payloads, list->payload_count + 1,
					     sizeof(*list->payloads));
		list->payloads[list->payload_count++] = payload;
		list->bytes += size;
	}
	return json_pack("{s:s, s:I}", "blob", payload.hash, "size", (json_int_t)size);
}
