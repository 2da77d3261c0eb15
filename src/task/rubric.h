/* rubric.h - what a score is made of: categories, their subitems, and the thresholds of the levels
 *
 * A whole rubric is {categories: {NAME: {weight, subitems: {NAME: weight}}}, thresholds: {operator,
 * architect, innovator}}. A manifest writes the same with less: a category of the house may be only
 * its weight, and what is missing comes from share/rubric/defaults.json by the task's type. When
 * "categories" or "subitems" is written it is complete: what it leaves out does not count. */
#ifndef TALI_RUBRIC_H
#define TALI_RUBRIC_H

#include "base/schema.h"
#include "task/manifest.h"

/* The whole rubric of a task; yours. The manifest has been checked. */
json_t *rubric_for(const struct manifest *manifest);

/* The same from a manifest's "rubric" (NULL when not said) and the task type; yours. */
json_t *rubric_of(const json_t *rubric, const char *type);

/* Checks a manifest's "rubric" (valid by schema): categories of one's own have subitems, weights
 * sum to 100, thresholds rise. Pointers begin at the rubric. Returns and fills as schema_check. */
int rubric_check(const json_t *rubric, const char *type, struct schema_fault *faults, int most);

#endif
