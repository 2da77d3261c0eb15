/* http_fetch.h - one call to another server, waited for, with its whole answer */
#ifndef TALI_HTTP_FETCH_H
#define TALI_HTTP_FETCH_H

#include "base/buf.h"
#include "http/http_client.h"

struct http_answer {
	enum http_call_result result;
	int status;		/* 0: no head came */
	bool stream;		/* it is text/event-stream */
	char retry_after[64], retry_after_ms[64];	/* fields of the head, or "" */
	char text[160];		/* why it is not HTTP_CALL_DONE, for logs */
	struct buf body;	/* what came of it, also when it broke off */
	bool too_long;		/* there was more than its limit; then it was broken off */
};

/* Asks and waits; `events` and `arg` of the configuration are not used. The body takes at most
 * `limit` bytes. 0 when the call was made, whatever became of it. -1: as http_client_begin. */
int http_fetch(struct http_client *client, const struct http_call_config *config, size_t limit,
	       struct http_answer *ret, struct err *err);
void http_answer_release(struct http_answer *answer);

#endif
