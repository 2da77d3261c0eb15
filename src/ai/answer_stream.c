/* answer_stream.c - see answer_stream.h */
#include "ai/answer_stream.h"

#include "ai/ai_json.h"
#include "ai/sse.h"
#include "base/auto.h"

#include <string.h>

struct stream {
	struct ai_answer *answer;
	answer_stream_fn *fn;
	void *arg;
	size_t events;
};

static void take(void *arg, const struct sse_event *event)
{
	struct stream *stream = arg;
	AUTO_JSON json_t *value = NULL;

	stream->events++;
	if (event->len == strlen("[DONE]") && memcmp(event->data, "[DONE]", event->len) == 0) {
		stream->answer->complete = true;
		return;
	}
	value = ai_json_answer(event->data, event->len);
	if (!json_is_object(value)) {
		if (!event->open)
			ai_answer_fail(stream->answer, "garbled",
				       "an event of the stream is no JSON");
		return;
	}
	if (!json_is_string(json_object_get(value, "type")) && *event->name)
		json_object_set_new(value, "type", json_string(event->name));
	stream->fn(stream->arg, value);
}

void answer_stream_read(const char *raw, size_t len, struct ai_answer *answer,
			answer_stream_fn *fn, void *arg)
{
	AUTO(sse_release) struct sse sse = SSE_INIT;
	struct stream stream = { answer, fn, arg, 0 };
	AUTO_JSON json_t *whole = NULL;

	sse_add(&sse, raw, len, take, &stream);
	sse_end(&sse, take, &stream);
	if (stream.events)
		return;
	whole = ai_json_answer(raw, len);
	if (json_is_object(whole))
		fn(arg, whole);
}
