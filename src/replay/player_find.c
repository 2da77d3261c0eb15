/* player_find.c - see player_find.h */
#include "replay/player_find.h"

#include "base/auto.h"
#include "base/json.h"

#include <stdlib.h>
#include <string.h>

#define MESSAGE_MOST (1u << 20)	/* bytes of a message that are looked through */

void player_hits_release(struct player_hits *hits)
{
	size_t i;

	for (i = 0; i < hits->count; i++)
		free(hits->list[i].where);
	free(hits->list);
	*hits = (struct player_hits)PLAYER_HITS_INIT;
}

static char lower(char c)
{
	return c >= 'A' && c <= 'Z' ? (char)(c + 'a' - 'A') : c;
}

static bool has_capital(const char *words)
{
	for (; *words; words++)
		if (*words >= 'A' && *words <= 'Z')
			return true;
	return false;
}

static bool begins(const char *bytes, const char *words, size_t len)
{
	size_t i;

	for (i = 0; i < len; i++)
		if (lower(bytes[i]) != words[i])
			return false;
	return true;
}

static size_t count_any_case(const char *bytes, size_t len, const char *words, size_t words_len)
{
	size_t count = 0, at;

	for (at = 0; at + words_len <= len; at++)
		if (lower(bytes[at]) == words[0] && begins(bytes + at, words, words_len))
			count++;
	return count;
}

size_t player_find_count(const char *bytes, size_t len, const char *words)
{
	size_t words_len = strlen(words), count = 0;
	const char *end = bytes + len, *at;

	if (!words_len || len < words_len)
		return 0;
	if (!has_capital(words))
		return count_any_case(bytes, len, words, words_len);
	for (at = bytes; (at = memmem(at, (size_t)(end - at), words, words_len)) != NULL; at++)
		count++;
	return count;
}

struct finding {
	struct timeline *timeline;
	const char *words;
	size_t words_len;
	int64_t seq;		/* event of `edits` */
	json_t *edits;		/* NULL unless it is an `edit` */
	size_t part;		/* the one that was folded last */
	struct player_hits *hits;
};

static void add_hit(struct finding *finding, const char *where, bool in_file)
{
	struct player_hits *hits = finding->hits;
	struct fold *fold = timeline_fold(finding->timeline);

	if (hits->count >= PLAYER_FIND_MOST)
		return;
	if ((hits->count & (hits->count - 1)) == 0)
		hits->list = buf_realloc(hits->list, hits->count ? hits->count * 2 : 1,
					 sizeof(*hits->list));
	hits->list[hits->count++] = (struct player_hit){
		.instant = timeline_instant(finding->timeline), .seq = fold_seq(fold),
		.where = buf_strdup(where), .in_file = in_file,
	};
}

/* Whether the words stand where bytes [at, at + len) are new: a place that reaches into them. */
static bool is_new(const struct finding *finding, const struct text *text, size_t at, size_t len)
{
	size_t around = finding->words_len - 1, end = at + len + around;
	AUTO_FREE char *bytes = NULL;

	at = at > around ? at - around : 0;
	if (end > text_len(text))
		end = text_len(text);
	if (at >= end)
		return false;
	bytes = buf_alloc(end - at);
	text_copy(text, at, end - at, bytes);
	return player_find_count(bytes, end - at, finding->words) > 0;
}

/* The edits of an event are parsed once, and its parts come in their order. */
static int next_part(struct finding *finding, const struct event *event, struct err *err)
{
	json_t *data;

	if (event->seq == finding->seq) {
		finding->part++;
		return 0;
	}
	json_decref(finding->edits);
	finding->seq = event->seq;
	finding->part = 0;
	data = json_parse(event->data, strlen(event->data), "data", err);
	finding->edits = json_incref(json_object_get(data, "edits"));
	json_decref(data);
	return data ? 0 : -1;
}

static int look_at_edit(struct finding *finding, const struct event *event, struct err *err)
{
	struct fold *fold = timeline_fold(finding->timeline);
	const struct fold_file *file;
	const json_t *edit, *ins;
	struct text *text = NULL;
	size_t len;

	if (next_part(finding, event, err) < 0)
		return -1;
	edit = json_array_get(finding->edits, finding->part);
	ins = json_object_get(edit, "ins");
	len = json_is_string(ins) ? json_string_length(ins) : (size_t)json_int(ins, "size", 0);
	file = fold_file(fold, json_str(edit, "file", ""));
	if (!file)
		return 0;
	if (fold_text(fold, file, &text, err) < 0)
		return -1;
	if (text && is_new(finding, text, (size_t)json_int(edit, "at", 0), len))
		add_hit(finding, file->path, true);
	return 0;
}

struct looking {
	const struct finding *finding;
	const struct text *text;
	int64_t seq;
};

static int look_at_run(void *arg, const struct text_run *run)
{
	struct looking *looking = arg;

	return run->seq == looking->seq &&
	       is_new(looking->finding, looking->text, run->at, run->len);
}

/* A snapshot, or a file written as a whole: what each file has of it. */
static int look_at_files(struct finding *finding, int64_t seq, struct err *err)
{
	struct fold *fold = timeline_fold(finding->timeline);
	size_t i;

	for (i = 0; i < fold_file_count(fold); i++) {
		const struct fold_file *file = fold_file_at(fold, i);
		struct looking looking = { .finding = finding, .seq = seq };
		struct text *text = NULL;

		if (file->seq != seq)
			continue;
		if (fold_text(fold, file, &text, err) < 0)
			return -1;
		looking.text = text;
		if (text && text_each_run(text, look_at_run, &looking))
			add_hit(finding, file->path, true);
	}
	return 0;
}

static void look_at_payload(struct finding *finding, const char *kind, const json_t *payload)
{
	AUTO(buf_release) struct buf bytes = BUF_INIT(0);
	struct err ignored = ERR_INIT;

	if (payload &&
	    fold_payload(timeline_fold(finding->timeline), payload, MESSAGE_MOST, &bytes,
			 &ignored) == 0 &&
	    player_find_count(buf_str(&bytes), bytes.len, finding->words))
		add_hit(finding, kind, false);
}

static int look_at_words(struct finding *finding, const struct event *event, struct err *err)
{
	AUTO_JSON json_t *data = json_parse(event->data, strlen(event->data), "data", err);

	if (!data)
		return -1;
	look_at_payload(finding, event->kind,
			json_object_get(data, strcmp(event->kind, "ai_tool") ? "text" : "result"));
	return 0;
}

static int look(struct finding *finding, struct err *err)
{
	const struct event *event = timeline_event(finding->timeline);
	const char *kind = event ? event->kind : "";

	if (!strcmp(kind, "edit"))
		return look_at_edit(finding, event, err);
	if (!strcmp(kind, "snapshot") || !strcmp(kind, "file"))
		return look_at_files(finding, event->seq, err);
	if (!strncmp(kind, "ai_", 3) || !strcmp(kind, "note") || !strcmp(kind, "interviewer"))
		return look_at_words(finding, event, err);
	return 0;
}

int player_find(struct timeline *timeline, const char *words, struct player_hits *ret,
		struct err *err)
{
	struct finding finding = { .timeline = timeline, .words = words,
				   .words_len = strlen(words), .seq = -1, .hits = ret };
	int found;

	if (!*words)
		return 0;
	if (timeline_seek_seq(timeline, -1, err) < 0)
		return -1;
	while ((found = timeline_next(timeline, err)) == 1) {
		if (look(&finding, err) < 0) {
			found = -1;
			break;
		}
	}
	json_decref(finding.edits);
	return found;
}
