/* toml.h - one TOML document as JSON, by the tomllib of python3 in the sandbox
 *
 * There is no TOML library that Debian packages for C. */
#ifndef TALI_TOML_H
#define TALI_TOML_H

#include "base/err.h"

#include <jansson.h>
#include <stdbool.h>
#include <stddef.h>

struct sandbox;

#define TOML_MAX_BYTES (1 << 20)
#define TOML_MAX_DEPTH 64

/* Gives the document in `text` as a JSON object, yours. Dates and times become strings; numbers
 * that JSON has not (inf, nan, over 64 bits) are refused. At most TOML_MAX_BYTES and TOML_MAX_DEPTH
 * tables and arrays in each other. ERR_INPUT "NAME:LINE: what" (without LINE where it is about a
 * value), ERR_ENV where python3 (3.11 or newer) or the sandbox is missing. */
int toml_parse(struct sandbox *sandbox, bool allow_weak, const char *text, size_t len,
	       const char *name, json_t **ret, struct err *err);

#endif
