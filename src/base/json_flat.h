/* json_flat.h - a quick reader for the plain JSON that comes by the thousand
 *
 * It takes a part of what json.h takes and declines the rest, so that who calls it falls back on
 * json.h, which also has the words for what is wrong. What it takes means the same to both, and its
 * canonical text is the same byte for byte. Declined are: nesting deeper than JSON_FLAT_DEPTH,
 * objects of more than JSON_FLAT_MEMBERS members, numbers that are not whole or have more than 18
 * digits, the escape \u, and whatever is no JSON, or not UTF-8, or has a key twice. */
#ifndef TALI_JSON_FLAT_H
#define TALI_JSON_FLAT_H

#include "base/buf.h"

#include <jansson.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#define JSON_FLAT_DEPTH 16
#define JSON_FLAT_MEMBERS 16

/* A value and all below it are one run of nodes. Behind the node of an object stand its members, a
 * node of the key and the nodes of the value each; behind that of an array its items. */
struct json_node {
	json_type type;
	bool plain;		/* a string whose bytes need no escapes */
	uint32_t after;		/* index of the first node behind the value */
	uint32_t count;		/* members or items; bytes of a string */
	const char *text;	/* of a string: `count` bytes, no NUL */
	int64_t number;
};

struct json_flat {
	struct json_node *nodes;
	size_t count, size;
	char *decoded;		/* strings that had escapes */
	size_t decoded_len;
};

#define JSON_FLAT_INIT { 0 }
void json_flat_release(struct json_flat *flat);

/* Reads one JSON text; strings may point into it. False when it is declined. What was there is
 * gone; memory is kept. */
bool json_flat_parse(struct json_flat *flat, const char *text, size_t len);

/* Index of a member's value; 0 when `object` has none of that name (or is none). */
uint32_t json_flat_member(const struct json_flat *flat, uint32_t object, const char *name);

/* Whether the string is this text. */
bool json_flat_is(const struct json_node *string, const char *text);

/* Appends the canonical text of a value. */
void json_flat_canonical(const struct json_flat *flat, uint32_t value, struct buf *out);

#endif
