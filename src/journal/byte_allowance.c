/* byte_allowance.c - see byte_allowance.h */
#include "journal/byte_allowance.h"

#include "base/buf.h"

#include <stdlib.h>
#include <string.h>

struct byte_taker {
	struct byte_taker *next;
	char *session;
	int64_t taken, at;	/* and not come back, at that time */
};

static void free_taker(struct byte_taker *taker)
{
	free(taker->session);
	free(taker);
}

void byte_allowance_release(struct byte_allowance *allowance)
{
	for (size_t i = 0; i < BYTE_ALLOWANCE_LISTS; i++) {
		struct byte_taker *taker;

		while ((taker = allowance->takers[i])) {
			allowance->takers[i] = taker->next;
			free_taker(taker);
		}
	}
}

static struct byte_taker **list_of(struct byte_allowance *allowance, const char *session)
{
	size_t sum = 0;

	for (; *session; session++)
		sum = sum * 31 + (unsigned char)*session;
	return &allowance->takers[sum % BYTE_ALLOWANCE_LISTS];
}

static void give_back(struct byte_taker *taker, int64_t most, int64_t now)
{
	int64_t past = now - taker->at < BYTE_ALLOWANCE_MS ? now - taker->at : BYTE_ALLOWANCE_MS;

	/* twice of it is enough to remember */
	if (taker->taken > 2 * most)
		taker->taken = 2 * most;
	taker->taken -= most * past / BYTE_ALLOWANCE_MS;
	taker->at = now;
}

/* Others of its list that have their bytes back are forgotten; NULL when the session is none. */
static struct byte_taker *find(struct byte_allowance *allowance, const char *session, int64_t now)
{
	struct byte_taker **place = list_of(allowance, session), *found = NULL, *taker;

	while ((taker = *place)) {
		give_back(taker, allowance->most, now);
		if (taker->taken <= 0) {
			*place = taker->next;
			free_taker(taker);
			continue;
		}
		if (strcmp(taker->session, session) == 0)
			found = taker;
		place = &taker->next;
	}
	return found;
}

void byte_allowance_take(struct byte_allowance *allowance, const char *session, int64_t bytes,
			 int64_t now)
{
	struct byte_taker *taker = allowance->most ? find(allowance, session, now) : NULL;
	struct byte_taker **list = list_of(allowance, session);

	if (!allowance->most)
		return;
	if (!taker) {
		taker = buf_alloc(sizeof(*taker));
		*taker = (struct byte_taker){ .next = *list, .at = now,
					      .session = buf_strdup(session) };
		*list = taker;
	}
	taker->taken += bytes;
}

bool byte_allowance_is_spent(struct byte_allowance *allowance, const char *session, int64_t now)
{
	const struct byte_taker *taker = allowance->most ? find(allowance, session, now) : NULL;

	return taker && taker->taken >= allowance->most;
}
