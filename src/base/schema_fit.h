/* schema_fit.h - a JSON Schema made ready to say yes or no quickly
 *
 * For values that come by the thousand and were read by json_flat.h: schema.h finds the words when
 * the answer is no. Both give the same answer. */
#ifndef TALI_SCHEMA_FIT_H
#define TALI_SCHEMA_FIT_H

#include "base/json_flat.h"

#include <jansson.h>
#include <stdbool.h>

struct schema_fit;

/* Makes it from a schema document, which must outlive it. NULL when the schema has a keyword other
 * than type, enum, const, properties, required, additionalProperties, items, minItems, maxItems,
 * minLength, maxLength, minimum, maximum, pattern, oneOf, $ref or an annotation, or when it refers
 * to itself, or fixes a value that is an object, a list or no whole number. Any thread may use
 * it. */
struct schema_fit *schema_fit_make(const json_t *document);
void schema_fit_free(struct schema_fit *fit);

bool schema_fit_has(const struct schema_fit *fit, const struct json_flat *flat, uint32_t value);

#endif
