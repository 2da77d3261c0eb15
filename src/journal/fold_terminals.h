/* fold_terminals.h - the terminals of a fold (internal to it) */
#ifndef TALI_FOLD_TERMINALS_H
#define TALI_FOLD_TERMINALS_H

#include "journal/fold.h"

#define FOLD_TERMINALS_MAX 256		/* terminals that are remembered */
#define FOLD_CELLS_MAX (2u << 20)	/* cells of all of them */

struct fold_screen {
	struct fold_terminal terminal;	/* id and argv are owned */
	struct screen *screen;
};

struct fold_terminals {
	struct fold_screen **list;	/* in the order of their start */
	size_t count;
};

void fold_terminals_release(struct fold_terminals *terminals);
struct fold_screen *fold_terminals_find(const struct fold_terminals *terminals, const char *id);
/* At the end of the list; takes the screen. */
struct fold_screen *fold_terminals_add(struct fold_terminals *terminals, const char *id,
				       struct screen *screen);

/* The events: `terminal`, one chunk of `terminal_out`, `terminal_resize`. When there are too many,
 * those that ended first are forgotten. */
int fold_terminals_event(struct fold_terminals *terminals, const json_t *data, int64_t seq,
			 int64_t instant, struct err *err);
int fold_terminals_output(struct fold_terminals *terminals, const struct fold_source *source,
			  const json_t *data, const json_t *chunk, int64_t seq, struct err *err);
int fold_terminals_resize(struct fold_terminals *terminals, const json_t *data, int64_t seq,
			  struct err *err);

#endif
