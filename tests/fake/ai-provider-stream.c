/* ai-provider-stream.c - event streams and documents, with what the plan does to them */
#include "ai-provider-wire.h"
#include "base/auto.h"

#include <string.h>

#define DEEP 5000

static const struct wire *wire_of(const struct answer *answer)
{
	static const struct wire *const wires[] = { &wire_messages, &wire_chat, &wire_responses };

	return wires[answer->ask->protocol];
}

/* --- documents */

static json_t *wrong_leaf(const json_t *value)
{
	if (json_is_string(value))
		return json_integer(7);
	return json_is_number(value) ? json_string("7") : json_array();
}

json_t *wrong_types(json_t *value)
{
	json_t *wrong = json_object(), *member;
	const char *key;
	char place[24];
	size_t i;

	json_object_foreach(value, key, member) {
		json_incref(member);
		json_object_set_new(wrong, key,
				    strcmp(key, "type") == 0 ? member : wrong_types(member));
	}
	json_array_foreach(value, i, member) {
		snprintf(place, sizeof(place), "%zu", i);
		json_object_set_new(wrong, place, wrong_types(json_incref(member)));
	}
	if (!json_is_object(value) && !json_is_array(value)) {
		json_decref(wrong);
		wrong = wrong_leaf(value);
	}
	json_decref(value);
	return wrong;
}

/* "deep": [[[...]]] before the last brace */
static void add_deep(struct buf *text)
{
	if (text->len)
		text->data[--text->len] = '\0';
	buf_add_str(text, ",\"deep\":");
	for (int i = 0; i < DEEP; i++)
		buf_add_byte(text, '[');
	for (int i = 0; i < DEEP; i++)
		buf_add_byte(text, ']');
	buf_add_byte(text, '}');
}

static char *make_text(json_t *document, const struct plan *plan, bool deep)
{
	struct buf text = BUF_INIT((size_t)1 << 30);
	char *dumped;

	if (plan->unknown)
		json_object_set_new(document, "fake_field",
				    json_pack("{s:f, s:[i,n]}", "x", 0.5, "y", 1));
	if (plan->types)
		document = wrong_types(document);
	dumped = json_dumps(document, JSON_COMPACT);
	json_decref(document);
	if (!dumped)
		abort();
	buf_add_str(&text, dumped);
	free(dumped);
	if (deep)
		add_deep(&text);
	return buf_take(&text);
}

char *document_text(json_t *document, const struct plan *plan)
{
	char *text = make_text(document, plan, plan->deep);

	if (plan->garble)
		text[strlen(text) / 2] = '\0';
	return text;
}

/* --- streams */

bool stream_ended(const struct stream *stream)
{
	return stream->faulted || stream->reply->over;
}

static void add_line(struct buf *text, const struct plan *plan, const char *name, const char *value)
{
	buf_add_format(text, "%s: ", name);
	buf_add_str(text, value);
	buf_add_str(text, plan->crlf ? "\r\n" : "\n");
}

static void send_event(struct stream *stream, const char *name, const char *data)
{
	const struct plan *plan = stream->answer->plan;
	AUTO(buf_release) struct buf text = BUF_INIT((size_t)1 << 30);

	if (stream_ended(stream))
		return;
	if (plan->bom && stream->events == 0)
		buf_add_str(&text, "\xef\xbb\xbf");
	if (plan->comments)
		add_line(&text, plan, "", "a comment, data: {\"type\":\"none\"}");
	if (name)
		add_line(&text, plan, "event", name);
	if (data)
		add_line(&text, plan, "data", data);
	buf_add_str(&text, plan->crlf ? "\r\n" : "\n");
	stream->events++;
	reply_add(stream->reply, text.data, text.len);
}

static void send_unknown(struct stream *stream)
{
	const char *name = stream->answer->ask->protocol == PROTOCOL_CHAT ? NULL : "fake_event";

	send_event(stream, name,
		   "{\"type\":\"fake_event\",\"choices\":[],\"x\":[0.5,{\"y\":null}]}");
}

static void send_ping(struct stream *stream)
{
	if (stream->answer->ask->protocol == PROTOCOL_MESSAGES)
		send_event(stream, "ping", "{\"type\":\"ping\"}");
	else if (!stream_ended(stream))
		reply_add(stream->reply, ": ping\n\n", 8);
}

void stream_line(struct stream *stream, const char *name, const char *line)
{
	send_event(stream, name, line);
}

void stream_event(struct stream *stream, const char *name, json_t *data)
{
	const struct plan *plan = stream->answer->plan;
	AUTO_FREE char *text = make_text(data, plan, plan->deep && stream->deltas == 1);

	if (plan->unknown && stream->events == 1)
		send_unknown(stream);
	send_event(stream, name, text);
}

static void send_error(struct stream *stream)
{
	struct fault fault;

	fault_set(&fault, 529, NULL, "Overloaded");
	wire_of(stream->answer)->stream_error(stream, &fault);
	stream->faulted = true;
}

static void fault_after_first(struct stream *stream)
{
	const struct plan *plan = stream->answer->plan;

	if (plan->garble)
		send_event(stream, stream->answer->ask->protocol == PROTOCOL_MESSAGES ?
			   "content_block_delta" : NULL, "{\"type\":\"content_bl");
	if (plan->error)
		send_error(stream);
	if (plan->cut)
		reply_cut(stream->reply);
	if (plan->stall)
		reply_wait(stream->reply, -1);
}

void stream_delta(struct stream *stream, const char *name, json_t *data, size_t bytes)
{
	const struct plan *plan = stream->answer->plan;

	if (plan->gap && stream->deltas)
		reply_wait(stream->reply, plan->gap);
	if (plan->ping)
		send_ping(stream);
	stream->deltas++;
	stream_event(stream, name, data);
	if (stream_ended(stream))
		return;
	stream->generated += bytes;
	if (stream->deltas == 1)
		fault_after_first(stream);
}
