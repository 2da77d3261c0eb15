/* foreign_atif.c - see foreign_atif.h */
#include "journal/foreign_atif.h"

#include "base/auto.h"
#include "base/json.h"
#include "journal/foreign_talk.h"

#include <math.h>
#include <string.h>

#define COST_MAX 1e9	/* dollars */

static json_int_t count_of(const json_t *metrics, const char *key)
{
	json_int_t value = json_int(metrics, key, -1);

	return value < 0 ? -1 : value;
}

static json_int_t cost_of(const json_t *metrics)
{
	const json_t *value = json_object_get(metrics, "cost_usd");
	double cost = json_number_value(value);

	return json_is_number(value) && cost >= 0 && cost <= COST_MAX
		       ? (json_int_t)llround(cost * 1e6) : -1;
}

static int read_answer(struct foreign_talk *talk, int64_t instant, const json_t *step,
		       const struct buf *message, struct err *err)
{
	const json_t *metrics = json_object_get(step, "metrics");
	const json_t *reasoning = json_object_get(step, "reasoning_content");
	struct foreign_answer answer = FOREIGN_ANSWER_INIT;

	answer.text = buf_str(message);
	answer.text_len = message->len;
	if (json_is_string(reasoning)) {
		answer.reasoning = json_string_value(reasoning);
		answer.reasoning_len = json_string_length(reasoning);
	}
	answer.input_tokens = count_of(metrics, "prompt_tokens");
	answer.output_tokens = count_of(metrics, "completion_tokens");
	answer.cached_tokens = count_of(metrics, "cached_tokens");
	answer.cost_microusd = cost_of(metrics);
	return foreign_talk_answer(talk, instant, &answer, err);
}

/* The result of a call; and the ones of no call, when call is NULL. */
static bool find_result(const json_t *results, const char *call, struct buf *out)
{
	const json_t *result;
	bool found = false;
	size_t i;

	json_array_foreach(results, i, result) {
		const char *source = json_str(result, "source_call_id", NULL);

		if (call ? source && !strcmp(source, call) : !source) {
			foreign_talk_content(json_object_get(result, "content"), out);
			found = true;
		}
	}
	return found;
}

static int read_call(struct foreign_talk *talk, int64_t instant, const json_t *call,
		     const json_t *results, struct err *err)
{
	AUTO(buf_release) struct buf arguments = BUF_INIT(FOREIGN_FILE_MAX);
	AUTO(buf_release) struct buf result = BUF_INIT(FOREIGN_FILE_MAX);
	const json_t *value = json_object_get(call, "arguments");
	AUTO_FREE char *text = value ? json_dumps(value, JSON_COMPACT | JSON_SORT_KEYS |
							 JSON_ENCODE_ANY) : NULL;
	const char *id = json_str(call, "tool_call_id", NULL);
	struct foreign_use use = { .ok = -1 };

	if (!json_is_object(call))
		return err_set(err, ERR_INPUT, "a tool call must be an object");
	if (json_is_string(value))
		buf_add(&arguments, json_string_value(value), json_string_length(value));
	else if (text)
		buf_add_str(&arguments, text);
	if (value)
		use.arguments = &arguments;
	if (id && find_result(results, id, &result))
		use.result = &result;
	use.tool = foreign_word(call, "function_name");
	use.call = foreign_word(call, "tool_call_id");
	return foreign_talk_use(talk, instant, &use, err);
}

static int read_tools(struct foreign_talk *talk, int64_t instant, const json_t *step,
		      struct err *err)
{
	const json_t *results = json_object_get(json_object_get(step, "observation"), "results");
	AUTO(buf_release) struct buf result = BUF_INIT(FOREIGN_FILE_MAX);
	struct foreign_use use = { .ok = -1 };
	const json_t *call;
	size_t i;

	json_array_foreach(json_object_get(step, "tool_calls"), i, call)
		if (read_call(talk, instant, call, results, err) < 0)
			return -1;
	if (!find_result(results, NULL, &result))
		return 0;
	use.tool = json_string("observation");
	use.result = &result;
	return foreign_talk_use(talk, instant, &use, err);
}

/* `model` is the agent's own, for a step that names none; or NULL. */
static int read_step(struct foreign_talk *talk, const json_t *step, json_t *model, struct err *err)
{
	AUTO(buf_release) struct buf message = BUF_INIT(FOREIGN_FILE_MAX);
	const char *source = json_str(step, "source", "");
	int64_t instant = foreign_time(json_object_get(step, "timestamp"));
	json_t *named;

	foreign_talk_content(json_object_get(step, "message"), &message);
	if (!strcmp(source, "user"))
		return foreign_talk_prompt(talk, instant, buf_str(&message), message.len, err);
	if (!strcmp(source, "system"))
		return foreign_note(talk->sink, instant, "system", buf_str(&message), message.len,
				    err) < 0 ? -1 : read_tools(talk, instant, step, err);
	if (strcmp(source, "agent") != 0)
		return err_set(err, ERR_INPUT, "its source must be user, agent or system");
	named = foreign_word(step, "model_name");
	if (foreign_talk_model(talk, instant, named ? named : json_incref(model), err) < 0 ||
	    read_answer(talk, instant, step, &message, err) < 0)
		return -1;
	return read_tools(talk, instant, step, err);
}

int foreign_atif_read(const char *text, size_t len, const struct foreign_options *options,
		      const struct foreign_sink *sink, struct foreign_recording *ret,
		      struct err *err)
{
	AUTO_JSON json_t *root = foreign_parse(text, len, 1, err);
	const json_t *steps = json_object_get(root, "steps"), *step;
	const json_t *agent = json_object_get(root, "agent");
	struct foreign_talk talk = { .sink = sink };
	AUTO_JSON json_t *title = foreign_word(agent, "name");
	AUTO_JSON json_t *model = foreign_word(agent, "model_name");
	int64_t first = FOREIGN_NO_TIME;
	size_t i;

	(void)options;
	if (!root)
		return -1;
	if (strncmp(json_str(root, "schema_version", ""), "ATIF-v1.", 8) != 0)
		return err_set(err, ERR_INPUT, "not an ATIF trajectory of version 1");
	if (!json_array_size(steps))
		return err_set(err, ERR_INPUT, "the trajectory has no steps");
	json_array_foreach(steps, i, step)
		if (first == FOREIGN_NO_TIME)
			first = foreign_time(json_object_get(step, "timestamp"));
	ret->absolute = first != FOREIGN_NO_TIME;
	ret->title = buf_strdup(json_string_value(title));
	foreign_talk_name(&talk, json_str(root, "session_id", ""));
	if (foreign_talk_model(&talk, first, json_incref(model), err) < 0)
		return -1;
	json_array_foreach(steps, i, step)
		if (read_step(&talk, step, model, err) < 0)
			return err_wrap(err, "step %zu", i + 1);
	return 0;
}
