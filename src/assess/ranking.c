/* ranking.c - see ranking.h */
#include "assess/ranking.h"

#include "assess/reporting.h"
#include "base/auto.h"
#include "base/buf.h"
#include "base/json.h"
#include "report/report_compare.h"
#include "store/assessment.h"
#include "store/score_row.h"
#include "store/task.h"

#include <stdlib.h>
#include <string.h>

struct ranking {
	struct store *store;
	bool blind;
	json_t *entries;
	json_t *task_ids;		/* {name of task: id} */
};

static void ranking_release(struct ranking *ranking)
{
	json_decref(ranking->entries);
	json_decref(ranking->task_ids);
}

static int add_entry(struct ranking *ranking, const struct assessment *assessment,
		     struct err *err)
{
	AUTO_JSON json_t *report =
		reporting_outline(ranking->store, assessment, ranking->blind, err);

	if (!report)
		return err_wrap(err, "%s", assessment->id);
	json_object_set_new(ranking->task_ids, assessment->task_name,
			    json_string(assessment->task_id));
	json_array_append_new(ranking->entries, report_compare_entry(report));
	return 0;
}

static int add_scored(void *arg, const struct assessment *assessment, struct err *err)
{
	struct score_figures figures = { .has_value = false };
	struct ranking *ranking = arg;
	int found = score_row_figures(ranking->store, assessment->id, &figures, err);

	return found == 1 ? add_entry(ranking, assessment, err) : found;
}

static int add_task(struct ranking *ranking, const struct task *task, struct err *err)
{
	struct assessment_filter filter = { .task_id = task->id, .limit = RANKING_MOST };

	if (assessment_each(ranking->store, &filter, add_scored, ranking, err) < 0)
		return -1;
	if (!json_array_size(ranking->entries))
		return err_set(err, ERR_STATE, "nothing of task '%s' is scored", task->name);
	return 0;
}

static bool is_there(const json_t *entries, const char *assessment_id)
{
	const json_t *entry;
	size_t i;

	json_array_foreach(entries, i, entry)
		if (!strcmp(json_str(entry, "assessment", ""), assessment_id))
			return true;
	return false;
}

/* One that is named twice is not level with itself. */
static int add_words(struct ranking *ranking, const char *const *words, size_t count,
		     struct err *err)
{
	size_t i;

	for (i = 0; i < count; i++) {
		AUTO(assessment_release) struct assessment assessment = ASSESSMENT_INIT;

		if (assessment_find(ranking->store, words[i], &assessment, err) < 0 ||
		    (!is_there(ranking->entries, assessment.id) &&
		     add_entry(ranking, &assessment, err) < 0))
			return -1;
	}
	return 0;
}

static int gather(struct ranking *ranking, const char *const *words, size_t count,
		  struct err *err)
{
	AUTO(task_release) struct task task = TASK_INIT;
	struct err task_err = ERR_INIT;

	if (count == 1 && task_find(ranking->store, words[0], &task, &task_err) == 0)
		return add_task(ranking, &task, err);
	return add_words(ranking, words, count, err);
}

/* --- cohorts */

struct cohort {
	struct store *store;
	double *values;
	size_t count;
};

static void cohort_release(struct cohort *cohort)
{
	free(cohort->values);
}

static int add_value(void *arg, const struct assessment *assessment, struct err *err)
{
	struct score_figures figures = { .has_value = false };
	struct cohort *cohort = arg;
	int found = score_row_figures(cohort->store, assessment->id, &figures, err);

	if (found < 0 || !figures.has_value)
		return found < 0 ? -1 : 0;
	cohort->values = buf_realloc(cohort->values, cohort->count + 1, sizeof(*cohort->values));
	cohort->values[cohort->count++] = (double)figures.value / 100;
	return 0;
}

static void set_percentiles(const struct cohort *cohort, const char *task, json_t *entries)
{
	json_t *entry, *value;
	size_t i;

	json_array_foreach(entries, i, entry) {
		if (strcmp(json_str(entry, "task", ""), task) != 0)
			continue;
		value = json_object_get(entry, "value");
		json_object_set_new(entry, "percentile",
				    json_is_number(value) && cohort->count
				    ? json_real(report_compare_percentile(cohort->values,
									  cohort->count,
									  json_number_value(value)))
				    : json_null());
	}
}

static int add_cohort(struct ranking *ranking, const char *task, const char *task_id,
		      json_t *cohorts, struct err *err)
{
	AUTO(cohort_release) struct cohort cohort = { .store = ranking->store };
	struct assessment_filter filter = { .task_id = task_id, .limit = RANKING_MOST };

	if (assessment_each(ranking->store, &filter, add_value, &cohort, err) < 0)
		return -1;
	json_array_append_new(cohorts, report_compare_cohort(task, cohort.values, cohort.count));
	set_percentiles(&cohort, task, ranking->entries);
	return 0;
}

json_t *ranking_build(struct store *store, const char *const *words, size_t count, bool blind,
			struct err *err)
{
	AUTO(ranking_release) struct ranking ranking = {
		.store = store, .blind = blind, .entries = json_array(), .task_ids = json_object(),
	};
	AUTO_JSON json_t *cohorts = json_array();
	const char *task;
	json_t *id;

	if (gather(&ranking, words, count, err) < 0)
		return NULL;
	json_object_foreach(ranking.task_ids, task, id)
		if (add_cohort(&ranking, task, json_string_value(id), cohorts, err) < 0)
			return NULL;
	report_compare_rank(ranking.entries);
	return json_pack("{s:s, s:b, s:O, s:O}", "schema", "tali.compare/1", "blind", (int)blind,
			 "cohorts", cohorts, "entries", ranking.entries);
}
