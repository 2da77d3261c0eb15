/* prompt_match.h - the prompts of two accounts of the same work, paired
 *
 * A prompt is told by the hash of its text as a person wrote it: without what programs put in
 * (<system-reminder> and the texts that ai_kind.h knows), each run of blanks and line ends one
 * blank, none at the ends. What is empty then is no prompt. */
#ifndef TALI_PROMPT_MATCH_H
#define TALI_PROMPT_MATCH_H

#include "base/hash.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#define PROMPT_EXCERPT 240	/* bytes of a prompt that are shown; the rest is cut */

struct prompt {
	struct hash hash;
	char excerpt[PROMPT_EXCERPT + 4];	/* ends in "…" when it is cut */
	int64_t event;		/* number of the event that has it, or has its transcript */
	int64_t instant;	/* ms since the epoch; 0: not told */
	char conversation[65];	/* or "" */
	bool spare;		/* said again, perhaps by a program: it may be without a pair */
	bool paired;
};

struct prompt_list {
	struct prompt *items;
	size_t count, size;
};

#define PROMPT_LIST_INIT { .items = NULL }
void prompt_list_release(struct prompt_list *list);

/* Adds a prompt, copied. False when it is none, or stands there already with the same hash and
 * instant (programs copy what was said when they go on with a session). */
bool prompt_list_add(struct prompt_list *list, const char *text, size_t len, int64_t event,
		     int64_t instant);

/* What was said in a conversation so far is there once more, as spares. */
void prompt_list_repeat(struct prompt_list *list, const char *conversation);

/* Pairs each prompt with at most one of the same hash on the other side, the first with the
 * first. */
void prompt_match(struct prompt_list *one, struct prompt_list *other);

#endif
