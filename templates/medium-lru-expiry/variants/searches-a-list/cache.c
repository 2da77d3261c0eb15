/* cache.c - see cache.h */
#include "cache.h"

#include <stdlib.h>
#include <string.h>

/* The entries in order of use, the one used longest ago first. */
struct entry {
	struct entry *next;
	uint64_t end; /* 0: never */
	char *key, *value;
};

struct cache {
	size_t capacity, count;
	struct entry *first;
};

static void *checked(void *block)
{
	if (!block)
		abort();
	return block;
}

static char *copy(const char *text)
{
	return strcpy(checked(malloc(strlen(text) + 1)), text);
}

static void drop(struct cache *cache, struct entry **at)
{
	struct entry *entry = *at;

	*at = entry->next;
	cache->count--;
	free(entry->key);
	free(entry->value);
	free(entry);
}

static struct entry **find(struct cache *cache, const char *key)
{
	struct entry **at = &cache->first;

	while (*at && strcmp((*at)->key, key))
		at = &(*at)->next;
	return at;
}

static void drop_ended(struct cache *cache, uint64_t now)
{
	struct entry **at = &cache->first;

	while (*at)
		if ((*at)->end && (*at)->end <= now)
			drop(cache, at);
		else
			at = &(*at)->next;
}

struct cache *cache_new(size_t capacity)
{
	struct cache *cache = checked(calloc(1, sizeof(*cache)));

	cache->capacity = capacity;
	return cache;
}

void cache_free(struct cache *cache)
{
	while (cache && cache->first)
		drop(cache, &cache->first);
	free(cache);
}

void cache_put(struct cache *cache, uint64_t now, const char *key, const char *value, uint64_t ttl)
{
	struct entry *entry, **at;

	cache_delete(cache, now, key);
	if (cache->capacity == 0)
		return;
	if (cache->count == cache->capacity)
		drop(cache, &cache->first);
	entry = checked(calloc(1, sizeof(*entry)));
	entry->key = copy(key);
	entry->value = copy(value);
	entry->end = ttl > UINT64_MAX - now || !ttl ? 0 : now + ttl;
	for (at = &cache->first; *at; at = &(*at)->next)
		;
	*at = entry;
	cache->count++;
}

const char *cache_get(struct cache *cache, uint64_t now, const char *key)
{
	struct entry *entry, **at;

	drop_ended(cache, now);
	at = find(cache, key);
	entry = *at;
	if (!entry)
		return NULL;
	*at = entry->next;
	entry->next = NULL;
	for (at = &cache->first; *at; at = &(*at)->next)
		;
	*at = entry;
	return entry->value;
}

bool cache_delete(struct cache *cache, uint64_t now, const char *key)
{
	struct entry **at;

	drop_ended(cache, now);
	at = find(cache, key);
	if (!*at)
		return false;
	drop(cache, at);
	return true;
}

size_t cache_size(struct cache *cache, uint64_t now)
{
	drop_ended(cache, now);
	return cache->count;
}
