/* score_result.c - see score_result.h */
#include "score/score_result.h"

#include "base/clock.h"

static json_t *sandbox_json(const struct grade *grade)
{
	json_t *weak = json_array();
	int i;

	for (i = 0; i < GUARD_COUNT; i++)
		if (grade->weak & 1u << i)
			json_array_append_new(weak, json_string(run_guard_name(1u << i)));
	return json_pack("{s:s, s:o}", "strength", grade->weak ? "weak" : "full", "weak", weak);
}

json_t *score_result_build(const struct score_subject *subject, const struct grade *grade)
{
	return json_pack("{s:s, s:s?, s:s, s:s, s:{s:s, s:s?}, s:o, s:o, s:s}", "schema",
			 "tali.score/1", "assessment", subject->assessment_id, "task",
			 subject->task, "task_version", subject->task_version, "submission", "tree",
			 subject->tree, "commit", subject->commit, "grade", grade_json(grade),
			 "sandbox", sandbox_json(grade), "tali", PACKAGE_VERSION);
}

json_t *score_result_document(const json_t *result, int64_t number, int64_t time_ms,
			      const json_t *measured)
{
	json_t *document = json_deep_copy(result);
	char time[CLOCK_TEXT_SIZE];

	json_object_set_new(document, "run",
			    json_pack("{s:o, s:s, s:O}", "number",
				      number ? json_integer(number) : json_null(), "time",
				      clock_text(time_ms, time), "measured", measured));
	return document;
}
