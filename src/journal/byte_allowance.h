/* byte_allowance.h - what each session may store in a while, so that none of them fills the disk
 *
 * A bucket for each session: it holds `most` bytes, and what was taken comes back evenly, all of it
 * in BYTE_ALLOWANCE_MS. Taking is never refused; whoever asks first is told that it is spent. How
 * many sessions there are makes no call longer. Times are ms of any clock that does not go
 * backwards. No locks of its own. */
#ifndef TALI_BYTE_ALLOWANCE_H
#define TALI_BYTE_ALLOWANCE_H

#include <stdbool.h>
#include <stdint.h>

#define BYTE_ALLOWANCE_MS (15 * 60 * 1000)
#define BYTE_ALLOWANCE_LISTS 4096

struct byte_allowance {
	int64_t most;	/* 0: no limit; up to 2^40 */
	/* those that do not have all of it, by a number made of their names */
	struct byte_taker *takers[BYTE_ALLOWANCE_LISTS];
};

void byte_allowance_release(struct byte_allowance *allowance);

/* `bytes` of the session are stored. */
void byte_allowance_take(struct byte_allowance *allowance, const char *session, int64_t bytes,
			 int64_t now);
/* Whether it has stored all that it may for now. */
bool byte_allowance_is_spent(struct byte_allowance *allowance, const char *session, int64_t now);

#endif
