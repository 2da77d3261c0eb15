/* ai_edit.h - the two changes that tali makes to a body, and no other byte of it
 *
 * The place of a member is found in the text, so what stands around it (order, blanks, unknown
 * fields, the way numbers and characters are written) passes as it came. The body must be one that
 * ai_json_request takes: what is no object is refused. */
#ifndef TALI_AI_EDIT_H
#define TALI_AI_EDIT_H

#include "base/buf.h"
#include "base/err.h"

#include <stddef.h>
#include <stdint.h>

/* Writes the body to `out` with every member of `names` (NULL ends) that is a number above `most`,
 * or null, made `most`. When there is none of them, the first name is put in as first member.
 * ERR_INPUT when the body is no object. */
int ai_edit_lower(const char *body, size_t len, const char *const *names, int64_t most,
		  struct buf *out, struct err *err);

/* Writes the body to `out` with `stream_options.include_usage` true. As ai_edit_lower. */
int ai_edit_ask_usage(const char *body, size_t len, struct buf *out, struct err *err);

#endif
