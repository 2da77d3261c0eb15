/* chain.c - see chain.h */
#include "journal/chain.h"

#include "base/auto.h"
#include "base/buf.h"

#include <inttypes.h>
#include <string.h>

struct hash chain_start(const char *assessment_id)
{
	return hash_of(assessment_id, strlen(assessment_id));
}

/* Written out by hand in the order of the sorted keys: data goes in as it is, without being
 * parsed again. Actor and kind are words of our own tables and need no escapes. */
char *chain_canonical(const struct event *event, bool with_hash)
{
	struct buf text = BUF_INIT(1 << 20);

	buf_add_format(&text, "{\"actor\":\"%s\"", event->actor);
	if (event->client_seq)
		buf_add_format(&text, ",\"client_seq\":%" PRId64 ",\"client_time\":%" PRId64,
			       event->client_seq, event->client_time);
	buf_add_str(&text, ",\"data\":");
	buf_add_str(&text, event->data);
	if (with_hash)
		buf_add_format(&text, ",\"hash\":\"%s\"", event->hash);
	buf_add_format(&text, ",\"kind\":\"%s\",\"seq\":%" PRId64 ",\"time\":%" PRId64 "}",
		       event->kind, event->seq, event->time);
	return buf_take(&text);
}

struct hash chain_next(const struct hash *previous, const struct event *event)
{
	AUTO_FREE char *text = chain_canonical(event, false);

	return hash_of_two(previous->bytes, HASH_SIZE, text, strlen(text));
}
