/* http_request.h - one request as a handler sees it
 *
 * All texts are borrowed until the handler returns. A request belongs to the thread that got it, or
 * to the worker it was handed to while that thread waits. */
#ifndef TALI_HTTP_REQUEST_H
#define TALI_HTTP_REQUEST_H

#include "base/buf.h"
#include "base/err.h"

#include <stdbool.h>
#include <stdint.h>

enum http_method {
	HTTP_GET,
	HTTP_HEAD,
	HTTP_POST,
	HTTP_PUT,
	HTTP_DELETE,
	HTTP_PATCH,
	HTTP_OPTIONS,
	HTTP_METHODS
};

struct http_request;

enum http_method http_request_method(const struct http_request *request);
const char *http_method_text(enum http_method method);	/* "GET" */

/* Decoded: valid UTF-8 that begins with "/", without control characters, backslashes, "//" and
 * parts "." and "..". A "/" that was sent as %2F never comes here (400). */
const char *http_request_path(const struct http_request *request);
/* Value in the query, decoded like a form (+ is a blank), "" when it has none; NULL when it is not
 * there. The first of several. Valid UTF-8 without NUL. */
const char *http_request_query(struct http_request *request, const char *name);
/* The query as it was sent, without the "?"; NULL when there is none. */
const char *http_request_query_text(const struct http_request *request);
/* The field of this number, as it was sent; false when there are not so many. */
bool http_request_field(const struct http_request *request, unsigned number,
			const char **ret_name, const char **ret_value);
/* The value without blanks around it; NULL when it is not there. Names compare without case. For a
 * header that came several times the first; Host, Content-Length, Authorization, Origin, Cookie and
 * others that must be single came once. */
const char *http_request_header(const struct http_request *request, const char *name);
/* The first cookie of that name; names compare exactly. */
const char *http_request_cookie(struct http_request *request, const char *name);
/* The token of "Authorization: Bearer TOKEN", or NULL. */
const char *http_request_bearer(const struct http_request *request);
/* The password of "Authorization: Basic ...", whatever the name (RFC 7617); yours, or NULL. */
char *http_request_password(const struct http_request *request);
/* Whether one of the entity tags of If-Match or If-None-Match (`header`) is `etag` (with its
 * quotation marks, weak or not), or "*". */
bool http_request_matches(const struct http_request *request, const char *header,
			  const char *etag);

/* Numeric address of the client: of the socket, or what the proxy said. */
const char *http_request_peer(const struct http_request *request);
/* Whether it came to us over a loopback address, addressed to one (or to "localhost"), and no proxy
 * handed it on: nothing in it says so. */
bool http_request_is_local(const struct http_request *request);
/* Whether the client spoke TLS with the proxy. */
bool http_request_is_secure(const struct http_request *request);
/* "http://HOST" or "https://HOST", as a browser writes the Origin of our own pages. */
const char *http_request_origin(const struct http_request *request);

/* Whether a write (POST, PUT, DELETE, PATCH) comes from a page of another site. Browsers say so by
 * Sec-Fetch-Site, older ones by Origin; a request with neither and with a cookie counts as foreign.
 * The server refuses these before any handler (403). */
bool http_request_is_foreign_write(const struct http_request *request);

/* Bytes of the body that were announced; 0 when there is none, and of chunks until they were
 * fetched. */
int64_t http_request_length(const struct http_request *request);
/* The whole body into `out` (whose own limit does not count). After an error http_reply_err gives
 * the status that fits: more than `limit` bytes (413, nothing was read), or not all within the time
 * of the configuration (408), or the peer went away. */
int http_request_body(struct http_request *request, size_t limit, struct buf *out, struct err *err);
/* Reads it for those who come later, so that a worker need not wait for a slow sender: afterwards
 * the two functions around this one give what is there already. Errors as http_request_body, and
 * ERR_ENV when other large bodies fill the memory that there is for them. */
int http_request_fetch(struct http_request *request, size_t limit, struct err *err);
/* After a body was refused for its size (413): reads the rest of it and forgets it, up to `most`
 * bytes in all, so that who sends comes to read an answer of another kind. Errors as before. */
int http_request_drop(struct http_request *request, int64_t most, struct err *err);
/* The next bytes of it: as many as `len` unless it ends before, 0 at its end, -1 on error. All
 * calls together have the same time as http_request_body. */
int64_t http_request_read(struct http_request *request, void *data, size_t len, struct err *err);

/* What the log and the metrics call it: a pattern such as "/t/X", a string that is never freed. Put
 * there by the table of routes. */
void http_request_set_route(struct http_request *request, const char *route);

/* Who asks, as any number but 0 that the caller knows them by: nobody may have all there is of
 * threads and streams. 0, as before it is called: not known. */
void http_request_set_whose(struct http_request *request, uint64_t whose);
uint64_t http_request_whose(const struct http_request *request);

#endif
