/* ai_answer.c - see ai_answer.h */
#include "ai/ai_answer.h"

#include "ai/ai_blocks.h"
#include "ai/ai_json.h"
#include "base/auto.h"
#include "base/buf.h"
#include "base/json.h"

#include <stdlib.h>
#include <string.h>

#define NAME_MAX_BYTES 256
#define MESSAGE_MAX 2000
#define SAID_MAX ((size_t)64 << 20)

void ai_answer_release(struct ai_answer *answer)
{
	free(answer->id);
	free(answer->model);
	free(answer->stop);
	free(answer->error);
	free(answer->error_code);
	json_decref(answer->blocks);
	json_decref(answer->usage_raw);
	*answer = (struct ai_answer)AI_ANSWER_INIT;
}

static void add_said(const json_t *block, struct buf *said)
{
	const char *what = ai_blocks_is(block, "tool_use") ? "input" : "raw";
	AUTO_FREE char *json = NULL;

	buf_add_str(said, json_str(block, "text", ""));
	buf_add_str(said, json_str(block, "name", ""));
	json = json_dumps(json_object_get(block, what), JSON_COMPACT | JSON_ENCODE_ANY);
	if (json)
		buf_add_str(said, json);
}

struct ai_usage ai_answer_estimate(const struct ai_answer *answer, size_t body_len)
{
	AUTO(buf_release) struct buf said = BUF_INIT(SAID_MAX);
	struct ai_usage usage = answer->usage;
	const json_t *block;
	int64_t output;
	size_t i;

	if (answer->usage_known)
		return usage;
	json_array_foreach(answer->blocks, i, block)
		add_said(block, &said);
	output = ai_usage_floor(buf_str(&said), said.len);
	if (output > usage.output)
		usage.output = output;
	if (!ai_usage_input(&usage))
		usage.input = ((int64_t)body_len + 3) / 4;
	return usage;
}

/* The text up to so many bytes, not cut inside a character. Yours. */
static char *limited(const char *text, size_t most)
{
	size_t len = strlen(text);

	if (len > most)
		for (len = most; len && ((unsigned char)text[len] & 0xc0) == 0x80; len--)
			continue;
	return buf_format("%.*s", (int)len, text);
}

void ai_answer_fail(struct ai_answer *answer, const char *code, const char *message)
{
	AUTO_FREE char *text = NULL;

	if (answer->error)
		return;
	text = limited(message && *message ? message : "no reason given", MESSAGE_MAX);
	if (code && *code)
		answer->error_code = limited(code, NAME_MAX_BYTES);
	if (answer->error_code)
		answer->error = buf_format("%s: %s", answer->error_code, text);
	else
		answer->error = TAKE(text);
}

bool ai_answer_has_error(const json_t *object)
{
	const json_t *error = json_object_get(object, "error");

	return json_is_object(error) || json_is_string(error);
}

void ai_answer_read_error(struct ai_answer *answer, const json_t *error)
{
	const char *code = json_string_value(ai_json_at(error, "details", "error_code"));

	if (json_is_string(error)) {
		ai_answer_fail(answer, NULL, json_string_value(error));
		return;
	}
	if (!code)
		code = json_str(error, "code", NULL);
	if (!code)
		code = json_str(error, "type", NULL);
	ai_answer_fail(answer, code, json_str(error, "message", NULL));
}

static void keep(char **slot, const char *text)
{
	if (!text || !*text)
		return;
	free(*slot);
	*slot = limited(text, NAME_MAX_BYTES);
}

void ai_answer_name(struct ai_answer *answer, const json_t *object)
{
	if (!answer->id)
		keep(&answer->id, json_str(object, "id", NULL));
	keep(&answer->model, json_str(object, "model", NULL));
}

void ai_answer_stop(struct ai_answer *answer, const json_t *value)
{
	keep(&answer->stop, json_string_value(value));
}
