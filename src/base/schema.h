/* schema.h - checks a JSON value against a JSON Schema (the subset of 2020-12 that share/schema
 * uses)
 *
 * Keywords: type (one or a list), enum, const, properties, required, additionalProperties (false
 * or a schema), patternProperties, propertyNames, minProperties, maxProperties, items, minItems,
 * maxItems, uniqueItems, minimum, maximum, exclusiveMinimum, minLength, maxLength (in code
 * points), pattern (POSIX extended), oneOf, anyOf, allOf, $ref to "#/$defs/NAME". Annotations
 * ($schema, $id, title, description, default, examples, $defs, x-tali-client) are passed over; any
 * other keyword is a defect and aborts. */
#ifndef TALI_SCHEMA_H
#define TALI_SCHEMA_H

#include "base/err.h"

#include <jansson.h>

struct schema_fault {
	char pointer[256];	/* RFC 6901 pointer of the value (or of the unknown member) */
	char text[256];		/* what is wrong, without the pointer */
};

/* Returns the number of faults found (at most `most` are written to `faults`), 0 when it is
 * valid. */
int schema_check(const json_t *schema, const json_t *value, struct schema_fault *faults, int most);

/* Checks against a compiled-in schema, share/schema/NAME.json, e.g. "tali.task-1" or "events/run".
 * ERR_INPUT "POINTER: what" for the first fault. */
int schema_check_named(const char *name, const json_t *value, struct err *err);

/* The compiled-in schema, parsed once per thread-safe process; borrowed for ever; NULL if
 * unknown. */
const json_t *schema_named(const char *name);

#endif
