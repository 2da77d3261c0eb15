/* pages.c - see pages.h */
#include "web/pages.h"

#include "assess/reporting.h"
#include "base/auto.h"
#include "http/http_reply.h"
#include "store/event.h"
#include "web/api_session.h"
#include "web/asset.h"
#include "web/visitor.h"
#include "web/web_page.h"

#include <string.h>

static void reply_page(struct route_call *call, int made, struct web_page *page,
		       const struct err *err)
{
	AUTO_FREE char *policy = NULL;

	if (made < 0) {
		http_reply_err(call->request, err);
		return;
	}
	policy = web_page_policy(page);
	http_reply_header(call->request, "Content-Security-Policy", policy);
	http_reply(call->request, page->status, "text/html; charset=utf-8", buf_str(&page->html),
		   page->html.len);
}

static void landing(struct route_call *call)
{
	AUTO(web_page_release) struct web_page page = WEB_PAGE_INIT;
	struct err err = ERR_INIT;

	reply_page(call, web_page_landing(&page, &err), &page, &err);
}

static void show_error(struct route_call *call, enum web_page_error error)
{
	AUTO(web_page_release) struct web_page page = WEB_PAGE_INIT;
	struct err err = ERR_INIT;

	reply_page(call, web_page_error(&page, error, &err), &page, &err);
}

static void answer_missing(struct route_call *call)
{
	const char *accepts = http_request_header(call->request, "Accept");

	if (accepts && strstr(accepts, "text/html"))
		show_error(call, WEB_PAGE_NOT_FOUND);
	else
		http_reply_error(call->request, 404, "not_found",
				 "there is nothing at this address", NULL);
}

const struct route pages_missing = { HTTP_GET, "", ROUTE_WORKER, ROUTE_ANYBODY, answer_missing, 0 };

/* --- the candidate's page */

static void show_passcode(struct route_call *call, const char *message)
{
	AUTO(web_page_release) struct web_page page = WEB_PAGE_INIT;
	struct err err = ERR_INIT;

	reply_page(call, web_page_passcode(&page, message, &err), &page, &err);
}

/* When it is released, the page is that of the result. */
static int add_result(struct route_call *call, json_t *session, struct err *err)
{
	json_t *result = reporting_result(visitor_store(call), &visitor_of(call)->assessment, err);

	if (!result)
		return err->code == ERR_STATE ? 0 : -1;
	return json_object_set_new(session, "result", result);
}

static void show_session(struct route_call *call)
{
	AUTO(web_page_release) struct web_page page = WEB_PAGE_INIT;
	struct err err = ERR_INIT;
	AUTO_JSON json_t *session = api_session_json(call, &err);
	int made = -1;

	if (session && add_result(call, session, &err) == 0)
		made = web_page_session(&page, session, store_now(visitor_store(call)), &err);
	reply_page(call, made, &page, &err);
}

static void take_home(struct route_call *call)
{
	struct err err = ERR_INIT;

	if (http_request_query(call->request, "wrong")) {
		show_passcode(call, "There is no invitation for this link. Perhaps it was "
				    "replaced by a newer one: look for the last message that "
				    "you got.");
	} else if (visitor_find(call, &err) == 0) {
		show_session(call);
		visitor_forget(call);
	} else if (err.code == ERR_NOT_FOUND) {
		show_passcode(call, NULL);
	} else {
		show_error(call, err.code == ERR_STATE ? WEB_PAGE_LOCKED : WEB_PAGE_FAILED);
	}
}

/* --- what is recorded */

static void show_record(struct route_call *call)
{
	AUTO(web_page_release) struct web_page page = WEB_PAGE_INIT;
	struct err err = ERR_INIT;
	AUTO_JSON json_t *session = api_session_json(call, &err);
	AUTO_JSON json_t *counts = session ? event_counts(visitor_store(call),
							   visitor_of(call)->assessment.id, &err)
					   : NULL;

	reply_page(call, counts ? web_page_me(&page, session, counts, &err) : -1, &page, &err);
}

static void me(struct route_call *call)
{
	struct err err = ERR_INIT;

	if (visitor_find(call, &err) == 0) {
		show_record(call);
		visitor_forget(call);
	} else if (err.code == ERR_NOT_FOUND) {
		http_reply_see_other(call->request, "/take-home");
	} else {
		show_error(call, err.code == ERR_STATE ? WEB_PAGE_LOCKED : WEB_PAGE_FAILED);
	}
}

/* --- what pages load */

static bool takes_gzip(const struct http_request *request)
{
	const char *accepts = http_request_header(request, "Accept-Encoding");

	return accepts && strstr(accepts, "gzip");
}

static void send_asset(struct route_call *call, const struct asset *asset, bool immutable)
{
	struct http_request *request = call->request;
	bool gzip = takes_gzip(request);
	const char *etag = gzip ? asset->gzip_etag : asset->etag;

	http_reply_header(request, "Cache-Control",
			  immutable ? "public, max-age=31536000, immutable" : "no-cache");
	http_reply_header(request, "Vary", "Accept-Encoding");
	http_reply_header(request, "ETag", etag);
	if (http_request_matches(request, "If-None-Match", etag)) {
		http_reply(request, 304, NULL, NULL, 0);
		return;
	}
	if (gzip)
		http_reply_header(request, "Content-Encoding", "gzip");
	http_reply(request, 200, asset_type(asset), gzip ? asset->gzip : asset->data,
		   gzip ? asset->gzip_size : asset->size);
}

static void get_asset(struct route_call *call)
{
	bool immutable;
	const struct asset *asset = asset_find(http_request_path(call->request), &immutable);

	if (asset)
		send_asset(call, asset, immutable);
	else
		http_reply_error(call->request, 404, "not_found", "there is no such file", NULL);
}

const struct route pages_routes[] = {
	{ HTTP_GET, "/", ROUTE_WORKER, ROUTE_ANYBODY, landing, 0 },
	{ HTTP_GET, "/take-home", ROUTE_WORKER, ROUTE_ANYBODY, take_home, 0 },
	{ HTTP_GET, "/me", ROUTE_WORKER, ROUTE_ANYBODY, me, 0 },
	{ HTTP_GET, "/assets/*", ROUTE_QUICK, ROUTE_ANYBODY, get_asset, 0 },
	{ 0 }
};
