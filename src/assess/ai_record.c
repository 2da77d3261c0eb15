/* ai_record.c - see ai_record.h */
#include "assess/ai_record.h"

#include "ai/ai_blocks.h"
#include "base/auto.h"
#include "base/json.h"

#include <stdlib.h>
#include <string.h>

#define INLINE_MAX 2048		/* bytes of a text that stand in the event itself */
#define TEXT_MAX ((size_t)1 << 20)	/* of what is shown of a prompt; all is in the blocks */
#define ERROR_MAX 1000

static const char *const cut_words[] = {
	[AI_CUT_CLIENT] = "client", [AI_CUT_IDLE] = "idle", [AI_CUT_PROVIDER] = "provider",
	[AI_CUT_SERVER] = "server",
};

static json_t *text_value(struct event_list *list, const char *text, size_t len)
{
	if (len <= INLINE_MAX) {
		json_t *value = json_stringn(text, len);

		if (value)
			return value;
	}
	return event_list_payload(list, text, len);
}

/* The value as JSON text: canonical events have no fractions, tools' inputs may. */
static json_t *json_value(struct event_list *list, const json_t *value)
{
	AUTO_FREE char *text = json_dumps(value, JSON_COMPACT | JSON_ENCODE_ANY);

	return text_value(list, text ? text : "null", strlen(text ? text : "null"));
}

static void set(json_t *data, const char *name, json_t *value)
{
	json_object_set_new(data, name, value);
}

static void set_count(json_t *data, const char *name, int64_t count)
{
	if (count > 0)
		set(data, name, json_integer(count));
}

/* Foreign bytes as a string of at most `most` bytes; left out when there are none. */
static void set_text(json_t *data, const char *name, const char *text, size_t most)
{
	size_t len = text ? strnlen(text, most + 1) : 0;
	json_t *value = NULL;

	if (len > most)
		for (len = most; len && ((unsigned char)text[len] & 0xc0) == 0x80;)
			len--;
	value = len ? json_stringn(text, len) : NULL;
	if (value)
		set(data, name, value);
}

int ai_record_asked(struct event_list *list, const struct ai_asked *asked, struct err *err)
{
	AUTO(buf_release) struct buf prompt = BUF_INIT(TEXT_MAX);
	const struct ai_own *own = asked->own;
	const json_t *added = own ? own->added : asked->place->added;
	json_t *data = json_pack("{s:s, s:s, s:s, s:s}", "conversation", asked->conversation,
				 "exchange", asked->exchange, "protocol", asked->wire->name,
				 "about", ai_kind_name(asked->kind));

	if (own && own->text && !asked->retry)
		buf_add_str(&prompt, own->text);
	else if (!own && ai_kind_is_person(asked->kind))
		ai_kind_prompt(added, &prompt);
	set(data, "text", text_value(list, buf_str(&prompt), prompt.len));
	set_text(data, "model", asked->request->model, AI_REQUEST_MODEL_MAX);
	set_text(data, "client", asked->client, AI_RECORD_CLIENT_MAX);
	set(data, "blocks", json_value(list, added));
	set_count(data, "retry", asked->retry);
	set_count(data, "bytes", asked->bytes);
	if (own ? asked->retry > 0 : asked->place->repeat)
		set(data, "repeat", json_true());
	if (own)
		set(data, "own", json_true());
	if (own && json_array_size(own->files) && !asked->retry)
		set(data, "files", json_deep_copy(own->files));
	if (asked->place->forged && !own)
		set(data, "forged", json_true());
	return event_list_add(list, "candidate", "ai_prompt", data, asked->instant, err);
}

int ai_record_answered(struct event_list *list, const struct ai_answered *answered,
		       struct err *err)
{
	const struct ai_answer *answer = answered->answer;
	const struct ai_usage *usage = &answer->usage;
	AUTO(buf_release) struct buf text = BUF_INIT(TEXT_MAX), thought = BUF_INIT(TEXT_MAX);
	json_t *data = json_pack("{s:s, s:s}", "conversation", answered->conversation, "exchange",
				 answered->exchange);

	ai_blocks_join(answer->blocks, "text", &text);
	ai_blocks_join(answer->blocks, "thinking", &thought);
	set(data, "text", text_value(list, buf_str(&text), text.len));
	if (thought.len)
		set(data, "reasoning", text_value(list, buf_str(&thought), thought.len));
	if (json_array_size(answer->blocks))
		set(data, "blocks", json_value(list, answer->blocks));
	if (answer->usage_raw)
		set(data, "usage", json_value(list, answer->usage_raw));
	set_text(data, "model", answer->model, AI_REQUEST_MODEL_MAX);
	set_text(data, "stop", answer->stop, 64);
	set_text(data, "error", answer->error, ERROR_MAX);
	set_count(data, "input_tokens", ai_usage_input(usage));
	set_count(data, "output_tokens", usage->output);
	set_count(data, "cached_tokens", usage->cache_read);
	set_count(data, "cache_write_tokens", usage->cache_write + usage->cache_write_hour);
	set_count(data, "reasoning_tokens", usage->reasoning);
	set_count(data, "cost_microusd", answered->cost);
	set_count(data, "first_ms", answered->first_ms);
	set_count(data, "wall_ms", answered->wall_ms);
	set(data, "status", json_integer(answered->status));
	if (answered->estimated)
		set(data, "estimated", json_true());
	if (answered->guarded)
		set(data, "guard", json_true());
	if (answered->planted)
		set(data, "planted", json_true());
	if (answered->cut)
		set(data, "cut", json_string(cut_words[answered->cut]));
	return event_list_add(list, "ai", "ai_response", data, 0, err);
}

/* --- reading it back */

/* A prompt whose response has not been read. */
struct open_exchange {
	char *exchange;
	char *conversation;
	json_t *added;
	int64_t floor;		/* tokens of its body */
	bool is_prompt;
	struct open_exchange *next;
};

struct ai_recall {
	struct conversation_book *book;
	struct open_exchange *open;	/* few: those that run side by side */
	struct ai_amount spent;
};

struct ai_recall *ai_recall_new(struct conversation_book *book)
{
	struct ai_recall *recall = buf_alloc(sizeof(*recall));

	recall->book = book;
	return recall;
}

static void free_open(struct open_exchange *open)
{
	free(open->exchange);
	free(open->conversation);
	json_decref(open->added);
	free(open);
}

void ai_recall_free(struct ai_recall **recall)
{
	struct open_exchange *next;

	if (!*recall)
		return;
	for (struct open_exchange *open = (*recall)->open; open; open = next) {
		next = open->next;
		free_open(open);
	}
	free(*recall);
	*recall = NULL;
}

static json_t *parse_blocks(const char *blocks)
{
	struct err ignored = ERR_INIT;
	json_t *value = blocks ? json_parse(blocks, strlen(blocks), "blocks", &ignored) : NULL;

	return value ? value : json_array();
}

static void recall_prompt(struct ai_recall *recall, const json_t *data, const char *blocks)
{
	struct open_exchange *open = buf_alloc(sizeof(*open));

	open->exchange = buf_strdup(json_str(data, "exchange", ""));
	open->conversation = buf_strdup(json_str(data, "conversation", ""));
	open->added = parse_blocks(blocks);
	open->floor = (json_int(data, "bytes", 0) + 3) / 4;
	open->is_prompt = strcmp(json_str(data, "about", "chat"), "chat") == 0;
	open->next = recall->open;
	recall->open = open;
}

static struct open_exchange *take_open(struct ai_recall *recall, const char *exchange)
{
	struct open_exchange **at = &recall->open, *found;

	while (*at && strcmp((*at)->exchange, exchange) != 0)
		at = &(*at)->next;
	found = *at;
	if (found)
		*at = found->next;
	return found;
}

/* Whether it used one of the messages: not where nothing came because the provider was silent. */
static bool is_message(const json_t *response)
{
	int64_t status = json_int(response, "status", 0);

	if (status)
		return status / 100 == 2;
	return json_object_get(response, "estimated") &&
	       strcmp(json_str(response, "cut", ""), cut_words[AI_CUT_IDLE]) != 0;
}

static void recall_response(struct ai_recall *recall, const json_t *data, const char *blocks)
{
	AUTO_JSON json_t *answer = parse_blocks(blocks);
	struct open_exchange *open = take_open(recall, json_str(data, "exchange", ""));
	bool whole = !json_object_get(data, "cut") && !json_object_get(data, "error");

	recall->spent.tokens += json_int(data, "input_tokens", 0) +
				json_int(data, "output_tokens", 0);
	recall->spent.cost += json_int(data, "cost_microusd", 0);
	if (!open)
		return;
	recall->spent.messages += open->is_prompt && is_message(data);
	conversation_recall(recall->book, open->conversation, open->added, answer, whole);
	free_open(open);
}

void ai_recall_event(struct ai_recall *recall, const char *kind, const json_t *data,
		     const char *blocks)
{
	/* those of other recordings have no exchange, and cost nobody anything */
	if (!json_object_get(data, "exchange"))
		return;
	if (strcmp(kind, "ai_prompt") == 0)
		recall_prompt(recall, data, blocks);
	else if (strcmp(kind, "ai_response") == 0)
		recall_response(recall, data, blocks);
}

bool ai_recall_is_open(const struct ai_recall *recall)
{
	return recall->open != NULL;
}

struct ai_amount ai_recall_spent(const struct ai_recall *recall)
{
	struct ai_amount spent = recall->spent;

	for (const struct open_exchange *open = recall->open; open; open = open->next) {
		spent.tokens += open->floor;
		spent.messages += open->is_prompt;
	}
	return spent;
}
