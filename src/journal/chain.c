/* chain.c - see chain.h */
#include "journal/chain.h"

#include "base/auto.h"
#include "base/buf.h"

#include <stdint.h>
#include <string.h>

struct hash chain_start(const char *assessment_id)
{
	return hash_of(assessment_id, strlen(assessment_id));
}

static void add_member(struct buf *text, const char *name, int64_t value)
{
	char digits[24], *at = digits + sizeof(digits);
	uint64_t left = value < 0 ? 0 - (uint64_t)value : (uint64_t)value;

	do
		*--at = (char)('0' + left % 10);
	while (left /= 10);
	if (value < 0)
		*--at = '-';
	buf_add_str(text, name);
	buf_add(text, at, (size_t)(digits + sizeof(digits) - at));
}

/* Written out by hand in the order of the sorted keys: data goes in as it is, without being
 * parsed again. Actor and kind are words of our own tables and need no escapes. */
static void add_canonical(struct buf *text, const struct event *event, bool with_hash)
{
	buf_add_str(text, "{\"actor\":\"");
	buf_add_str(text, event->actor);
	buf_add_str(text, "\"");
	if (event->client_seq)
		add_member(text, ",\"client_seq\":", event->client_seq);
	if (event->client_time)
		add_member(text, ",\"client_time\":", event->client_time);
	buf_add_str(text, ",\"data\":");
	buf_add_str(text, event->data);
	if (with_hash) {
		buf_add_str(text, ",\"hash\":\"");
		buf_add_str(text, event->hash);
		buf_add_str(text, "\"");
	}
	buf_add_str(text, ",\"kind\":\"");
	buf_add_str(text, event->kind);
	add_member(text, "\",\"seq\":", event->seq);
	add_member(text, ",\"time\":", event->time);
	buf_add_str(text, "}");
}

char *chain_canonical(const struct event *event, bool with_hash)
{
	struct buf text = BUF_INIT(SIZE_MAX);

	add_canonical(&text, event, with_hash);
	return buf_take(&text);
}

/* hash(n-1) stands ahead of the text in one buffer. */
struct hash chain_next(const struct hash *previous, const struct event *event)
{
	size_t size = strlen(event->data) + 512;	/* so that it need not grow */
	AUTO(buf_release) struct buf text = { .data = buf_realloc(NULL, size, 1), .size = size,
					      .limit = SIZE_MAX };

	buf_add(&text, previous->bytes, HASH_SIZE);
	add_canonical(&text, event, false);
	return hash_of(text.data, text.len);
}
