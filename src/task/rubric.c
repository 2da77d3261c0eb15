/* rubric.c - see rubric.h */
#include "task/rubric.h"

#include "base/auto.h"
#include "base/json.h"
#include "base/schema_fault.h"
#include "base/share.h"

#include <math.h>
#include <pthread.h>
#include <stdlib.h>
#include <string.h>

#define WHOLE 100.0
#define ROUNDING 0.001		/* weights like 33.333 are thirds */

/* Written once by read_defaults under `once`, kept as long as the process. */
static json_t *defaults;
static pthread_once_t once = PTHREAD_ONCE_INIT;

static void read_defaults(void)
{
	const struct share_file *file = share_find("rubric/defaults.json");
	struct err ignored = ERR_INIT;

	if (file)
		defaults = json_parse(file->data, file->size, file->name, &ignored);
	if (!defaults)
		abort();
}

/* {NAME: {weight, subitems}} of the house for a task type; borrowed. */
static json_t *default_categories(const char *type)
{
	pthread_once(&once, read_defaults);
	return json_object_get(json_object_get(json_object_get(defaults, "types"), type),
			       "categories");
}

static const json_t *default_thresholds(void)
{
	pthread_once(&once, read_defaults);
	return json_object_get(defaults, "thresholds");
}

/* --- the whole rubric */

/* `category` is a weight or {weight, subitems}. */
static json_t *whole_category(const json_t *category, const json_t *known)
{
	bool is_object = json_is_object(category);
	const json_t *weight = is_object ? json_object_get(category, "weight") : category;
	const json_t *subitems = json_object_get(category, "subitems");
	json_t *whole = json_object();

	if (!subitems)
		subitems = json_object_get(known, "subitems");
	json_object_set_new(whole, "weight", json_deep_copy(weight));
	json_object_set_new(whole, "subitems", json_deep_copy(subitems));
	return whole;
}

json_t *rubric_of(const json_t *rubric, const char *type)
{
	json_t *known = default_categories(type), *written = json_object_get(rubric, "categories");
	json_t *categories = json_object(), *thresholds = json_deep_copy(default_thresholds());
	json_t *whole = json_object(), *category;
	const char *name;

	json_object_foreach(written ? written : known, name, category)
		json_object_set_new(categories, name,
				    whole_category(category, json_object_get(known, name)));
	if (json_object_get(rubric, "thresholds"))
		json_object_update(thresholds, json_object_get(rubric, "thresholds"));
	json_object_set_new(whole, "categories", categories);
	json_object_set_new(whole, "thresholds", thresholds);
	return whole;
}

json_t *rubric_for(const struct manifest *manifest)
{
	return rubric_of(json_object_get(manifest->root, "rubric"), manifest->type);
}

/* --- checks */

static double weight_of(const json_t *item)
{
	if (json_is_object(item))
		item = json_object_get(item, "weight");
	return json_number_value(item);
}

static void check_sum(struct schema_faults *faults, json_t *items, const char *what)
{
	double sum = 0;
	const char *name;
	json_t *item;

	json_object_foreach(items, name, item)
		sum += weight_of(item);
	if (fabs(sum - WHOLE) > ROUNDING)
		schema_fault_add(faults, "the weights of the %s must sum to 100, not %.6g", what,
				 sum);
}

static void check_category(struct schema_faults *faults, const char *name, const json_t *category,
			   bool is_known)
{
	json_t *subitems = json_object_get(category, "subitems");

	schema_fault_enter(faults, name);
	if (!subitems && !is_known)
		schema_fault_add(faults, "'%s' is not a category of the house, it needs subitems",
				 name);
	if (subitems) {
		schema_fault_enter(faults, "subitems");
		check_sum(faults, subitems, "subitems");
		schema_fault_leave(faults);
	}
	schema_fault_leave(faults);
}

static void check_categories(struct schema_faults *faults, json_t *categories, const char *type)
{
	const json_t *known = default_categories(type);
	const char *name;
	json_t *category;

	schema_fault_enter(faults, "categories");
	check_sum(faults, categories, "categories");
	json_object_foreach(categories, name, category)
		check_category(faults, name, category, json_object_get(known, name));
	schema_fault_leave(faults);
}

static void check_thresholds(struct schema_faults *faults, const json_t *rubric)
{
	AUTO_JSON json_t *whole = json_deep_copy(default_thresholds());
	double operator_at, architect_at, innovator_at;

	json_object_update(whole, json_object_get(rubric, "thresholds"));
	operator_at = weight_of(json_object_get(whole, "operator"));
	architect_at = weight_of(json_object_get(whole, "architect"));
	innovator_at = weight_of(json_object_get(whole, "innovator"));
	schema_fault_enter(faults, "thresholds");
	if (operator_at <= 0 || operator_at >= architect_at || architect_at >= innovator_at)
		schema_fault_add(faults, "must rise: operator %.6g, architect %.6g, innovator %.6g",
				 operator_at, architect_at, innovator_at);
	schema_fault_leave(faults);
}

int rubric_check(const json_t *rubric, const char *type, struct schema_fault *faults, int most)
{
	struct schema_faults found = { .list = faults, .most = most };

	if (json_object_get(rubric, "categories"))
		check_categories(&found, json_object_get(rubric, "categories"), type);
	if (json_object_get(rubric, "thresholds"))
		check_thresholds(&found, rubric);
	return found.count;
}
