/* cache.h - a cache of strings by key, bounded in number and time */
#ifndef CACHE_H
#define CACHE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct cache;

/* An empty cache for at most so many entries. */
struct cache *cache_new(size_t capacity);

/* Gives back the cache and all that it holds; NULL is allowed. */
void cache_free(struct cache *cache);

/* Stores a copy of the value under a copy of the key, in place of an earlier one. */
void cache_put(struct cache *cache, uint64_t now, const char *key, const char *value, uint64_t ttl);

/* The value of the key, or NULL. It stays valid until the next call with this cache. */
const char *cache_get(struct cache *cache, uint64_t now, const char *key);

/* Removes the key; tells whether it was there. */
bool cache_delete(struct cache *cache, uint64_t now, const char *key);

/* How many entries are there now. */
size_t cache_size(struct cache *cache, uint64_t now);

#endif
