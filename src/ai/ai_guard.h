/* ai_guard.h - nothing secret in what tali's own assistant says
 *
 * A guard knows canaries (random words planted in what is secret) and secret texts. It finds a
 * canary in any spelling, and any AI_GUARD_SHINGLE words in a row of a secret text. Both are
 * compared after normalising: lower case, compatibility forms of letters as plain ones, characters
 * without width left out, everything that is no letter or digit only a gap between words (and
 * nothing at all within a canary). What the candidate may read anyway is taken out again.
 *
 * It is a net, not a wall: the wall is that secrets are in no prompt. */
#ifndef TALI_AI_GUARD_H
#define TALI_AI_GUARD_H

#include "base/buf.h"

#include <stdbool.h>
#include <stddef.h>

#define AI_GUARD_SHINGLE 8	/* words */
#define AI_GUARD_HOLD 200	/* characters of a stream that are held back, gaps counted once */
#define AI_GUARD_CANARY_MIN 8	/* letters and digits; a shorter one would hit by chance */
#define AI_GUARD_CANARY_MAX 128

struct ai_guard;

struct ai_guard *ai_guard_new(void);
void ai_guard_free(struct ai_guard **guard);

/* False when it has fewer letters and digits than AI_GUARD_CANARY_MIN, or too many. */
bool ai_guard_add_canary(struct ai_guard *guard, const char *canary);
/* A secret text, and one that is not: order does not matter. A text of fewer words than
 * AI_GUARD_SHINGLE is not looked for. */
void ai_guard_add_secret(struct ai_guard *guard, const char *text, size_t len);
void ai_guard_add_public(struct ai_guard *guard, const char *text, size_t len);

/* Whether a text has something of what the guard knows. */
bool ai_guard_hits(const struct ai_guard *guard, const char *text, size_t len);

/* --- a stream; the guard must stay as it is while streams read by it */

struct ai_guard_stream;

struct ai_guard_stream *ai_guard_stream_new(const struct ai_guard *guard);
void ai_guard_stream_free(struct ai_guard_stream **stream);

/* Reads the next piece (of whole characters or not) and appends to `out` what may be shown now: all
 * but what is held back. False on a hit: what is held back is never shown, and the stream takes
 * nothing more. */
bool ai_guard_stream_add(struct ai_guard_stream *stream, const char *text, size_t len,
			 struct buf *out);

/* The end: appends what was held back. False on a hit, as above. */
bool ai_guard_stream_end(struct ai_guard_stream *stream, struct buf *out);

#endif
