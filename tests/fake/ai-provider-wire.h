/* ai-provider-wire.h - the three protocols of the fake provider, and the event stream they share */
#ifndef TALI_AI_PROVIDER_WIRE_H
#define TALI_AI_PROVIDER_WIRE_H

#include "ai-provider-say.h"

#define CREATED 1767225600	/* all answers are of this second */

/* --- an event stream with the faults of a plan */

struct stream {
	struct reply *reply;
	const struct answer *answer;
	size_t events, deltas;
	size_t generated;	/* bytes of what was said and sent */
	bool faulted;		/* a fault ended the stream: what follows is not sent */
};

/* One event with this data (taken); `name` NULL: a data line only. */
void stream_event(struct stream *stream, const char *name, json_t *data);
/* The same for a delta that says `bytes` bytes; the faults and waits of deltas happen here. */
void stream_delta(struct stream *stream, const char *name, json_t *data, size_t bytes);
/* A data line as it is; `name` may be NULL. */
void stream_line(struct stream *stream, const char *name, const char *line);
/* Nothing more can be said. */
bool stream_ended(const struct stream *stream);

/* --- what the faults do to a document */

/* Each value but those named "type" becomes one of a wrong type; gives a new one, takes the old. */
json_t *wrong_types(json_t *value);
/* The text of a document, as the plan wants it; takes the document. */
char *document_text(json_t *document, const struct plan *plan);

/* --- protocols */

struct wire {
	json_t *(*whole)(const struct answer *answer);
	void (*stream)(struct stream *stream);
	json_t *(*error)(const struct fault *fault, unsigned long number);
	/* the event of an error in a running stream */
	void (*stream_error)(struct stream *stream, const struct fault *fault);
};

extern const struct wire wire_messages, wire_chat, wire_responses;

/* The error body that the two protocols of OpenAI share. */
json_t *openai_error(const struct fault *fault, unsigned long number);

#endif
