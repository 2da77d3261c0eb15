/* answer_stream.h - the JSON events of an answer that came as a stream */
#ifndef TALI_ANSWER_STREAM_H
#define TALI_ANSWER_STREAM_H

#include "ai/ai_answer.h"

#include <jansson.h>
#include <stddef.h>

typedef void answer_stream_fn(void *arg, const json_t *event);

/* Calls `fn` for each event whose data is a JSON object; of an event without a member "type" the
 * name of the event is it. Data "[DONE]" sets `complete`. Data that is no JSON is noted as the
 * answer's error and passed over; the half of an event at the end of a cut stream just is. Bytes
 * without any event, such as an error body in place of a stream, are given as one event when they
 * are one JSON object. */
void answer_stream_read(const char *raw, size_t len, struct ai_answer *answer,
			answer_stream_fn *fn, void *arg);

#endif
