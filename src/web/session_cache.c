/* session_cache.c - see session_cache.h */
#include "web/session_cache.h"

#include "base/auto.h"
#include "base/buf.h"
#include "base/hash.h"
#include "http/http_reply.h"

#include <pthread.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#define SLOTS 4096		/* where two cookies meet the newer one stays */
#define IDLE_MS 10000		/* until one that nobody asks for is forgotten */
#define COOKIE_LEN (RAND_ID_LEN + 1 + HASH_HEX_SIZE - 1)
#define TAG_SIZE 80

struct entry {
	char cookie[COOKIE_LEN + 1];
	struct live *live;	/* NULL: nothing is here */
	uint64_t version;
	int64_t asked;		/* steady ms */
	char *text;
	size_t len, gap;
	char tag[TAG_SIZE];
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

static void forget(struct entry *entry)
{
	live_give(&entry->live);
	free(entry->text);
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
				.text = buf_alloc(text->len + 1), .len = text->len,
				.gap = text->gap };
	memcpy(fresh.cookie, cookie, COOKIE_LEN + 1);
	memcpy(fresh.text, text->text, text->len);
	snprintf(fresh.tag, sizeof(fresh.tag), "%s", text->tag);
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
	AUTO_FREE char *text = NULL;
	struct session_text kept = { .len = 0 };
	char tag[TAG_SIZE];

	if (!entry)
		return false;
	pthread_mutex_lock(&cache->lock);
	if (entry->live && is_cookie(entry, cookie)) {
		entry->asked = steady_ms();
		if (live_is_fresh(entry->live, entry->version)) {
			text = buf_alloc(entry->len + 1);
			memcpy(text, entry->text, entry->len);
			memcpy(tag, entry->tag, sizeof(tag));
			kept = (struct session_text){ text, entry->len, entry->gap, tag };
		}
	}
	pthread_mutex_unlock(&cache->lock);
	if (text)
		session_text_reply(request, &kept, clock);
	return text != NULL;
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
