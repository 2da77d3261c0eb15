/* player_find.h - the moments of a session at which words appear in texts and conversations */
#ifndef TALI_PLAYER_FIND_H
#define TALI_PLAYER_FIND_H

#include "replay/timeline.h"

#define PLAYER_FIND_MOST 10000	/* hits kept */

struct player_hit {
	int64_t instant, seq;
	char *where;		/* path of the file, or kind of the event */
	bool in_file;
};

struct player_hits {
	struct player_hit *list;
	size_t count;
};

#define PLAYER_HITS_INIT { .list = NULL }
void player_hits_release(struct player_hits *hits);

/* How often the words are in the bytes. Words without a capital letter find capitals of ASCII
 * too. */
size_t player_find_count(const char *bytes, size_t len, const char *words);

/* Goes through the whole session: a hit is each change after which the words stand where they did
 * not before, and each prompt, answer, tool result and note that holds them. The timeline is left
 * where that ends. */
int player_find(struct timeline *timeline, const char *words, struct player_hits *ret,
		struct err *err);

#endif
