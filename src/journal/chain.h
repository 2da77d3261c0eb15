/* chain.h - the hash that ties each event to the one before (tali-journal(5))
 *
 * hash(n) = SHA-256(hash(n-1) || canonical(event n without hash)), hash(-1) = SHA-256(assessment
 * id). canonical is UTF-8 JSON, keys sorted by bytes, no spaces, integers only. */
#ifndef TALI_CHAIN_H
#define TALI_CHAIN_H

#include "base/hash.h"
#include "store/event.h"

#include <stdbool.h>

struct hash chain_start(const char *assessment_id);
/* `event->data` must be canonical JSON already; `event->hash` is not looked at. */
struct hash chain_next(const struct hash *previous, const struct event *event);
/* The canonical text of an event, with "hash" when with_hash; yours. */
char *chain_canonical(const struct event *event, bool with_hash);

#endif
