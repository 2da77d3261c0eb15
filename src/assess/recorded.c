/* recorded.c - see recorded.h */
#include "assess/recorded.h"

#include "base/auto.h"
#include "base/json.h"
#include "replay/timeline.h"
#include "store/event.h"

#include <stdio.h>
#include <string.h>

#define TEXTS_MOST 100	/* that a snapshot names with their hash */

void recorded_release(struct recorded *recorded)
{
	json_decref(recorded->open);
	*recorded = (struct recorded)RECORDED_INIT;
}

static int note_texts(struct fold *fold, int64_t after, json_t *open, struct err *err)
{
	for (size_t i = 0; i < fold_file_count(fold); i++) {
		const struct fold_file *file = fold_file_at(fold, i);
		char hash[HASH_HEX_SIZE];
		struct text *text;

		if (file->seq <= after || json_object_size(open) >= TEXTS_MOST)
			continue;
		if (fold_text(fold, file, &text, err) < 0)
			return -1;
		if (text)
			json_object_set_new(open, file->path, json_string(text_hash(text, hash)));
	}
	return 0;
}

int recorded_of_fold(struct replay_tree *writer, struct fold *fold, int64_t after,
		     struct recorded *ret, struct err *err)
{
	*ret = (struct recorded){ .next_seq = fold_seq(fold) + 1, .open = json_object() };
	if (replay_tree_write(writer, fold, ret->tree, err) == 0 &&
	    note_texts(fold, after, ret->open, err) == 0)
		return 0;
	recorded_release(ret);
	return -1;
}

/* --- without a fold at hand */

struct look {
	int64_t snapshot;	/* seq of the newest, -1 for none */
	char tree[REPO_OID_SIZE];
	int64_t last;
	bool changed;		/* a file, after it */
};

static int look_at_mark(void *arg, const struct event *event, struct err *err)
{
	struct look *look = arg;
	AUTO_JSON json_t *data = NULL;

	if (strcmp(event->kind, "snapshot") != 0)
		return 0;
	data = json_parse(event->data, strlen(event->data), "data", err);
	if (!data)
		return -1;
	look->snapshot = event->seq;
	snprintf(look->tree, sizeof(look->tree), "%s", json_str(data, "tree", ""));
	return 0;
}

static int look_at_rest(void *arg, const struct event *event, struct err *err)
{
	struct look *look = arg;

	(void)err;
	look->last = event->seq;
	look->changed |= !strcmp(event->kind, "edit") || !strcmp(event->kind, "file");
	return 0;
}

static int fold_all(struct store *store, struct repo *repo, const char *assessment_id,
		    const struct look *look, struct recorded *ret, struct err *err)
{
	struct fold_stored stored = { store, repo };
	struct fold_source source = fold_source_stored(&stored);
	AUTO(timeline_close)
	struct timeline *timeline = timeline_open(store, assessment_id, &source, err);
	AUTO(replay_tree_free) struct replay_tree *writer = replay_tree_new(repo);

	if (!timeline || timeline_seek_seq(timeline, timeline_last_seq(timeline), err) < 0)
		return -1;
	return recorded_of_fold(writer, timeline_fold(timeline), look->snapshot, ret, err);
}

int recorded_read(struct store *store, struct repo *repo, const char *assessment_id,
		  struct recorded *ret, struct err *err)
{
	struct look look = { .snapshot = -1, .last = -1 };

	*ret = (struct recorded)RECORDED_INIT;
	if (event_each_mark(store, assessment_id, look_at_mark, &look, err) < 0)
		return -1;
	if (look.snapshot < 0)
		return err_set(err, ERR_STATE, "nothing was saved yet");
	if (event_each(store, assessment_id, look.snapshot + 1, look_at_rest, &look, err) < 0)
		return -1;
	if (look.changed)
		return fold_all(store, repo, assessment_id, &look, ret, err);
	memcpy(ret->tree, look.tree, REPO_OID_SIZE);
	ret->next_seq = (look.last < 0 ? look.snapshot : look.last) + 1;
	ret->open = json_object();
	return 0;
}

json_t *recorded_texts(void *recorded, const char *before, const char *tree, struct err *err)
{
	const struct recorded *of = recorded;

	(void)before;
	(void)tree;
	(void)err;
	return json_incref(of->open);
}
