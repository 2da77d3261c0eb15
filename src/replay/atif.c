/* atif.c - see atif.h */
#include "replay/atif.h"

#include "base/auto.h"
#include "base/buf.h"
#include "base/json.h"
#include "replay/payload_text.h"
#include "store/event.h"

#include <inttypes.h>
#include <string.h>

static const struct {
	const char *in, *out, *total;
} metrics[] = {
	{ "input_tokens", "prompt_tokens", "total_prompt_tokens" },
	{ "output_tokens", "completion_tokens", "total_completion_tokens" },
	{ "cached_tokens", "cached_tokens", "total_cached_tokens" },
	{ "cost_microusd", NULL, NULL },
};

#define METRICS (sizeof(metrics) / sizeof(metrics[0]))
#define COST (METRICS - 1)
#define MICRO 1e6

struct atif {
	struct store *store;
	FILE *out;
	const char *agent;
	char conversation[65];		/* the first */
	json_t *pending;		/* the step of the agent that tools still belong to */
	int64_t steps;
	json_int_t totals[METRICS];
	bool told[METRICS];
};

static void atif_release(struct atif *atif)
{
	json_decref(atif->pending);
}

/* Bytes that are no UTF-8 cannot be in JSON: only a payload can hold such. */
static json_t *read_text(struct atif *atif, const json_t *value, struct err *err)
{
	AUTO(buf_release) struct buf text = BUF_INIT(PAYLOAD_TEXT_MAX);
	json_t *string;

	if (payload_text_add(atif->store, value, &text, err) < 0)
		return NULL;
	string = json_stringn(buf_str(&text), text.len);
	return string ? string : json_string("[not text]");
}

static int set_text(struct atif *atif, json_t *object, const char *key, const json_t *value,
		    struct err *err)
{
	json_t *text = value ? read_text(atif, value, err) : NULL;

	if (value && !text)
		return -1;
	return text ? json_object_set_new(object, key, text) : 0;
}

static int print_step(struct atif *atif, json_t *step, struct err *err)
{
	AUTO_JSON json_t *owned = step;
	AUTO_FREE char *text = NULL;

	json_object_set_new(owned, "step_id", json_integer((json_int_t)++atif->steps));
	text = json_dumps(owned, JSON_COMPACT);
	if (fprintf(atif->out, "%s%s", atif->steps > 1 ? "," : "", text) < 0)
		return err_sys(err, "cannot write");
	return 0;
}

static int flush(struct atif *atif, struct err *err)
{
	return atif->pending ? print_step(atif, TAKE(atif->pending), err) : 0;
}

static json_t *new_step(struct atif *atif, const struct event *event, const char *source,
			const json_t *data)
{
	const char *conversation = json_str(data, "conversation", NULL);
	char time[CLOCK_TEXT_SIZE];
	json_t *step = json_pack("{s:s, s:s}", "source", source, "timestamp",
				 clock_text_ms(event->client_time ? event->client_time
								  : event->time, time));

	if (conversation && strcmp(conversation, atif->conversation) != 0)
		json_object_set_new(step, "extra",
				    json_pack("{s:s}", "conversation", conversation));
	return step;
}

static void add_metrics(struct atif *atif, json_t *step, const json_t *data)
{
	json_t *told = json_object();
	size_t i;

	for (i = 0; i < METRICS; i++) {
		json_int_t value = json_int(data, metrics[i].in, -1);

		if (value < 0)
			continue;
		atif->told[i] = true;
		atif->totals[i] += value;
		if (i == COST)
			json_object_set_new(told, "cost_usd", json_real((double)value / MICRO));
		else
			json_object_set_new(told, metrics[i].out, json_integer(value));
	}
	if (json_object_size(told))
		json_object_set(step, "metrics", told);
	json_decref(told);
}

static int take_response(struct atif *atif, const struct event *event, const json_t *data,
			 struct err *err)
{
	json_t *step = new_step(atif, event, "agent", data);
	json_t *model = json_object_get(data, "model");

	if (flush(atif, err) < 0) {
		json_decref(step);
		return -1;
	}
	atif->pending = step;
	if (model)
		json_object_set(step, "model_name", model);
	add_metrics(atif, step, data);
	if (set_text(atif, step, "message", json_object_get(data, "text"), err) < 0)
		return -1;
	return set_text(atif, step, "reasoning_content", json_object_get(data, "reasoning"), err);
}

/* ATIF wants an object. */
static int set_arguments(struct atif *atif, json_t *call, const json_t *value, struct err *err)
{
	AUTO_JSON json_t *text = value ? read_text(atif, value, err) : NULL;
	json_t *object;

	if (value && !text)
		return -1;
	object = text ? json_loadb(json_string_value(text), json_string_length(text),
				   JSON_ALLOW_NUL, NULL) : json_object();
	if (!json_is_object(object)) {
		json_decref(object);
		object = json_pack("{s:O}", "input", text);
	}
	return json_object_set_new(call, "arguments", object);
}

static json_t *list_of(json_t *object, const char *key)
{
	json_t *list = json_object_get(object, key);

	if (!list) {
		list = json_array();
		json_object_set_new(object, key, list);
	}
	return list;
}

static int add_call(struct atif *atif, const char *id, const json_t *data, struct err *err)
{
	json_t *call = json_pack("{s:s, s:s}", "tool_call_id", id, "function_name",
				 json_str(data, "tool", "tool"));

	json_array_append_new(list_of(atif->pending, "tool_calls"), call);
	return set_arguments(atif, call, json_object_get(data, "arguments"), err);
}

static int add_result(struct atif *atif, const char *id, const json_t *data, struct err *err)
{
	json_t *observation = json_object_get(atif->pending, "observation");
	json_t *result = json_object();

	if (id)
		json_object_set_new(result, "source_call_id", json_string(id));
	if (!observation) {
		observation = json_object();
		json_object_set_new(atif->pending, "observation", observation);
	}
	json_array_append_new(list_of(observation, "results"), result);
	return set_text(atif, result, "content", json_object_get(data, "result"), err);
}

static bool has_call(const struct atif *atif, const char *id)
{
	const json_t *call;
	size_t i;

	json_array_foreach(json_object_get(atif->pending, "tool_calls"), i, call)
		if (!strcmp(json_str(call, "tool_call_id", ""), id))
			return true;
	return false;
}

/* A call and its result may come in two events; a result of no call of this step has no source. */
static int take_tool(struct atif *atif, const struct event *event, const json_t *data,
		     struct err *err)
{
	AUTO_FREE char *made = buf_format("call-%" PRId64, event->seq);
	const char *told = json_str(data, "call", NULL), *id = told ? told : made;
	bool result = json_object_get(data, "result") != NULL;
	bool free_standing = result && !told && !json_object_get(data, "arguments");

	if (!atif->pending) {
		atif->pending = new_step(atif, event, "agent", data);
		json_object_set_new(atif->pending, "message", json_string(""));
	}
	if (!free_standing && !has_call(atif, id) && add_call(atif, id, data, err) < 0)
		return -1;
	return result ? add_result(atif, free_standing ? NULL : id, data, err) : 0;
}

static int take_text(struct atif *atif, const struct event *event, const char *source,
		     const json_t *data, struct err *err)
{
	AUTO_JSON json_t *step = new_step(atif, event, source, data);

	if (flush(atif, err) < 0 ||
	    set_text(atif, step, "message", json_object_get(data, "text"), err) < 0)
		return -1;
	return print_step(atif, TAKE(step), err);
}

static int take_event(struct atif *atif, const struct event *event, const json_t *data,
		      struct err *err)
{
	if (!strcmp(event->kind, "ai_prompt"))
		return take_text(atif, event, "user", data, err);
	if (!strcmp(event->kind, "note"))
		return take_text(atif, event, "system", data, err);
	if (!strcmp(event->kind, "ai_response"))
		return take_response(atif, event, data, err);
	return !strcmp(event->kind, "ai_tool") ? take_tool(atif, event, data, err) : 0;
}

static int visit(void *arg, const struct event *event, struct err *err)
{
	struct atif *atif = arg;
	AUTO_JSON json_t *data = NULL;

	if (strncmp(event->kind, "ai_", 3) != 0 && strcmp(event->kind, "note") != 0)
		return 0;
	data = json_parse(event->data, strlen(event->data), "data", err);
	if (!data || take_event(atif, event, data, err) < 0)
		return err_wrap(err, "event %" PRId64, event->seq);
	return 0;
}

/* What stands in front of the steps: which conversation is the first, and which model. */
struct front {
	struct atif *atif;
	char model[512];
};

static int look(void *arg, const struct event *event, struct err *err)
{
	struct front *front = arg;
	AUTO_JSON json_t *data = NULL;

	if ((strncmp(event->kind, "ai_", 3) != 0 && strcmp(event->kind, "model") != 0) ||
	    (*front->atif->conversation && *front->model))
		return 0;
	data = json_parse(event->data, strlen(event->data), "data", err);
	if (!data)
		return -1;
	if (!*front->atif->conversation)
		snprintf(front->atif->conversation, sizeof(front->atif->conversation), "%s",
			 json_str(data, "conversation", ""));
	if (!*front->model)
		snprintf(front->model, sizeof(front->model), "%s",
			 json_str(data, "to", json_str(data, "model", "")));
	return 0;
}

static int print_front(struct atif *atif, const char *id, struct err *err)
{
	struct front front = { .atif = atif };
	AUTO_JSON json_t *agent = json_pack("{s:s, s:s}", "name", atif->agent, "version",
					    "unknown");
	AUTO_FREE char *text = NULL;

	if (event_each(atif->store, id, 0, look, &front, err) < 0)
		return -1;
	if (!*atif->conversation)
		return err_set(err, ERR_NOT_FOUND, "nobody talked with an assistant");
	if (*front.model)
		json_object_set_new(agent, "model_name", json_string(front.model));
	text = json_dumps(agent, JSON_COMPACT);
	if (fprintf(atif->out, "{\"schema_version\":\"ATIF-v1.7\",\"session_id\":\"%s\",\"agent\":"
		    "%s,\"steps\":[", id, text) < 0)
		return err_sys(err, "cannot write");
	return 0;
}

static int print_back(struct atif *atif, struct err *err)
{
	AUTO_JSON json_t *final = json_pack("{s:I}", "total_steps", (json_int_t)atif->steps);
	AUTO_FREE char *text = NULL;
	size_t i;

	for (i = 0; i < COST; i++)
		if (atif->told[i])
			json_object_set_new(final, metrics[i].total, json_integer(atif->totals[i]));
	if (atif->told[COST])
		json_object_set_new(final, "total_cost_usd",
				    json_real((double)atif->totals[COST] / MICRO));
	text = json_dumps(final, JSON_COMPACT);
	if (fprintf(atif->out, "],\"final_metrics\":%s}\n", text) < 0 || fflush(atif->out) != 0)
		return err_sys(err, "cannot write");
	return 0;
}

int atif_export(struct store *store, const struct assessment *assessment, const char *agent,
		FILE *out, struct err *err)
{
	AUTO(atif_release) struct atif atif = { .store = store, .out = out, .agent = agent };

	if (print_front(&atif, assessment->id, err) < 0 ||
	    event_each(store, assessment->id, 0, visit, &atif, err) < 0 || flush(&atif, err) < 0)
		return -1;
	return print_back(&atif, err);
}
