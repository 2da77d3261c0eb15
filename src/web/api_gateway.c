/* api_gateway.c - see api_gateway.h */
#include "web/api_gateway.h"

#include "ai/ai_edit.h"
#include "ai/model_list.h"
#include "ai/provider_key.h"
#include "assess/secret.h"
#include "base/auto.h"
#include "http/http_reply.h"
#include "web/passage.h"
#include "web/visitor.h"

#include <stdlib.h>
#include <string.h>
#include <strings.h>

#define BODY_MAX ((size_t)32 << 20)
#define DROPPED_MOST ((int64_t)64 << 20)
#define FIELDS_MAX 64
#define RETRY_MAX 1000

/* One address of the gateway. */
struct service {
	const char *pattern;		/* of ours */
	const char *path;		/* of the provider, behind its url; then what "*" was */
	enum ai_dialect dialect;
	enum http_method method;
	bool counts;			/* tokens only: neither recorded nor charged */
};

static const struct service services[] = {
	{ "/ai/anthropic/v1/messages", "/v1/messages", AI_DIALECT_MESSAGES, HTTP_POST, false },
	{ "/ai/anthropic/v1/messages/count_tokens", "/v1/messages/count_tokens",
	  AI_DIALECT_MESSAGES, HTTP_POST, true },
	{ "/ai/anthropic/v1/models", "/v1/models", AI_DIALECT_MESSAGES, HTTP_GET, true },
	{ "/ai/anthropic/v1/models/*", "/v1/models/", AI_DIALECT_MESSAGES, HTTP_GET, true },
	{ "/ai/openai/v1/chat/completions", "/chat/completions", AI_DIALECT_CHAT, HTTP_POST,
	  false },
	{ "/ai/openai/v1/responses", "/responses", AI_DIALECT_RESPONSES, HTTP_POST, false },
	{ "/ai/openai/v1/responses/input_tokens", "/responses/input_tokens",
	  AI_DIALECT_RESPONSES, HTTP_POST, true },
	{ "/ai/openai/v1/models", "/models", AI_DIALECT_CHAT, HTTP_GET, true },
	{ "/ai/openai/v1/models/*", "/models/", AI_DIALECT_CHAT, HTTP_GET, true },
};

static const struct service *service_of(const struct route_call *call)
{
	for (size_t i = 0; i < sizeof(services) / sizeof(*services); i++)
		if (strcmp(services[i].pattern, call->route->pattern) == 0)
			return &services[i];
	return NULL;
}

/* --- refusals before anybody is asked */

static void refuse(struct route_call *call, enum ai_dialect dialect, enum ai_refusal why,
		   const char *sentence)
{
	AUTO(buf_release) struct buf body = BUF_INIT(8192);

	if (ai_refusal_is_final(why))
		http_reply_header(call->request, "x-should-retry", "false");
	ai_refusal_body(dialect, why, sentence, NULL, &body);
	http_reply(call->request, ai_refusal_status(dialect, why), "application/json",
		   buf_str(&body), body.len);
}

/* --- who asks */

static const char *token_of(const struct http_request *request)
{
	const char *key = http_request_header(request, "x-api-key");

	return key && *key ? key : http_request_bearer(request);
}

static int find_session(struct route_call *call, enum ai_dialect dialect, struct assessment *ret)
{
	const char *token = token_of(call->request);
	struct err err = ERR_INIT;

	if (token && secret_find(visitor_store(call), token, http_request_peer(call->request),
				 ret, &err) == 0)
		return 0;
	if (err.code == ERR_STATE)
		refuse(call, dialect, AI_REFUSAL_RATE, err.text);
	else if (err.code == ERR_ENV)
		refuse(call, dialect, AI_REFUSAL_UPSTREAM,
		       "The server cannot read the record just now. Please try again.");
	else
		refuse(call, dialect, AI_REFUSAL_TOKEN,
		       "This key is not known: use the token of your invitation's link.");
	return -1;
}

/* --- who is asked */

struct choice {
	enum ai_dialect dialect;
	const char *model;	/* NULL: any */
	struct provider *ret;
	bool found;
};

static bool names_models(const struct provider *provider)
{
	return strcmp(provider->models, "*") != 0;
}

/* Compatible ones may speak the Messages API, too: those that say which models are theirs. */
static bool speaks(const struct provider *provider, enum ai_dialect dialect)
{
	if (dialect == AI_DIALECT_MESSAGES)
		return provider->kind == PROVIDER_ANTHROPIC ||
		       (provider->kind == PROVIDER_COMPATIBLE && names_models(provider));
	return provider->kind == PROVIDER_OPENAI || provider->kind == PROVIDER_COMPATIBLE;
}

/* The first that has the model; before all, one that names its models. */
static int consider(void *arg, const struct provider *provider, struct err *err)
{
	struct choice *choice = arg;

	(void)err;
	if (!speaks(provider, choice->dialect) ||
	    (choice->model && !model_list_fits(provider, choice->model)) ||
	    (choice->found && (!choice->model || names_models(choice->ret) ||
			       !names_models(provider))))
		return 0;
	provider_release(choice->ret);
	provider_copy(choice->ret, provider);
	choice->found = true;
	return 0;
}

/* What stands for a "*" of ours goes into an address: names of models alone. */
static bool rest_is_name(const char *rest)
{
	return !rest[strspn(rest, "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789"
				  "._:@-")];
}

static int choose_provider(struct route_call *call, enum ai_dialect dialect, const char *model,
			   struct provider *ret)
{
	struct choice choice = { .dialect = dialect, .model = model, .ret = ret };
	struct err err = ERR_INIT;
	AUTO_FREE char *sentence = NULL;

	if (provider_each(visitor_store(call), consider, &choice, &err) < 0) {
		refuse(call, dialect, AI_REFUSAL_UPSTREAM,
		       "The server cannot read its providers just now. Please try again.");
		return -1;
	}
	if (choice.found)
		return 0;
	sentence = model ? buf_format("The model '%.100s' is not known here.", model) :
			   buf_strdup("There is no provider of models here.");
	refuse(call, dialect, AI_REFUSAL_NOT_FOUND, sentence);
	return -1;
}

/* --- what is sent */

static bool is_sent_on(const char *name)
{
	static const char *const ours[] = {
		"host", "connection", "keep-alive", "proxy-connection", "te", "trailer",
		"transfer-encoding", "upgrade", "content-length", "expect", "accept-encoding",
		"authorization", "x-api-key", "x-assessment-token", "cookie", "origin", "referer",
		"forwarded", "via", "x-real-ip", "proxy-authorization", "x-goog-api-key", NULL,
	};

	for (int i = 0; ours[i]; i++)
		if (strcasecmp(ours[i], name) == 0)
			return false;
	return strncasecmp(name, "x-forwarded-", 12) != 0 && strncasecmp(name, "sec-", 4) != 0;
}

static void add_field(struct passage_config *config, const char *name, const char *value)
{
	config->fields[config->field_count++] =
		(struct http_field){ buf_strdup(name), buf_strdup(value) };
}

static int add_fields(struct route_call *call, const struct provider *provider,
		      struct passage_config *config, struct err *err)
{
	AUTO(provider_key_wipe) char *key = provider_key_open(visitor_store(call), provider, err);
	AUTO(provider_key_wipe) char *bearer = NULL;
	const char *name, *value;

	if (!key)
		return -1;
	config->fields = buf_alloc((FIELDS_MAX + 2) * sizeof(*config->fields));
	for (unsigned i = 0; i < FIELDS_MAX &&
	     http_request_field(call->request, i, &name, &value); i++)
		if (is_sent_on(name))
			add_field(config, name, value);
	bearer = buf_format("Bearer %s", key);
	if (*key && provider->kind == PROVIDER_ANTHROPIC)
		add_field(config, "x-api-key", key);
	else if (*key)
		add_field(config, "Authorization", bearer);
	return 0;
}

static char *url_of(const struct route_call *call, const struct provider *provider,
		    const struct service *service)
{
	const char *query = http_request_query_text(call->request);

	const char *path = service->path;

	/* the address of an Anthropic one stands without "/v1", that of the others with it */
	if (provider->kind == PROVIDER_COMPATIBLE && strncmp(path, "/v1/", 4) == 0)
		path += 3;
	return buf_format("%s%s%s%s%s", provider->url, path, call->rest,
			  query ? "?" : "", query ? query : "");
}

/* A stream of chat tells its tokens only to who asks. */
static void ask_usage(struct passage_config *config)
{
	struct buf asked = BUF_INIT(config->body.len + 256);
	struct err ignored = ERR_INIT;

	if (config->wire->dialect != AI_DIALECT_CHAT || !config->request.stream ||
	    config->request.wants_usage ||
	    ai_edit_ask_usage(buf_str(&config->body), config->body.len, &asked, &ignored) < 0) {
		buf_release(&asked);
		return;
	}
	buf_release(&config->body);
	config->body = asked;
	config->drop_usage = true;
}

/* --- the routes */

static void let_go(struct route_call *call)
{
	struct passage *passage = call->ended_arg;

	passage_release(&passage);
}

static void serve_passage(struct route_call *call, struct passage *passage)
{
	call->pipe.pipe = passage_pipe(passage);
	call->pipe.idle_ms = (int)visitor_serve(call)->ping_ms;
	call->ended = let_go;
	call->ended_arg = passage;
}

/* How often the official libraries have tried this before. */
static int64_t retry_of(const struct http_request *request)
{
	const char *text = http_request_header(request, "x-stainless-retry-count");
	long retry = text ? strtol(text, NULL, 10) : 0;

	return retry > 0 && retry <= RETRY_MAX ? retry : 0;
}

static const struct ai_no unreadable = {
	.why = AI_REFUSAL_UPSTREAM,
	.sentence = "The server cannot read the record just now. Please try again.",
};

/* Whether the session may see what models there are: the key is not its own. */
static int check_list(struct route_call *call, enum ai_dialect dialect,
		      const struct assessment *assessment)
{
	struct store *store = visitor_store(call);
	struct err err = ERR_INIT;
	struct ai_desk *desk = ai_desk_take(visitor_serve(call)->models, store, assessment, &err);
	struct ai_no no = unreadable;
	int result = desk ? ai_desk_look(desk, store, &no) : -1;
	char seconds[24];

	ai_desk_give(&desk);
	if (result == 0)
		return 0;
	if (no.retry_ms) {
		snprintf(seconds, sizeof(seconds), "%lld", (long long)(no.retry_ms + 999) / 1000);
		http_reply_header(call->request, "Retry-After", seconds);
	}
	refuse(call, dialect, no.why, no.sentence);
	return -1;
}

static void ask(struct route_call *call, const struct service *service,
		const struct assessment *assessment, struct passage *passage)
{
	struct serve *serve = visitor_serve(call);
	struct err err = ERR_INIT;
	struct ai_desk *desk = ai_desk_take(serve->models, visitor_store(call), assessment, &err);
	const struct ai_ask ask = {
		.body_len = (size_t)http_request_length(call->request),
		.signs = { .counts = service->counts,
			   .subagent = http_request_header(call->request,
							   "x-claude-code-parent-agent-id") },
		.retry = retry_of(call->request),
	};

	if (desk)
		passage_ask(passage, desk, visitor_store(call), ask);
	else
		passage_refuse(passage, &unreadable);
}

/* Reads the body and makes what is sent of it. -1: answered. */
static int read_ask(struct route_call *call, const struct service *service,
		    struct passage_config *config)
{
	struct err err = ERR_INIT;

	config->body = (struct buf)BUF_INIT(BODY_MAX);
	if (http_request_body(call->request, BODY_MAX, &config->body, &err) < 0) {
		refuse(call, service->dialect, AI_REFUSAL_TOO_LARGE, err.text);
		return -1;
	}
	if (config->wire->read_request(buf_str(&config->body), config->body.len,
				       &config->request, &err) < 0) {
		refuse(call, service->dialect, AI_REFUSAL_REQUEST, err.text);
		return -1;
	}
	return 0;
}

static void handle(struct route_call *call)
{
	const struct service *service = service_of(call);
	struct serve *serve = visitor_serve(call);
	AUTO(assessment_release) struct assessment assessment = ASSESSMENT_INIT;
	AUTO(provider_release) struct provider provider = PROVIDER_INIT;
	AUTO(passage_config_release) struct passage_config config = {
		.client = serve->client, .recorders = serve->recorders,
		.first_byte_ms = serve->first_byte_ms, .idle_ms = serve->idle_ms,
		.wire = ai_wire_of(service->dialect), .request = AI_REQUEST_INIT,
	};
	bool asks = service->method == HTTP_POST;
	struct passage *passage;
	struct err err = ERR_INIT;

	if (!rest_is_name(call->rest)) {
		refuse(call, service->dialect, AI_REFUSAL_NOT_FOUND, "There is no such model.");
		return;
	}
	if (find_session(call, service->dialect, &assessment) < 0 ||
	    (asks ? read_ask(call, service, &config)
		  : check_list(call, service->dialect, &assessment)) < 0 ||
	    choose_provider(call, service->dialect, config.request.model, &provider) < 0)
		return;
	if (add_fields(call, &provider, &config, &err) < 0) {
		refuse(call, service->dialect, AI_REFUSAL_UPSTREAM,
		       "The key of the provider cannot be read: please tell who invited you.");
		return;
	}
	config.url = url_of(call, &provider, service);
	config.method = buf_strdup(asks ? "POST" : "GET");
	config.program = buf_strdup(http_request_header(call->request, "User-Agent"));
	ask_usage(&config);
	passage = passage_new(&config);
	serve_passage(call, passage);
	if (asks)
		ask(call, service, &assessment, passage);
	else
		passage_go(passage);
}

bool api_gateway_refuse_body(struct route_call *call, const struct err *err)
{
	const struct service *service = service_of(call);
	struct err ignored = ERR_INIT;
	enum ai_dialect dialect;

	if (!service)
		return false;
	dialect = service->dialect;
	/* who still sends may take an answer for a connection that broke, and try again */
	if (http_request_length(call->request) > (int64_t)BODY_MAX) {
		http_request_drop(call->request, DROPPED_MOST, &ignored);
		refuse(call, dialect, AI_REFUSAL_TOO_LARGE, "The request is larger than 32 MB.");
	} else if (err->code == ERR_ENV) {
		refuse(call, dialect, AI_REFUSAL_UPSTREAM,
		       "Too many large requests come at once. Please try again.");
	} else {
		refuse(call, dialect, AI_REFUSAL_REQUEST, err->text);
	}
	return true;
}

/* --- what is no address of a model */

static enum ai_dialect dialect_of(const struct route_call *call)
{
	return strncmp(http_request_path(call->request), "/ai/anthropic/", 14) == 0 ?
	       AI_DIALECT_MESSAGES : AI_DIALECT_CHAT;
}

/* Also answers the probes of programs that ask whether anybody is there (HEAD): any status does. */
static void handle_nothing(struct route_call *call)
{
	refuse(call, dialect_of(call), AI_REFUSAL_NOT_FOUND,
	       "There is nothing at this address: see the base URLs in the manual of tali serve.");
}

/* Codex asks for a websocket first, and goes on by HTTP at once after a 426. */
static void handle_upgrade(struct route_call *call)
{
	static const char *const body =
		"{\"error\":{\"message\":\"Responses come by POST alone.\",\"type\":"
		"\"invalid_request_error\",\"param\":null,\"code\":\"upgrade_required\"}}";

	http_reply_header(call->request, "Upgrade", "HTTP/1.1");
	http_reply(call->request, 426, "application/json", body, strlen(body));
}

#define ASK(path) { HTTP_POST, path, ROUTE_STREAM, ROUTE_ANYBODY, handle, BODY_MAX }
#define GET(path) { HTTP_GET, path, ROUTE_STREAM, ROUTE_ANYBODY, handle, 0 }

const struct route api_gateway_routes[] = {
	ASK("/ai/anthropic/v1/messages"),
	ASK("/ai/anthropic/v1/messages/count_tokens"),
	GET("/ai/anthropic/v1/models"),
	GET("/ai/anthropic/v1/models/*"),
	ASK("/ai/openai/v1/chat/completions"),
	ASK("/ai/openai/v1/responses"),
	ASK("/ai/openai/v1/responses/input_tokens"),
	GET("/ai/openai/v1/models"),
	GET("/ai/openai/v1/models/*"),
	{ HTTP_GET, "/ai/openai/v1/responses", ROUTE_QUICK, ROUTE_ANYBODY, handle_upgrade, 0 },
	{ HTTP_GET, "/ai/anthropic/*", ROUTE_QUICK, ROUTE_ANYBODY, handle_nothing, 0 },
	{ HTTP_POST, "/ai/anthropic/*", ROUTE_QUICK, ROUTE_ANYBODY, handle_nothing, BODY_MAX },
	{ HTTP_GET, "/ai/openai/*", ROUTE_QUICK, ROUTE_ANYBODY, handle_nothing, 0 },
	{ HTTP_POST, "/ai/openai/*", ROUTE_QUICK, ROUTE_ANYBODY, handle_nothing, BODY_MAX },
	{ 0 }
};
