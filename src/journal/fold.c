/* fold.c - see fold.h */
#include "journal/fold.h"

#include "base/auto.h"
#include "base/json.h"
#include "journal/fold_internal.h"
#include "journal/fold_snapshot.h"

#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

const char *const fold_latest_kinds[FOLD_LATEST_MOST] = {
	"run", "test", "status", "estimate", "model", "focus", "snapshot", "paste", "submit",
	"terminal_in", "score", "extend", NULL
};

struct fold *fold_new(const struct fold_source *source)
{
	struct fold *fold = buf_alloc(sizeof(*fold));

	fold->source = *source;
	fold->files.source = &fold->source;
	fold->seq = -1;
	return fold;
}

static void drop_event(struct fold *fold)
{
	json_decref(fold->data);
	free(fold->kind);
	free(fold->actor);
	fold->data = NULL;
	fold->kind = fold->actor = NULL;
}

void fold_free(struct fold **fold)
{
	struct fold *old = *fold;
	size_t i;

	if (!old)
		return;
	drop_event(old);
	fold_files_release(&old->files);
	fold_terminals_release(&old->terminals);
	fold_talk_release(&old->talk);
	for (i = 0; i < FOLD_LATEST_MOST; i++)
		json_decref((json_t *)old->latest[i].data);
	for (i = 0; i < old->note_count; i++) {
		free((char *)old->notes[i].actor);
		free((char *)old->notes[i].text);
	}
	free(old->notes);
	free(old);
	*fold = NULL;
}

void fold_add_note(struct fold *fold, int64_t seq, int64_t instant, const char *actor,
		   const char *text)
{
	fold->notes = buf_realloc(fold->notes, fold->note_count + 1, sizeof(*fold->notes));
	fold->notes[fold->note_count++] =
		(struct fold_note){ seq, instant, buf_strdup(actor), buf_strdup(text) };
}

/* --- an event and its parts */

/* The member whose list are the parts of an event; NULL when it is its only part. */
static const char *part_member(const char *kind)
{
	if (!strcmp(kind, "edit"))
		return "edits";
	if (!strcmp(kind, "terminal_out") || !strcmp(kind, "terminal_in"))
		return "chunks";
	return NULL;
}

static const json_t *part_at(const struct fold *fold, size_t i)
{
	const char *member = part_member(fold->kind);

	return member ? json_array_get(json_object_get(fold->data, member), i) : fold->data;
}

int64_t fold_part_instant(const struct fold *fold)
{
	int64_t instant = fold->begun_instant, ms;

	if (fold->part == fold->parts)
		return -1;
	ms = part_member(fold->kind) ? json_int(part_at(fold, fold->part), "ms", 0) : 0;
	if (ms > 0)
		instant = ms > fold->time - instant ? fold->time : instant + ms;
	return fold->part && instant < fold->instant ? fold->instant : instant;
}

/* Names the event. What only did not fit is a fault of the journal's integrity here. */
static int fault(struct err *err, int64_t seq, const char *kind)
{
	if (err->code == ERR_INPUT || err->code == ERR_NOT_FOUND)
		err->code = ERR_INTEGRITY;
	return err_wrap(err, "event %" PRId64 " (%s)", seq, kind);
}

static int check_event(const struct fold *fold, const struct event *event, struct err *err)
{
	int64_t instant = event_instant(event);

	if (event->seq != fold->seq + 1)
		return err_set(err, ERR_INTEGRITY, "event %" PRId64 " was expected",
			       fold->seq + 1);
	if (instant < fold->event_instant)
		return err_set(err, ERR_INTEGRITY, "its instant is before that of the event ahead");
	if (instant > event->time)
		return err_set(err, ERR_INTEGRITY, "its instant is after its time");
	return 0;
}

int fold_begin(struct fold *fold, const struct event *event, struct err *err)
{
	const char *member = part_member(event->kind);

	if (fold->part != fold->parts)
		return err_set(err, ERR_STATE, "event %" PRId64 " is not complete",
			       fold->begun_seq);
	drop_event(fold);
	if (check_event(fold, event, err) < 0)
		return fault(err, event->seq, event->kind);
	fold->data = json_parse(event->data, strlen(event->data), "data", err);
	if (!fold->data)
		return fault(err, event->seq, event->kind);
	fold->kind = buf_strdup(event->kind);
	fold->actor = buf_strdup(event->actor);
	fold->begun_seq = event->seq;
	fold->begun_instant = event_instant(event);
	fold->time = event->time;
	fold->part = 0;
	fold->parts = member ? json_array_size(json_object_get(fold->data, member)) : 1;
	if (!fold->parts) {
		err_set(err, ERR_INTEGRITY, "it has no parts");
		return fault(err, event->seq, event->kind);
	}
	return 0;
}

static void set_latest(struct fold *fold)
{
	size_t i;

	for (i = 0; fold_latest_kinds[i]; i++) {
		struct fold_latest *latest = &fold->latest[i];

		if (strcmp(fold_latest_kinds[i], fold->kind) != 0)
			continue;
		json_decref((json_t *)latest->data);
		*latest = (struct fold_latest){ fold->seq, fold->event_instant,
						json_incref(fold->data) };
	}
}

static int fold_message(struct fold *fold)
{
	const char *id = json_str(fold->data, "conversation", "");
	struct fold_conversation *conversation;
	enum fold_role role = !strcmp(fold->kind, "ai_prompt")	   ? FOLD_PROMPT
			      : !strcmp(fold->kind, "ai_response") ? FOLD_RESPONSE
								   : FOLD_TOOL;

	/* another model for all to come, until one is named */
	if (!strcmp(fold->kind, "model")) {
		if (*id)
			fold_talk_set_model(fold_talk_get(&fold->talk, id),
					    json_str(fold->data, "to", NULL));
		return 0;
	}
	conversation = fold_talk_get(&fold->talk, id);
	fold_talk_set_model(conversation, json_str(fold->data, "model", NULL));
	fold_talk_add(conversation, role, fold->seq, fold->event_instant, fold->data);
	return 0;
}

static int fold_words(struct fold *fold)
{
	fold_add_note(fold, fold->seq, fold->event_instant, fold->actor,
		      json_str(fold->data, "text", ""));
	return 0;
}

static int fold_terminal_part(struct fold *fold, struct err *err)
{
	struct fold_terminals *terminals = &fold->terminals;

	if (!strcmp(fold->kind, "terminal_out"))
		return fold_terminals_output(terminals, &fold->source, fold->data,
					     part_at(fold, fold->part), fold->seq, err);
	if (!strcmp(fold->kind, "terminal_resize"))
		return fold_terminals_resize(terminals, fold->data, fold->seq, err);
	if (!strcmp(fold->kind, "terminal"))
		return fold_terminals_event(terminals, fold->data, fold->seq, fold->event_instant,
					    err);
	return 0;
}

static int fold_file_part(struct fold *fold, struct err *err)
{
	if (!strcmp(fold->kind, "file"))
		return fold_files_file(&fold->files, fold->data, fold->seq, err);
	if (!strcmp(fold->kind, "edit"))
		return fold_files_edit(&fold->files, part_at(fold, fold->part), fold->seq, err);
	if (!strcmp(fold->kind, "open"))
		fold_files_open(&fold->files, fold->data);
	else
		fold_files_cursor(&fold->files, fold->data);
	return 0;
}

static int apply(struct fold *fold, struct err *err)
{
	const char *kind = fold->kind;

	if (!strcmp(kind, "edit") || !strcmp(kind, "cursor") || !strcmp(kind, "open") ||
	    !strcmp(kind, "file"))
		return fold_file_part(fold, err);
	if (!strncmp(kind, "terminal", strlen("terminal")))
		return fold_terminal_part(fold, err);
	if (!strncmp(kind, "ai_", 3) || !strcmp(kind, "model"))
		return fold_message(fold);
	if (!strcmp(kind, "note") || !strcmp(kind, "interviewer"))
		return fold_words(fold);
	if (!strcmp(kind, "snapshot"))
		return fold_snapshot_take(&fold->files, fold->data, fold->seq, err);
	return 0;
}

int fold_part(struct fold *fold, struct err *err)
{
	int64_t instant = fold_part_instant(fold);

	if (instant < 0)
		return err_set(err, ERR_STATE, "event %" PRId64 " is complete", fold->begun_seq);
	fold->seq = fold->begun_seq;
	fold->event_instant = fold->begun_instant;
	if (apply(fold, err) < 0)
		return fault(err, fold->seq, fold->kind);
	fold->instant = instant;
	fold->part++;
	set_latest(fold);
	return 0;
}

int fold_event(struct fold *fold, const struct event *event, struct err *err)
{
	if (fold_begin(fold, event, err) < 0)
		return -1;
	while (fold->part < fold->parts)
		if (fold_part(fold, err) < 0)
			return -1;
	return 0;
}
