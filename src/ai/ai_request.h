/* ai_request.h - what a client asks a model, read from the body of any protocol */
#ifndef TALI_AI_REQUEST_H
#define TALI_AI_REQUEST_H

#include "base/err.h"
#include "base/hash.h"

#include <jansson.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#define AI_REQUEST_MODEL_MAX 256
#define AI_REQUEST_CHOICES_MAX 128
#define AI_REQUEST_SESSION_MAX 128
#define AI_REQUEST_PICTURE_MOST 49152	/* bytes of a picture that count: no provider takes more
					 * tokens for one */

struct ai_request {
	char *model;
	bool stream;
	bool wants_usage;	/* chat: the client asked for the usage of a stream */
	int64_t max_output;	/* tokens of one choice; 0: not said */
	int64_t least_output;	/* with a lower maximum the provider would refuse the request */
	int choices;		/* answers that are asked for, from 1 on */
	json_t *system;		/* [block]: what stands before all messages */
	json_t *messages;	/* [{role, block}] (ai_blocks.h) */
	json_t *tools;		/* [name] */
	json_t *format;		/* the JSON schema that the answer must fit, or NULL */
	char *session;		/* the client's own id of the session, or NULL */
	char *unseen;		/* what makes it read more than the body, or cost more; or NULL */
	int images;		/* pictures in the body; they cost other than by their bytes */
	size_t light;		/* bytes of theirs that do not count (ai_request_weight) */
	json_t *sent;		/* the messages as they were sent, [any]; NULL: not in a list */
	struct hash frame;	/* of all else in the body that the model may read */
};

#define AI_REQUEST_INIT { .choices = 1 }
void ai_request_release(struct ai_request *request);

/* --- for the protocols */

/* The names of a protocol for what tali acts upon. */
struct ai_request_fields {
	const char *const *maxima;	/* members with the most output tokens; NULL ends */
	const char *const *choices;	/* members with a number of answers; NULL ends */
	const char *const *others;	/* further members that tali reads; NULL ends */
	const char *messages;		/* the member with the messages */
};

/* Parses the body and reads what all protocols have: model, stream, maxima (the largest counts),
 * choices, and whether it asks for a dearer tier (`unseen`). Refused, as ERR_INPUT: what
 * ai_json_request refuses, a model that is no name, numbers that are none, and a member that
 * a careless program would take for one that tali acts upon, such as "MODEL". Lists of `ret` are
 * empty afterwards. The body, yours; NULL on error. */
json_t *ai_request_begin(const char *body, size_t len, const struct ai_request_fields *fields,
			 struct ai_request *ret, struct err *err);

/* Notes the first thing that brings in what is not in the body. */
void ai_request_unseen(struct ai_request *request, const char *what);

/* Notes a picture of so many bytes of base64 in the body. */
void ai_request_picture(struct ai_request *request, size_t len);

/* Notes the client's id of the session when it is one: up to AI_REQUEST_SESSION_MAX printable ASCII
 * characters. Anything else, and NULL, is passed over. */
void ai_request_session(struct ai_request *request, const char *session);

/* Adds a block of a message: to `system` while nothing else came and the role is "system" or
 * "developer", else to the messages. Takes the block. */
void ai_request_add(struct ai_request *request, const char *role, json_t *block);

/* The bytes of the body that count: of a picture AI_REQUEST_PICTURE_MOST at most. */
size_t ai_request_weight(const struct ai_request *request, size_t body_len);

/* The most input tokens the body can be: one for each of its bytes that count, and allowances
 * for what is counted otherwise (pictures, tools). */
int64_t ai_request_input_bound(const struct ai_request *request, size_t body_len);

#endif
