/* page_session.h - a session in a store that a page is made of, told event by event */
#ifndef TALI_PAGE_SESSION_H
#define TALI_PAGE_SESSION_H

#include "fold_session.h"
#include "replay/page.h"
#include "store/event.h"
#include "store_fixture.h"

struct page_session {
	struct fixture *f;
	struct world *w;
	struct assessment assessment;
	int64_t now; /* instant of the next event; the teller moves it */
	int64_t clients;
};

static inline int page_take_event(void *arg, const struct event *event, struct err *err)
{
	struct page_session *s = arg;

	s->w->seq = event->seq + 1;
	s->now = event->time;
	return fold_event(s->w->fold, event, err);
}

static inline void page_session_start(struct page_session *s, struct fixture *f)
{
	struct err err = ERR_INIT;

	f->clock.fixed_ms = INT64_C(1763994000000);
	*s = (struct page_session){ .f = f, .assessment = fixture_assessment(f) };
	world_make((void **)&s->w);
	must(event_each(f->store, s->assessment.id, 0, page_take_event, s, &err), &err);
	must(store_begin(f->store, &err), &err);
}

static inline void page_session_release(struct page_session *s)
{
	world_remove((void **)&s->w);
	assessment_release(&s->assessment);
}

/* An event at `now` whose parts take `span` milliseconds, to which the clock moves; takes data. */
static inline void tell_span(struct page_session *s, const char *actor, const char *kind,
			     json_t *data, int64_t span)
{
	struct event *event = &s->w->event;
	struct err err = ERR_INIT;

	world_event(s->w, kind, data);
	event->actor = actor;
	event->client_seq = ++s->clients;
	event->client_time = s->now;
	event->time = s->now += span;
	memset(event->hash, '0', HASH_HEX_SIZE - 1);
	must(event_add(s->f->store, s->assessment.id, event, &err), &err);
	must(fold_event(s->w->fold, event, &err), &err);
}

static inline void tell(struct page_session *s, const char *kind, json_t *data)
{
	tell_span(s, "candidate", kind, data, 0);
}

/* Ends the telling, and writes the page. */
static inline void page_session_write(struct page_session *s, FILE *out)
{
	struct replay_page_facts facts = {
		s->assessment.id, "word-count", "Ada Lovelace", "submitted", 0, 0
	};
	AUTO(timeline_close) struct timeline *timeline = NULL;
	struct err err = ERR_INIT;

	if (store_in_transaction(s->f->store))
		must(store_commit(s->f->store, &err), &err);
	timeline = timeline_open(s->f->store, s->assessment.id, &s->w->source, &err);
	must(timeline ? 0 : -1, &err);
	must(replay_page_write(timeline, &facts, out, &err), &err);
}

/* --- telling */

static inline void tell_snapshot(struct page_session *s, const char *reason, const char *tree)
{
	json_t *data = snapshot(tree);

	json_object_set_new(data, "reason", json_string(reason));
	tell(s, "snapshot", data);
}

static inline void tell_edit(struct page_session *s, const char *path, size_t at, size_t del,
			     const char *ins, const char *origin)
{
	tell(s, "edit", edit(path, (int)at, (int)del, ins, origin));
}

static inline void tell_terminal(struct page_session *s, const char *id, int columns, int rows)
{
	tell(s, "terminal",
	     json_pack("{s:s, s:s, s:i, s:i, s:[s]}", "terminal", id, "action", "start", "columns",
		       columns, "rows", rows, "argv", "bash"));
}

static inline void tell_output(struct page_session *s, const char *id, const char *text)
{
	tell(s, "terminal_out",
	     json_pack("{s:s, s:[{s:s}]}", "terminal", id, "chunks", "text", text));
}

/* The files as they are, as the tree of a snapshot. */
static inline const char *tree_now(struct page_session *s)
{
	struct world_tree *tree = world_tree_new(s->w);
	struct fold *fold = s->w->fold;
	struct err err = ERR_INIT;
	size_t i;

	for (i = 0; i < fold_file_count(fold); i++) {
		const struct fold_file *file = fold_file_at(fold, i);
		AUTO(buf_release) struct buf bytes = BUF_INIT(0);

		must(fold_bytes(fold, file, SIZE_MAX, &bytes, &err), &err);
		world_tree_add(s->w, tree, file->path, buf_str(&bytes), bytes.len);
	}
	return tree->id;
}

#endif
