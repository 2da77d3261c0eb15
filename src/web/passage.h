/* passage.h - one request of a client's program on its way to a provider, and the answer back
 *
 * Bytes pass as they come; a copy is read when the answer has ended. The client gets the first byte
 * once the prompt is on disk. Nothing else is changed on the way but: pings between the events of a
 * stream that stands still, the chunk with the usage where the client did not ask for it, and an
 * event or a body of ours that tells why there is no more.
 *
 * Several threads meet here: the request's (it sends), the HTTP client's (bytes come), the
 * journal's writer (the prompt is on disk), workers (begin and end). Each lives until all have let
 * go. */
#ifndef TALI_PASSAGE_H
#define TALI_PASSAGE_H

#include "ai/ai_wire.h"
#include "assess/ai_desk.h"
#include "http/http_client.h"
#include "http/http_pipe.h"
#include "http/worker.h"

#define PASSAGE_COPY_MAX ((size_t)16 << 20)	/* bytes of an answer that are read afterwards */

struct passage;

struct passage_config {
	struct http_client *client;
	int64_t first_byte_ms, idle_ms;	/* of the provider's silence (http_client.h) */
	struct worker_pool *recorders;	/* read what came; their context is a serve_worker */
	const struct ai_wire *wire;
	char *url, *method;		/* taken, as all that follows */
	char *program;			/* User-Agent of who asks, or NULL */
	struct http_field *fields;	/* with the texts in it */
	size_t field_count;
	struct buf body;
	struct ai_request request;	/* of a list of models all zero */
	bool drop_usage;		/* it was us who asked for the usage of the stream */
};

/* Frees what one holds, and leaves nothing of the key in memory. */
void passage_config_release(struct passage_config *config);

/* Takes what the config holds. One reference, to be let go with passage_release; its pipe answers
 * the client. */
struct passage *passage_new(struct passage_config *config);
struct http_pipe *passage_pipe(struct passage *passage);
void passage_release(struct passage **passage);

/* Asks the desk, which is taken, and goes when it is let in. Of `ask` what the passage knows itself
 * is filled in: wire, request, who asks, and what is called. */
void passage_ask(struct passage *passage, struct ai_desk *desk, struct store *store,
		 struct ai_ask ask);
/* Goes without a record: lists of models. */
void passage_go(struct passage *passage);

/* Answers with a refusal, in the words of the protocol, and ends. */
void passage_refuse(struct passage *passage, const struct ai_no *no);

#endif
