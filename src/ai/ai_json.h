/* ai_json.h - JSON as clients and providers write it, bounded before it is parsed
 *
 * What a model or a program wrote may hold what jansson refuses, and what no journal should hold:
 * \u0000 and halves of surrogate pairs become U+FFFD, whole numbers of more than 18 digits become
 * reals. Nesting beyond AI_JSON_DEPTH, and more than AI_JSON_VALUES, are refused before any parser
 * sees them: a value takes up to some hundred bytes, however short its text. */
#ifndef TALI_AI_JSON_H
#define TALI_AI_JSON_H

#include "base/err.h"
#include "base/hash.h"

#include <jansson.h>
#include <stddef.h>
#include <stdint.h>

#define AI_JSON_DEPTH 128
#define AI_JSON_VALUES 200000	/* of members and elements; a long session has some thousand */

/* The body of a request: one object, valid UTF-8, no key twice (one program might read the first,
 * another the last). ERR_INPUT and NULL, or yours. */
json_t *ai_json_request(const char *text, size_t len, struct err *err);

/* Any value that a provider or a model wrote; bytes that are not UTF-8 become U+FFFD, of a key that
 * stands twice the last counts. NULL when it is no JSON, or yours. */
json_t *ai_json_answer(const char *text, size_t len);

/* A number that counts something: whole (also written 3.0), from 0 to `most`. Else -1. */
int64_t ai_json_count(const json_t *value, int64_t most);

/* Adds all that a value says to a hash, members in the order in which they stand; `cache_control`,
 * which says nothing to a model, is passed over. Values that differ add different bytes. */
void ai_json_hash(const json_t *value, struct hash_stream *stream);

/* A member of a member; NULL when either is missing. Borrowed. */
json_t *ai_json_at(const json_t *object, const char *key, const char *inner);

#endif
