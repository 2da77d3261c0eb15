/* number_map.c - see number_map.h */
#include "score/number_map.h"

#include "base/buf.h"

#include <stdlib.h>

void number_map_release(struct number_map *map)
{
	free(map->entries);
	*map = (struct number_map)NUMBER_MAP_INIT;
}

static struct number_map_entry *seek(const struct number_map *map, uint64_t key)
{
	size_t at = number_map_mix(key) & (map->size - 1);

	while (map->entries[at].used && map->entries[at].key != key)
		at = (at + 1) & (map->size - 1);
	return &map->entries[at];
}

static void grow(struct number_map *map)
{
	struct number_map old = *map;
	size_t i;

	map->size = old.size ? old.size * 2 : 64;
	map->entries = buf_alloc(map->size * sizeof *map->entries);
	for (i = 0; i < old.size; i++)
		if (old.entries[i].used)
			*seek(map, old.entries[i].key) = old.entries[i];
	free(old.entries);
}

uint64_t *number_map_place(struct number_map *map, uint64_t key, bool *ret_new)
{
	struct number_map_entry *entry;

	if (map->count * 2 >= map->size)
		grow(map);
	entry = seek(map, key);
	if (ret_new)
		*ret_new = !entry->used;
	if (!entry->used) {
		*entry = (struct number_map_entry){ .key = key, .used = true };
		map->count++;
	}
	return &entry->value;
}

uint64_t *number_map_find(const struct number_map *map, uint64_t key)
{
	struct number_map_entry *entry = map->size ? seek(map, key) : NULL;

	return entry && entry->used ? &entry->value : NULL;
}
