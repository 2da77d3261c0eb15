/* responses_answer.h - answers of the Responses API, whole and as a stream
 *
 * A stream says the same up to three times: in pieces, when an item is done, and in the response at
 * the end. The last that is there counts, so that servers which leave one of them out are read, and
 * a cut stream gives what came. */
#ifndef TALI_RESPONSES_ANSWER_H
#define TALI_RESPONSES_ANSWER_H

#include "ai/ai_answer.h"

#include <stdbool.h>
#include <stddef.h>

/* See read_answer in ai_wire.h. `stop` is the status of the response, or why it is incomplete. */
void responses_answer_read(const char *raw, size_t len, bool stream, struct ai_answer *ret);

#endif
