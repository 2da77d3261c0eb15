/* cache.c - see cache.h
 *
 * Every entry is in three places: a chain of the hash table, the list by use (the head's newer is
 * the one used longest ago), and, if its time ends, a heap with the one that ends first at the top. */
#include "cache.h"

#include <stdlib.h>
#include <string.h>

enum { NOT_IN_HEAP = -1 };

struct entry {
	struct entry *next_in_chain;
	struct entry *older, *newer;
	uint64_t hash;
	uint64_t end;
	ptrdiff_t place; /* in the heap */
	char *key, *value;
};

struct cache {
	size_t capacity, count;
	struct entry **chains;
	size_t chain_count; /* a power of two */
	struct entry **heap;
	size_t heap_count, heap_room;
	struct entry use; /* head of the list by use */
};

static void *grow(void *block, size_t count, size_t size)
{
	block = realloc(block, count * size);
	if (!block)
		abort();
	return block;
}

static char *copy(const char *text)
{
	size_t size = strlen(text) + 1;

	return memcpy(grow(NULL, size, 1), text, size);
}

/* The list by use */

static void use_remove(struct entry *entry)
{
	entry->older->newer = entry->newer;
	entry->newer->older = entry->older;
}

static void use_add(struct cache *cache, struct entry *entry)
{
	entry->newer = &cache->use;
	entry->older = cache->use.older;
	entry->older->newer = entry;
	cache->use.older = entry;
}

/* The heap by end */

static void heap_set(struct cache *cache, size_t place, struct entry *entry)
{
	cache->heap[place] = entry;
	entry->place = place;
}

static void heap_up(struct cache *cache, size_t place, struct entry *entry)
{
	for (; place > 0 && cache->heap[(place - 1) / 2]->end > entry->end; place = (place - 1) / 2)
		heap_set(cache, place, cache->heap[(place - 1) / 2]);
	heap_set(cache, place, entry);
}

static void heap_down(struct cache *cache, size_t place, struct entry *entry)
{
	size_t child;

	while ((child = 2 * place + 1) < cache->heap_count) {
		if (child + 1 < cache->heap_count &&
		    cache->heap[child + 1]->end < cache->heap[child]->end)
			child++;
		if (cache->heap[child]->end >= entry->end)
			break;
		heap_set(cache, place, cache->heap[child]);
		place = child;
	}
	heap_up(cache, place, entry);
}

static void heap_add(struct cache *cache, struct entry *entry)
{
	if (cache->heap_count == cache->heap_room) {
		cache->heap_room = cache->heap_room ? 2 * cache->heap_room : 16;
		cache->heap = grow(cache->heap, cache->heap_room, sizeof(*cache->heap));
	}
	heap_up(cache, cache->heap_count++, entry);
}

static void heap_remove(struct cache *cache, struct entry *entry)
{
	struct entry *last;
	size_t place = entry->place;

	if (entry->place == NOT_IN_HEAP)
		return;
	entry->place = NOT_IN_HEAP;
	last = cache->heap[--cache->heap_count];
	if (last != entry)
		heap_down(cache, place, last);
}

/* The hash table */

static uint64_t hash_of(const char *key)
{
	uint64_t hash = 14695981039346656037u;

	for (; *key; key++)
		hash = (hash ^ (unsigned char)*key) * 1099511628211u;
	return hash ^ hash >> 32;
}

/* The pointer that points to the entry, or the one at the end of its chain. */
static struct entry **find(struct cache *cache, const char *key)
{
	uint64_t hash = hash_of(key);
	struct entry **at = &cache->chains[hash & (cache->chain_count - 1)];

	while (*at && ((*at)->hash != hash || strcmp((*at)->key, key)))
		at = &(*at)->next_in_chain;
	return at;
}

static void more_chains(struct cache *cache)
{
	size_t old_count = cache->chain_count;
	struct entry **old = cache->chains, *entry, *next;

	cache->chain_count = old_count ? 2 * old_count : 16;
	cache->chains = calloc(cache->chain_count, sizeof(struct entry *));
	if (!cache->chains)
		abort();
	for (size_t i = 0; i < old_count; i++)
		for (entry = old[i]; entry; entry = next) {
			struct entry **at = &cache->chains[entry->hash & (cache->chain_count - 1)];

			next = entry->next_in_chain;
			entry->next_in_chain = *at;
			*at = entry;
		}
	free(old);
}

/* Takes an entry out of everything. */
static void drop(struct cache *cache, struct entry **at)
{
	struct entry *entry = *at;

	*at = entry->next_in_chain;
	use_remove(entry);
	heap_remove(cache, entry);
	cache->count--;
	free(entry->key);
	free(entry->value);
	free(entry);
}

static void drop_ended(struct cache *cache, uint64_t now)
{
	while (cache->heap_count > 0 && cache->heap[0]->end <= now)
		drop(cache, find(cache, cache->heap[0]->key));
}

struct cache *cache_new(size_t capacity)
{
	struct cache *cache = calloc(1, sizeof(*cache));

	if (!cache)
		abort();
	cache->capacity = capacity;
	cache->use.older = cache->use.newer = &cache->use;
	more_chains(cache);
	return cache;
}

void cache_free(struct cache *cache)
{
	free(cache);
}

/* A new entry, without a value yet, in the table and the list. */
static struct entry *add(struct cache *cache, const char *key)
{
	struct entry *entry = grow(NULL, 1, sizeof(*entry)), **at;

	if (cache->count == cache->capacity)
		drop(cache, find(cache, cache->use.newer->key));
	if (cache->count >= cache->chain_count)
		more_chains(cache);
	at = find(cache, key);
	*entry = (struct entry){ .hash = hash_of(key), .place = NOT_IN_HEAP, .key = copy(key) };
	*at = entry;
	use_add(cache, entry);
	cache->count++;
	return entry;
}

void cache_put(struct cache *cache, uint64_t now, const char *key, const char *value, uint64_t ttl)
{
	struct entry *entry;

	drop_ended(cache, now);
	if (cache->capacity == 0)
		return;
	entry = *find(cache, key);
	if (!entry)
		entry = add(cache, key);
	free(entry->value);
	entry->value = copy(value);
	use_remove(entry);
	use_add(cache, entry);
	heap_remove(cache, entry);
	if (ttl > 0 && ttl <= UINT64_MAX - now) {
		entry->end = now + ttl;
		heap_add(cache, entry);
	}
}

const char *cache_get(struct cache *cache, uint64_t now, const char *key)
{
	struct entry *entry;

	drop_ended(cache, now);
	entry = *find(cache, key);
	if (!entry)
		return NULL;
	use_remove(entry);
	use_add(cache, entry);
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
