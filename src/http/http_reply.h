/* http_reply.h - answers: the one place where status lines and headers are written
 *
 * Each answer carries the security headers (nosniff, no-referrer, same-origin opener and resource
 * policies, no permissions, no framing); the handler may set Content-Security-Policy and
 * Cache-Control before, else they are "default-src 'none'; frame-ancestors 'none'" and "no-store".
 * The first call that answers counts, later ones do nothing. To HEAD only the head is sent.
 *
 * What a worker answers is kept and sent when the worker is free again, so that a slow client holds
 * a request thread alone; but for http_reply_begin and http_reply_file, which send from where they
 * are called. */
#ifndef TALI_HTTP_REPLY_H
#define TALI_HTTP_REPLY_H

#include "http/http_request.h"

#include <stdio.h>

#include <jansson.h>

/* Adds a header to the answer to come. The same name again adds another one, but for
 * Content-Security-Policy and Cache-Control. Control characters become blanks. Beyond 8 KiB
 * together they are left out. */
void http_reply_header(struct http_request *request, const char *name, const char *value);

/* The whole answer. `content_type` NULL: none and no body (204, 303, 304). */
void http_reply(struct http_request *request, int status, const char *content_type,
		const void *data, size_t len);
/* As http_reply, but takes `data`, which must be of malloc. */
void http_reply_take(struct http_request *request, int status, const char *content_type, char *data,
		     size_t len);
/* Takes `value`. */
void http_reply_json(struct http_request *request, int status, json_t *value);
/* {"error":{"code":..,"message":..,"field":..}}; `field` may be NULL and is left out then. */
void http_reply_error(struct http_request *request, int status, const char *code,
		      const char *message, const char *field);
/* By the kind of error: USAGE and INPUT 400 "invalid", NO and STATE 409 "state", NOT_FOUND 404
 * "not_found", ENV 503 "unavailable" with Retry-After, INTEGRITY 500 "integrity". After a body that
 * could not be read 413 "too_large" or 408 "timeout". Texts of 500 and 503 stay inside: they may
 * name paths. */
void http_reply_err(struct http_request *request, const struct err *err);
/* 303 to a path of ours. */
void http_reply_see_other(struct http_request *request, const char *path);

/* A download in pieces. `length` is exact; when fewer bytes were written until the end, the
 * connection is cut so that the client knows. -1: unknown, the end of the connection ends it.
 * _data gives -1 when the peer is gone or took more than 30 s for the piece. */
void http_reply_begin(struct http_request *request, int status, const char *content_type,
		      int64_t length);
int http_reply_data(struct http_request *request, const void *data, size_t len);
void http_reply_end(struct http_request *request);

/* All of a file, from its beginning, as a download in pieces. 503 with Retry-After when who asks
 * has HTTP_SERVER_FILES_EACH of them already. Only on the request thread, as it waits. */
void http_reply_file(struct http_request *request, int status, const char *content_type,
		     FILE *file);

/* The words of a status, such as "Not Found". */
const char *http_status_text(int status);

#endif
