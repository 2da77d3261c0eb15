/* route.h - the table of routes: which handler answers what, where it runs, and who may ask
 *
 * A table is an array that ends with a route without a pattern; `tali serve` has the list of tables
 * (web/serve.c). A pattern is a path, or ends in "/" and one "*" that stands for the rest, at least
 * one character ("/api/v1/files/" and "*"). The longest pattern that fits wins. GET answers HEAD
 * too. No path: 404; no method: 405 with Allow. */
#ifndef TALI_ROUTE_H
#define TALI_ROUTE_H

#include "http/http_mailbox.h"
#include "http/http_pipe.h"
#include "http/http_request.h"
#include "http/http_websocket.h"
#include "http/worker.h"

#include <stdbool.h>
#include <stdio.h>

/* Where the handler runs. */
enum route_place {
	ROUTE_QUICK = 1,	/* on the request thread: from memory alone, 100 KiB of stack */
	ROUTE_WORKER,		/* on a worker; call->context is that worker's */
	ROUTE_STREAM,		/* on a worker, to answer or to open call->stream or call->socket */
	ROUTE_RECALL,		/* as ROUTE_WORKER, unless `recall` answers from memory */
};

/* Who may ask. The table says it for each route, and `authorize` is met before each handler. */
enum route_who {
	ROUTE_ANYBODY = 1,
	ROUTE_LOCAL,		/* a process of this machine, not by the proxy (else 404) */
	ROUTE_CANDIDATE,	/* `authorize` decides, and sets call->who */
	ROUTE_WHO_COUNT
};

struct route_call {
	struct http_request *request;
	const struct route *route;
	const char *rest;	/* what "*" stood for, else "" */
	void *arg;		/* of route_config */
	void *context;		/* of the worker; NULL on the request thread */
	void *who;		/* what `authorize` left here, until `forget` was called */

	/* A handler that does not answer sets one of these, one of ROUTE_STREAM any, one of
	 * ROUTE_WORKER a file, which is taken. When it is back, the request thread serves it; then
	 * `ended` is called there, also when it could not begin. */
	struct {
		struct http_mailbox *box;
		int heartbeat_ms;	/* 0: 15 s */
	} stream;
	struct {
		const struct http_websocket_events *events;
		void *session;
	} socket;
	struct {
		struct http_pipe *pipe;
		int idle_ms;		/* of silence, until its `idle` is asked */
	} pipe;
	struct {
		FILE *data;
		const char *type;
	} file;
	void (*ended)(struct route_call *call);
	void *ended_arg;	/* of the handler's own, for `ended` */
};

struct route {
	enum http_method method;
	const char *pattern;
	enum route_place place;
	enum route_who who;
	void (*handle)(struct route_call *call);
	size_t body;		/* most bytes of a body (else 413). It is read before the handler is
				 * called, which then gets it by http_request_body at once */
};

struct route_config {
	const struct route *const *tables;	/* NULL at the end; must outlive the router */
	/* False when it answered (401, 403, ...). Runs where the handler runs. NULL: nobody is let
	 * in where it would be asked. */
	bool (*authorize)(struct route_call *call);
	/* Answers when a body cannot be read, on the request thread; false or NULL: http_reply_err
	 * does. */
	bool (*refuse_body)(struct route_call *call, const struct err *err);
	void (*forget)(struct route_call *call);	/* may be NULL; where `authorize` ran */
	/* Who asks, by what the request brings (http_request_set_whose); on the request thread,
	 * before anything is known of it. NULL: it is not asked. */
	uint64_t (*whose)(struct http_request *request);
	/* For ROUTE_RECALL, on the request thread, in place of `authorize` and handler: true when
	 * it knew who asks, and answered. NULL: a worker does it. */
	bool (*recall)(struct route_call *call);
	/* Answers GET where no path fits; has no pattern. NULL: a plain 404. */
	const struct route *missing;
	struct worker_pool *workers;
	void *arg;
};

struct router;

/* ERR_INPUT when a route has no authorization, no place or no handler, or stands there twice. */
struct router *route_open(const struct route_config *config, struct err *err);
void route_close(struct router **router);

/* Answers the request: for http_server_config.handle. */
void route_answer(struct router *router, struct http_request *request);

#endif
