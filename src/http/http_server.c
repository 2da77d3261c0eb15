/* http_server.c - see http_server.h */
#include "http/http_server.h"

#include "http/civetweb_library.h"
#include "http/http_internal.h"
#include "http/http_reply.h"

#include <arpa/inet.h>
#include <stddef.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#define HEAD_MAX 16384		/* bytes of a request head */
#define HEAD_MS 10000
#define BODY_MS 60000
#define IDLE_MS 20000		/* clients give up first: fetch of Node 4 s, httpx 5, aiohttp 15 */
#define TAKE_MS 10000
#define PING_MS 20000
#define SILENT_MS 60000
#define KEEP_SPARE 32		/* threads that idle connections may not take */

struct http_server {
	struct http_server_config config;
	struct mg_context *civetweb;
	struct http_connections *connections;
	unsigned threads;
	uint16_t port;

	pthread_mutex_t lock;		/* of all below */
	pthread_cond_t changed;
	unsigned streams[HTTP_STREAM_KINDS];
	struct http_request *open;	/* all of them */
	unsigned handling;		/* requests, those of streams among them */
	int64_t bodies;			/* bytes that are reserved */
	uint64_t refused;
	atomic_bool draining;
	atomic_bool short_of_threads;	/* civetweb got fewer than it asked for */
};

static int64_t now_us(void)
{
	struct timespec now;

	clock_gettime(CLOCK_MONOTONIC, &now);
	return (int64_t)now.tv_sec * 1000000 + now.tv_nsec / 1000;
}

/* --- what the rest of src/http asks */

bool http_server_is_draining(const struct http_server *server)
{
	return atomic_load(&server->draining);
}

const struct http_server_config *http_server_limits(const struct http_server *server)
{
	return &server->config;
}

bool http_server_may_keep(struct http_server *server)
{
	return !atomic_load(&server->draining) &&
	       http_connections_count(server->connections) + KEEP_SPARE <= server->threads;
}

/* Under the lock. */
static bool has_room(const struct http_server *server, uint64_t whose, bool file)
{
	unsigned same = 0;

	if (!file && server->streams[HTTP_STREAM_EVENTS] + server->streams[HTTP_STREAM_WEBSOCKET] >=
		     server->config.streams_max)
		return false;
	for (const struct http_request *one = server->open; one; one = one->next_stream)
		same += one->whose == whose && (one->kind == HTTP_STREAM_FILE) == file;
	return !whose || same < (file ? HTTP_SERVER_FILES_EACH : HTTP_SERVER_STREAMS_EACH);
}

bool http_server_enter_stream(struct http_request *request, enum http_stream_kind kind)
{
	struct http_server *server = request->server;
	bool room;

	pthread_mutex_lock(&server->lock);
	room = has_room(server, request->whose, kind == HTTP_STREAM_FILE);
	if (room) {
		server->streams[kind]++;
		request->kind = kind;
		request->next_stream = server->open;
		server->open = request;
	}
	pthread_mutex_unlock(&server->lock);
	return room;
}

void http_server_leave_stream(struct http_request *request)
{
	struct http_server *server = request->server;
	struct http_request **place = &server->open;

	pthread_mutex_lock(&server->lock);
	server->streams[request->kind]--;
	while (*place != request)
		place = &(*place)->next_stream;
	*place = request->next_stream;
	pthread_mutex_unlock(&server->lock);
}

bool http_server_reserve(struct http_server *server, int64_t bytes)
{
	bool room;

	pthread_mutex_lock(&server->lock);
	room = server->bodies + bytes <= HTTP_BODIES_MAX;
	if (room)
		server->bodies += bytes;
	pthread_mutex_unlock(&server->lock);
	return room;
}

/* --- one request */

static void count_handling(struct http_server *server, int by)
{
	pthread_mutex_lock(&server->lock);
	server->handling += (unsigned)by;
	if (server->handling == 0)
		pthread_cond_broadcast(&server->changed);
	pthread_mutex_unlock(&server->lock);
}

static void write_log(struct http_request *request, const char *refused, int64_t begun_us)
{
	struct http_server *server = request->server;
	struct http_log line = {
		.method = request->has_method ? http_method_text(request->method) : "-",
		.path = request->path[0] ? request->path : "-",
		.route = request->route, .peer = request->peer, .refused = refused,
		.status = request->status, .stream = request->stream,
		.bytes_in = request->taken, .bytes_out = request->sent,
		.duration_us = now_us() - begun_us,
	};

	if (refused) {
		pthread_mutex_lock(&server->lock);
		server->refused++;
		pthread_mutex_unlock(&server->lock);
	}
	if (server->config.log)
		server->config.log(server->config.arg, &line);
}

/* Where civetweb reads the heads of this thread: the lowest place where a method ever stood. Behind
 * blanks and empty lines it would skip to what an earlier request left in the buffer; with them the
 * method does not stand there, and http_framing refuses it. The memory is of malloc, so it is
 * aligned; when a thread was never used, it holds nothing of anybody. */
static char *buffer_of_thread(const char *method)
{
	static _Thread_local const char *buffer;

	if ((uintptr_t)method % _Alignof(max_align_t) == 0 && (!buffer || method < buffer))
		buffer = method;
	return (char *)buffer;
}

/* What civetweb parsed, as pointers into its buffer. */
static void read_head(struct http_request *request, const struct mg_request_info *info)
{
	struct http_head *head = &request->head;

	head->buffer = buffer_of_thread(info->request_method);
	head->size = HEAD_MAX;
	head->method = (char *)info->request_method;
	head->target = (char *)info->request_uri;
	head->query = (char *)info->query_string;
	head->version = (char *)info->http_version;
	head->count = (unsigned)info->num_headers;
	for (unsigned i = 0; i < head->count; i++) {
		head->fields[i].name = (char *)info->http_headers[i].name;
		head->fields[i].value = (char *)info->http_headers[i].value;
	}
}

static void refuse(struct http_request *request, int status, const char *why)
{
	request->keep = false;
	http_reply_error(request, status, "refused", why, NULL);
}

/* Anything but NULL: refused, and answered. */
static const char *check(struct http_request *request)
{
	const char *fault;
	int status;

	fault = http_framing_fault(&request->head, &request->length, &status);
	if (!fault)
		fault = http_request_open(request, request->server->config.behind_proxy, &status);
	if (!fault && http_request_is_foreign_write(request)) {
		fault = "a write from a page of another site";
		status = 403;
	}
	if (!fault && http_server_is_draining(request->server)) {
		fault = "the server is stopping";
		status = 503;
		http_reply_header(request, "Retry-After", "2");
	}
	if (fault)
		refuse(request, status, fault);
	return fault;
}

static void handle(struct http_request *request)
{
	struct http_server *server = request->server;

	count_handling(server, 1);
	server->config.handle(server->config.arg, request);
	http_reply_flush(request);
	http_reply_end(request);
	if (request->answer == HTTP_ANSWER_NONE)
		http_reply_error(request, 500, "internal", "the request was not answered", NULL);
	count_handling(server, -1);
}

/* Ends the connection where it cannot go on: what is left of a body is not waited for, nor what may
 * come behind a head that was refused. */
static void finish(struct http_request *request, bool refused)
{
	struct http_connection *connection = request->connection;

	if (!request->keep || request->broken)
		civetweb(mg_disable_connection_keep_alive)(request->civetweb);
	if (request->broken)
		http_connection_end(connection);
	else if (!request->keep && (refused || request->taken < request->length ||
				    (request->head.chunked && !request->fetched)))
		http_connection_linger(connection);
	connection->since = http_connection_now();
	connection->again = true;
}

static int find_socket(struct http_connection *connection, const struct mg_request_info *info)
{
	return http_connection_find(connection, info->remote_addr, info->remote_port,
				    info->server_port);
}

/* Called by civetweb when it has parsed a head. Nothing is left for it to do. */
static int begin_request(struct mg_connection *civetweb)
{
	const struct mg_request_info *info = civetweb(mg_get_request_info)(civetweb);
	struct http_connection *connection = civetweb(mg_get_user_connection_data)(civetweb);
	int64_t begun_us = now_us();
	struct http_request request;
	const char *fault;

	if (find_socket(connection, info) < 0 || info->num_headers < 0 ||
	    info->num_headers > HTTP_FRAMING_FIELDS_MAX) {
		civetweb(mg_disable_connection_keep_alive)(civetweb);
		return 500;
	}
	memset(&request, 0, sizeof(request));
	request.server = info->user_data;
	request.connection = connection;
	request.civetweb = civetweb;
	request.thread = pthread_self();
	memcpy(request.peer, connection->peer, sizeof(request.peer));
	read_head(&request, info);
	fault = check(&request);
	if (!fault)
		handle(&request);
	write_log(&request, fault, begun_us);
	finish(&request, fault);
	http_request_release(&request);
	return request.status ? request.status : 500;
}

/* civetweb could not parse a head, or it did not come. */
static int answer_error(struct mg_connection *civetweb, int status, const char *message)
{
	struct http_connection *connection = civetweb(mg_get_user_connection_data)(civetweb);
	const struct mg_request_info *info = civetweb(mg_get_request_info)(civetweb);
	struct http_request request;
	int64_t waited;

	(void)message;
	civetweb(mg_disable_connection_keep_alive)(civetweb);
	if (find_socket(connection, info) < 0)
		return 0;
	memset(&request, 0, sizeof(request));
	request.server = info->user_data;
	request.connection = connection;
	request.thread = pthread_self();
	memcpy(request.peer, connection->peer, sizeof(request.peer));
	waited = http_connection_now() - connection->since;
	if (status == 413)
		status = 431;
	else if (waited >= request.server->config.head_ms ||
		 (connection->again && waited >= request.server->config.idle_ms))
		status = 408;
	else if (status != 505)
		status = 400;
	refuse(&request, status, "the head of the request is none, or did not come in time");
	write_log(&request, http_status_text(status), now_us());
	http_connection_linger(connection);
	http_request_release(&request);
	return 0;
}

/* --- connections */

static int begin_connection(const struct mg_connection *civetweb, void **ret_data)
{
	struct http_server *server = civetweb(mg_get_user_data)(civetweb(mg_get_context)(civetweb));

	*ret_data = http_connection_open(server->connections);
	return 0;
}

static void end_connection(const struct mg_connection *civetweb)
{
	http_connection_close(civetweb(mg_get_user_connection_data)(civetweb));
}

/* What civetweb would say to its log. It goes on with fewer threads than it was told to have; we do
 * not, as streams count on theirs. */
static int take_message(const struct mg_connection *civetweb, const char *message)
{
	struct http_server *server;

	if (strncmp(message, "Cannot start worker thread", 26) == 0) {
		server = civetweb(mg_get_user_data)(civetweb(mg_get_context)(civetweb));
		atomic_store(&server->short_of_threads, true);
	}
	return 1;
}

/* --- starting and stopping */

int http_server_address(const char *listen, bool *ret_loopback, struct err *err)
{
	const char *colon = strrchr(listen, ':');
	char address[INET_ADDRSTRLEN];
	struct in_addr parsed;
	char *end;
	long port;

	if (!colon || colon == listen || (size_t)(colon - listen) >= sizeof(address))
		return err_set(err, ERR_INPUT, "'%s' is not ADDRESS:PORT with an IPv4 address",
			       listen);
	memcpy(address, listen, (size_t)(colon - listen));
	address[colon - listen] = '\0';
	port = strtol(colon + 1, &end, 10);
	if (inet_pton(AF_INET, address, &parsed) != 1)
		return err_set(err, ERR_INPUT, "'%s' is not an IPv4 address", address);
	if (colon[1] < '0' || colon[1] > '9' || *end || port > 65535)
		return err_set(err, ERR_INPUT, "'%s' is not a port", colon + 1);
	*ret_loopback = ntohl(parsed.s_addr) >> 24 == 127;
	return 0;
}

static void release(struct http_server *server)
{
	http_connections_close(&server->connections);
	pthread_cond_destroy(&server->changed);
	pthread_mutex_destroy(&server->lock);
	free((char *)server->config.listen);
	free(server);
}

static struct mg_context *start_civetweb(struct http_server *server, struct err *err)
{
	static const struct mg_callbacks callbacks = {
		.begin_request = begin_request, .http_error = answer_error,
		.init_connection = begin_connection, .connection_close = end_connection,
		.log_message = take_message,	/* without log_access it makes no line at all */
	};
	char threads[16], head_ms[24], idle_ms[24], head_max[16], text[256] = "";
	const char *options[] = {
		"listening_ports", server->config.listen, "num_threads", threads,
		"request_timeout_ms", head_ms, "keep_alive_timeout_ms", idle_ms,
		"max_request_size", head_max, "enable_keep_alive", "yes", "tcp_nodelay", "1",
		"connection_queue", "256", "listen_backlog", "1024",
		/* we do these ourselves, or not at all */
		"decode_url", "no", "decode_query_string", "no", "enable_directory_listing", "no",
		"cgi_pattern", "", "ssi_pattern", "", "access_control_allow_origin", "",
		"access_control_allow_methods", "", "access_control_allow_headers", "",
		"enable_auth_domain_check", "no", NULL
	};
	struct mg_init_data init = { .callbacks = &callbacks, .user_data = server,
				     .configuration_options = options };
	struct mg_error_data error = { .text = text, .text_buffer_size = sizeof(text) };
	struct mg_context *context;

	snprintf(threads, sizeof(threads), "%u", server->threads);
	snprintf(head_ms, sizeof(head_ms), "%lld", (long long)server->config.head_ms);
	snprintf(idle_ms, sizeof(idle_ms), "%lld", (long long)server->config.idle_ms);
	snprintf(head_max, sizeof(head_max), "%d", HEAD_MAX);
	context = civetweb(mg_start2)(&init, &error);
	if (context && atomic_load(&server->short_of_threads)) {
		civetweb(mg_stop)(context);
		err_set(err, ERR_ENV, "cannot start %u threads: allow more of them (ulimit -u), or "
				      "fewer streams", server->threads);
		return NULL;
	}
	if (!context)
		err_set(err, ERR_ENV, "cannot listen on %s: the port is taken, or not for us, or "
			"there are no threads (%s)", server->config.listen,
			text[0] ? text : "civetweb");
	return context;
}

static void set_usual(int64_t *ms, int64_t usual)
{
	if (*ms == 0)
		*ms = usual;
}

static void set_defaults(struct http_server_config *config)
{
	set_usual(&config->head_ms, HEAD_MS);
	set_usual(&config->body_ms, BODY_MS);
	set_usual(&config->idle_ms, IDLE_MS);
	set_usual(&config->take_ms, TAKE_MS);
	set_usual(&config->ping_ms, PING_MS);
	set_usual(&config->silent_ms, SILENT_MS);
	if (config->streams_max > HTTP_SERVER_STREAMS_MAX)
		config->streams_max = HTTP_SERVER_STREAMS_MAX;
	config->listen = buf_strdup(config->listen);
}

struct http_server *http_server_start(const struct http_server_config *config, struct err *err)
{
	struct mg_server_port port;
	struct http_server *server;
	pthread_condattr_t monotonic;
	bool loopback;

	if (http_server_address(config->listen, &loopback, err) < 0 ||
	    civetweb_library_load(err) < 0)
		return NULL;
	server = buf_alloc(sizeof(*server));
	server->config = *config;
	set_defaults(&server->config);
	server->threads = server->config.streams_max + HTTP_SERVER_SPARE;
	pthread_mutex_init(&server->lock, NULL);
	pthread_condattr_init(&monotonic);
	pthread_condattr_setclock(&monotonic, CLOCK_MONOTONIC);
	pthread_cond_init(&server->changed, &monotonic);
	pthread_condattr_destroy(&monotonic);
	server->connections = http_connections_open(err);
	if (server->connections)
		server->civetweb = start_civetweb(server, err);
	if (!server->civetweb) {
		release(server);
		return NULL;
	}
	if (civetweb(mg_get_server_ports)(server->civetweb, 1, &port) == 1)
		server->port = (uint16_t)port.port;
	return server;
}

uint16_t http_server_port(const struct http_server *server)
{
	return server->port;
}

void http_server_stats(const struct http_server *server, struct http_server_stats *ret)
{
	struct http_server *locked = (struct http_server *)server;

	ret->connections = http_connections_count(server->connections);
	ret->threads = server->threads;
	ret->streams_max = server->config.streams_max;
	pthread_mutex_lock(&locked->lock);
	ret->streams = server->streams[HTTP_STREAM_EVENTS];
	ret->websockets = server->streams[HTTP_STREAM_WEBSOCKET];
	ret->refused = server->refused;
	pthread_mutex_unlock(&locked->lock);
}

void http_server_drain(struct http_server *server)
{
	atomic_store(&server->draining, true);
	http_connections_wake(server->connections);
}

void http_server_stop(struct http_server **server, int64_t wait_ms)
{
	struct http_server *old = *server;
	struct timespec until;
	int64_t end;

	*server = NULL;
	if (!old)
		return;
	http_server_drain(old);
	end = http_connection_now() + wait_ms;
	until = (struct timespec){ .tv_sec = end / 1000, .tv_nsec = end % 1000 * 1000000 };
	pthread_mutex_lock(&old->lock);
	while (old->handling &&
	       pthread_cond_timedwait(&old->changed, &old->lock, &until) == 0)
		continue;
	pthread_mutex_unlock(&old->lock);
	http_connections_end(old->connections);
	/* else it would wait for up to 2 s whether somebody comes */
	http_connections_refuse(old->port);
	civetweb(mg_stop)(old->civetweb);
	release(old);
}
