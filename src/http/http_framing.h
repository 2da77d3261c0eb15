/* http_framing.h - the head of a request, checked as it stood on the wire
 *
 * civetweb parses leniently and in place: it writes NUL over separators, takes bare line feeds,
 * blanks before a colon, folded lines (and drops what follows one), the first of two lengths, and
 * drops headers beyond 64. But all bytes are still there, so one walk from the method to the empty
 * line finds whether they could be read in one way only. A layout that is not understood, such as
 * another version of the library might leave, is refused.
 *
 * Two forms cannot be told from the right one. LF LF at the end of the head, when the body begins
 * with CR NUL: body and length are the same either way. And CR CR, LF CR, CR blank or LF blank at
 * the end of the request line: somebody in front might have skipped the line that follows, so
 * `doubtful` is set when it says the length, and no other request may come behind that one.
 *
 * A body in chunks is taken in its one form ("chunked", alone, without a length, version 1.1), for
 * git sends large packs so; no other request may come behind it either. */
#ifndef TALI_HTTP_FRAMING_H
#define TALI_HTTP_FRAMING_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#define HTTP_FRAMING_FIELDS_MAX 64

struct http_head_field {
	char *name, *value;
};

/* What civetweb found; all pointers lead into the buffer. */
struct http_head {
	char *buffer;		/* where the head begins */
	size_t size;		/* of the whole buffer */
	char *method, *target, *query;	/* the query without "?", or NULL */
	char *version;		/* "1.1": the text behind "HTTP/" */
	unsigned count;
	struct http_head_field fields[HTTP_FRAMING_FIELDS_MAX];
	bool doubtful;		/* the connection must end with this request */
	bool chunked;		/* so it must, and the length is not known before */
};

/* NULL when all is in order: then blanks at the ends of values are cut off, and *ret_length is the
 * length of the body. Else why not, and *ret_status what to answer. */
const char *http_framing_fault(struct http_head *head, int64_t *ret_length, int *ret_status);

/* The value of the first field of that name (compared without case), or NULL. */
const char *http_framing_find(const struct http_head *head, const char *name);

#endif
