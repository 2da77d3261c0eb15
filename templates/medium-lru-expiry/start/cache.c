/* cache.c - see cache.h */
#include "cache.h"

#include <stdlib.h>

struct cache {
	size_t capacity;
};

struct cache *cache_new(size_t capacity)
{
	struct cache *cache = calloc(1, sizeof(*cache));

	if (!cache)
		abort();
	cache->capacity = capacity;
	return cache;
}

void cache_free(struct cache *cache)
{
	free(cache);
}

void cache_put(struct cache *cache, uint64_t now, const char *key, const char *value, uint64_t ttl)
{
	(void)cache, (void)now, (void)key, (void)value, (void)ttl;
}

const char *cache_get(struct cache *cache, uint64_t now, const char *key)
{
	(void)cache, (void)now, (void)key;
	return NULL;
}

bool cache_delete(struct cache *cache, uint64_t now, const char *key)
{
	(void)cache, (void)now, (void)key;
	return false;
}

size_t cache_size(struct cache *cache, uint64_t now)
{
	(void)cache, (void)now;
	return 0;
}
