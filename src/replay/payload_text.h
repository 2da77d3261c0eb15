/* payload_text.h - the bytes that an event holds, wherever it holds them */
#ifndef TALI_PAYLOAD_TEXT_H
#define TALI_PAYLOAD_TEXT_H

#include "base/buf.h"
#include "store/store.h"

#include <jansson.h>

#define PAYLOAD_TEXT_MAX (64u << 20)

/* Appends the bytes of a string, a payload {"blob", "size"}, or a chunk {"text"}, {"base64"} or
 * {"blob", "size"}. ERR_INTEGRITY when a payload is missing or changed, ERR_INPUT past the limit of
 * `out`. */
int payload_text_add(struct store *store, const json_t *value, struct buf *out, struct err *err);

#endif
