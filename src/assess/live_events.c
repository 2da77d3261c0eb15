/* live_events.c - see live_events.h */
#include "assess/live_events.h"

#include "assess/live_internal.h"
#include "base/auto.h"
#include "base/json.h"
#include "store/client.h"

#include <string.h>

void live_answer_release(struct live_answer *answer)
{
	json_decref(answer->revs);
	json_decref(answer->conflicts);
	*answer = (struct live_answer){ .revs = NULL };
}

/* How many events at its beginning are stored already. */
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

/* Files that an event edits: of each edit its file. */
static int each_file(const struct ready_event *event,
		     int (*visit)(void *arg, const char *path), void *arg, struct err *err)
{
	AUTO_JSON json_t *data = NULL;
	json_t *edit;
	size_t i;

	if (strcmp(event->kind, "edit") != 0 && strcmp(event->kind, "file") != 0)
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

struct look {
	struct live *live;
	const json_t *base;
	struct live_answer *answer;
};

/* 1: it was changed by somebody else. */
static int check_base(void *arg, const char *path)
{
	struct look *look = arg;
	const struct fold_file *file = fold_file(look->live->fold, path);
	json_int_t rev = file ? file->seq : 0;
	json_t *base = json_object_get(look->base, path);

	if (base && json_integer_value(base) == rev)
		return 0;
	json_array_append_new(look->answer->conflicts,
			      json_pack("{s:s, s:o}", "path", path, "rev",
					file ? json_integer(rev) : json_null()));
	return 1;
}

/* Leaves out what is in conflict, and all after it. */
static int cut_conflicts(struct look *look, struct event_list *list, size_t from, struct err *err)
{
	for (size_t i = from; i < list->count; i++) {
		int found = each_file(&list->events[i], check_base, look, err);

		if (found < 0)
			return -1;
		if (found == 1)
			cut(list, i);
	}
	return 0;
}

static int note_path(void *arg, const char *path)
{
	struct look *look = arg;

	json_object_set_new(look->answer->revs, path, json_null());
	return 0;
}

static int note_paths(struct look *look, const struct event_list *list, struct err *err)
{
	for (size_t i = 0; i < list->count; i++)
		if (each_file(&list->events[i], note_path, look, err) < 0)
			return -1;
	return 0;
}

/* All is stored: the revs of the files, and who listens is told of them. */
static void tell_revs(const struct look *look, const char *client)
{
	json_t *revs = look->answer->revs;
	const char *path;
	json_t *rev;

	json_object_foreach(revs, path, rev) {
		const struct fold_file *file = fold_file(look->live->fold, path);

		rev = file ? json_integer(file->seq) : json_null();
		json_object_set_new(revs, path, rev);
		if (look->answer->ingest.stored)
			live_tell(look->live, "file",
				  json_pack("{s:s, s:O, s:s}", "path", path, "rev", rev, "client",
					    client));
	}
}

/* It may only be that somebody else was faster; then the same batch will be good. */
static int explain(struct live *live, struct err *err)
{
	struct err why = *err, now = ERR_INIT;

	if (why.code != ERR_STATE || live_catch_up(live, &now) < 0 ||
	    live_require_active(live, &now) < 0) {
		*err = now.code == ERR_NONE ? why : now;
		return -1;
	}
	return err_set(err, ERR_ENV, "%s; send it again", why.text);
}

static int take(struct live *live, struct batch *batch, struct live_answer *ret, struct err *err)
{
	AUTO_JSON json_t *base = json_incref(batch->base);
	struct look look = { live, base, ret };
	char client[BATCH_CLIENT_SIZE];
	size_t known = 0;
	int gap = count_known(live, batch, &known, err);
	int64_t tried = 0;

	memcpy(client, batch->client, sizeof(client));
	if (gap < 0)
		return -1;
	if (gap == 0) {
		if (cut_conflicts(&look, &batch->list, known, err) < 0 ||
		    live_try(live, &batch->list, known, err) < 0)
			return -1;
		tried = (int64_t)(batch->list.count - known);
	}
	if (note_paths(&look, &batch->list, err) < 0 ||
	    journal_writer_submit(live->table->writer, live->id, batch, &ret->ingest, err) < 0) {
		live_drop_fold(live);
		return explain(live, err);
	}
	if (ret->ingest.stored != tried) {	/* it went too fast */
		live_drop_fold(live);
		if (live_catch_up(live, err) < 0)
			return -1;
	}
	tell_revs(&look, client);
	return 0;
}

int live_events(struct live *live, struct store *store, struct batch *batch,
		struct live_answer *ret, struct err *err)
{
	AUTO(live_release_hold) struct live *held = NULL;

	*ret = (struct live_answer){ .revs = json_object(), .conflicts = json_array() };
	if (live_hold(live, store, err) < 0)
		return -1;
	held = live;
	if (live_require_active(live, err) < 0)
		return -1;
	return take(live, batch, ret, err);
}
