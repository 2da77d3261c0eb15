/* fold_view.h - what a fold tells of its state (include journal/fold.h)
 *
 * What is borrowed is so until the next part is folded. */
#ifndef TALI_FOLD_VIEW_H
#define TALI_FOLD_VIEW_H

#include "journal/fold.h"
#include "journal/screen.h"
#include "journal/text.h"

#include <jansson.h>

/* --- where it stands */

/* The last event of which a part was folded; -1 before the first. */
int64_t fold_seq(const struct fold *fold);
int64_t fold_instant(const struct fold *fold);	/* of the last part folded; 0 before the first */
/* The data of the event that was begun last, borrowed until the next is begun; NULL before the
 * first, and after fold_unpack. */
const json_t *fold_event_data(const struct fold *fold);

/* --- files */

struct fold_file {
	const char *path;
	bool executable;
	bool open;		/* in an editor */
	bool shown;		/* the one that is looked at */
	int64_t cursor, cursor_to;	/* bytes, the ends of the selection; -1 when never told */
	int64_t seq;		/* event that changed its content last */
};

/* Files by path, in byte order; borrowed until the next part. */
size_t fold_file_count(const struct fold *fold);
const struct fold_file *fold_file_at(const struct fold *fold, size_t i);
/* NULL when it is not there. */
const struct fold_file *fold_file(const struct fold *fold, const char *path);

/* The text of a file, borrowed until the next part (text_bytes may be called). *ret is NULL when it
 * is not a text: binary or too large. Reads it from the source when it was not needed before. */
int fold_text(struct fold *fold, const struct fold_file *file, struct text **ret, struct err *err);
/* The bytes of any file of at most `limit`; sets `out` up. ERR_INPUT past it. */
int fold_bytes(struct fold *fold, const struct fold_file *file, size_t limit, struct buf *out,
	       struct err *err);

/* --- terminals */

struct fold_terminal {
	const char *id;
	const json_t *argv;	/* NULL when not told */
	int64_t started, ended;	/* instants; ended is 0 while it runs */
	int64_t exit_status, signal;	/* -1 when there is none */
	int64_t seq;		/* event that changed it last */
};

size_t fold_terminal_count(const struct fold *fold);	/* in the order of their start */
const struct fold_terminal *fold_terminal_at(const struct fold *fold, size_t i);
const struct fold_terminal *fold_terminal(const struct fold *fold, const char *id);
/* What it shows; borrowed until the next part. */
struct screen *fold_screen(struct fold *fold, const struct fold_terminal *terminal);

/* --- conversations with an assistant */

enum fold_role { FOLD_PROMPT, FOLD_RESPONSE, FOLD_TOOL };

struct fold_message {
	enum fold_role role;
	int64_t seq, instant;
	/* The members of the event's data as they are (text, model, tool, arguments, result ...): a
	 * string, or {"blob", "size"} for fold_payload. */
	const json_t *data;
};

struct fold_conversation {
	const char *id;
	const char *model;	/* "" when not told */
	size_t count;
	const struct fold_message *messages;
};

/* In the order of their first event. */
size_t fold_conversation_count(const struct fold *fold);
const struct fold_conversation *fold_conversation_at(const struct fold *fold, size_t i);

/* A string, or the content of a payload, of at most `limit` bytes; sets `out` up. */
int fold_payload(const struct fold *fold, const json_t *text, size_t limit, struct buf *out,
		 struct err *err);

/* --- the rest */

/* Data of the newest event of a kind: run, test, status, estimate, model, focus, snapshot, paste,
 * submit, terminal_in, score, extend. NULL when there was none. */
struct fold_latest {
	int64_t seq, instant;
	const json_t *data;
};
const struct fold_latest *fold_latest(const struct fold *fold, const char *kind);

/* Notes so far, oldest first: events `note` (and `interviewer`). */
struct fold_note {
	int64_t seq, instant;
	const char *actor, *text;
};
size_t fold_note_count(const struct fold *fold);
const struct fold_note *fold_note_at(const struct fold *fold, size_t i);

/* --- provenance of the files as they are now */

struct fold_provenance {
	uint64_t bytes[TEXT_ORIGINS];	/* by origin; of all texts together */
	uint64_t texts;			/* files that are text */
	uint64_t other_files;		/* binary or too large: not counted by bytes */
};

/* Each text with its bytes by origin (text_each_run gives the runs), then the sum. visit may be
 * NULL. */
int fold_provenance(struct fold *fold,
		    int (*visit)(void *arg, const struct fold_file *file, struct text *text,
				 const uint64_t bytes[TEXT_ORIGINS], struct err *err),
		    void *arg, struct fold_provenance *ret, struct err *err);

#endif
