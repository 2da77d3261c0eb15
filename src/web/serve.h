/* serve.h - the web server of a store: what its parts share, from start to end
 *
 * The threads: civetweb's for requests; workers, jobs and runs with a store handle each; that of
 * the writer of journals; and the caller's, which waits for signals, keeps the deadlines, and looks
 * at what other processes did. */
#ifndef TALI_SERVE_H
#define TALI_SERVE_H

#include "assess/ai_desk.h"
#include "assess/assistant.h"
#include "assess/live.h"
#include "base/clock.h"
#include "base/err.h"
#include "http/http_client.h"
#include "http/http_server.h"
#include "http/worker.h"
#include "sandbox/sandbox.h"
#include "store/store.h"
#include "web/log.h"
#include "web/metrics.h"
#include "web/route.h"
#include "web/session_cache.h"

#include <stdatomic.h>
#include <stdio.h>

#define SERVE_STREAMS 1000	/* when nothing else is said */
#define SERVE_WORKERS 8
#define SERVE_WORKERS_MAX 64

struct serve_config {
	const char *listen;
	bool behind_proxy;
	unsigned workers, streams;
	struct store *store;		/* of the calling thread; the others open it again */
	const struct clock *clock;
	struct sandbox *sandbox;	/* NULL: runs are refused */
	bool allow_weak;		/* as live_table_allow_weak */
	struct log log;
	FILE *out;			/* gets the line that says where it listens */
};

/* What a handler has as call->arg. */
enum serve_health {
	SERVE_WELL,
	SERVE_UNREADABLE,	/* the database cannot be read */
	SERVE_FULL,		/* the disk is full: nothing can be written */
};

struct serve {
	struct serve_config config;
	struct worker_pool *workers;
	struct worker_pool *jobs;	/* for the visible tests */
	struct worker_pool *runs;	/* for what candidates or agents run: it mostly waits */
	struct worker_pool *starts;	/* for setting up: it does not wait for what others run */
	struct journal_writer *writer;
	struct live_table *sessions;
	struct session_cache *kept;	/* what GET session answered */
	json_t *prices;			/* the store's own of models; or NULL */
	struct ai_desk_table *models;	/* of each session */
	struct http_client *client;	/* asks providers of models, who may take so long: */
	int64_t first_byte_ms, idle_ms, ping_ms;
	struct worker_pool *recorders;	/* of what these answered */
	struct assistant *assistant;	/* tali's own, of all sessions */
	struct http_server *_Atomic http;	/* NULL for what comes while it starts */
	struct router *router;
	struct metrics *metrics;
	_Atomic enum serve_health health;	/* as it was the last time somebody looked */
};

/* What a handler on a worker has as call->context, and a job as its context. */
struct serve_worker {
	struct store *store;		/* its own, for writing */
};

/* Serves until SIGTERM or SIGINT, then lets requests end and streams go, for at most 5 s; a second
 * signal ends the process at once. The caller must have no other threads. Errors: ERR_INPUT (the
 * address), ERR_STATE (a public one without behind_proxy), ERR_ENV. */
int serve_run(const struct serve_config *config, struct err *err);

#endif
