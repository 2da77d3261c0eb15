/* oid_map.h - a hash table from git object ids to numbers */
#ifndef TALI_OID_MAP_H
#define TALI_OID_MAP_H

#include "workspace/git_library.h"

#include <stdbool.h>
#include <stddef.h>

struct oid_map {
	struct oid_map_entry {
		git_oid id;
		size_t value;
	} *entries;	/* an id is its own hash; all zeros marks a free place */
	size_t count, size;
};

void oid_map_release(struct oid_map *map);
/* False, and nothing changes, when the id is there already. */
bool oid_map_add(struct oid_map *map, const git_oid *id, size_t value);
bool oid_map_find(const struct oid_map *map, const git_oid *id, size_t *ret_value);

#endif
