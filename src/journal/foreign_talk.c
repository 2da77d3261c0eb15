/* foreign_talk.c - see foreign_talk.h */
#include "journal/foreign_talk.h"

#include "base/auto.h"
#include "base/json.h"

#include <ctype.h>
#include <string.h>

void foreign_talk_name(struct foreign_talk *talk, const char *text)
{
	size_t i;

	for (i = 0; text[i] && i < sizeof(talk->conversation) - 1; i++) {
		unsigned char byte = (unsigned char)text[i];

		talk->conversation[i] = byte < 0x80 && (isalnum(byte) || strchr("._:-", byte))
						? (char)byte : '-';
	}
	talk->conversation[i] = '\0';
	if (!i)
		snprintf(talk->conversation, sizeof(talk->conversation), "main");
}

static void add_part(const json_t *part, struct buf *out)
{
	const json_t *text = json_object_get(part, "text");

	if (json_is_string(part))
		text = part;
	if (out->len && out->data[out->len - 1] != '\n')
		buf_add_byte(out, '\n');
	if (json_is_string(text))
		buf_add(out, json_string_value(text), json_string_length(text));
	else
		buf_add_format(out, "[%.40s]", json_str(part, "type", "part"));
}

void foreign_talk_content(const json_t *content, struct buf *out)
{
	const json_t *part;
	size_t i;

	if (json_is_string(content))
		buf_add(out, json_string_value(content), json_string_length(content));
	json_array_foreach(content, i, part)
		add_part(part, out);
}

static int give(struct foreign_talk *talk, int64_t instant, const char *actor, const char *kind,
		json_t *data, struct err *err)
{
	talk->said = true;
	json_object_set_new(data, "conversation", json_string(talk->conversation));
	return talk->sink->event(talk->sink->arg, instant, actor, kind, data, err);
}

/* Sets a text member, or nothing when there is none. */
static int set_text(struct foreign_talk *talk, json_t *data, const char *key, const char *text,
		    size_t len, struct err *err)
{
	json_t *value = text ? foreign_text(talk->sink, text, len, err) : NULL;

	if (text && !value)
		return -1;
	return value ? json_object_set_new(data, key, value) : 0;
}

static void set_number(json_t *data, const char *key, json_int_t value)
{
	if (value >= 0)
		json_object_set_new(data, key, json_integer(value));
}

int foreign_talk_prompt(struct foreign_talk *talk, int64_t instant, const char *text, size_t len,
			struct err *err)
{
	AUTO_JSON json_t *data = json_object();

	if (set_text(talk, data, "text", text, len, err) < 0)
		return -1;
	return give(talk, instant, "candidate", "ai_prompt", TAKE(data), err);
}

int foreign_talk_answer(struct foreign_talk *talk, int64_t instant,
			const struct foreign_answer *answer, struct err *err)
{
	AUTO_JSON json_t *data = json_object();

	if (answer->stop)
		json_object_set_new(data, "stop", answer->stop);
	if (*talk->model)
		json_object_set_new(data, "model", json_string(talk->model));
	set_number(data, "input_tokens", answer->input_tokens);
	set_number(data, "output_tokens", answer->output_tokens);
	set_number(data, "cached_tokens", answer->cached_tokens);
	set_number(data, "cost_microusd", answer->cost_microusd);
	if (set_text(talk, data, "text", answer->text ? answer->text : "", answer->text_len, err) <
		    0 ||
	    set_text(talk, data, "reasoning", answer->reasoning, answer->reasoning_len, err) < 0)
		return -1;
	return give(talk, instant, "ai", "ai_response", TAKE(data), err);
}

int foreign_talk_use(struct foreign_talk *talk, int64_t instant, const struct foreign_use *use,
		     struct err *err)
{
	AUTO_JSON json_t *data = json_object();

	json_object_set_new(data, "tool", use->tool ? use->tool : json_string("tool"));
	if (use->call)
		json_object_set_new(data, "call", use->call);
	if (use->ok >= 0)
		json_object_set_new(data, "ok", json_boolean(use->ok));
	if (set_text(talk, data, "arguments", use->arguments ? buf_str(use->arguments) : NULL,
		     use->arguments ? use->arguments->len : 0, err) < 0 ||
	    set_text(talk, data, "result", use->result ? buf_str(use->result) : NULL,
		     use->result ? use->result->len : 0, err) < 0)
		return -1;
	return give(talk, instant, "ai", "ai_tool", TAKE(data), err);
}

int foreign_talk_model(struct foreign_talk *talk, int64_t instant, json_t *model, struct err *err)
{
	AUTO_JSON json_t *owned = model;
	const char *name = json_string_value(owned);
	json_t *data;

	if (!name || !strcmp(name, talk->model))
		return 0;
	data = json_pack("{s:s}", "to", name);
	if (*talk->model)
		json_object_set_new(data, "from", json_string(talk->model));
	snprintf(talk->model, sizeof(talk->model), "%s", name);
	return give(talk, instant, "candidate", "model", data, err);
}
