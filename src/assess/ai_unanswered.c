/* ai_unanswered.c - see ai_unanswered.h */
#include "assess/ai_unanswered.h"

#include "ai/ai_price.h"
#include "assess/ai_record.h"
#include "base/auto.h"
#include "base/json.h"
#include "journal/journal.h"
#include "store/event.h"

#include <string.h>

/* Prompts by the id of their exchange; those that were answered are taken out again. */
static int read_event(void *arg, const struct event *event, struct err *err)
{
	json_t *open = arg;
	AUTO_JSON json_t *data = NULL;
	const char *exchange;

	if (strcmp(event->kind, "ai_prompt") != 0 && strcmp(event->kind, "ai_response") != 0)
		return 0;
	data = json_parse(event->data, strlen(event->data), "event", err);
	if (!data)
		return -1;
	exchange = json_str(data, "exchange", NULL);
	if (!exchange)		/* of another recording: nothing was to be recorded */
		return 0;
	if (strcmp(event->kind, "ai_response") == 0)
		json_object_del(open, exchange);
	else
		json_object_set(open, exchange, data);
	return 0;
}

static int append_response(struct store *store, const char *assessment_id, const char *exchange,
			   const json_t *prompt, const json_t *prices, struct err *err)
{
	AUTO(event_list_release) struct event_list list = EVENT_LIST_INIT;
	AUTO(ai_answer_release) struct ai_answer answer = AI_ANSWER_INIT;
	struct ai_price price = ai_price_of(prices, json_str(prompt, "model", ""));
	struct ai_answered answered = {
		.exchange = exchange, .conversation = json_str(prompt, "conversation", ""),
		.answer = &answer, .estimated = true, .cut = AI_CUT_SERVER,
	};

	answer.usage = ai_answer_estimate(&answer, (size_t)json_int(prompt, "bytes", 0));
	answered.cost = ai_price_cost(&price, &answer.usage);
	if (ai_record_answered(&list, &answered, err) < 0)
		return -1;
	return journal_add(store, assessment_id, list.events, list.count, 0, NULL, err);
}

int ai_unanswered_close(struct store *store, const char *assessment_id, struct err *err)
{
	AUTO_JSON json_t *open = json_object();
	AUTO_JSON json_t *prices = NULL;
	struct err ignored = ERR_INIT;
	const char *exchange;
	const json_t *prompt;

	if (event_each_mark(store, assessment_id, read_event, open, err) < 0)
		return -1;
	/* a table with an error keeps no session from its end: then the usual prices hold */
	if (json_object_size(open))
		ai_price_read(store_path(store), &prices, &ignored);
	json_object_foreach(open, exchange, prompt)
		if (append_response(store, assessment_id, exchange, prompt, prices, err) < 0)
			return -1;
	return 0;
}
