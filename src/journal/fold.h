/* fold.h - the state of a session after each of its events: files, terminals, conversations
 *
 * tali-journal(5), FOLD, has the rules. The state depends on the events alone: it is the same
 * whether they were folded from the first on or from a checkpoint. Cost is that of the change, not
 * of the state. Contents of files are read when something first needs them.
 *
 * An event with several parts (edits, chunks of output) can be folded part by part:
 *
 *	fold_begin(fold, event, err);
 *	while ((instant = fold_part_instant(fold)) >= 0)
 *		fold_part(fold, err);
 *
 * After an error the fold may only be freed. What does not fit the state is ERR_INTEGRITY
 * "event N (KIND): why". */
#ifndef TALI_FOLD_H
#define TALI_FOLD_H

#include "journal/fold_source.h"
#include "journal/screen.h"
#include "journal/text.h"
#include "store/event.h"

#include <jansson.h>

struct fold;

/* The state before event 0. The source is copied; what it borrows must stay. */
struct fold *fold_new(const struct fold_source *source);
void fold_free(struct fold **fold);

/* The next event, whose seq must be one more than that of the last; all its parts are folded. */
int fold_event(struct fold *fold, const struct event *event, struct err *err);

/* Begins the next event. Its texts are not needed after the call. An event before it must be
 * complete. */
int fold_begin(struct fold *fold, const struct event *event, struct err *err);
/* Milliseconds since the epoch of the part that comes next, never before the part ahead and never
 * after the event's `time`; -1 when the event is complete. An event has at least one part. */
int64_t fold_part_instant(const struct fold *fold);
int fold_part(struct fold *fold, struct err *err);

/* When an event was made: client_time if it has one, else time. */
int64_t fold_instant_of(const struct event *event);

/* --- where it stands */

int64_t fold_seq(const struct fold *fold);	/* of the last event begun; -1 before the first */
int64_t fold_instant(const struct fold *fold);	/* of the last part folded; 0 before the first */
/* What the last fold_part changed: the path of a file or the id of a terminal or conversation,
 * borrowed until the next part; NULL when nothing like it. */
const char *fold_touched(const struct fold *fold);

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

size_t fold_conversation_count(const struct fold *fold);	/* in the order of their first event */
const struct fold_conversation *fold_conversation_at(const struct fold *fold, size_t i);

/* A string, or the content of a payload, of at most `limit` bytes; sets `out` up. */
int fold_payload(const struct fold *fold, const json_t *text, size_t limit, struct buf *out,
		 struct err *err);

/* --- the rest: data of the newest event of the kind ("run", "test", "status", "estimate", "model",
 * "focus", "snapshot", "paste", "submit", "terminal_in"); NULL when there was none. */
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
