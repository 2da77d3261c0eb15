/* checkpoint.h - rows of the cache of packed states (replay/keyframe.h gives them their meaning) */
#ifndef TALI_CHECKPOINT_H
#define TALI_CHECKPOINT_H

#include "base/buf.h"
#include "base/hash.h"
#include "store/store.h"

/* The newest one at or before `seq` that was made of the event as it is now: its seq, and the
 * digest of its state. 1 found, 0 none, -1. */
int checkpoint_find(struct store *store, const char *assessment_id, int64_t seq, int64_t *ret_seq,
		    struct hash *ret_state, struct err *err);

/* These need an open transaction. What is there already stays. */
int checkpoint_add(struct store *store, const char *assessment_id, int64_t seq, const char *hash,
		   const struct hash *state, struct err *err);
int checkpoint_add_piece(struct store *store, const char *assessment_id, const struct hash *hash,
			 const void *data, size_t len, struct err *err);
/* All of an assessment. */
int checkpoint_clear(struct store *store, const char *assessment_id, struct err *err);

/* A piece as it was given, appended to `out`. 1 found, 0 none, -1. */
int checkpoint_get_piece(struct store *store, const char *assessment_id, const struct hash *hash,
			 struct buf *out, struct err *err);

/* Checkpoints of an assessment, and the bytes of their pieces. */
int checkpoint_size(struct store *store, const char *assessment_id, int64_t *ret_count,
		    int64_t *ret_bytes, struct err *err);

#endif
