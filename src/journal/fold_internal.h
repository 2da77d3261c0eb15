/* fold_internal.h - the body of a fold, for the fold_* modules */
#ifndef TALI_FOLD_INTERNAL_H
#define TALI_FOLD_INTERNAL_H

#include "journal/fold.h"
#include "journal/fold_files.h"
#include "journal/fold_talk.h"
#include "journal/fold_terminals.h"

/* The kinds that fold_latest knows. */
#define FOLD_LATEST_MOST 16
extern const char *const fold_latest_kinds[FOLD_LATEST_MOST];	/* ends with NULL */

struct fold {
	struct fold_source source;
	int64_t seq;			/* of the last event of which a part was folded */
	int64_t event_instant, instant;	/* of that event, of that part */
	struct fold_files files;
	struct fold_terminals terminals;
	struct fold_talk talk;
	struct fold_latest latest[FOLD_LATEST_MOST];
	struct fold_note *notes;
	size_t note_count;

	/* the event being folded; nothing of it shows before its first part */
	json_t *data;
	char *kind, *actor;
	int64_t begun_seq, begun_instant, time;
	size_t part, parts;		/* done, of how many */
};

/* Adds a note; copies. */
void fold_add_note(struct fold *fold, int64_t seq, int64_t instant, const char *actor,
		   const char *text);

#endif
