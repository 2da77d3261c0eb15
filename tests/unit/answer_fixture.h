/* answer_fixture.h - answers of models read and compared as one JSON text */
#ifndef TALI_ANSWER_FIXTURE_H
#define TALI_ANSWER_FIXTURE_H

#include "ai/ai_wire.h"
#include "ai_fixture.h"

/* What was read, without what was not there. `usage` is [input, write, hour, read, output,
 * reasoning] when it is known. */
static inline json_t *answer_json(const struct ai_answer *answer)
{
	const struct ai_usage *usage = &answer->usage;
	json_t *json = json_pack("{s:O, s:s*, s:s*, s:s*, s:s*, s:s*}", "blocks", answer->blocks,
				 "id", answer->id, "model", answer->model, "stop", answer->stop,
				 "error", answer->error, "code", answer->error_code);

	if (answer->usage_known)
		json_object_set_new(json, "usage",
				    json_pack("[IIIIII]", (json_int_t)usage->input,
					      (json_int_t)usage->cache_write,
					      (json_int_t)usage->cache_write_hour,
					      (json_int_t)usage->cache_read,
					      (json_int_t)usage->output,
					      (json_int_t)usage->reasoning));
	if (answer->complete)
		json_object_set_new(json, "complete", json_true());
	return json;
}

static inline json_t *read_answer(const char *wire, bool stream, const char *text, size_t len)
{
	AUTO(ai_answer_release) struct ai_answer answer = AI_ANSWER_INIT;

	ai_wire_find(wire)->read_answer(text, len, stream, &answer);
	return answer_json(&answer);
}

/* `text` is written with ' for ". */
static inline void assert_answer(const char *wire, bool stream, const char *text, const char *want)
{
	AUTO_FREE char *raw = quoted(text);
	AUTO_JSON json_t *got = read_answer(wire, stream, raw, strlen(raw));

	assert_json(got, want);
}

#endif
