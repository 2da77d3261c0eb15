/* facts_session.h - a session made up in memory, and its facts, origins and signals */
#ifndef TALI_TEST_FACTS_SESSION_H
#define TALI_TEST_FACTS_SESSION_H

#include "fold_fixture.h"
#include "fold_session.h"
#include "grade/grade.h"
#include "score/facts_read.h"
#include "score/provenance.h"
#include "score/signal_map.h"
#include "score/signals_planning.h"
#include "score/signals_prompts.h"
#include "score/signals_tools.h"

struct session {
	struct world *w;
	struct facts_reader *reader;
	struct facts facts;
	struct provenance provenance;
	struct signals signals;
};

#define STATEMENT "Write `split` so that the `remainder` is kept; `people` and `total` are numbers."

static inline void begin(struct session *s, void **state)
{
	*s = (struct session){ .w = *state, .facts = FACTS_INIT };
	s->reader = facts_read_begin(&s->w->source, STATEMENT);
}

static inline void tell(struct session *s, const char *kind, json_t *data)
{
	struct err err = ERR_INIT;

	if (facts_read_event(s->reader, world_event(s->w, kind, data), &err) < 0)
		fail_msg("%s", err.text);
}

/* The next event comes so much later than a second. */
static inline void wait(struct session *s, int64_t seconds)
{
	s->w->time += (seconds - 1) * 1000;
}

static inline void begin_work(struct session *s, const char *starter)
{
	tell(s, "snapshot", snapshot(world_tree(s->w, "bill.py", starter, NULL)));
	tell(s, "status", json_pack("{s:s, s:s, s:{}}", "from", "configuring", "to", "active",
				    "row"));
}

static inline void end(struct session *s)
{
	static const struct grade grade = { .possible = 10, .points = 10 };
	AUTO(fold_free) struct fold *fold = NULL;
	struct err err = ERR_INIT;
	struct signal_evidence evidence = { .facts = &s->facts, .provenance = &s->provenance,
					    .grade = &grade, .limit_ms = 3600000 };

	if (facts_read_end(&s->reader, &s->facts, &fold, &err) < 0 ||
	    provenance_read(fold, &s->facts, &s->provenance, &err) < 0)
		fail_msg("%s", err.text);
	signals_planning(&evidence, &s->signals);
	signals_prompts(&evidence, &s->signals);
	signals_tools(&evidence, &s->signals);
}

static inline void done(struct session *s)
{
	facts_release(&s->facts);
	provenance_release(&s->provenance);
}

static inline json_t *prompt(const char *text)
{
	return json_pack("{s:s, s:s}", "conversation", "c1", "text", text);
}

static inline json_t *answer(const char *text)
{
	return json_pack("{s:s, s:s, s:s, s:i, s:i}", "conversation", "c1", "text", text, "model",
			 "m1", "input_tokens", 10, "output_tokens", 5);
}

static inline json_t *tests(int passed, int total)
{
	return json_pack("{s:i, s:i, s:s}", "passed", passed, "total", total, "verdict", "x");
}

static inline json_t *run(int status)
{
	return json_pack("{s:s, s:i}", "verdict", status ? "runtime_error" : "ok", "exit_status",
			 status);
}

static inline json_t *paste(const char *origin)
{
	return json_pack("{s:s, s:i, s:s, s:s}", "file", "bill.py", "size", 20, "hash", "",
			 "origin", origin);
}

static inline const struct signal *signal_is(const struct session *s, const char *name,
					     int64_t number)
{
	const struct signal *signal = signal_find(&s->signals, name);

	assert_non_null(signal);
	if (signal->number != number)
		fail_msg("%s is %lld, not %lld", name, (long long)signal->number,
			 (long long)number);
	return signal;
}

static inline bool is_measured(const struct session *s, const char *name)
{
	return signal_map_measured(signal_map_find(name), signal_find(&s->signals, name));
}

#endif
