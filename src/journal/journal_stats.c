/* journal_stats.c - see journal_stats.h */
#include "journal/journal_stats.h"

#include "base/auto.h"
#include "base/json.h"
#include "journal/chain.h"
#include "store/event.h"
#include "workspace/deflate_meter.h"

#include <string.h>

#define HOUR_MS 3600000

struct counts {
	int64_t events, bytes;
	int64_t first, last, active;	/* instants; ms */
	json_t *kinds;			/* name -> {events, bytes} */
	json_t *payloads;		/* SHA-256 -> size */
	struct deflate_meter *meter;
};

static void add_to(json_t *object, const char *key, json_int_t more)
{
	json_object_set_new(object, key, json_integer(json_int(object, key, 0) + more));
}

static void count_kind(struct counts *counts, const char *kind, json_int_t bytes)
{
	json_t *entry = json_object_get(counts->kinds, kind);

	if (!entry) {
		entry = json_object();
		json_object_set_new(counts->kinds, kind, entry);
	}
	add_to(entry, "events", 1);
	add_to(entry, "bytes", bytes);
}

static void count_payloads(json_t *payloads, json_t *value)
{
	const char *hash = json_str(value, "blob", NULL), *key;
	json_t *size = json_object_get(value, "size"), *member;
	size_t i;

	if (hash && json_is_integer(size))
		json_object_set(payloads, hash, size);
	json_object_foreach(value, key, member)
		count_payloads(payloads, member);
	json_array_foreach(value, i, member)
		count_payloads(payloads, member);
}

static void count_time(struct counts *counts, int64_t instant)
{
	int64_t gap = instant - counts->last;

	if (counts->events == 0)
		counts->first = instant;
	else if (gap > 0 && gap < JOURNAL_STATS_IDLE_MS)
		counts->active += gap;
	counts->last = instant;
}

static int count_event(void *arg, const struct event *event, struct err *err)
{
	struct counts *counts = arg;
	AUTO_FREE char *text = chain_canonical(event, true);
	AUTO_JSON json_t *data = NULL;
	size_t len = strlen(text);

	count_time(counts, event_instant(event));
	count_kind(counts, event->kind, (json_int_t)len);
	counts->events++;
	counts->bytes += (int64_t)len;
	deflate_meter_add(counts->meter, text, len);
	if (!strstr(event->data, "\"blob\":"))
		return 0;
	data = json_parse(event->data, strlen(event->data), "data", err);
	if (!data)
		return -1;
	count_payloads(counts->payloads, data);
	return 0;
}

static json_int_t sum_of_values(const json_t *object)
{
	json_int_t sum = 0;
	const char *key;
	json_t *value;

	json_object_foreach((json_t *)object, key, value)
		sum += json_integer_value(value);
	return sum;
}

static json_t *per_hour(int64_t bytes, int64_t active)
{
	return active ? json_integer((json_int_t)((double)bytes * HOUR_MS / (double)active))
		      : json_null();
}

static json_t *make_document(const char *assessment_id, struct counts *counts)
{
	int64_t deflated = deflate_meter_end(counts->meter);
	char first[CLOCK_TEXT_SIZE], last[CLOCK_TEXT_SIZE];

	return json_pack("{s:s, s:s, s:I, s:I, s:I, s:{s:I, s:I}, s:s, s:s, s:I, s:o, s:o, s:O}",
			 "schema", "tali.journal-stats/1", "assessment", assessment_id, "events",
			 (json_int_t)counts->events, "bytes", (json_int_t)counts->bytes,
			 "deflated_bytes", (json_int_t)deflated, "payloads", "count",
			 (json_int_t)json_object_size(counts->payloads), "bytes",
			 sum_of_values(counts->payloads), "first",
			 clock_text_ms(counts->first, first), "last",
			 clock_text_ms(counts->last, last), "active_ms",
			 (json_int_t)counts->active, "bytes_per_active_hour",
			 per_hour(counts->bytes, counts->active), "deflated_bytes_per_active_hour",
			 per_hour(deflated, counts->active), "kinds", counts->kinds);
}

json_t *journal_stats(struct store *store, const char *assessment_id, struct err *err)
{
	AUTO_JSON json_t *kinds = json_object();
	AUTO_JSON json_t *payloads = json_object();
	AUTO(deflate_meter_close) struct deflate_meter *meter = deflate_meter_open();
	struct counts counts = { .kinds = kinds, .payloads = payloads, .meter = meter };

	if (event_each(store, assessment_id, 0, count_event, &counts, err) < 0)
		return NULL;
	return make_document(assessment_id, &counts);
}
