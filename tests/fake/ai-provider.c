/* ai-provider.c - a provider of models that is none: three protocols, every fault, and a ledger
 *
 *	ai-provider [--port N] [--key KEY] [--ledger FILE] [--behave FILE]
 *
 * Prints "ai-provider: listening on http://127.0.0.1:PORT", then serves until SIGTERM:
 *	POST /v1/messages (2023-06-01 and 2026-10-21), /v1/messages/count_tokens,
 *	/v1/chat/completions, /v1/responses, /v1/responses/input_tokens;
 *	GET /v1/models and /v1/models/ID (by the anthropic-version header one shape or the other).
 * Models have any name but "missing..."; what the words of a name do, and the words of the file of
 * --behave, which is read again for each request and holds for every model, stands in
 * ai-provider-plan.h.
 *
 * The ledger has one JSON line per request, written before the client can see the end of its
 * answer: {n, path, model, stream, status, input, output, aborted, retry, headers, sha256}. Tokens
 * are bytes / 4, rounded up: input of the canonical JSON of system, messages and tools, output of
 * what was said. Billed is what was said until the client went away (aborted). `retry` is what
 * x-stainless-retry-count says, `headers` the names that came, `sha256` that of the body. */
#include "ai-provider-wire.h"
#include "base/auto.h"
#include "base/hash.h"
#include "base/json.h"

#include <arpa/inet.h>
#include <getopt.h>
#include <netinet/tcp.h>
#include <pthread.h>
#include <signal.h>
#include <stdint.h>
#include <string.h>
#include <sys/socket.h>

#define TRIED_MAX 256
#define HELD_BACK_MAX 65536	/* bytes of a document that wait until its account is written */

struct provider {
	const char *key, *behave;
	FILE *ledger;
	int fd;
	unsigned port;
	pthread_mutex_t lock;	/* of what follows, and of the ledger */
	unsigned long number;
	struct {
		char *model;
		long count;
	} tried[TRIED_MAX];	/* requests of models with fail-N */
};

struct connection {
	struct provider *provider;
	int fd;
};

/* One request and its answer. */
struct call {
	struct provider *provider;
	struct request *request;
	struct reply *reply;
	unsigned long number;
	const struct wire *wire;	/* whose errors are spoken */
	struct ask ask;
	struct plan plan;
	int status;
	json_int_t input, output;
};

/* --- the ledger */

static json_t *ledger_json(const struct call *call)
{
	const struct request *request = call->request;
	const char *retry = request_header(request, "x-stainless-retry-count");
	struct hash hash = hash_of(buf_str(&request->body), request->body.len);
	char hex[HASH_HEX_SIZE];
	json_t *headers = json_array();

	for (size_t i = 0; i < request->header_count; i++)
		json_array_append_new(headers, json_string(request->headers[i].name));
	return json_pack("{s:I, s:s, s:s, s:b, s:i, s:I, s:I, s:b, s:o, s:o, s:s}", "n",
			 (json_int_t)call->number, "path", request->path, "model",
			 call->ask.model ? call->ask.model : "", "stream", call->ask.stream,
			 "status", call->status, "input", call->input, "output", call->output,
			 "aborted", call->reply->gone, "retry",
			 retry ? json_integer(strtol(retry, NULL, 10)) : json_null(), "headers",
			 headers, "sha256", hash_hex(&hash, hex));
}

/* The account first, the end of the answer then. */
static void finish(struct call *call)
{
	AUTO_JSON json_t *line = ledger_json(call);
	AUTO_FREE char *text = json_dumps(line, JSON_COMPACT);

	pthread_mutex_lock(&call->provider->lock);
	if (call->provider->ledger) {
		fprintf(call->provider->ledger, "%s\n", text);
		fflush(call->provider->ledger);
	}
	pthread_mutex_unlock(&call->provider->lock);
	reply_end(call->reply);
}

/* The client went before anything was said: it pays what it asked. */
static void finish_unheard(struct call *call)
{
	call->input = call->ask.count ? 0 : call->ask.input;
	finish(call);
}

/* --- answers */

static char *head_of(const struct call *call, const char *type, const char *more)
{
	if (call->wire == &wire_messages)
		return buf_format("Content-Type: %s\r\nrequest-id: req_%08lu\r\n"
				  "anthropic-organization-id: org_fake\r\n"
				  "anthropic-ratelimit-requests-limit: 1000\r\n"
				  "anthropic-ratelimit-requests-remaining: 999\r\n"
				  "anthropic-ratelimit-requests-reset: 2026-01-01T00:00:00Z\r\n%s",
				  type, call->number, more);
	return buf_format("Content-Type: %s\r\nx-request-id: req_%08lu\r\n"
			  "openai-processing-ms: 1\r\nx-ratelimit-limit-requests: 1000\r\n"
			  "x-ratelimit-remaining-requests: 999\r\n"
			  "x-ratelimit-reset-requests: 60ms\r\n%s", type, call->number, more);
}

static void send_head(struct call *call, int status, const char *type, const char *more,
		      enum framing framing, size_t length)
{
	AUTO_FREE char *head = head_of(call, type, more);

	call->status = status;
	call->reply->drip = call->plan.drip;
	call->reply->reset = call->plan.reset;
	reply_head(call->reply, status, head, call->plan.close ? FRAMING_CLOSE : framing, length,
		   call->plan.slowhead);
}

static void send_spaces(struct reply *reply)
{
	static const char spaces[1024] = { [0 ... 1023] = ' ' };

	while (!reply->over)
		reply_add(reply, spaces, sizeof(spaces));
}

static void send_text(struct call *call, int status, const char *more, const char *type,
		      const char *text)
{
	const struct plan *plan = &call->plan;
	size_t len = strlen(text), first = len > HELD_BACK_MAX ? len - HELD_BACK_MAX : 0;

	if (plan->stall || plan->cut || plan->endless)
		first = len / 2;
	send_head(call, status, type, more, plan->endless ? FRAMING_CHUNKED : FRAMING_LENGTH, len);
	if (first)
		reply_add(call->reply, text, first);
	if (plan->endless)
		send_spaces(call->reply);
	else if (plan->stall)
		reply_wait(call->reply, -1);
	else if (plan->cut)
		reply_cut(call->reply);
	reply_add(call->reply, text + first, len - first);
}

static void send_document(struct call *call, json_t *document)
{
	AUTO_FREE char *text = document_text(document, &call->plan);

	send_text(call, 200, "", "application/json", text);
	finish(call);
}

static void send_fault(struct call *call, const struct fault *fault, const char *more)
{
	json_t *error = call->wire->error(fault, call->number);
	AUTO_FREE char *text = json_dumps(error, JSON_COMPACT);

	json_decref(error);
	call->status = fault->status;
	if (call->plan.html)
		send_text(call, fault->status, more, "text/html",
			  "<html><body><h1>Bad gateway</h1></body></html>\n");
	else
		send_text(call, fault->status, more, "application/json", text);
	finish(call);
}

static void send_stream(struct call *call, const struct answer *answer)
{
	struct stream stream = { .reply = call->reply, .answer = answer };

	send_head(call, 200, "text/event-stream; charset=utf-8", "Cache-Control: no-cache\r\n",
		  FRAMING_CHUNKED, 0);
	call->wire->stream(&stream);
	if (stream_ended(&stream))
		call->output = tokens_of(stream.generated);
	finish(call);
}

static void send_answer(struct call *call)
{
	struct answer answer = { 0 };

	answer_make(&answer, &call->ask, &call->plan, call->number);
	call->input = answer.input;
	call->output = answer.output * call->ask.choices;
	if (call->ask.stream)
		send_stream(call, &answer);
	else
		send_document(call, call->wire->whole(&answer));
	answer_release(&answer);
}

static void send_count(struct call *call)
{
	json_t *count = json_pack("{s:I}", "input_tokens", call->ask.input);

	if (call->ask.protocol == PROTOCOL_RESPONSES)
		json_object_set_new(count, "object", json_string("response.input_tokens"));
	send_document(call, count);
}

/* --- errors that a plan wants */

/* Whether this request of the model is one that fails. */
static bool fails_now(struct provider *provider, const struct ask *ask, const struct plan *plan)
{
	size_t i = 0;
	bool fails = false;

	if (!plan->fail)
		return plan->status != 0;
	pthread_mutex_lock(&provider->lock);
	while (i < TRIED_MAX && provider->tried[i].model &&
	       strcmp(provider->tried[i].model, ask->model) != 0)
		i++;
	if (i < TRIED_MAX) {
		if (!provider->tried[i].model)
			provider->tried[i].model = buf_strdup(ask->model);
		fails = ++provider->tried[i].count <= plan->fail;
	}
	pthread_mutex_unlock(&provider->lock);
	return fails;
}

static void send_planned_fault(struct call *call)
{
	const struct plan *plan = &call->plan;
	AUTO(buf_release) struct buf more = BUF_INIT(1024);
	struct fault fault;

	fault_set(&fault, plan->status ? (int)plan->status : 529, plan->code,
		  "This is the fault that was asked for");
	if (plan->retry >= 0)
		buf_add_format(&more, "retry-after: %ld\r\n", plan->retry);
	if (plan->retryms >= 0)
		buf_add_format(&more, "retry-after-ms: %ld\r\n", plan->retryms);
	if (plan->noretry)
		buf_add_str(&more, "x-should-retry: false\r\n");
	send_fault(call, &fault, buf_str(&more));
}

static void send_redirect(struct call *call)
{
	AUTO_FREE char *more = buf_format("Location: http://127.0.0.1:%u/redirected\r\n",
					  call->provider->port);

	send_text(call, 307, more, "text/plain", "elsewhere\n");
	finish(call);
}

/* --- requests */

static bool key_matches(const struct call *call)
{
	const char *key = call->provider->key;
	const char *own = request_header(call->request, "x-api-key");
	const char *bearer = request_header(call->request, "authorization");

	return !key || (own && strcmp(own, key) == 0) ||
	       (bearer && strncmp(bearer, "Bearer ", 7) == 0 && strcmp(bearer + 7, key) == 0);
}

static void answer_post(struct call *call, enum protocol protocol, bool count)
{
	struct fault fault = { 0 };

	call->ask.protocol = protocol;
	call->ask.count = count;
	if (!key_matches(call)) {
		fault_set(&fault, 401, NULL, "The key is not valid");
		send_fault(call, &fault, "");
		return;
	}
	if (ask_read(call->request, &call->ask, &fault) < 0) {
		send_fault(call, &fault, "");
		return;
	}
	plan_add_model(&call->plan, call->ask.model);
	if (call->provider->behave)
		plan_add_file(&call->plan, call->provider->behave);
	if (call->plan.delay)
		reply_wait(call->reply, call->plan.delay);
	if (call->reply->over)
		finish_unheard(call);
	else if (fails_now(call->provider, &call->ask, &call->plan))
		send_planned_fault(call);
	else if (call->plan.redirect)
		send_redirect(call);
	else if (count)
		send_count(call);
	else
		send_answer(call);
}

static json_t *model_json(const struct call *call, const char *id)
{
	if (call->wire != &wire_messages)
		return json_pack("{s:s, s:s, s:i, s:s}", "id", id, "object", "model", "created",
				 CREATED, "owned_by", "fake");
	return json_pack("{s:s, s:s, s:s, s:s, s:i, s:i, s:s, s:n, s:n}", "type", "model", "id", id,
			 "display_name", id, "created_at", "2026-01-01T00:00:00Z",
			 "max_input_tokens", 200000, "max_tokens", 64000, "lifecycle", "active",
			 "deprecated_at", "retires_at");
}

static json_t *models_json(const struct call *call)
{
	json_t *data = json_pack("[o, o]", model_json(call, "fake-large"),
				 model_json(call, "fake-small"));

	if (call->wire != &wire_messages)
		return json_pack("{s:s, s:o}", "object", "list", "data", data);
	return json_pack("{s:o, s:b, s:s, s:s}", "data", data, "has_more", 0, "first_id",
			 "fake-large", "last_id", "fake-small");
}

static void answer_models(struct call *call)
{
	const char *id = call->request->path + strlen("/v1/models");
	struct fault fault = { 0 };

	if (!key_matches(call))
		fault_set(&fault, 401, NULL, "The key is not valid");
	else if (strncmp(id, "/missing", 8) == 0)
		fault_set(&fault, 404, "model_not_found", "model: %.100s", id + 1);
	if (fault.status)
		send_fault(call, &fault, "");
	else
		send_document(call, *id ? model_json(call, id + 1) : models_json(call));
}

static void answer_other(struct call *call)
{
	const struct request *request = call->request;
	struct fault fault = { 0 };

	if (strcmp(request->method, "HEAD") == 0) {
		send_head(call, 200, "text/plain", "", FRAMING_LENGTH, 0);
		finish(call);
		return;
	}
	if (request_header(request, "upgrade"))
		fault_set(&fault, 426, NULL, "No websockets here");
	else
		fault_set(&fault, 404, "unknown_url", "Not found: %.100s", request->path);
	send_fault(call, &fault, "");
}

static void dispatch(struct call *call)
{
	static const struct {
		const char *path;
		enum protocol protocol;
		bool count;
	} posts[] = {
		{ "/v1/messages", PROTOCOL_MESSAGES, false },
		{ "/v1/messages/count_tokens", PROTOCOL_MESSAGES, true },
		{ "/v1/chat/completions", PROTOCOL_CHAT, false },
		{ "/v1/responses", PROTOCOL_RESPONSES, false },
		{ "/v1/responses/input_tokens", PROTOCOL_RESPONSES, true },
	};
	static const struct wire *const wires[] = { &wire_messages, &wire_chat, &wire_responses };
	const struct request *request = call->request;
	bool models = strcmp(request->path, "/v1/models") == 0 ||
		      strncmp(request->path, "/v1/models/", 11) == 0;

	call->wire = request_header(request, "anthropic-version") ? &wire_messages : &wire_chat;
	for (size_t i = 0; i < sizeof(posts) / sizeof(*posts); i++)
		if (strcmp(request->method, "POST") == 0 &&
		    strcmp(request->path, posts[i].path) == 0) {
			call->wire = wires[posts[i].protocol];
			answer_post(call, posts[i].protocol, posts[i].count);
			return;
		}
	if (models && strcmp(request->method, "GET") == 0)
		answer_models(call);
	else
		answer_other(call);
}

/* --- connections */

/* Reads what a client still sends, so that it can read its answer. */
static void drain(int fd)
{
	char bytes[65536];

	shutdown(fd, SHUT_WR);
	while (recv(fd, bytes, sizeof(bytes), 0) > 0)
		continue;
}

/* Whether the connection goes on. */
static bool serve_one(struct connection *connection, struct buf *spare)
{
	AUTO(request_release) struct request request = REQUEST_INIT;
	AUTO(reply_release) struct reply reply = REPLY_INIT(connection->fd);
	struct call call = { .provider = connection->provider, .request = &request,
			     .reply = &reply, .ask = ASK_INIT, .plan = PLAN_INIT };
	const char *wish;

	if (!request_read(connection->fd, spare, &request))
		return false;
	wish = request_header(&request, "connection");
	reply.keep = !(wish && strcmp(wish, "close") == 0) && !request.too_large &&
		     !request.no_length;
	pthread_mutex_lock(&connection->provider->lock);
	call.number = ++connection->provider->number;
	pthread_mutex_unlock(&connection->provider->lock);
	dispatch(&call);
	ask_release(&call.ask);
	plan_release(&call.plan);
	if (request.too_large || request.no_length)
		drain(connection->fd);
	return reply.keep;
}

static void *serve_connection(void *arg)
{
	struct connection *connection = arg;
	AUTO(buf_release) struct buf spare = BUF_INIT(1 << 20);

	while (serve_one(connection, &spare))
		continue;
	close(connection->fd);
	free(connection);
	return NULL;
}

static void *accept_all(void *arg)
{
	struct provider *provider = arg;
	int one = 1;

	for (;;) {
		struct connection *connection = buf_alloc(sizeof(*connection));
		pthread_t thread;

		connection->provider = provider;
		connection->fd = accept4(provider->fd, NULL, NULL, SOCK_CLOEXEC);
		if (connection->fd < 0) {
			free(connection);
			continue;
		}
		setsockopt(connection->fd, IPPROTO_TCP, TCP_NODELAY, &one, sizeof(one));
		if (pthread_create(&thread, NULL, serve_connection, connection) != 0)
			abort();
		pthread_detach(thread);
	}
	return NULL;
}

static bool start(struct provider *provider)
{
	struct sockaddr_in address = { .sin_family = AF_INET,
				       .sin_port = htons((uint16_t)provider->port),
				       .sin_addr.s_addr = htonl(INADDR_LOOPBACK) };
	socklen_t size = sizeof(address);
	int one = 1;
	pthread_t thread;

	provider->fd = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
	setsockopt(provider->fd, SOL_SOCKET, SO_REUSEADDR, &one, sizeof(one));
	if (bind(provider->fd, (struct sockaddr *)&address, size) < 0 ||
	    listen(provider->fd, 512) < 0 ||
	    getsockname(provider->fd, (struct sockaddr *)&address, &size) < 0)
		return false;
	provider->port = ntohs(address.sin_port);
	if (pthread_create(&thread, NULL, accept_all, provider) != 0)
		return false;
	pthread_detach(thread);
	return true;
}

static bool read_options(int argc, char **argv, struct provider *provider)
{
	static const struct option options[] = { { "port", required_argument, NULL, 'p' },
						 { "key", required_argument, NULL, 'k' },
						 { "ledger", required_argument, NULL, 'l' },
						 { "behave", required_argument, NULL, 'b' },
						 { 0 } };
	int option;

	while ((option = getopt_long(argc, argv, "", options, NULL)) != -1) {
		if (option == 'p')
			provider->port = (unsigned)strtoul(optarg, NULL, 10);
		else if (option == 'k')
			provider->key = optarg;
		else if (option == 'b')
			provider->behave = optarg;
		else if (option == 'l')
			provider->ledger = fopen(optarg, "ae");
		if (option == '?' || (option == 'l' && !provider->ledger))
			return false;
	}
	return optind == argc;
}

int main(int argc, char **argv)
{
	static struct provider provider = { .lock = PTHREAD_MUTEX_INITIALIZER };
	sigset_t stop;
	int signal_number;

	hash_init();
	if (!read_options(argc, argv, &provider)) {
		fputs("ai-provider [--port N] [--key KEY] [--ledger FILE] [--behave FILE]\n",
		      stderr);
		return 2;
	}
	sigemptyset(&stop);
	sigaddset(&stop, SIGTERM);
	sigaddset(&stop, SIGINT);
	pthread_sigmask(SIG_BLOCK, &stop, NULL);
	if (!start(&provider)) {
		perror("ai-provider");
		return 1;
	}
	printf("ai-provider: listening on http://127.0.0.1:%u\n", provider.port);
	fflush(stdout);
	sigwait(&stop, &signal_number);
	pthread_mutex_lock(&provider.lock);
	return 0;
}
