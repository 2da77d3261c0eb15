/* cohort.c - see cohort.h */
#include "assess/cohort.h"

#include "assess/scoring.h"
#include "base/auto.h"
#include "score/integrity.h"

#include <string.h>

struct walk {
	const char *except;		/* or NULL */
	char ids[COHORT_MOST][RAND_ID_LEN + 1];
	size_t count;
};

static int note_scored(void *arg, const struct assessment *assessment, struct err *err)
{
	struct walk *walk = arg;

	(void)err;
	if (walk->count < COHORT_MOST && assessment->status == STATUS_SCORED &&
	    (!walk->except || strcmp(walk->except, assessment->id) != 0))
		memcpy(walk->ids[walk->count++], assessment->id, sizeof assessment->id);
	return 0;
}

static int add_observed(struct store *store, const char *id, json_t *list, struct err *err)
{
	AUTO_JSON json_t *document = NULL;
	json_t *observations;

	if (scoring_recorded(store, id, 0, &document, err) < 0)
		return -1;
	observations = json_object_get(document, "integrity");
	if (json_array_size(observations))
		json_array_append_new(list, json_pack("{s:s, s:O}", "assessment", id,
						      "observations", observations));
	return 0;
}

json_t *cohort_observations(struct store *store, const char *task_id, const char *except,
			    struct err *err)
{
	struct assessment_filter filter = { .task_id = task_id, .status = "scored", .limit = -1 };
	AUTO_JSON json_t *list = json_array();
	struct walk walk = { .except = except };
	size_t i;

	if (assessment_each(store, &filter, note_scored, &walk, err) < 0)
		return NULL;
	for (i = 0; i < walk.count; i++)
		if (add_observed(store, walk.ids[i], list, err) < 0)
			return NULL;
	return TAKE(list);
}

int cohort_add_base(struct store *store, const char *task_id, const char *assessment_id,
		    json_t *document, struct err *err)
{
	AUTO_JSON json_t *cohort = cohort_observations(store, task_id, assessment_id, err);
	AUTO_JSON json_t *others = json_array();
	const json_t *entry;
	size_t i;

	if (!cohort)
		return -1;
	json_array_foreach(cohort, i, entry)
		json_array_append(others, json_object_get(entry, "observations"));
	integrity_add_base(json_object_get(document, "integrity"), others);
	return 0;
}
