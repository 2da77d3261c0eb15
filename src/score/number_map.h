/* number_map.h - a table from one number to another: open addressing, grows by doubling */
#ifndef TALI_NUMBER_MAP_H
#define TALI_NUMBER_MAP_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct number_map {
	struct number_map_entry {
		uint64_t key, value;
		bool used;
	} *entries;
	size_t size, count;	/* size is 0 or a power of 2 */
};

#define NUMBER_MAP_INIT { .size = 0 }
void number_map_release(struct number_map *map);

/* The place of a key, put there with value 0 when it was not; *ret_new (may be NULL) says whether.
 * Good until the next call that adds. */
uint64_t *number_map_place(struct number_map *map, uint64_t key, bool *ret_new);

/* NULL when the key is not there; else as above. */
uint64_t *number_map_find(const struct number_map *map, uint64_t key);

/* A number of some bytes (FNV-1a), going on from `from`; NUMBER_MAP_SEED to begin with. The same on
 * every machine. */
#define NUMBER_MAP_SEED UINT64_C(0xcbf29ce484222325)
static inline uint64_t number_map_hash(uint64_t from, const void *data, size_t len)
{
	const unsigned char *bytes = (const unsigned char *)data;
	size_t i;

	for (i = 0; i < len; i++)
		from = (from ^ bytes[i]) * UINT64_C(0x100000001b3);
	return from;
}

/* Spreads what differs over all bits. */
static inline uint64_t number_map_mix(uint64_t x)
{
	x = (x ^ x >> 30) * UINT64_C(0xbf58476d1ce4e5b9);
	x = (x ^ x >> 27) * UINT64_C(0x94d049bb133111eb);
	return x ^ x >> 31;
}

#endif
