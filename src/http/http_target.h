/* http_target.h - path, query, cookies and lists: the texts of a request, taken apart */
#ifndef TALI_HTTP_TARGET_H
#define TALI_HTTP_TARGET_H

#include "base/buf.h"

#include <stdbool.h>
#include <stddef.h>

#define HTTP_TARGET_PATH_MAX 4096
#define HTTP_TARGET_QUERY_MAX 8192

/* Decodes the path of a target into `out` (at least HTTP_TARGET_PATH_MAX + 1 bytes). NULL, or why
 * it is refused; *ret_status says what to answer: http_request_path says what comes through. */
const char *http_target_path(const char *raw, char *out, int *ret_status);

/* Whether the query is printable ASCII with whole percent sequences. */
bool http_target_query_fits(const char *query);

/* Adds the decoded value of the first parameter `name`. False when there is none, or it is not
 * UTF-8, or holds NUL. The query must fit. */
bool http_target_query(const char *query, const char *name, struct buf *out);

/* The first cookie of that name in the value of a Cookie header: borrowed, not ended by NUL. NULL
 * when there is none. */
const char *http_target_cookie(const char *header, const char *name, size_t *ret_len);

/* Whether a comma-separated list holds the word, compared without case. */
bool http_target_list_has(const char *list, const char *word);

/* Whether the list of an If-Match or If-None-Match holds the entity tag (with its quotation marks),
 * weak or not, or is "*". */
bool http_target_etag_matches(const char *list, const char *etag);

/* The last element of an X-Forwarded-For, when it is a numeric address. False when not. */
bool http_target_forwarded(const char *list, char *out, size_t size);

#endif
