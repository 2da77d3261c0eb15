/* session_cache.c - see session_cache.h */
#include "web/session_cache.h"

#include "base/auto.h"
#include "base/buf.h"
#include "base/hash.h"
#include "http/http_reply.h"

#include <pthread.h>
#include <stdatomic.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#define SLOTS 4096		/* where two cookies meet the newer one stays */
#define IDLE_MS 10000		/* until one that nobody asks for is forgotten */
#define COOKIE_LEN (RAND_ID_LEN + 1 + HASH_HEX_SIZE - 1)
#define TAG_SIZE 80

/* Sent without the lock: whoever holds it last frees it. */
struct body {
	atomic_uint users;
	struct session_text text;
	char tag[TAG_SIZE];
	char bytes[];
};

struct entry {
	char cookie[COOKIE_LEN + 1];
	struct live *live;	/* NULL: nothing is here */
	uint64_t version;
	int64_t asked;		/* steady ms */
	struct body *body;
};

struct session_cache {
	pthread_mutex_t lock;	/* guards the entries */
	struct entry entries[SLOTS];
};

static int64_t steady_ms(void)
{
	struct timespec now;

	clock_gettime(CLOCK_MONOTONIC, &now);
	return (int64_t)now.tv_sec * 1000 + now.tv_nsec / 1000000;
}

static struct body *body_new(const struct session_text *text)
{
	struct body *body = buf_alloc(sizeof(*body) + text->len);

	atomic_init(&body->users, 1);
	memcpy(body->bytes, text->text, text->len);
	snprintf(body->tag, sizeof(body->tag), "%s", text->tag);
	body->text = (struct session_text){ body->bytes, text->len, text->gap, body->tag };
	return body;
}

static void body_give(struct body *body)
{
	if (body && atomic_fetch_sub(&body->users, 1) == 1)
		free(body);
}

static void forget(struct entry *entry)
{
	live_give(&entry->live);
	body_give(entry->body);
	*entry = (struct entry){ .live = NULL };
}

struct session_cache *session_cache_new(void)
{
	struct session_cache *cache = buf_alloc(sizeof(*cache));

	pthread_mutex_init(&cache->lock, NULL);
	return cache;
}

void session_cache_free(struct session_cache **cache)
{
	struct session_cache *old = TAKE(*cache);

	for (size_t i = 0; old && i < SLOTS; i++)
		forget(&old->entries[i]);
	if (old)
		pthread_mutex_destroy(&old->lock);
	free(old);
}

/* Where a cookie belongs by its id, which anybody may know; NULL when it is none. */
static struct entry *place_of(struct session_cache *cache, const char *cookie)
{
	size_t sum = 0;

	if (strlen(cookie) != COOKIE_LEN)
		return NULL;
	for (size_t i = 0; i < RAND_ID_LEN; i++)
		sum = sum * 31 + (unsigned char)cookie[i];
	return &cache->entries[sum % SLOTS];
}

static bool is_cookie(const struct entry *entry, const char *cookie)
{
	return !memcmp(entry->cookie, cookie, RAND_ID_LEN + 1) &&
	       hash_hex_equal(entry->cookie + RAND_ID_LEN + 1, cookie + RAND_ID_LEN + 1);
}

void session_cache_put(struct session_cache *cache, const char *cookie, struct live *live,
		       uint64_t version, const struct session_text *text)
{
	struct entry *entry = place_of(cache, cookie);
	struct entry fresh = { .live = NULL };

	if (!entry)
		return;
	fresh = (struct entry){ .live = live_keep(live), .version = version, .asked = steady_ms(),
				.body = body_new(text) };
	memcpy(fresh.cookie, cookie, COOKIE_LEN + 1);
	pthread_mutex_lock(&cache->lock);
	forget(entry);
	*entry = fresh;
	pthread_mutex_unlock(&cache->lock);
}

void session_text_reply(struct http_request *request, const struct session_text *text,
			const struct clock *clock)
{
	char now[CLOCK_TEXT_SIZE], *whole;
	size_t len;

	http_reply_header(request, "ETag", text->tag);
	if (http_request_matches(request, "If-None-Match", text->tag)) {
		http_reply(request, 304, NULL, NULL, 0);
		return;
	}
	len = strlen(clock_text(clock_now(clock), now));
	whole = buf_alloc(text->len + len + 1);
	memcpy(whole, text->text, text->gap);
	memcpy(whole + text->gap, now, len);
	memcpy(whole + text->gap + len, text->text + text->gap, text->len - text->gap);
	http_reply_take(request, 200, "application/json", whole, text->len + len);
}

bool session_cache_answer(struct session_cache *cache, struct http_request *request,
			  const char *cookie, const struct clock *clock)
{
	struct entry *entry = place_of(cache, cookie);
	struct body *body = NULL;
	int64_t now = steady_ms();

	if (!entry)
		return false;
	pthread_mutex_lock(&cache->lock);
	if (entry->live && is_cookie(entry, cookie)) {
		entry->asked = now;
		if (live_is_fresh(entry->live, entry->version)) {
			body = entry->body;
			atomic_fetch_add(&body->users, 1);
		}
	}
	pthread_mutex_unlock(&cache->lock);
	if (!body)
		return false;
	session_text_reply(request, &body->text, clock);
	body_give(body);
	return true;
}

/* The session of the next entry from *at on, to be given back; NULL when there is none. */
static struct live *next_session(struct session_cache *cache, size_t *at)
{
	int64_t old = steady_ms() - IDLE_MS;
	struct live *live = NULL;

	pthread_mutex_lock(&cache->lock);
	for (; !live && *at < SLOTS; ++*at) {
		struct entry *entry = &cache->entries[*at];

		if (entry->live && entry->asked < old)
			forget(entry);
		else if (entry->live)
			live = live_keep(entry->live);
	}
	pthread_mutex_unlock(&cache->lock);
	return live;
}

void session_cache_look(struct session_cache *cache, struct store *store)
{
	struct live *live;
	size_t at = 0;

	while ((live = next_session(cache, &at))) {
		struct err ignored = ERR_INIT;

		/* what cannot be looked at is not fresh for long */
		live_look(live, store, false, &ignored);
		live_give(&live);
	}
}
