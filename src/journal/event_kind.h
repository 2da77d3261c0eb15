/* event_kind.h - the kinds of events: a table over share/schema/events/, one file a kind */
#ifndef TALI_EVENT_KIND_H
#define TALI_EVENT_KIND_H

#include "base/err.h"
#include "base/json_flat.h"

#include <jansson.h>
#include <stdbool.h>

#define EVENT_KIND_DATA_MAX (64 * 1024)	/* bytes of an event's data in canonical form */

struct event_kind;

/* NULL when there is no such kind. Borrowed for ever; any thread may use it. */
const struct event_kind *event_kind_find(const char *name);

/* A constant. */
const char *event_kind_name(const struct event_kind *kind);
/* Whether a client may send it ("x-tali-client" in the schema: true, or the members that it must
 * have then); the others are made by the server alone. */
bool event_kind_is_client(const struct event_kind *kind);
/* Whether it may whatever members the data has. */
bool event_kind_is_plain_client(const struct event_kind *kind);
/* ERR_INPUT when a client may not send it, or not without a member that is not there. */
int event_kind_check_client(const struct event_kind *kind, const json_t *data, struct err *err);

/* Checks an event's data: the schema of the kind, whole numbers only, paths that stay in the
 * workspace. ERR_INPUT "POINTER: what" for the first fault. */
int event_kind_check(const struct event_kind *kind, const json_t *data, struct err *err);

/* The same for data that was read quickly: yes, or else no or not sure. */
bool event_kind_fits(const struct event_kind *kind, const struct json_flat *flat, uint32_t data);

/* Checks the data, and gives its canonical text, at most EVENT_KIND_DATA_MAX bytes; yours. NULL
 * with ERR_INPUT "event 'KIND': what". */
char *event_kind_text(const struct event_kind *kind, const json_t *data, struct err *err);

/* Counts the kinds; each by its index. */
size_t event_kind_count(void);
const struct event_kind *event_kind_at(size_t index);

#endif
