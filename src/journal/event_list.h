/* event_list.h - events made ready to be stored: checked, in canonical form, payloads hashed
 *
 * All that costs time and needs no database is done here, in the thread of whoever makes the
 * events; what stores them only numbers, chains and inserts. */
#ifndef TALI_EVENT_LIST_H
#define TALI_EVENT_LIST_H

#include "base/err.h"
#include "base/hash.h"

#include <jansson.h>
#include <stddef.h>
#include <stdint.h>

struct ready_event {
	const char *actor, *kind;	/* words that stay */
	char *data;			/* canonical JSON */
	int64_t client_seq;		/* 0: not from a client */
	int64_t instant;		/* when its first part happened; 0: when it is stored */
};

struct ready_payload {
	char hash[HASH_HEX_SIZE];
	void *data;
	size_t size;
	size_t first_event, last_event;	/* the first and the last that may point at it */
};

struct event_list {
	struct ready_event *events;
	struct ready_payload *payloads;	/* each once */
	size_t count, payload_count;
	size_t bytes;			/* of all data and payloads */
	/* The number in the journal that the first new event must get, because it was checked
	 * against the events ahead; 0: whatever comes. */
	int64_t at_seq;
};

#define EVENT_LIST_INIT { 0 }
void event_list_release(struct event_list *list);

/* Adds an event that the server itself made: `actor` and `kind` as in tali-journal(5), `data`
 * (taken, also on failure) as the schema of the kind says, at most EVENT_KIND_DATA_MAX bytes in
 * canonical form. `instant` is when its first part happened, in milliseconds since the epoch by
 * the server's clock, 0 for when it is stored. ERR_INPUT. */
int event_list_add(struct event_list *list, const char *actor, const char *kind, json_t *data,
		   int64_t instant, struct err *err);

/* Keeps a copy of the bytes to be stored with the events, and gives {"blob": SHA-256, "size":
 * bytes} to stand in an event's data. Yours. */
json_t *event_list_payload(struct event_list *list, const void *data, size_t size);
/* Borrowed until the next is added; NULL when there is none of that hash. */
struct ready_payload *event_list_find_payload(const struct event_list *list, const char *hash);

/* Adds an event that is ready; its data is taken. */
void event_list_take(struct event_list *list, const struct ready_event *event);

#endif
