/* http_request.c - see http_request.h */
#include "http/http_request.h"

#include "base/auto.h"
#include "base/hash.h"
#include "http/civetweb_library.h"
#include "http/http_internal.h"

#include <arpa/inet.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

static const char *const method_names[HTTP_METHODS] = {
	[HTTP_GET] = "GET", [HTTP_HEAD] = "HEAD", [HTTP_POST] = "POST", [HTTP_PUT] = "PUT",
	[HTTP_DELETE] = "DELETE", [HTTP_PATCH] = "PATCH", [HTTP_OPTIONS] = "OPTIONS",
};

/* What only a proxy adds. */
static const char *const proxy_fields[] = {
	"X-Forwarded-For", "X-Forwarded-Proto", "X-Forwarded-Host", "X-Real-IP", "Forwarded", "Via",
};

static bool is_loopback(const char *address)
{
	struct in_addr parsed;

	return inet_pton(AF_INET, address, &parsed) == 1 && ntohl(parsed.s_addr) >> 24 == 127;
}

static bool read_method(struct http_request *request)
{
	for (int i = 0; i < HTTP_METHODS; i++) {
		if (strcmp(request->head.method, method_names[i]) == 0) {
			request->method = (enum http_method)i;
			return true;
		}
	}
	return false;
}

static const char *last_of(const struct http_head *head, const char *name)
{
	for (unsigned i = head->count; i > 0; i--)
		if (strcasecmp(head->fields[i - 1].name, name) == 0)
			return head->fields[i - 1].value;
	return NULL;
}

/* The proxy is a process of this machine, and adds itself behind what the client claimed. */
static void read_proxy(struct http_request *request, bool behind_proxy)
{
	const char *text;

	for (size_t i = 0; i < sizeof(proxy_fields) / sizeof(*proxy_fields); i++)
		if (http_framing_find(&request->head, proxy_fields[i]))
			request->forwarded = true;
	memcpy(request->peer, request->connection->peer, sizeof(request->peer));
	if (!behind_proxy || !is_loopback(request->connection->peer))
		return;
	text = last_of(&request->head, "X-Forwarded-For");
	if (text && !http_target_forwarded(text, request->peer, sizeof(request->peer)))
		memcpy(request->peer, request->connection->peer, sizeof(request->peer));
	text = http_framing_find(&request->head, "X-Forwarded-Proto");
	request->secure = text && strcasecmp(text, "https") == 0;
}

/* As civetweb decides it: a Connection header, else the version. */
static bool wants_keep(const struct http_head *head)
{
	const char *text = http_framing_find(head, "Connection");

	return text ? http_target_list_has(text, "keep-alive") : strcmp(head->version, "1.1") == 0;
}

const char *http_request_open(struct http_request *request, bool behind_proxy, int *ret_status)
{
	const char *fault;

	request->has_method = read_method(request);
	request->keep = wants_keep(&request->head) && !request->head.doubtful &&
			!request->head.chunked;
	read_proxy(request, behind_proxy);
	fault = http_target_path(request->head.target, request->path, ret_status);
	if (fault) {
		request->path[0] = '\0';
		return fault;
	}
	if (request->head.query && !http_target_query_fits(request->head.query))
		return "a query that is none";
	if (!request->has_method) {
		*ret_status = 501;
		return "a method that is not known";
	}
	if (request->length && (request->method == HTTP_GET || request->method == HTTP_HEAD))
		return "a body where none belongs";
	return NULL;
}

void http_request_release(struct http_request *request)
{
	for (size_t i = 0; i < request->text_count; i++)
		free(request->texts[i]);
	free(request->texts);
	free(request->origin);
	buf_release(&request->body);
	buf_release(&request->extra);
	buf_release(&request->reply);
	if (request->reserved)
		http_server_reserve(request->server, -request->reserved);
}

/* Keeps a text, taken, until the request ends. */
static const char *keep_text(struct http_request *request, char *text)
{
	request->texts = buf_realloc(request->texts, request->text_count + 1, sizeof(char *));
	request->texts[request->text_count++] = text;
	return text;
}

enum http_method http_request_method(const struct http_request *request)
{
	return request->method;
}

const char *http_method_text(enum http_method method)
{
	return method_names[method];
}

const char *http_request_path(const struct http_request *request)
{
	return request->path;
}

const char *http_request_query_text(const struct http_request *request)
{
	return request->head.query;
}

bool http_request_field(const struct http_request *request, unsigned number,
			const char **ret_name, const char **ret_value)
{
	if (number >= request->head.count)
		return false;
	*ret_name = request->head.fields[number].name;
	*ret_value = request->head.fields[number].value;
	return true;
}

const char *http_request_query(struct http_request *request, const char *name)
{
	struct buf value = BUF_INIT(HTTP_TARGET_QUERY_MAX);

	if (!request->head.query || !http_target_query(request->head.query, name, &value)) {
		buf_release(&value);
		return NULL;
	}
	return keep_text(request, buf_take(&value));
}

const char *http_request_header(const struct http_request *request, const char *name)
{
	return http_framing_find(&request->head, name);
}

const char *http_request_cookie(struct http_request *request, const char *name)
{
	const char *header = http_framing_find(&request->head, "Cookie");
	size_t len;
	const char *value = header ? http_target_cookie(header, name, &len) : NULL;

	return value ? keep_text(request, buf_format("%.*s", (int)len, value)) : NULL;
}

const char *http_request_bearer(const struct http_request *request)
{
	const char *text = http_framing_find(&request->head, "Authorization");

	if (!text || strncasecmp(text, "Bearer ", 7) != 0)
		return NULL;
	text += 7 + strspn(text + 7, " ");
	return *text ? text : NULL;
}

char *http_request_password(const struct http_request *request)
{
	const char *text = http_framing_find(&request->head, "Authorization");
	AUTO_FREE char *plain = NULL;
	struct err ignored = ERR_INIT;
	const char *colon;
	size_t len;

	if (!text || strncasecmp(text, "Basic ", 6) != 0)
		return NULL;
	text += 6 + strspn(text + 6, " ");
	plain = hash_from_base64(text, &len, &ignored);
	colon = plain && strlen(plain) == len ? strchr(plain, ':') : NULL;
	return colon && colon[1] ? buf_strdup(colon + 1) : NULL;
}

bool http_request_matches(const struct http_request *request, const char *header,
			  const char *etag)
{
	const char *list = http_framing_find(&request->head, header);

	return list && http_target_etag_matches(list, etag);
}

const char *http_request_peer(const struct http_request *request)
{
	return request->peer;
}

/* A browser of this machine asks on behalf of pages from anywhere, and a name of theirs may lead
 * here; these names they cannot have. */
static bool has_local_host(const struct http_request *request)
{
	const char *host = http_framing_find(&request->head, "Host");
	size_t len = strcspn(host, ":");
	char name[64];

	if (len >= sizeof(name))
		return false;
	memcpy(name, host, len);
	name[len] = '\0';
	return strcasecmp(name, "localhost") == 0 || is_loopback(name);
}

bool http_request_is_local(const struct http_request *request)
{
	return !request->forwarded && is_loopback(request->connection->peer) &&
	       has_local_host(request);
}

bool http_request_is_secure(const struct http_request *request)
{
	return request->secure;
}

const char *http_request_origin(const struct http_request *request)
{
	struct http_request *changed = (struct http_request *)request;

	if (!request->origin)
		changed->origin = buf_format("http%s://%s", request->secure ? "s" : "",
					     http_framing_find(&request->head, "Host"));
	return request->origin;
}

bool http_request_is_foreign_write(const struct http_request *request)
{
	const char *site = http_framing_find(&request->head, "Sec-Fetch-Site");
	const char *origin = http_framing_find(&request->head, "Origin");
	bool has_cookie = http_framing_find(&request->head, "Cookie");

	if (request->method == HTTP_GET || request->method == HTTP_HEAD ||
	    request->method == HTTP_OPTIONS)
		return false;
	if (site)
		return strcmp(site, "same-origin") != 0 &&
		       (has_cookie || strcmp(site, "none") != 0);
	if (origin)
		return strcasecmp(origin, http_request_origin(request)) != 0;
	return has_cookie;
}

int64_t http_request_length(const struct http_request *request)
{
	return request->length;
}

void http_request_set_route(struct http_request *request, const char *route)
{
	request->route = route;
}

void http_request_set_whose(struct http_request *request, uint64_t whose)
{
	request->whose = whose;
}

uint64_t http_request_whose(const struct http_request *request)
{
	return request->whose;
}

/* --- the body */

static int refuse_body(struct http_request *request, int status, struct err *err, const char *why)
{
	request->fault_status = status;
	return err_set(err, ERR_INPUT, "%s", why);
}

static int begin_body(struct http_request *request, struct err *err)
{
	static const char go_on[] = "HTTP/1.1 100 Continue\r\n\r\n";

	if (request->fault_status)
		return refuse_body(request, request->fault_status, err, "the body cannot be read");
	if (request->body_until)
		return 0;
	request->body_until = http_connection_now() + http_server_limits(request->server)->body_ms;
	if (!http_framing_find(&request->head, "Expect"))
		return 0;
	if (http_connection_send(request->connection, go_on, sizeof(go_on) - 1, NULL, 0,
				 request->body_until) < 0)
		return refuse_body(request, 400, err, "the client went away");
	return 0;
}

/* From the connection: `len` bytes, or to the end of the body. civetweb waits until it has them or
 * the other side closes, however slowly they come: the thread of the connections makes an end. */
static int64_t read_wire(struct http_request *request, void *data, size_t len, struct err *err)
{
	struct http_connection *connection = request->connection;
	int64_t begun = http_connection_now();
	int got = 0;

	if (begin_body(request, err) < 0)
		return -1;
	if (!request->head.chunked && (int64_t)len > request->length - request->taken)
		len = (size_t)(request->length - request->taken);
	if (len > 1 << 20)
		len = 1 << 20;
	if (len == 0)
		return 0;
	atomic_store(&connection->read_until, request->body_until);
	got = civetweb(mg_read)(request->civetweb, data, len);
	atomic_store(&connection->read_until, 0);
	if (got > 0)
		request->taken += got;
	if (got == (int)len ||
	    (request->head.chunked && got >= 0 && !atomic_load(&connection->cut)))
		return got;
	/* civetweb itself does not wait longer for one byte than for a head */
	if (atomic_load(&connection->cut) ||
	    http_connection_now() - begun >= http_server_limits(request->server)->head_ms)
		return refuse_body(request, 408, err, "the body took too long");
	return refuse_body(request, 400, err, "the body ended too early");
}

/* Room for so many bytes in memory. */
static int reserve(struct http_request *request, int64_t bytes, struct err *err)
{
	if (bytes <= HTTP_BODY_SMALL || bytes <= request->reserved)
		return 0;
	if (!http_server_reserve(request->server, bytes - request->reserved))
		return err_set(err, ERR_ENV, "too many large bodies at once");
	request->reserved = bytes;
	return 0;
}

/* The next piece of it behind what is there: 1, 0 at the end, -1. What is only announced takes no
 * memory; of chunks nothing is. */
static int fetch_piece(struct http_request *request, struct err *err)
{
	int64_t left = request->head.chunked ? INT64_MAX : request->length - request->taken;
	size_t step = left > 64 << 10 ? 64 << 10 : (size_t)left;
	struct buf *body = &request->body;
	int64_t got;

	if (request->head.chunked && reserve(request, (int64_t)(body->len + step), err) < 0)
		return -1;
	if (body->len + step + 1 > body->size) {
		body->size = (body->len + step) * 2;
		body->data = buf_realloc(body->data, body->size, 1);
	}
	got = step ? read_wire(request, body->data + body->len, step, err) : 0;
	if (got <= 0)
		return (int)got;
	body->len += (size_t)got;
	body->data[body->len] = '\0';
	return 1;
}

int http_request_fetch(struct http_request *request, size_t limit, struct err *err)
{
	int more = 1;

	if (request->fetched)
		return request->body.len <= limit ? 0 :
		       refuse_body(request, 413, err, "the body is too large");
	if ((uint64_t)request->length > limit)
		return refuse_body(request, 413, err, "the body is too large");
	if (reserve(request, request->length, err) < 0)
		return -1;
	request->body.limit = SIZE_MAX / 2;
	while (more > 0 && (request->head.chunked || request->taken < request->length)) {
		more = fetch_piece(request, err);
		if (more < 0)
			return -1;
		if (request->body.len > limit)
			return refuse_body(request, 413, err, "the body is too large");
	}
	request->length = request->taken;
	request->fetched = true;
	return 0;
}

int http_request_drop(struct http_request *request, int64_t most, struct err *err)
{
	char piece[16384];
	int64_t got = 1;

	if (request->fault_status != 413 || request->length > most)
		return refuse_body(request, request->fault_status, err, "the body is too large");
	request->fault_status = 0;
	buf_release(&request->body);
	while (got > 0 && request->taken <= most)
		got = read_wire(request, piece, sizeof(piece), err);
	if (got > 0)
		return refuse_body(request, 413, err, "the body is too large");
	if (got < 0)
		return -1;
	request->length = request->taken;
	request->fetched = true;
	return 0;
}

int http_request_body(struct http_request *request, size_t limit, struct buf *out, struct err *err)
{
	struct buf taken;

	if (http_request_fetch(request, limit, err) < 0)
		return -1;
	taken = request->body;
	request->body = (struct buf)BUF_INIT(0);
	buf_release(out);
	taken.limit = out->limit;
	*out = taken;
	return 0;
}

int64_t http_request_read(struct http_request *request, void *data, size_t len, struct err *err)
{
	if (!request->fetched)
		return read_wire(request, data, len, err);
	if (len > request->body.len - request->body_given)
		len = request->body.len - request->body_given;
	if (len)
		memcpy(data, request->body.data + request->body_given, len);
	request->body_given += len;
	return (int64_t)len;
}
