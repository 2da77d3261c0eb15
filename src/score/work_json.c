/* work_json.c - see work_json.h */
#include "score/work_json.h"

#include "score/prompt_quality.h"

#define FILES_MOST 500
#define LIST_MOST 1000		/* prompts, exchanges, tests; the first of them */

static json_t *origins_json(const uint64_t bytes[FACT_ORIGINS])
{
	json_t *origins = json_object();

	for (int i = 0; i < FACT_ORIGINS; i++)
		json_object_set_new(origins, facts_origin_name((enum fact_origin)i),
				    json_integer((json_int_t)bytes[i]));
	return origins;
}

static json_t *files_json(const struct provenance *provenance)
{
	json_t *files = json_array();

	for (size_t i = 0; i < provenance->file_count && json_array_size(files) < FILES_MOST; i++)
		if (provenance->files[i].changed)
			json_array_append_new(files,
					      json_pack("{s:s, s:o}", "path",
							provenance->files[i].path, "origins",
							origins_json(provenance->files[i].bytes)));
	return files;
}

static json_t *exchanges_json(const struct facts *facts, const struct provenance *provenance)
{
	json_t *list = json_array();

	for (size_t i = 0; i < facts->exchange_count && json_array_size(list) < LIST_MOST; i++)
		if (provenance->exchanges[i] && facts->exchanges[i].answer_seq >= 0)
			json_array_append_new(list,
					      json_pack("{s:I, s:I}", "event",
							(json_int_t)facts->exchanges[i].answer_seq,
							"bytes",
							(json_int_t)provenance->exchanges[i]));
	return list;
}

static json_t *prompts_json(const struct facts *facts)
{
	json_t *list = json_array();

	for (size_t i = 0; i < facts->exchange_count && i < LIST_MOST; i++) {
		const struct fact_exchange *one = &facts->exchanges[i];
		struct prompt_quality quality = prompt_quality(facts, one->prompt, one->prompt_len);
		json_t *parts = json_object();

		for (int k = 0; k < PROMPT_PARTS; k++)
			json_object_set_new(parts, prompt_quality_part_name((enum prompt_part)k),
					    json_integer(quality.parts[k]));
		json_array_append_new(list, json_pack("{s:I, s:i, s:o}", "event",
						      (json_int_t)one->seq, "value", quality.value,
						      "parts", parts));
	}
	return list;
}

static json_t *tests_json(const struct facts *facts)
{
	json_t *list = json_array();

	for (size_t i = 0; i < facts->check_count && json_array_size(list) < LIST_MOST; i++) {
		const struct fact_check *check = &facts->checks[i];
		int64_t at = check->instant - facts->started;

		if (check->is_test)
			json_array_append_new(list, json_pack("{s:I, s:I, s:I, s:I}", "event",
							      (json_int_t)check->seq, "at_ms",
							      (json_int_t)(at > 0 ? at : 0),
							      "passed",
							      (json_int_t)check->cases_passed,
							      "total", (json_int_t)check->cases));
	}
	return list;
}

static json_t *time_json(const struct facts *facts)
{
	const struct time_split *time = &facts->time;

	return json_pack("{s:I, s:I, s:I, s:I, s:I, s:I, s:I}", "elapsed_ms",
			 (json_int_t)(facts->ended - facts->started), "total_ms",
			 (json_int_t)time_split_total(time), "active_ms",
			 (json_int_t)time_split_active(time), "ai_ms",
			 (json_int_t)time->used[TIME_AI], "coding_ms",
			 (json_int_t)time->used[TIME_CODING], "reading_ms",
			 (json_int_t)time->used[TIME_READING], "idle_ms", (json_int_t)time->idle);
}

static json_t *models_json(const struct facts *facts)
{
	json_t *models = json_array();

	for (size_t i = 0; i < facts->model_count; i++)
		json_array_append_new(models, json_string(facts->models[i]));
	return models;
}

json_t *work_json(const struct facts *facts, const struct provenance *provenance, int64_t limit_ms)
{
	json_t *tokens = json_pack("{s:I, s:I, s:I}", "input", (json_int_t)facts->input_tokens,
				   "output", (json_int_t)facts->output_tokens, "cost_microusd",
				   (json_int_t)facts->cost_microusd);

	return json_pack("{s:I, s:I, s:I, s:o, s:o, s:o, s:o, s:o, s:o, s:o, s:o, s:o}", "started",
			 (json_int_t)facts->started, "ended", (json_int_t)facts->ended, "events",
			 (json_int_t)facts->events, "limit_ms",
			 limit_ms ? json_integer(limit_ms) : json_null(), "time", time_json(facts),
			 "origins", origins_json(provenance->bytes), "files",
			 files_json(provenance), "exchanges", exchanges_json(facts, provenance),
			 "prompts", prompts_json(facts), "tokens", tokens, "models",
			 models_json(facts), "tests_over_time", tests_json(facts));
}
