/* live_events.c - see live_events.h */
#include "assess/live_events.h"

#include "assess/live_fold.h"
#include "assess/live_internal.h"
#include "base/auto.h"
#include "base/json.h"
#include "store/client.h"
#include "store/event.h"

#include <string.h>

#define SEARCHED_MOST 1024	/* events of the journal that are looked at for those of a batch */

void live_answer_release(struct live_answer *answer)
{
	json_decref(answer->revs);
	json_decref(answer->conflicts);
	*answer = (struct live_answer){ .revs = NULL };
}

struct look {
	struct live *live;
	const struct event_list *list;
	const json_t *base;
	struct live_answer *answer;
	size_t known;		/* events at the beginning that are stored already */
	size_t matched;		/* so many of them were found in the journal */
	json_t *own;		/* {path: seq of the last event of these that changed it} */
	json_t *fresh;		/* {path: index of the first of the others that changes it} */
	int64_t at;		/* for note_own, note_fresh */
};

static void release_look(struct look *look)
{
	json_decref(look->own);
	json_decref(look->fresh);
}

/* How many events at its beginning are stored already. 1: some are missing before it. */
static int count_known(struct live *live, const struct batch *batch, size_t *ret, struct err *err)
{
	struct client_state state;
	int row = client_get(live->store, live->id, batch->client, &state, err);
	int64_t known = 0;

	if (row <= 0)
		return row < 0 ? -1 : err_set(err, ERR_NOT_FOUND, "no assessment '%s'", live->id);
	if (batch->list.count)
		known = state.last_seq - batch->list.events[0].client_seq + 1;
	*ret = known <= 0 ? 0 : known > (int64_t)batch->list.count ? batch->list.count
								   : (size_t)known;
	/* what is missing before it is told by who stores */
	return known < 0 ? 1 : 0;
}

static void cut(struct event_list *list, size_t count)
{
	while (list->count > count) {
		struct ready_event *last = &list->events[--list->count];

		list->bytes -= strlen(last->data);
		free(last->data);
	}
}

static bool changes_files(const char *kind)
{
	return !strcmp(kind, "edit") || !strcmp(kind, "file");
}

/* The files that an event changes; 1 from visit ends it, and is given back. */
static int each_file(const struct ready_event *event,
		     int (*visit)(void *arg, const char *path), void *arg, struct err *err)
{
	AUTO_JSON json_t *data = NULL;
	json_t *edit;
	size_t i;

	if (!changes_files(event->kind))
		return 0;
	data = json_parse(event->data, strlen(event->data), "data", err);
	if (!data)
		return -1;
	if (!strcmp(event->kind, "file"))
		return visit(arg, json_str(data, "path", ""));
	json_array_foreach(json_object_get(data, "edits"), i, edit)
		if (visit(arg, json_str(edit, "file", "")) == 1)
			return 1;
	return 0;
}

/* --- what of it is stored already
 *
 * A batch is checked against its `base`, then stored as far as the rate allows. When it comes again
 * its first events are in the journal, and the state that the others begin from is not the base but
 * what those made of it. They are found by what they are: after the base, in their order, with the
 * same number and data. (Another client may have sent the same; it came after them, or it is what
 * the edits begin from.) When nobody else changed a file its rev is that of the last of them. */

static int note_own(void *arg, const char *path)
{
	struct look *look = arg;

	json_object_set_new(look->own, path, json_integer(look->at));
	return 0;
}

static int match(void *arg, const struct event *event, struct err *err)
{
	struct look *look = arg;
	const struct ready_event *own = &look->list->events[look->matched];

	if (event->client_seq != own->client_seq || strcmp(event->kind, own->kind) != 0 ||
	    strcmp(event->data, own->data) != 0)
		return 0;
	look->at = event->seq;
	if (each_file(own, note_own, look, err) < 0)
		return -1;
	do
		look->matched++;
	while (look->matched < look->known &&
	       !changes_files(look->list->events[look->matched].kind));
	return look->matched == look->known;
}

/* The oldest state that the files of the known events had before them; -1: none is told. */
static int oldest_base(void *arg, const char *path)
{
	struct look *look = arg;
	const json_t *base = json_object_get(look->base, path);

	if (base && (look->at < 0 || json_integer_value(base) < look->at))
		look->at = json_integer_value(base);
	return 0;
}

static int find_stored(struct look *look, struct err *err)
{
	size_t first = look->known;

	look->at = -1;
	for (size_t i = look->known; i-- > 0;) {
		if (each_file(&look->list->events[i], oldest_base, look, err) < 0)
			return -1;
		if (changes_files(look->list->events[i].kind))
			first = i;
	}
	look->matched = first;
	if (first == look->known || look->at < 0)
		return 0;
	return event_page(look->live->store, look->live->id, look->at + 1, SEARCHED_MOST, match,
			  look, err);
}

/* --- conflicts */

/* 1: it was changed by somebody else. */
static int check_base(void *arg, const char *path)
{
	struct look *look = arg;
	const struct fold_file *file = fold_file(look->live->fold, path);
	json_int_t rev = file ? file->seq : 0;
	const json_t *base = json_object_get(look->base, path);
	const json_t *own = json_object_get(look->own, path);

	if (own ? json_integer_value(own) == rev : base && json_integer_value(base) == rev)
		return 0;
	json_array_append_new(look->answer->conflicts,
			      json_pack("{s:s, s:o}", "path", path, "rev",
					file ? json_integer(rev) : json_null()));
	return 1;
}

/* Leaves out what is in conflict, and all after it. */
static int cut_conflicts(struct look *look, struct event_list *list, struct err *err)
{
	for (size_t i = look->known; i < list->count; i++) {
		int found = each_file(&list->events[i], check_base, look, err);

		if (found < 0)
			return -1;
		if (found == 1)
			cut(list, i);
	}
	return 0;
}

/* --- the answer */

static int note_fresh(void *arg, const char *path)
{
	struct look *look = arg;
	json_t *revs = look->answer->revs;

	if (!json_object_get(revs, path))
		json_object_set_new(revs, path, json_null());
	if (look->at >= (int64_t)look->known && !json_object_get(look->fresh, path))
		json_object_set_new(look->fresh, path, json_integer(look->at));
	return 0;
}

static int note_paths(struct look *look, struct err *err)
{
	json_object_clear(look->answer->revs);
	for (size_t i = 0; i < look->list->count; i++) {
		look->at = (int64_t)i;
		if (each_file(&look->list->events[i], note_fresh, look, err) < 0)
			return -1;
	}
	return 0;
}

static json_t *rev_now(const struct live *live, const char *path)
{
	const struct fold_file *file = fold_file(live->fold, path);

	return file ? json_integer(file->seq) : json_null();
}

/* All is stored: the revs of the files, and who listens is told of those that were changed. */
static void tell_revs(const struct look *look, const char *client)
{
	json_int_t end = (json_int_t)look->known + look->answer->ingest.stored;
	json_t *revs = look->answer->revs, *ignored;
	const char *path;

	json_object_foreach(revs, path, ignored) {
		const json_t *fresh = json_object_get(look->fresh, path);
		json_t *own = json_object_get(look->own, path);
		bool changed = fresh && json_integer_value(fresh) < end;
		json_t *rev = changed || !own ? rev_now(look->live, path) : json_incref(own);

		json_object_set_new(revs, path, rev);
		if (changed)
			live_tell(look->live, "file",
				  json_pack("{s:s, s:O, s:s}", "path", path, "rev", rev, "client",
					    client));
	}
}

/* --- storing */

/* 0, or 1 when others came first: nothing is stored then. */
static int store(struct look *look, struct batch *batch, struct err *err)
{
	struct live *live = look->live;
	struct ingest_answer *answer = &look->answer->ingest;
	size_t count = batch->list.at_seq ? batch->list.count - look->known : 0;
	size_t work = live_fold_work(&batch->list, look->known, count);

	if (journal_writer_submit(live->table->writer, live->id, batch, answer, err) < 0) {
		batch->list.at_seq = 0;
		return live_look_again(live, err);
	}
	if (answer->stored == (int64_t)count) {
		live_fold_stored(live, work);
		return 0;
	}
	live_drop_fold(live);	/* it went too fast */
	return live_catch_up(live, err);
}

static int take_once(struct live *live, struct batch *batch, const json_t *base,
		     struct live_answer *ret, struct err *err)
{
	AUTO(release_look) struct look look = { .live = live, .list = &batch->list, .base = base,
						.answer = ret, .own = json_object(),
						.fresh = json_object() };
	char client[BATCH_CLIENT_SIZE];
	int gap = count_known(live, batch, &look.known, err), result;

	memcpy(client, batch->client, sizeof(client));
	if (gap < 0 || find_stored(&look, err) < 0)
		return -1;
	if (gap == 0 && (cut_conflicts(&look, &batch->list, err) < 0 ||
			 live_try(live, &batch->list, look.known, err) < 0))
		return -1;
	if (note_paths(&look, err) < 0) {
		live_drop_fold(live);
		return -1;
	}
	result = store(&look, batch, err);
	if (result == 0)
		tell_revs(&look, client);
	return result;
}

int live_events(struct live *live, struct store *store, struct batch *batch,
		struct live_answer *ret, struct err *err)
{
	AUTO(live_release_hold) struct live *held = NULL;
	AUTO_JSON json_t *base = json_incref(batch->base);

	*ret = (struct live_answer){ .revs = json_object(), .conflicts = json_array() };
	if (journal_writer_check(live->table->writer, live->id, err) < 0 ||
	    live_hold(live, store, err) < 0)
		return -1;
	held = live;
	if (live_require_active(live, err) < 0)
		return -1;
	for (int tries = 0; tries < LIVE_TRIES; tries++) {
		int result = take_once(live, batch, base, ret, err);

		if (result <= 0)
			return result;
	}
	return live_too_busy(err);
}
