/* session_cache.h - the JSON of sessions that was made, to be sent again while it is true
 *
 * An entry belongs to a cookie that a worker has checked. It is sent to who shows exactly that
 * cookie, and only while live_is_fresh says that the assessment is as it was when both were looked
 * at: this process has changed nothing since, and less than LIVE_FRESH_MS ago the database had the
 * same row (status, rotation of the link, deadline, ...) and the same newest event. So a link that
 * is sent anew or revoked by another process ends a cookie within the second, also when the thread
 * that looks is held up: without its look nothing is fresh, and a worker asks the database. */
#ifndef TALI_SESSION_CACHE_H
#define TALI_SESSION_CACHE_H

#include "assess/live.h"
#include "base/clock.h"
#include "http/http_request.h"

#include <stdbool.h>

struct session_cache;

struct session_cache *session_cache_new(void);
void session_cache_free(struct session_cache **cache);

/* A text with a gap for the time of the answer. */
struct session_text {
	const char *text;
	size_t len, gap;	/* where the time goes */
	const char *tag;	/* entity tag, with its quotes; at most 79 bytes */
};
/* Keeps a copy; it was made at `version` of the session, which is kept alive as long. */
void session_cache_put(struct session_cache *cache, const char *cookie, struct live *live,
		       uint64_t version, const struct session_text *text);
/* Answers from memory, on any thread; false when a worker must. */
bool session_cache_answer(struct session_cache *cache, struct http_request *request,
			  const char *cookie, const struct clock *clock);
/* To be called a few times a second, by one thread: looks whether other processes changed those
 * that were asked for lately, and forgets the others. */
void session_cache_look(struct session_cache *cache, struct store *store);

/* The answer itself, also for who made it. */
void session_text_reply(struct http_request *request, const struct session_text *text,
			const struct clock *clock);

#endif
