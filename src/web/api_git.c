/* api_git.c - see api_git.h */
#include "web/api_git.h"

#include "assess/live_git.h"
#include "base/auto.h"
#include "http/http_reply.h"
#include "web/visitor.h"
#include "workspace/gunzip.h"

#include <string.h>
#include <strings.h>

#define DROPPED_MOST ((int64_t)1 << 30)	/* bytes of a push that is too large */

/* Plain words: git shows them to who asked. */
static void refuse(struct route_call *call, int status, const char *why)
{
	AUTO_FREE char *text = buf_format("%s\n", why);

	if (status == 401)
		http_reply_header(call->request, "WWW-Authenticate", "Basic realm=\"tali\"");
	http_reply(call->request, status, "text/plain; charset=utf-8", text, strlen(text));
}

static void refuse_err(struct route_call *call, const struct err *err)
{
	switch (err->code) {
	case ERR_STATE: refuse(call, 403, err->text); break;
	case ERR_INPUT: refuse(call, 400, err->text); break;
	case ERR_NOT_FOUND: refuse(call, 404, "There is no such repository."); break;
	default: http_reply_err(call->request, err); break;
	}
}

/* Lets in, and finds what stands behind "ID.git/"; NULL: answered. */
static const char *let_in(struct route_call *call)
{
	struct err err = ERR_INIT;
	const char *id, *rest;

	if (visitor_find(call, &err) < 0) {
		if (err.code == ERR_NOT_FOUND)
			refuse(call, 401, "The password is the token of your invitation's link.");
		else
			refuse(call, err.code == ERR_STATE ? 429 : 503, err.text);
		return NULL;
	}
	id = visitor_of(call)->assessment.id;
	rest = call->rest + strlen(id);
	if (strncmp(call->rest, id, strlen(id)) == 0 && strncmp(rest, ".git/", 5) == 0)
		return rest + 5;
	refuse(call, 404, "There is no such repository.");
	visitor_forget(call);
	return NULL;
}

static int service_of(const char *name)
{
	for (int i = LIVE_GIT_UPLOAD_PACK; name && i <= LIVE_GIT_RECEIVE_PACK; i++)
		if (!strcmp(name, live_git_name((enum live_git_service)i)))
			return i;
	return -1;
}

static const char *protocol_of(const struct route_call *call)
{
	return http_request_header(call->request, "Git-Protocol");
}

static void answer(struct route_call *call, int service, const char *kind, struct buf *body)
{
	AUTO_FREE char *type = buf_format("application/x-%s-%s",
					  live_git_name((enum live_git_service)service), kind);

	http_reply_header(call->request, "Cache-Control", "no-cache");
	http_reply_take(call->request, 200, type, body->data, body->len);
	*body = (struct buf){ 0 };
}

/* The first line of an answer, but in version 2. */
static void add_service(struct buf *body, const struct route_call *call, int service)
{
	const char *name = live_git_name((enum live_git_service)service);
	const char *protocol = protocol_of(call);

	if (service == LIVE_GIT_UPLOAD_PACK && protocol && !strcmp(protocol, "version=2"))
		return;
	buf_add_format(body, "%04zx# service=%s\n0000", strlen(name) + 15, name);
}

static void answer_refs(struct route_call *call)
{
	int service = service_of(http_request_query(call->request, "service"));
	AUTO(buf_release) struct buf body = BUF_INIT(REPO_SERVE_PACK_MOST + 4096);
	AUTO(buf_release) struct buf said = BUF_INIT(REPO_SERVE_PACK_MOST);
	struct err err = ERR_INIT;

	if (service < 0) {
		refuse(call, 403, "Only git's smart protocol is spoken here.");
		return;
	}
	if (live_git_refs(visitor_of(call)->live, visitor_store(call),
			  (enum live_git_service)service, protocol_of(call), &said, &err) < 0) {
		refuse_err(call, &err);
		return;
	}
	add_service(&body, call, service);
	buf_add(&body, buf_str(&said), said.len);
	answer(call, service, "advertisement", &body);
}

static void handle_get(struct route_call *call)
{
	const char *rest = let_in(call);

	if (!rest)
		return;
	if (!strcmp(rest, "info/refs"))
		answer_refs(call);
	else
		refuse(call, 403, "Only git's smart protocol is spoken here.");
	visitor_forget(call);
}

static int read_asked(struct route_call *call, struct buf *asked, struct err *err)
{
	AUTO(buf_release) struct buf body = BUF_INIT(LIVE_GIT_ASKED_MOST);
	const char *encoding = http_request_header(call->request, "Content-Encoding");

	if (http_request_body(call->request, LIVE_GIT_ASKED_MOST, &body, err) < 0)
		return -1;
	if (encoding && (!strcasecmp(encoding, "gzip") || !strcasecmp(encoding, "x-gzip")))
		return gunzip(buf_str(&body), body.len, asked, err);
	if (encoding && strcasecmp(encoding, "identity") != 0)
		return err_set(err, ERR_INPUT, "Content-Encoding is gzip or nothing");
	buf_add(asked, buf_str(&body), body.len);
	return 0;
}

static void answer_service(struct route_call *call, int service)
{
	AUTO(buf_release) struct buf asked = BUF_INIT(LIVE_GIT_ASKED_MOST);
	AUTO(buf_release) struct buf said = BUF_INIT(REPO_SERVE_PACK_MOST);
	AUTO_FREE char *type = buf_format("application/x-%s-request",
					  live_git_name((enum live_git_service)service));
	const char *given = http_request_header(call->request, "Content-Type");
	struct err err = ERR_INIT;

	if (!given || strcmp(given, type) != 0)
		refuse(call, 415, "The Content-Type is not that of the service.");
	else if (read_asked(call, &asked, &err) < 0 ||
		 live_git_ask(visitor_of(call)->live, visitor_store(call),
			      (enum live_git_service)service, protocol_of(call), &asked, &said,
			      &err) < 0)
		refuse_err(call, &err);
	else
		answer(call, service, "result", &said);
}

static void handle_post(struct route_call *call)
{
	const char *rest = let_in(call);
	int service = service_of(rest);

	if (!rest)
		return;
	if (service < 0)
		refuse(call, 404, "There is no such service.");
	else
		answer_service(call, service);
	visitor_forget(call);
}

static bool is_push(const struct route_call *call)
{
	const char *type = http_request_header(call->request, "Content-Type");

	return !strncmp(http_request_path(call->request), "/git/", 5) && type &&
	       !strcmp(type, "application/x-git-receive-pack-request");
}

bool api_git_refuse_body(struct route_call *call, const struct err *err)
{
	AUTO(buf_release) struct buf said = BUF_INIT(4096);
	AUTO_FREE char *why = NULL;
	struct err late = ERR_INIT;

	if (err->code != ERR_INPUT || !is_push(call) ||
	    http_request_drop(call->request, DROPPED_MOST, &late) < 0)
		return false;
	why = buf_format("a push has at most %zu MiB", LIVE_GIT_ASKED_MOST >> 20);
	live_git_refusal(&said, why);
	answer(call, LIVE_GIT_RECEIVE_PACK, "result", &said);
	return true;
}

const struct route api_git_routes[] = {
	{ HTTP_GET, "/git/*", ROUTE_WORKER, ROUTE_ANYBODY, handle_get, 0 },
	{ HTTP_POST, "/git/*", ROUTE_WORKER, ROUTE_ANYBODY, handle_post, LIVE_GIT_ASKED_MOST },
	{ 0 }
};
