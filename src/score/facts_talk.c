/* facts_talk.c - see facts_talk.h */
#include "score/facts_talk.h"

#include "base/auto.h"
#include "base/json.h"
#include "score/facts_terms.h"
#include "score/wording.h"

#include <stdlib.h>
#include <string.h>

#define FOUND_LEAST 16		/* shorter texts are in any answer */

/* Without white space at its ends. */
static const char *trim(const char *text, size_t *len)
{
	while (*len > 0 && strchr(" \t\r\n", text[*len - 1]))
		--*len;
	while (*len > 0 && strchr(" \t\r\n", *text)) {
		text++;
		--*len;
	}
	return text;
}

int64_t facts_talk_find(struct facts_reader *reader, const char *text, size_t len)
{
	const struct facts *facts = &reader->facts;

	text = trim(text, &len);
	for (size_t i = facts->exchange_count; len >= FOUND_LEAST && i > 0; i--) {
		const struct fact_exchange *one = &facts->exchanges[i - 1];

		if (one->answer_len > reader->search_left)
			return -1;
		reader->search_left -= one->answer_len;
		if (memmem(one->answer, one->answer_len, text, len))
			return (int64_t)i - 1;
	}
	return -1;
}

static void add_model(struct facts *facts, const char *name)
{
	char **added;

	if (!name || !*name)
		return;
	for (size_t i = 0; i < facts->model_count; i++)
		if (!strcmp(facts->models[i], name))
			return;
	added = FACTS_ADD(facts->models, facts->model_count);
	if (added)
		*added = buf_strdup(name);
}

/* --- requests of programs */

static void set_aside(struct facts_reader *reader, const json_t *data)
{
	char *place = reader->asides[reader->aside++ % ASIDES];

	snprintf(place, sizeof(reader->asides[0]), "%s", json_str(data, "exchange", ""));
}

static bool is_aside(const struct facts_reader *reader, const json_t *data)
{
	const char *exchange = json_str(data, "exchange", "");

	for (size_t i = 0; *exchange && i < ASIDES; i++)
		if (!strcmp(reader->asides[i], exchange))
			return true;
	return false;
}

/* What a tool gave goes back to the same conversation: its answer belongs to the prompt before. */
static bool is_prompt(struct facts_reader *reader, const json_t *data)
{
	const char *about = json_str(data, "about", "chat");

	if (!strcmp(about, "tool_result"))
		return false;
	if (strcmp(about, "chat") != 0) {
		set_aside(reader, data);
		return false;
	}
	return !json_flag(data, "repeat", false) && json_int(data, "retry", 0) == 0;
}

/* The newest prompt of a conversation, or NULL. */
static struct fact_exchange *newest(struct facts *facts, const char *conversation)
{
	for (size_t i = facts->exchange_count; i > 0; i--)
		if (!strcmp(facts->exchanges[i - 1].conversation, conversation))
			return &facts->exchanges[i - 1];
	return NULL;
}

/* --- events */

static int read_prompt(struct facts_reader *reader, const struct event *event, const json_t *data,
		       struct err *err)
{
	struct facts *facts = &reader->facts;
	struct fact_exchange *one;
	AUTO_FREE char *own = NULL;
	char *text = NULL;
	size_t len = 0;

	if (!is_prompt(reader, data))
		return 0;
	if (facts_read_text(reader, json_object_get(data, "text"), &text, &len, err) < 0)
		return -1;
	one = FACTS_ADD(facts->exchanges, facts->exchange_count);
	if (!one) {
		free(text);
		return 0;
	}
	*one = (struct fact_exchange){
		.seq = event->seq, .instant = event_instant(event), .answer_seq = -1,
		.answer_instant = -1, .prompt = text, .prompt_len = len,
		.answer = buf_strdup(""), .changes = facts->change_count,
		.checks = facts->check_count,
		.conversation = buf_strdup(json_str(data, "conversation", "")),
	};
	own = facts_terms_own(reader, text, len);
	facts_terms_look(reader, own, len, TERM_NAMED, event->seq);
	facts_read_plan(reader, wording_items(own, len), event->seq);
	time_split_add(&facts->time, event_instant(event), TIME_AI);
	return 0;
}

static void add_answer(struct fact_exchange *one, const char *text, size_t len)
{
	if (len > FACTS_TEXT - one->answer_len)
		len = FACTS_TEXT - one->answer_len;
	one->answer = buf_realloc(one->answer, one->answer_len + len + 1, 1);
	memcpy(one->answer + one->answer_len, text, len);
	one->answer_len += len;
	one->answer[one->answer_len] = '\0';
}

static int read_answer(struct facts_reader *reader, const struct event *event, const json_t *data,
		       struct err *err)
{
	struct facts *facts = &reader->facts;
	struct fact_exchange *one = newest(facts, json_str(data, "conversation", ""));
	AUTO_FREE char *text = NULL;
	size_t len = 0;

	facts->input_tokens += json_int(data, "input_tokens", 0);
	facts->output_tokens += json_int(data, "output_tokens", 0);
	facts->cost_microusd += json_int(data, "cost_microusd", 0);
	add_model(facts, json_str(data, "model", NULL));
	if (!one || is_aside(reader, data))
		return 0;
	if (facts_read_text(reader, json_object_get(data, "text"), &text, &len, err) < 0)
		return -1;
	time_split_add(&facts->time, event_instant(event), TIME_AI);
	if (!len && (json_object_get(data, "error") || json_int(data, "status", 200) / 100 != 2))
		return 0;
	add_answer(one, text, len);
	one->answer_seq = event->seq;
	one->answer_instant = event_instant(event);
	return 0;
}

int facts_talk_event(struct facts_reader *reader, const struct event *event, const json_t *data,
		     struct err *err)
{
	struct facts *facts = &reader->facts;
	struct fact_exchange *one;

	if (!strcmp(event->kind, "model"))
		return 0;
	if (facts_read_close(reader, err) < 0)
		return -1;
	if (!strcmp(event->kind, "ai_prompt"))
		return read_prompt(reader, event, data, err);
	if (!strcmp(event->kind, "ai_response"))
		return read_answer(reader, event, data, err);
	one = newest(facts, json_str(data, "conversation", ""));
	facts->tools++;
	if (one)
		one->tools++;
	time_split_add(&facts->time, event_instant(event), TIME_AI);
	return 0;
}
