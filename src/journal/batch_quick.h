/* batch_quick.h - reads the batches that are as they nearly always are, without a tree of values
 *
 * Typing comes in batches without payloads whose times are in order. Anything else, and whatever is
 * wrong, is declined, and batch.h reads it with all its words. */
#ifndef TALI_BATCH_QUICK_H
#define TALI_BATCH_QUICK_H

#include "journal/batch.h"

#include <stdbool.h>

/* False when it is declined; *ret is written only on true. `len` is at most BATCH_MAX. */
bool batch_quick_parse(const char *text, size_t len, struct batch *ret);

#endif
