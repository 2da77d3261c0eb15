/* facts_read.c - see facts_read.h */
#include "score/facts_read.h"

#include "base/auto.h"
#include "base/json.h"
#include "score/facts_internal.h"
#include "score/facts_talk.h"
#include "score/facts_terms.h"
#include "score/facts_trace.h"
#include "score/wording.h"

#include <stdlib.h>
#include <string.h>

#define STRETCH_PAUSE_MS 30000	/* typing that goes on after less is one change */
#define LOOK_MOST (64u << 10)	/* larger texts are not looked at for words */

void *facts_read_more(void **list, size_t *count, size_t size)
{
	char *item;

	if (*count >= FACTS_MOST)
		return NULL;
	if ((*count & (*count - 1)) == 0)
		*list = buf_realloc(*list, *count ? *count * 2 : 1, size);
	item = (char *)*list + (*count)++ * size;
	memset(item, 0, size);
	return item;
}

struct facts_reader *facts_read_begin(const struct fold_source *source, const char *statement)
{
	struct facts_reader *reader = buf_alloc(sizeof(*reader));

	reader->fold = fold_new(source);
	reader->facts = (struct facts)FACTS_INIT;
	reader->made_until = -1;
	reader->search_left = SEARCH_MOST;
	reader->line = (struct buf)BUF_INIT(COMMAND_MOST);
	if (statement)
		facts_terms_add(reader, statement);
	return reader;
}

void facts_read_drop(struct facts_reader **reader)
{
	struct facts_reader *old = *reader;

	if (!old)
		return;
	fold_free(&old->fold);
	facts_release(&old->facts);
	buf_release(&old->line);
	number_map_release(&old->given);
	free(old);
	*reader = NULL;
}

/* --- files */

uint32_t facts_read_path(struct facts_reader *reader, const char *path)
{
	struct facts *facts = &reader->facts;
	struct fact_path *added;

	/* the newest are the likeliest */
	for (size_t i = facts->path_count; i > 0; i--)
		if (!strcmp(facts->paths[i - 1].path, path))
			return (uint32_t)(i - 1);
	added = FACTS_ADD(facts->paths, facts->path_count);
	if (!added)
		return 0;
	*added = (struct fact_path){ buf_strdup(path), path_kind_of(path) };
	return (uint32_t)(facts->path_count - 1);
}

void facts_read_plan(struct facts_reader *reader, uint32_t items, int64_t seq)
{
	struct facts *facts = &reader->facts;

	if (facts->large_seq >= 0 || items <= facts->plan_items)
		return;
	facts->plan_items = items;
	facts->plan_seq = seq;
}

/* --- what a finished change says */

static int look_at(struct facts_reader *reader, const struct fact_path *path, int64_t seq,
		   struct err *err)
{
	const struct fold_file *file = fold_file(reader->fold, path->path);
	AUTO_FREE char *own = NULL;
	struct text *text = NULL;
	size_t len;

	if (!file)
		return 0;
	if (fold_text(reader->fold, file, &text, err) < 0)
		return -1;
	len = text ? text_len(text) : 0;
	if (!len || len > LOOK_MOST)
		return 0;
	if (path->kind == PATH_CODE) {
		facts_terms_look(reader, text_bytes(text), len, TERM_SERVED, seq);
		return 0;
	}
	own = facts_terms_own(reader, text_bytes(text), len);
	facts_terms_look(reader, own, len, TERM_NAMED, seq);
	if (path->kind == PATH_TEXT)
		facts_read_plan(reader, wording_items(own, len), seq);
	return 0;
}

int facts_read_close(struct facts_reader *reader, struct err *err)
{
	struct facts *facts = &reader->facts;
	const struct fact_change *last;

	if (!reader->stretched)
		return 0;
	reader->stretched = false;
	last = &facts->changes[facts->change_count - 1];
	return look_at(reader, &facts->paths[last->path], last->last_seq, err);
}

/* --- changes */

static void count_change(struct facts_reader *reader, uint32_t path, enum fact_origin origin,
			 size_t added, int64_t seq)
{
	struct facts *facts = &reader->facts;

	facts->put[origin] += added;
	facts->found += reader->finding ? added : 0;
	if (origin == FACT_MADE || facts->paths[path].kind == PATH_TEXT)
		return;
	if (facts->first_change_seq < 0) {
		facts->first_change_seq = seq;
		facts->first_change_ms = time_split_total(&facts->time);
		facts->first_change_seen = !reader->finding;
	}
	reader->code_put += added;
	if (facts->large_seq < 0 && reader->code_put >= FACTS_LARGE)
		facts->large_seq = seq;
}

static uint32_t capped_sum(uint32_t a, size_t b)
{
	return b > UINT32_MAX - a ? UINT32_MAX : a + (uint32_t)b;
}

/* Changes are not bounded by FACTS_MOST but by the journal. */
static struct fact_change *more_changes(struct facts *facts)
{
	size_t count = facts->change_count++;

	if ((count & (count - 1)) == 0)
		facts->changes = buf_realloc(facts->changes, count ? count * 2 : 1,
					     sizeof(*facts->changes));
	return &facts->changes[count];
}

struct source {
	enum fact_origin origin;
	int64_t exchange;
};

static int add_change(struct facts_reader *reader, const char *name, struct source source,
		      size_t added, size_t removed, struct err *err)
{
	struct facts *facts = &reader->facts;
	struct fact_change *last = facts->change_count ? &facts->changes[facts->change_count - 1]
						       : NULL;
	int64_t seq = fold_seq(reader->fold), instant = fold_instant(reader->fold);
	bool grows = reader->stretched && last && last->origin == source.origin &&
		     last->exchange == source.exchange &&
		     instant - last->last_instant <= STRETCH_PAUSE_MS &&
		     !strcmp(facts->paths[last->path].path, name);
	uint32_t path = grows ? last->path : facts_read_path(reader, name);

	if (!grows && facts_read_close(reader, err) < 0)
		return -1;
	count_change(reader, path, source.origin, added, seq);
	if (!grows) {
		last = more_changes(facts);
		*last = (struct fact_change){ .seq = seq, .instant = instant, .path = path,
					      .origin = source.origin,
					      .exchange = source.exchange };
	}
	last->last_seq = seq;
	last->last_instant = instant;
	last->added = capped_sum(last->added, added);
	last->removed = capped_sum(last->removed, removed);
	reader->stretched = true;
	return 0;
}

/* --- edits */

static size_t ins_size(const json_t *ins)
{
	return json_is_string(ins) ? json_string_length(ins) : (size_t)json_int(ins, "size", 0);
}

/* What an answer said was pasted from it, whatever the page says. */
static int paste_source(struct facts_reader *reader, const json_t *ins, struct source *ret,
			struct err *err)
{
	AUTO_FREE char *text = NULL;
	struct facts *facts = &reader->facts;
	size_t len = 0;

	ret->origin = reader->paste.waits ? reader->paste.origin : FACT_OUTSIDE;
	if (ins_size(ins) > 0) {
		if (facts_read_text(reader, ins, &text, &len, err) < 0)
			return -1;
		ret->exchange = facts_talk_find(reader, text, len);
		if (ret->exchange >= 0)
			ret->origin = FACT_AI_PASTED;
	}
	if (reader->paste.waits)
		facts->pastes[reader->paste.index].origin = ret->origin;
	reader->paste.waits = false;
	return 0;
}

/* What a run made is put on record together with it; what an own editor saves comes later, or from
 * a client. */
static bool is_made(const struct facts_reader *reader, const struct event *event)
{
	return reader->made_until >= event->seq - 1 && reader->made_at == event_instant(event) &&
	       !event->client_seq;
}

static int edit_source(struct facts_reader *reader, const json_t *edit, const struct event *event,
		       struct source *ret, struct err *err)
{
	const char *origin = json_str(edit, "origin", "typed");

	*ret = (struct source){ FACT_TYPED, -1 };
	if (!strcmp(origin, "ai"))
		ret->origin = FACT_AI_APPLIED;
	else if (!strcmp(origin, "saved"))
		ret->origin = is_made(reader, event) ? FACT_MADE : FACT_SAVED;
	else if (!strcmp(origin, "paste"))
		return paste_source(reader, json_object_get(edit, "ins"), ret, err);
	return 0;
}

static int read_edits(struct facts_reader *reader, const struct event *event, const json_t *data,
		      struct err *err)
{
	json_t *edit;
	size_t i;

	json_array_foreach(json_object_get(data, "edits"), i, edit) {
		struct source source;

		if (edit_source(reader, edit, event, &source, err) < 0 ||
		    fold_part(reader->fold, err) < 0)
			return -1;
		if (source.origin == FACT_MADE)
			reader->made_until = event->seq;
		else
			time_split_add(&reader->facts.time, fold_instant(reader->fold),
				       TIME_CODING);
		if (add_change(reader, json_str(edit, "file", ""), source,
			       ins_size(json_object_get(edit, "ins")),
			       (size_t)json_int(edit, "del", 0), err) < 0)
			return -1;
	}
	return 0;
}

/* --- files as a whole, and snapshots */

struct brought {
	int64_t seq;
	size_t bytes;
};

static int add_run(void *arg, const struct text_run *run)
{
	struct brought *brought = arg;

	if (run->seq == brought->seq)
		brought->bytes += run->len;
	return 0;
}

/* The bytes of a file that the event just folded put there. */
static int add_brought(struct facts_reader *reader, const struct fold_file *file,
		       enum fact_origin origin, struct err *err)
{
	struct brought brought = { .seq = fold_seq(reader->fold) };
	struct text *text = NULL;
	AUTO_FREE char *path = buf_strdup(file->path);

	if (fold_text(reader->fold, file, &text, err) < 0)
		return -1;
	if (text)
		text_each_run(text, add_run, &brought);
	return brought.bytes ? add_change(reader, path, (struct source){ origin, -1 },
					  brought.bytes, 0, err) : 0;
}

static int read_file(struct facts_reader *reader, const struct event *event, const json_t *data,
		     struct err *err)
{
	const char *path = json_str(data, "path", ""), *word = json_str(data, "origin", "saved");
	const struct fold_file *file;
	enum fact_origin origin = FACT_SAVED;

	if (facts_read_close(reader, err) < 0 || fold_part(reader->fold, err) < 0)
		return -1;
	if (!strcmp(word, "ai"))
		origin = FACT_AI_APPLIED;
	else if (!strcmp(word, "paste"))
		origin = FACT_OUTSIDE;
	else if (!strcmp(word, "typed"))
		origin = FACT_TYPED;
	else if (is_made(reader, event))
		origin = FACT_MADE;
	if (origin == FACT_MADE)
		reader->made_until = event->seq;
	else
		time_split_add(&reader->facts.time, event_instant(event), TIME_CODING);
	file = json_object_get(data, "content") ? fold_file(reader->fold, path) : NULL;
	return file ? add_brought(reader, file, origin, err) : 0;
}

static int read_starter(struct facts_reader *reader, struct err *err)
{
	for (size_t i = 0; i < fold_file_count(reader->fold); i++) {
		const struct fold_file *file = fold_file_at(reader->fold, i);
		bool is_text = path_kind_of(file->path) == PATH_TEXT;
		struct text *text = NULL;

		if (fold_text(reader->fold, file, &text, err) < 0)
			return -1;
		if (text && is_text && text_len(text) <= LOOK_MOST)
			facts_terms_given(reader, text_bytes(text), text_len(text));
		else if (text && !is_text)
			facts_terms_look(reader, text_bytes(text), text_len(text), TERM_STARTED,
					 -1);
	}
	return 0;
}

/* Paths are listed first: what is borrowed from the fold ends when a text is read. */
static int read_snapshot(struct facts_reader *reader, const struct event *event, struct err *err)
{
	bool first = !fold_latest(reader->fold, "snapshot");
	struct fold *fold = reader->fold;

	if (facts_read_close(reader, err) < 0 || fold_part(fold, err) < 0)
		return -1;
	if (first)
		return read_starter(reader, err);
	reader->finding = true;
	for (size_t i = 0; i < fold_file_count(fold); i++) {
		const struct fold_file *file = fold_file_at(fold, i);

		if (file->seq == event->seq && add_brought(reader, file, FACT_SAVED, err) < 0)
			return -1;
	}
	reader->finding = false;
	return 0;
}

/* --- events */

int facts_read_text(const struct facts_reader *reader, const json_t *value, char **ret,
		    size_t *ret_len, struct err *err)
{
	AUTO(buf_release) struct buf text = { 0 };

	if (fold_payload(reader->fold, value, TEXT_MAX, &text, err) < 0) {
		if (err->code != ERR_INPUT)
			return -1;
		*err = (struct err)ERR_INIT;	/* too large to be somebody's words */
		buf_clear(&text);
	}
	*ret_len = text.len > FACTS_TEXT ? FACTS_TEXT : text.len;
	*ret = buf_take(&text);
	(*ret)[*ret_len] = '\0';
	return 0;
}

/* The clock of the work begins when the assessment becomes active; of a recording from elsewhere,
 * with the first that somebody did. */
static void read_status(struct facts_reader *reader, const struct event *event, const json_t *data)
{
	if (strcmp(json_str(data, "to", ""), "active") != 0)
		return;
	reader->facts.started = event_instant(event);
	reader->facts.time = (struct time_split){ 0 };
	time_split_add(&reader->facts.time, event_instant(event), TIME_READING);
}

static bool is_administrative(const char *kind)
{
	static const char *const kinds[] = { "invite", "resend", "extend", "status", "signature",
					     "score", "judge", "snapshot", "interviewer",
					     "transcript" };

	for (size_t i = 0; i < sizeof(kinds) / sizeof(*kinds); i++)
		if (!strcmp(kinds[i], kind))
			return true;
	return false;
}

static int read_kind(struct facts_reader *reader, const struct event *event, struct err *err)
{
	const json_t *data = fold_event_data(reader->fold);
	const char *kind = event->kind;

	if (!strcmp(kind, "edit"))
		return read_edits(reader, event, data, err);
	if (!strcmp(kind, "file"))
		return read_file(reader, event, data, err);
	if (!strcmp(kind, "snapshot"))
		return read_snapshot(reader, event, err);
	while (fold_part_instant(reader->fold) >= 0)
		if (fold_part(reader->fold, err) < 0)
			return -1;
	if (!strcmp(kind, "status"))
		read_status(reader, event, data);
	if (!strncmp(kind, "ai_", 3) || !strcmp(kind, "model"))
		return facts_talk_event(reader, event, data, err);
	return facts_trace_event(reader, event, data, err);
}

int facts_read_event(struct facts_reader *reader, const struct event *event, struct err *err)
{
	struct facts *facts = &reader->facts;

	if (reader->ended)
		return 0;
	if (fold_begin(reader->fold, event, err) < 0)
		return -1;
	if (!facts->started && !is_administrative(event->kind))
		facts->started = event_instant(event);
	if (read_kind(reader, event, err) < 0)
		return -1;
	facts->events = event->seq + 1;
	if (!is_administrative(event->kind))
		facts->ended = event_instant(event);
	reader->ended = !strcmp(event->kind, "submit");
	return 0;
}

int facts_read_end(struct facts_reader **reader, struct facts *ret, struct fold **ret_fold,
		   struct err *err)
{
	struct facts *facts = &(*reader)->facts;

	if (facts_read_close(*reader, err) < 0) {
		facts_read_drop(reader);
		return -1;
	}
	if (facts->ended < facts->started)
		facts->ended = facts->started;
	*ret = *facts;
	*facts = (struct facts)FACTS_INIT;
	*ret_fold = TAKE((*reader)->fold);
	facts_read_drop(reader);
	return 0;
}
