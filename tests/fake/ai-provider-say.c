/* ai-provider-say.c - what is answered, before any protocol: thoughts, text, a refusal, calls */
#include "ai-provider-say.h"
#include "ai-provider-judge.h"
#include "base/auto.h"
#include "base/hash.h"
#include "base/json.h"
#include "base/utf8.h"

#include <string.h>

#define SAID_AGAIN_MAX 2000	/* bytes of what the user said */

void answer_release(struct answer *answer)
{
	for (size_t i = 0; i < answer->count; i++) {
		free(answer->parts[i].text);
		free(answer->parts[i].name);
	}
}

/* At most `most` bytes, never half a character. */
static size_t cut_at(const char *text, size_t most)
{
	size_t len = strnlen(text, most + 1);

	if (len <= most)
		return len;
	for (len = most; len && utf8_inside(text[len]); len--)
		continue;
	return len;
}

size_t answer_piece(const struct answer *answer, const struct part *part, const char *text)
{
	const struct plan *plan = answer->plan;
	size_t word;

	if (plan->whole)
		return strlen(text);
	if (plan->huge)
		return cut_at(text, 16384);
	if (part->kind == PART_TOOL)
		return cut_at(text, 8);
	word = strcspn(text, " ");
	word += text[word] == ' ';
	return cut_at(text, plan->leak && word > 5 ? 5 : word > 64 ? 64 : word);
}

/* --- texts */

static const char *const vocabulary[] = { "state", "queue", "index", "answer", "lock", "river",
					  "value", "branch", "graph", "empty", "later", "proof",
					  "window", "signal", "order", "cache" };

static void add_words(struct buf *text, long count, const char *seed)
{
	struct hash hash = hash_of(seed, strlen(seed));

	for (long i = 0; i < count; i++)
		buf_add_format(text, "%s%s", i ? " " : "",
			       vocabulary[(hash.bytes[i % HASH_SIZE] + (size_t)i) % 16]);
}

static void add_filling(struct buf *text, size_t bytes, bool utf8)
{
	const char *line = utf8 ? "żółw 日本語 🙂 Ω é " : "Nothing to see here, it is only long. ";

	while (text->len + strlen(line) <= bytes)
		buf_add_str(text, line);
	while (text->len < bytes)
		buf_add_byte(text, '.');
}

static void add_default(struct buf *text, const struct ask *ask)
{
	const char *said = ask->result ? ask->result : ask->said;

	buf_add_str(text, ask->result ? "The tool said \"" : "You said \"");
	buf_add(text, said, cut_at(said, SAID_AGAIN_MAX));
	buf_add_str(text, "\".");
}

static char *make_text(const struct answer *answer)
{
	const struct plan *plan = answer->plan;
	struct buf text = BUF_INIT((size_t)1 << 30);

	if (plan->judge)
		return judge_say(answer->ask, plan, answer->number);
	if (plan->say)
		buf_add_str(&text, plan->say);
	else if (plan->words)
		add_words(&text, plan->words, answer->ask->said);
	else if (plan->huge)
		add_filling(&text, (size_t)plan->huge << 20, plan->utf8);
	else if (plan->utf8)
		add_filling(&text, 300, true);
	else
		add_default(&text, answer->ask);
	if (plan->leak)
		buf_add_format(&text, " The secret is %s and that is all.", plan->leak);
	return buf_take(&text);
}

/* --- calls */

/* chat has tools in an object of their own */
static const json_t *tool_itself(const json_t *tool)
{
	const json_t *function = json_object_get(tool, "function");

	return function ? function : tool;
}

static const json_t *tool_schema(const json_t *tool)
{
	const json_t *schema = json_object_get(tool, "input_schema");

	return schema ? schema : json_object_get(tool, "parameters");
}

static json_t *made_up(const json_t *schema)
{
	const char *type = json_str(schema, "type", "string");
	json_t *first = json_array_get(json_object_get(schema, "enum"), 0);

	if (first)
		return json_incref(first);
	if (strcmp(type, "integer") == 0 || strcmp(type, "number") == 0)
		return json_integer(1);
	if (strcmp(type, "boolean") == 0)
		return json_true();
	if (strcmp(type, "array") == 0)
		return json_array();
	return strcmp(type, "object") == 0 ? json_object() : json_string("a.txt");
}

static json_t *made_up_arguments(const json_t *tool)
{
	json_t *properties = json_object_get(tool_schema(tool), "properties"), *schema;
	json_t *arguments = json_object();
	const char *key;

	json_object_foreach(properties, key, schema)
		json_object_set_new(arguments, key, made_up(schema));
	return arguments;
}

static const json_t *find_tool(const struct ask *ask, const char *name)
{
	const json_t *tool;
	size_t i;

	json_array_foreach(ask->tools, i, tool)
		if (strcmp(json_str(tool_itself(tool), "name", ""), name) == 0)
			return tool_itself(tool);
	return NULL;
}

static json_t *write_arguments(const char *text)
{
	const char *equal = strchr(text, '=');

	return json_pack("{s:s%, s:s}", "path", text, equal ? (size_t)(equal - text) : strlen(text),
			 "content", equal ? equal + 1 : "made by the fake provider\n");
}

static void add_part(struct answer *answer, enum part_kind kind, char *text, const char *name)
{
	struct part *part = &answer->parts[answer->count];

	if (answer->count == ANSWER_PARTS_MAX) {
		free(text);
		return;
	}
	part->kind = kind;
	part->text = text;
	part->name = buf_strdup(name);
	snprintf(part->id, sizeof(part->id), "%08lu_%zu", answer->number, answer->count);
	answer->count++;
}

static void add_tool(struct answer *answer, const char *name, json_t *arguments)
{
	add_part(answer, PART_TOOL, json_dumps(arguments, JSON_COMPACT), name);
	json_decref(arguments);
}

static void add_offered(struct answer *answer, size_t parallel)
{
	const json_t *tools = answer->ask->tools;
	size_t count = json_array_size(tools);

	for (size_t i = 0; i < parallel && count; i++) {
		const json_t *tool = tool_itself(json_array_get(tools, i % count));

		add_tool(answer, json_str(tool, "name", "tool"), made_up_arguments(tool));
	}
}

/* The call of this turn, when there is one. */
static void add_calls(struct answer *answer)
{
	const struct ask *ask = answer->ask;
	const struct plan_call *call = &answer->plan->calls[ask->turns];

	if (ask->turns >= answer->plan->call_count)
		return;
	if (call->kind == CALL_OFFERED)
		add_offered(answer, call->parallel);
	else if (call->kind == CALL_BASH)
		add_tool(answer, "execute_bash", json_pack("{s:s}", "command", call->text));
	else if (call->kind == CALL_WRITE)
		add_tool(answer, "write_file", write_arguments(call->text));
	else
		add_tool(answer, call->text, made_up_arguments(find_tool(ask, call->text)));
}

/* --- all */

static void cut_part(struct part *part, size_t left)
{
	/* half a call is none */
	part->text[part->kind == PART_TOOL ? 0 : cut_at(part->text, left)] = '\0';
}

/* Keeps to the request's maximum, whatever else. */
static void limit(struct answer *answer)
{
	size_t left = (size_t)answer->ask->most * 4, kept = 0;

	for (size_t i = 0; i < answer->count; i++) {
		struct part *part = &answer->parts[i];
		size_t len = strlen(part->text);

		if (len > left) {
			cut_part(part, left);
			answer->stop = STOP_MAX;
			left = len = strlen(part->text);
		}
		left -= len;
		if (len == 0) {
			free(part->text);
			free(part->name);
			continue;
		}
		answer->parts[kept++] = *part;
	}
	answer->count = kept;
}

static void count_tokens(struct answer *answer)
{
	size_t bytes = 0, thoughts = 0;

	for (size_t i = 0; i < answer->count; i++) {
		bytes += strlen(answer->parts[i].text);
		if (answer->parts[i].kind == PART_THINKING)
			thoughts += strlen(answer->parts[i].text);
	}
	answer->output = tokens_of(bytes);
	answer->reasoning = tokens_of(thoughts);
	answer->input = answer->ask->input;
	answer->cached = answer->plan->cached < answer->input ? answer->plan->cached :
		answer->input;
}

void answer_make(struct answer *answer, const struct ask *ask, const struct plan *plan,
		 unsigned long number)
{
	answer->ask = ask;
	answer->plan = plan;
	answer->model = ask->model;
	answer->number = number;
	if (plan->think)
		add_part(answer, PART_THINKING, buf_strdup("First I look at what was said."), "");
	if (plan->refusal) {
		add_part(answer, PART_REFUSAL, buf_strdup("I cannot help with that."), "");
		answer->stop = STOP_REFUSAL;
	} else {
		size_t before = answer->count;

		add_calls(answer);
		answer->stop = answer->count > before ? STOP_TOOL : STOP_END;
		if (answer->stop == STOP_END)
			add_part(answer, PART_TEXT, make_text(answer), "");
	}
	for (size_t i = 0; i < answer->count && plan->half; i++)
		if (answer->parts[i].kind == PART_TOOL)
			answer->parts[i].text[strlen(answer->parts[i].text) / 2] = '\0';
	if (plan->max || plan->half)
		answer->stop = STOP_MAX;
	if (ask->most >= 0 && !plan->endless)
		limit(answer);
	count_tokens(answer);
}
