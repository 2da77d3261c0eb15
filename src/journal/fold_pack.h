/* fold_pack.h - the whole state of a fold as bytes, for checkpoints
 *
 * The same state always gives the same bytes. Each text that was edited is apart, by its digest:
 * one that stays the same is neither packed nor kept again, nor read before it is needed. */
#ifndef TALI_FOLD_PACK_H
#define TALI_FOLD_PACK_H

#include "journal/fold.h"

#define FOLD_PACK_MAX (256u << 20)

/* Appends to `out`. Texts that were edited are not in it but their digests: `keep` gets each text
 * that is not kept yet (it was changed since the last call, or there was none); it returns 0, or -1
 * to stop. ERR_STATE within an event, ERR_INPUT past FOLD_PACK_MAX. */
int fold_pack(struct fold *fold,
	      int (*keep)(void *arg, const struct hash *hash, const void *bytes, size_t len,
			  struct err *err),
	      void *arg, struct buf *out, struct err *err);

/* A fold that goes on after event fold_seq. The bytes are not trusted; ERR_INPUT. Texts are read
 * from the source when they are needed; one that is missing or not what it was is ERR_INTEGRITY
 * then. */
struct fold *fold_unpack(const struct fold_source *source, const void *bytes, size_t len,
			 struct err *err);

#endif
