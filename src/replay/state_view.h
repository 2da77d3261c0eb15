/* state_view.h - all that an instant of a session shows, for people and for machines */
#ifndef TALI_STATE_VIEW_H
#define TALI_STATE_VIEW_H

#include "journal/fold.h"

#include <stdio.h>

#define STATE_VIEW_TEXT_MAX (1u << 20)	/* bytes of a payload or message; what is longer is cut */

/* "files", "terminals", "conversations", "run", "test" and "notes" of tali.replay/1, set in `view`.
 * Texts whole. */
int state_view_json(struct fold *fold, json_t *view, struct err *err);

/* The same to read: files with their text, what terminals show, the last prompt and answer of each
 * conversation, the last run with its output and the last test, notes. Instants are told as time
 * since `start`. Foreign text is printed without control characters. */
int state_view_print(FILE *out, struct fold *fold, int64_t start, struct err *err);

/* A string or payload of an event's data as text: cut at `limit`, invalid bytes and control
 * characters but tab and line feed made U+FFFD. Yours, never NULL. */
char *state_view_text(const struct fold *fold, const json_t *text, size_t limit);

#endif
