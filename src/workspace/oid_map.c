/* oid_map.c - see oid_map.h */
#include "workspace/oid_map.h"

#include "base/buf.h"

#include <stdlib.h>
#include <string.h>

void oid_map_release(struct oid_map *map)
{
	free(map->entries);
	*map = (struct oid_map){ .entries = NULL };
}

/* The entry of the id, or the free one where it belongs. There is always a free one. */
static struct oid_map_entry *find_place(const struct oid_map *map, const git_oid *id)
{
	size_t at;

	memcpy(&at, id->id, sizeof(at));
	for (at &= map->size - 1; !git(oid_is_zero)(&map->entries[at].id);
	     at = (at + 1) & (map->size - 1))
		if (git(oid_equal)(&map->entries[at].id, id))
			break;
	return &map->entries[at];
}

static void grow(struct oid_map *map)
{
	struct oid_map larger = { .count = map->count, .size = map->size ? map->size * 2 : 64 };
	size_t i;

	larger.entries = buf_alloc(larger.size * sizeof(*larger.entries));
	for (i = 0; i < map->size; i++)
		if (!git(oid_is_zero)(&map->entries[i].id))
			*find_place(&larger, &map->entries[i].id) = map->entries[i];
	free(map->entries);
	*map = larger;
}

bool oid_map_add(struct oid_map *map, const git_oid *id, size_t value)
{
	struct oid_map_entry *place;

	if (map->count * 2 >= map->size)
		grow(map);
	place = find_place(map, id);
	if (!git(oid_is_zero)(&place->id))
		return false;
	git(oid_cpy)(&place->id, id);
	place->value = value;
	map->count++;
	return true;
}

bool oid_map_find(const struct oid_map *map, const git_oid *id, size_t *ret_value)
{
	const struct oid_map_entry *place = map->size ? find_place(map, id) : NULL;

	if (!place || git(oid_is_zero)(&place->id))
		return false;
	*ret_value = place->value;
	return true;
}
