/* visitor.c - see visitor.h */
#include "web/visitor.h"

#include "assess/late_work.h"
#include "assess/live_files.h"
#include "assess/secret.h"
#include "base/auto.h"
#include "base/buf.h"
#include "base/hash.h"
#include "base/json.h"
#include "http/http_reply.h"
#include "web/api_chat.h"
#include "web/api_files.h"
#include "web/api_session.h"
#include "web/api_terminal.h"
#include "web/api_work.h"
#include "work/run_event.h"

#include <stdlib.h>
#include <string.h>

#define GATEWAY "/ai/"		/* tools have their own habits (api_gateway.c) */
#define COOKIE "tali_c"
#define SECURE_COOKIE "__Host-tali_c"	/* a browser takes it with TLS alone */

struct store *visitor_store(const struct route_call *call)
{
	const struct serve_worker *worker = call->context;

	return worker->store;
}

struct serve *visitor_serve(const struct route_call *call)
{
	return call->arg;
}

struct visitor *visitor_of(const struct route_call *call)
{
	return call->who;
}

/* --- who asks */

static const char *token_of(const struct http_request *request)
{
	const char *token = http_request_bearer(request);

	return token ? token : http_request_header(request, "X-Assessment-Token");
}

const char *visitor_cookie(struct http_request *request)
{
	if (token_of(request))
		return NULL;
	return http_request_cookie(request,
				   http_request_is_secure(request) ? SECURE_COOKIE : COOKIE);
}

/* Of all words that a request may bring those that its handler reads, first of all: else who adds
 * others would be somebody else each time. */
static char *words_of(struct http_request *request)
{
	const char *key = http_request_header(request, "x-api-key");
	const char *token = token_of(request);

	if (!strncmp(http_request_path(request), GATEWAY, strlen(GATEWAY)))
		return buf_strdup(key && *key ? key : http_request_bearer(request));
	return token ? buf_strdup(token) : http_request_password(request);
}

uint64_t visitor_whose(struct http_request *request)
{
	AUTO_FREE char *words = words_of(request);
	char plain[RAND_TOKEN_LEN + 1];
	const char *known = plain;
	struct hash hash;
	uint64_t whose;

	if (!words)
		known = visitor_cookie(request);
	else if (!secret_plain(words, plain))
		return 0;
	if (!known)
		return 0;
	hash = hash_of(known, strlen(known));
	memcpy(&whose, hash.bytes, sizeof(whose));
	return whose;
}

static int find(struct route_call *call, struct assessment *ret, struct err *err)
{
	struct http_request *request = call->request;
	struct store *store = visitor_store(call);
	const char *token = token_of(request), *cookie = visitor_cookie(request);
	AUTO_FREE char *password = token ? NULL : http_request_password(request);

	if (password)
		return secret_find(store, password, http_request_peer(request), ret, err);
	if (token)
		return secret_find(store, token, http_request_peer(request), ret, err);
	if (cookie)
		return secret_cookie_open(store, cookie, ret, err);
	return err_set(err, ERR_NOT_FOUND, "open the link of your invitation first");
}

static void refuse(struct route_call *call, const struct err *err)
{
	if (err->code == ERR_NOT_FOUND) {
		http_reply_error(call->request, 401, "unknown", err->text, NULL);
		return;
	}
	if (err->code != ERR_STATE) {
		http_reply_err(call->request, err);
		return;
	}
	http_reply_header(call->request, "Retry-After", "60");
	http_reply_error(call->request, 429, "locked", err->text, NULL);
}

int visitor_find(struct route_call *call, struct err *err)
{
	struct visitor *visitor = buf_alloc(sizeof(*visitor));

	*visitor = (struct visitor){ .assessment = ASSESSMENT_INIT };
	call->who = visitor;
	if (find(call, &visitor->assessment, err) == 0)
		visitor->live = live_take(visitor_serve(call)->sessions, visitor_store(call),
					  visitor->assessment.id, err);
	if (visitor->live)
		return 0;
	visitor_forget(call);
	return -1;
}

bool visitor_authorize(struct route_call *call)
{
	struct err err = ERR_INIT;

	if (visitor_find(call, &err) == 0)
		return true;
	refuse(call, &err);
	return false;
}

bool visitor_recall(struct route_call *call)
{
	struct serve *serve = visitor_serve(call);
	const char *cookie = visitor_cookie(call->request);

	return cookie && session_cache_answer(serve->kept, call->request, cookie,
					      serve->config.clock);
}

void visitor_forget(struct route_call *call)
{
	struct visitor *visitor = call->who;

	call->who = NULL;
	if (!visitor)
		return;
	live_give(&visitor->live);
	assessment_release(&visitor->assessment);
	free(visitor);
}

int visitor_let_in(struct route_call *call, const struct assessment *assessment,
		     struct err *err)
{
	bool secure = http_request_is_secure(call->request);
	AUTO_FREE char *value = secret_cookie(visitor_store(call), assessment, err);
	AUTO_FREE char *header = NULL;

	if (!value)
		return -1;
	header = buf_format("%s=%s; Path=/; HttpOnly; SameSite=Lax%s",
			    secure ? SECURE_COOKIE : COOKIE, value, secure ? "; Secure" : "");
	http_reply_header(call->request, "Set-Cookie", header);
	return 0;
}

json_t *visitor_body(struct route_call *call)
{
	AUTO(buf_release) struct buf text = { 0 };
	struct err err = ERR_INIT;
	json_t *body = NULL;

	if (http_request_body(call->request, call->route->body, &text, &err) == 0)
		body = text.len ? json_parse(buf_str(&text), text.len, "the body", &err)
				: json_object();
	if (body && !json_is_object(body)) {
		err_set(&err, ERR_INPUT, "the body is no JSON object");
		json_decref(body);
		body = NULL;
	}
	if (!body)
		http_reply_err(call->request, &err);
	return body;
}

/* --- the way in */

static void enter(struct route_call *call, const char *words, struct err *err)
{
	AUTO(assessment_release) struct assessment assessment = ASSESSMENT_INIT;

	if (secret_find(visitor_store(call), words, http_request_peer(call->request),
			&assessment, err) == 0)
		visitor_let_in(call, &assessment, err);
}

/* Never starts anything: mail scanners open links, too. */
static void open_link(struct route_call *call)
{
	struct err err = ERR_INIT;

	enter(call, call->rest, &err);
	if (err.code == ERR_NONE)
		http_reply_see_other(call->request, "/take-home");
	else if (err.code == ERR_NOT_FOUND)
		http_reply_see_other(call->request, "/take-home?wrong");
	else
		refuse(call, &err);
}

static void enter_passcode(struct route_call *call)
{
	AUTO_JSON json_t *body = visitor_body(call);
	const char *passcode = body ? json_str(body, "passcode", NULL) : NULL;
	struct err err = ERR_INIT;

	if (!body)
		return;
	if (!passcode) {
		http_reply_error(call->request, 400, "invalid", "a passcode is missing",
				 "passcode");
		return;
	}
	enter(call, passcode, &err);
	if (err.code == ERR_NONE)
		http_reply(call->request, 204, NULL, NULL, 0);
	else if (err.code == ERR_NOT_FOUND)
		http_reply_error(call->request, 404, "wrong", err.text, "passcode");
	else
		refuse(call, &err);
}

#define API "/api/v1/"
#define OPEN ROUTE_WORKER, ROUTE_ANYBODY
#define OWN ROUTE_WORKER, ROUTE_CANDIDATE

const struct route visitor_routes[] = {
	{ HTTP_GET, "/t/*", OPEN, open_link, 0 },
	{ HTTP_POST, API "enter", OPEN, enter_passcode, VISITOR_BODY },
	{ HTTP_GET, API "session", ROUTE_RECALL, ROUTE_CANDIDATE, api_session_get, 0 },
	{ HTTP_POST, API "start", OWN, api_session_start, VISITOR_BODY },
	{ HTTP_GET, API "stream", ROUTE_STREAM, ROUTE_CANDIDATE, api_session_stream, 0 },
	{ HTTP_POST, API "submit", OWN, api_session_submit, VISITOR_BODY },
	{ HTTP_POST, API "late", OWN, api_session_late, LATE_WORK_BODY },
	{ HTTP_GET, API "result", OWN, api_session_result, 0 },
	{ HTTP_GET, API "journal", OWN, api_session_journal, 0 },
	{ HTTP_GET, API "files/*", OWN, api_files_get, 0 },
	{ HTTP_PUT, API "files/*", OWN, api_files_put, LIVE_UPLOAD_MOST },
	{ HTTP_POST, API "files/*", OWN, api_files_change, VISITOR_BODY },
	{ HTTP_DELETE, API "files/*", OWN, api_files_delete, 0 },
	{ HTTP_GET, API "archive", OWN, api_files_archive, 0 },
	{ HTTP_POST, API "events", OWN, api_work_events, BATCH_MAX },
	{ HTTP_POST, API "run", OWN, api_work_run, 2 * RUN_INPUT_MOST },
	{ HTTP_DELETE, API "run", OWN, api_work_stop, 0 },
	{ HTTP_POST, API "test", OWN, api_work_test, VISITOR_BODY },
	{ HTTP_DELETE, API "test", OWN, api_work_stop, 0 },
	{ HTTP_GET, API "chat", OWN, api_chat_get, 0 },
	{ HTTP_POST, API "chat", ROUTE_STREAM, ROUTE_CANDIDATE, api_chat_ask, API_CHAT_BODY },
	{ HTTP_DELETE, API "chat", OWN, api_chat_stop, 0 },
	{ HTTP_GET, API "terminal", ROUTE_STREAM, ROUTE_CANDIDATE, api_terminal_open, 0 },
	{ 0 }
};
