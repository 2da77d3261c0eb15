/* fold_snapshot.h - a snapshot meets the files that the events before it made
 *
 * Internal to the fold. Files whose every change is on record (`open`) must be what the tree holds;
 * all others become it. */
#ifndef TALI_FOLD_SNAPSHOT_H
#define TALI_FOLD_SNAPSHOT_H

#include "journal/fold_files.h"

/* ERR_INPUT names the path. */
int fold_snapshot_take(struct fold_files *files, const json_t *data, int64_t seq, struct err *err);

#endif
