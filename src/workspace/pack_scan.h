/* pack_scan.h - measures a git pack before anything of it is unpacked (include workspace/repo.h)
 *
 * A pack is "PACK", the version 2 and the number of objects (32 bits each, high byte first); the
 * objects; and 20 bytes of SHA-1. An object is its type and size in groups of 7 bits, for a delta
 * where its base is, and a zlib stream; a delta begins with the sizes of its base and its result
 * (gitformat-pack(5)). */
#ifndef TALI_PACK_SCAN_H
#define TALI_PACK_SCAN_H

#include "base/err.h"

#include <stdint.h>
#include <stdio.h>

struct pack_limits {
	uint64_t objects;	/* most objects */
	uint64_t object_bytes;	/* most bytes of one, unpacked */
	uint64_t bytes;		/* most bytes of all, unpacked */
};

/* What the pack of an assessment may hold. */
extern const struct pack_limits pack_limits;

/* Reads the whole pack from where the file stands, in little memory. Gives the number of objects.
 * ERR_INTEGRITY when it is no pack or is cut off, ERR_INPUT past a limit, ERR_ENV. What the objects
 * are, and whether the SHA-1 is right, is not looked at. */
int pack_scan(FILE *file, const struct pack_limits *limits, uint64_t *ret_objects, struct err *err);

#endif
