/* spelling.h - the word that somebody may have meant */
#ifndef TALI_SPELLING_H
#define TALI_SPELLING_H

#include <stdbool.h>

/* True when `word` is `known` but for two letters wrong, missing, added or swapped with their
 * neighbour; in a word of up to four letters but for one. */
bool spelling_near(const char *word, const char *known);

#endif
