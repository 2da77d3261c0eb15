/* spelling.h - the word that somebody may have meant */
#ifndef TALI_SPELLING_H
#define TALI_SPELLING_H

#include <stdbool.h>

/* True when `word` is `known` but for two letters wrong, missing, added or swapped with their
 * neighbour; in a word of up to four letters but for one. */
bool spelling_near(const char *word, const char *known);

/* How much `word` looks like a try at `known`: 2 for its beginning, 1 when it is near, else 0. */
int spelling_likeness(const char *word, const char *known);

#endif
