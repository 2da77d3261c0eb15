/* route.c - see route.h */
#include "web/route.h"

#include "base/auto.h"
#include "base/buf.h"
#include "http/http_reply.h"
#include "http/http_stream.h"

#include <stdlib.h>
#include <string.h>

#define HEARTBEAT_MS 15000
#define RETRY_AFTER "2"

struct router {
	struct route_config config;
	const struct route **routes;
	size_t count;
};

static bool has_star(const char *pattern)
{
	size_t len = strlen(pattern);

	return len > 1 && pattern[len - 1] == '*';
}

/* --- the table */

static int check_route(const struct router *router, const struct route *route, struct err *err)
{
	const char *star = strchr(route->pattern, '*');
	const char *method = http_method_text(route->method);

	if (route->pattern[0] != '/' || (star && (star[1] || star[-1] != '/')))
		return err_set(err, ERR_INPUT,
			       "route %s %s: no path, or no '*' behind its last '/'", method,
			       route->pattern);
	if (route->who < ROUTE_ANYBODY || route->who >= ROUTE_WHO_COUNT)
		return err_set(err, ERR_INPUT, "route %s %s: nobody is authorized", method,
			       route->pattern);
	if (route->place < ROUTE_QUICK || route->place > ROUTE_RECALL || !route->handle)
		return err_set(err, ERR_INPUT, "route %s %s: no place or no handler", method,
			       route->pattern);
	for (size_t i = 0; i < router->count; i++)
		if (router->routes[i]->method == route->method &&
		    strcmp(router->routes[i]->pattern, route->pattern) == 0)
			return err_set(err, ERR_INPUT, "route %s %s: stands there twice", method,
				       route->pattern);
	return 0;
}

struct router *route_open(const struct route_config *config, struct err *err)
{
	struct router *router = buf_alloc(sizeof(*router));

	router->config = *config;
	for (const struct route *const *table = config->tables; *table; table++) {
		for (const struct route *route = *table; route->pattern; route++) {
			if (check_route(router, route, err) < 0) {
				route_close(&router);
				return NULL;
			}
			router->routes = buf_realloc(router->routes, router->count + 1,
						     sizeof(*router->routes));
			router->routes[router->count++] = route;
		}
	}
	return router;
}

void route_close(struct router **router)
{
	struct router *old = *router;

	*router = NULL;
	if (!old)
		return;
	free(old->routes);
	free(old);
}

/* --- finding a route */

/* What of the path "*" stands for, "" for a pattern without; NULL when it does not fit. */
static const char *fit(const char *pattern, const char *path)
{
	size_t len = strlen(pattern);

	if (!has_star(pattern))
		return strcmp(pattern, path) == 0 ? "" : NULL;
	if (strncmp(pattern, path, len - 1) != 0 || !path[len - 1])
		return NULL;
	return path + len - 1;
}

/* The pattern that fits best, whatever its method; NULL for 404. */
static const char *best_pattern(const struct router *router, const char *path)
{
	const char *best = NULL;

	for (size_t i = 0; i < router->count; i++) {
		const char *pattern = router->routes[i]->pattern;

		if (fit(pattern, path) && (!best || strlen(pattern) > strlen(best) ||
					   (has_star(best) && !has_star(pattern))))
			best = pattern;
	}
	return best;
}

static const struct route *with_method(const struct router *router, const char *pattern,
				       enum http_method method)
{
	if (method == HTTP_HEAD)
		method = HTTP_GET;
	for (size_t i = 0; i < router->count; i++)
		if (router->routes[i]->method == method &&
		    strcmp(router->routes[i]->pattern, pattern) == 0)
			return router->routes[i];
	return NULL;
}

static void answer_not_found(struct http_request *request)
{
	http_reply_error(request, 404, "not_found", "there is nothing at this address", NULL);
}

static void answer_methods(const struct router *router, const char *pattern,
			   struct http_request *request)
{
	struct buf allow = BUF_INIT(128);

	for (size_t i = 0; i < router->count; i++) {
		const struct route *route = router->routes[i];

		if (strcmp(route->pattern, pattern) != 0)
			continue;
		buf_add_format(&allow, "%s%s%s", allow.len ? ", " : "",
			       http_method_text(route->method),
			       route->method == HTTP_GET && route->place != ROUTE_STREAM ?
			       ", HEAD" : "");
	}
	http_reply_header(request, "Allow", buf_str(&allow));
	http_reply_error(request, 405, "method", "this address has no such method", NULL);
	buf_release(&allow);
}

/* --- calling the handler */

struct work {
	const struct router *router;
	struct route_call call;
	bool authorized;
};

static bool is_let_in(struct work *work)
{
	const struct route_config *config = &work->router->config;
	struct route_call *call = &work->call;

	switch (call->route->who) {
	case ROUTE_ANYBODY:
		return true;
	case ROUTE_LOCAL:
		if (!http_request_is_local(call->request))
			answer_not_found(call->request);
		return http_request_is_local(call->request);
	default:
		work->authorized = config->authorize && config->authorize(call);
		if (!work->authorized)
			http_reply_error(call->request, 403, "forbidden", "this is not for you",
					 NULL);
		return work->authorized;
	}
}

static void run(void *arg, void *context)
{
	struct work *work = arg;
	struct route_call *call = &work->call;

	call->context = context;
	if (is_let_in(work))
		call->route->handle(call);
	if (work->authorized && work->router->config.forget)
		work->router->config.forget(call);
	call->context = NULL;
}

/* On the request thread again, which it may hold. */
static void serve_opened(struct route_call *call)
{
	if (call->stream.box)
		http_stream_serve(call->request, call->stream.box,
				  call->stream.heartbeat_ms ? call->stream.heartbeat_ms
							    : HEARTBEAT_MS);
	else if (call->socket.events)
		http_websocket_serve(call->request, call->socket.events, call->socket.session);
	else if (call->pipe.pipe)
		http_pipe_serve(call->request, call->pipe.pipe, call->pipe.idle_ms);
	else if (call->file.data)
		http_reply_file(call->request, 200, call->file.type, call->file.data);
	auto_fclose(&call->file.data);
	if (call->ended)
		call->ended(call);
}

static int read_body(const struct route_config *config, struct route_call *call)
{
	struct err err = ERR_INIT;

	if (http_request_fetch(call->request, call->route->body, &err) == 0)
		return 0;
	if (!config->refuse_body || !config->refuse_body(call, &err))
		http_reply_err(call->request, &err);
	return -1;
}

static void call_route(struct router *router, const struct route *route, const char *rest,
		       struct http_request *request)
{
	struct work work = {
		.router = router,
		.call = { .request = request, .route = route, .rest = rest,
			  .arg = router->config.arg },
	};

	if (router->config.whose)
		http_request_set_whose(request, router->config.whose(request));
	if (read_body(&router->config, &work.call) < 0)
		return;
	if (route->place == ROUTE_RECALL && router->config.recall &&
	    router->config.recall(&work.call))
		return;
	if (route->place == ROUTE_QUICK) {
		run(&work, NULL);
	} else if (worker_run(router->config.workers, http_request_whose(request), run,
			      &work) < 0) {
		http_reply_header(request, "Retry-After", RETRY_AFTER);
		http_reply_error(request, 503, "busy", "too many requests are waiting", NULL);
		return;
	}
	serve_opened(&work.call);
}

void route_answer(struct router *router, struct http_request *request)
{
	const char *path = http_request_path(request);
	const char *pattern = best_pattern(router, path);
	enum http_method method = http_request_method(request);
	const struct route *route;

	if (!pattern && method == HTTP_GET && router->config.missing) {
		call_route(router, router->config.missing, "", request);
		return;
	}
	if (!pattern) {
		answer_not_found(request);
		return;
	}
	http_request_set_route(request, pattern);
	route = with_method(router, pattern, method);
	if (!route || (method == HTTP_HEAD && route->place == ROUTE_STREAM))
		answer_methods(router, pattern, request);
	else
		call_route(router, route, fit(pattern, path), request);
}
