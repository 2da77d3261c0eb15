/* schema_rule.h - the keywords of a JSON Schema that look at one value alone, not at its members */
#ifndef TALI_SCHEMA_RULE_H
#define TALI_SCHEMA_RULE_H

#include "base/schema_fault.h"

#include <stdbool.h>

/* True when `rule`, the value of the keyword "type", allows the value. */
bool schema_rule_has_type(const json_t *rule, const json_t *value);
/* Adds "must be a string, is a number". */
void schema_rule_fault_type(struct schema_faults *faults, const json_t *rule, const json_t *value);

/* Whether the text matches the POSIX extended expression; aborts when that is not one. */
bool schema_rule_matches(const char *pattern, const char *text);

/* Checks the value against one keyword of `schema`; false when the keyword is not one of these. */
bool schema_rule_check(struct schema_faults *faults, const json_t *schema, const char *keyword,
		       const json_t *value);

#endif
