/* fold_pack.h - the whole state of a fold as bytes, for checkpoints
 *
 * The same state always gives the same bytes, and a small change of the state changes few of them,
 * so that pieces of one state can be kept once for many (store/checkpoint.h). Only between events. */
#ifndef TALI_FOLD_PACK_H
#define TALI_FOLD_PACK_H

#include "journal/fold.h"

#define FOLD_PACK_MAX (256u << 20)

/* Appends to `out`. ERR_STATE within an event, ERR_INPUT past FOLD_PACK_MAX. */
int fold_pack(const struct fold *fold, struct buf *out, struct err *err);

/* A fold that goes on after event fold_seq. The bytes are not trusted; ERR_INPUT. */
struct fold *fold_unpack(const struct fold_source *source, const void *bytes, size_t len,
			 struct err *err);

#endif
