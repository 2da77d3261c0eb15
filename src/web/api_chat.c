/* api_chat.c - see api_chat.h
 *
 * A turn goes on when its page is gone: what is told then goes into a mailbox that nobody reads.
 * The journal has all of it, and GET chat reads it there. */
#include "web/api_chat.h"

#include "assess/assistant.h"
#include "assess/assistant_history.h"
#include "assess/live_bench.h"
#include "base/auto.h"
#include "base/json.h"
#include "http/http_mailbox.h"
#include "http/http_reply.h"
#include "web/markdown.h"
#include "web/visitor.h"

#include <stdatomic.h>
#include <stdlib.h>
#include <string.h>

#define BOX_BYTES (1u << 20)		/* of events that wait for a slow page */
#define ANSWER_MOST MARKDOWN_SIZE_MAX

/* The HTML of an answer; NULL: none, and the page shows the text. */
static json_t *html_of(const char *text)
{
	AUTO(buf_release) struct buf html = BUF_INIT(8 * ANSWER_MOST);
	struct err err = ERR_INIT;

	if (markdown_html(text, strlen(text), &html, &err) < 0)
		return NULL;
	return json_string(buf_str(&html));
}

/* --- a turn on its way to the page */

struct chat {
	atomic_int users;		/* the stream, and the turn */
	struct http_mailbox *box;
	struct buf answer;		/* all texts of the turn; by the turn alone */
	bool parted;			/* a tool was called since */
};

static struct chat *chat_new(void)
{
	struct chat *chat = buf_alloc(sizeof(*chat));

	atomic_init(&chat->users, 2);
	chat->box = http_mailbox_new(BOX_BYTES);
	chat->answer = (struct buf)BUF_INIT(ANSWER_MOST);
	return chat;
}

static void chat_give(struct chat *chat)
{
	if (atomic_fetch_sub(&chat->users, 1) > 1)
		return;
	http_mailbox_free(&chat->box);
	buf_release(&chat->answer);
	free(chat);
}

/* As assistant_history.h puts texts together. */
static void keep_text(struct chat *chat, const char *text)
{
	if (chat->answer.len + strlen(text) + 2 > ANSWER_MOST)
		return;
	if (chat->parted && chat->answer.len)
		buf_add_str(&chat->answer, "\n\n");
	chat->parted = false;
	buf_add_str(&chat->answer, text);
}

static void post(struct chat *chat, const char *event, const json_t *data)
{
	AUTO_FREE char *text = json_canonical(data);

	http_mailbox_post(chat->box, event, text);
}

static void post_end(struct chat *chat, const json_t *data)
{
	AUTO_JSON json_t *end = json_copy((json_t *)data);
	json_t *html = chat->answer.len ? html_of(buf_str(&chat->answer)) : NULL;

	if (html)
		json_object_set_new(end, "html", html);
	post(chat, "end", end);
}

/* Of the assistant, on any of its threads. */
static void tell(void *arg, const char *event, const json_t *data)
{
	struct chat *chat = arg;
	bool ends = !strcmp(event, "end");

	if (!strcmp(event, "text"))
		keep_text(chat, json_str(data, "text", ""));
	else if (!strcmp(event, "step"))
		chat->parted = true;
	if (ends)
		post_end(chat, data);
	else
		post(chat, event, data);
	if (ends || !strcmp(event, "error")) {
		http_mailbox_close(chat->box);
		chat_give(chat);
	}
}

static void end_stream(struct route_call *call)
{
	chat_give(call->ended_arg);
}

/* --- asking */

struct question {
	const char *text, *model, *conversation;
	const char *files[ASSISTANT_FILES_MAX];
	size_t file_count;
	bool agent;
};

static int bad(struct route_call *call, const char *what, const char *field)
{
	http_reply_error(call->request, 400, "invalid", what, field);
	return -1;
}

/* -1: answered. What is read is borrowed of `body`. */
static int read_question(struct route_call *call, const json_t *body, struct question *ret)
{
	const json_t *files = json_object_get(body, "files");
	size_t count = json_array_size(files), i;

	*ret = (struct question){
		.text = json_str(body, "text", ""), .model = json_str(body, "model", NULL),
		.conversation = json_str(body, "conversation", NULL), .file_count = count,
		.agent = json_is_true(json_object_get(body, "agent")),
	};
	if (!*ret->text || strlen(ret->text) > ASSISTANT_TEXT_MAX)
		return bad(call, "a text of 1 byte to 32 KiB is needed", "text");
	if (count > ASSISTANT_FILES_MAX)
		return bad(call, "at most 16 files can go with a text", "files");
	for (i = 0; i < count; i++) {
		ret->files[i] = json_string_value(json_array_get(files, i));
		if (!ret->files[i])
			return bad(call, "files must be paths", "files");
	}
	return 0;
}

static bool is_busy(struct route_call *call)
{
	struct assistant_turn *turn = assistant_find(visitor_serve(call)->assistant,
						     visitor_of(call)->assessment.id);
	bool busy = turn != NULL;

	assistant_turn_release(&turn);
	return busy;
}

static void refuse(struct route_call *call, const struct err *err)
{
	if (err->code == ERR_NO)
		http_reply_error(call->request, 403, "policy", err->text, NULL);
	else
		http_reply_err(call->request, err);
}

static int begin(struct route_call *call, const struct question *question, struct chat *chat,
		 struct err *err)
{
	struct visitor *visitor = visitor_of(call);
	struct assistant_turn_config config = {
		.assessment = &visitor->assessment, .text = question->text,
		.model = question->model, .conversation = question->conversation,
		.files = question->files, .file_count = question->file_count,
		.agent = question->agent, .tell = tell, .arg = chat,
		.bench = live_bench_new(visitor->live, err),
	};
	struct assistant_turn *turn = NULL;

	if (!config.bench || assistant_begin(visitor_serve(call)->assistant, visitor_store(call),
					     &config, &turn, err) < 0)
		return -1;
	assistant_turn_release(&turn);
	return 0;
}

void api_chat_ask(struct route_call *call)
{
	AUTO_JSON json_t *body = visitor_body(call);
	struct err err = ERR_INIT;
	struct question question;
	struct chat *chat;

	if (!body || read_question(call, body, &question) < 0)
		return;
	if (is_busy(call)) {
		http_reply_error(call->request, 409, "busy",
				 "The assistant is still at work, perhaps in another window.",
				 NULL);
		return;
	}
	chat = chat_new();
	if (begin(call, &question, chat, &err) == 0) {
		call->stream.box = chat->box;
		call->ended = end_stream;
		call->ended_arg = chat;
		return;
	}
	refuse(call, &err);
	chat_give(chat);
	chat_give(chat);
}

void api_chat_stop(struct route_call *call)
{
	struct assistant_turn *turn = assistant_find(visitor_serve(call)->assistant,
						     visitor_of(call)->assessment.id);

	if (turn)
		assistant_stop(turn);
	assistant_turn_release(&turn);
	http_reply(call->request, 204, NULL, NULL, 0);
}

/* --- looking */

static void add_html(json_t *turns)
{
	json_t *turn;
	size_t i;

	json_array_foreach (turns, i, turn) {
		const char *text = json_str(turn, "text", "");
		json_t *html = !strcmp(json_str(turn, "role", ""), "assistant") && *text ?
			       html_of(text) : NULL;

		if (html)
			json_object_set_new(turn, "html", html);
	}
}

/* Whether it runs is asked first: what ends meanwhile is in the history then. */
void api_chat_get(struct route_call *call)
{
	AUTO(assistant_history_release) struct assistant_history history = ASSISTANT_HISTORY_INIT;
	struct visitor *visitor = visitor_of(call);
	struct store *store = visitor_store(call);
	bool running = is_busy(call);
	AUTO_JSON json_t *said = NULL;
	struct err err = ERR_INIT;
	json_t *chat = NULL;

	if (assistant_history_read(store, visitor->assessment.id,
				   http_request_query(call->request, "conversation"), &history,
				   &err) == 0)
		chat = assistant_offer(visitor_serve(call)->assistant, store,
				       &visitor->assessment, &err);
	if (!chat) {
		http_reply_err(call->request, &err);
		return;
	}
	add_html(history.turns);
	said = json_pack("{s:b, s:s?, s:s?, s:O}", "running", running, "model", history.model,
			 "conversation",
			 *history.conversation ? history.conversation : NULL, "turns",
			 history.turns);
	json_object_update(chat, said);
	http_reply_json(call->request, 200, chat);
}
