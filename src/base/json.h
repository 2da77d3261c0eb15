/* json.h - jansson with limits, canonical text, and the line a JSON pointer stands on */
#ifndef TALI_JSON_H
#define TALI_JSON_H

#include "base/err.h"

#include <jansson.h>
#include <stdbool.h>
#include <stddef.h>

/* Parses one JSON text (duplicate keys refused). On error ERR_INPUT "NAME:LINE: what". NULL or
 * yours. */
json_t *json_parse(const char *text, size_t len, const char *name, struct err *err);

/* Reads and parses a file of at most `limit` bytes. NULL or yours. */
json_t *json_read(const char *path, size_t limit, struct err *err);

/* UTF-8, keys sorted by bytes, no spaces. Yours. The value must hold no reals when it is to be
 * hashed. */
char *json_canonical(const json_t *value);

/* True when a real number stands anywhere in it. */
bool json_has_real(const json_t *value);

/* The line (from 1) on which the value at `pointer` (RFC 6901) begins in a text that is valid
 * JSON; for a key that is a member, the line of the key. 1 when it is not there. */
int json_line_of(const char *text, const char *pointer);

/* Bytes as a string; those that are no UTF-8, and NUL, as U+FFFD. Yours. */
json_t *json_text(const char *data, size_t len);

/* Borrowed string member, or `fallback`. */
const char *json_str(const json_t *object, const char *key, const char *fallback);
json_int_t json_int(const json_t *object, const char *key, json_int_t fallback);
bool json_flag(const json_t *object, const char *key, bool fallback);

#endif
