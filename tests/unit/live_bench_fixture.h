/* live_bench_fixture.h - the tools of an agent on a live session (tool_fixture.h) */
#ifndef TALI_LIVE_BENCH_FIXTURE_H
#define TALI_LIVE_BENCH_FIXTURE_H

#include "assess/live_bench.h"
#include "live_fixture.h"
#include "tool_fixture.h"

/* Whose tools work on a live session. */
static struct tool_user user_of(struct session *s)
{
	struct tool_user user = { s->f->store, s->writer, s->assessment.id, NULL };
	struct err err = ERR_INIT;

	user.bench = live_bench_new(s->live, &err);
	must(user.bench ? 0 : -1, &err);
	return user;
}

static void leave(struct session *s, struct tool_user *user)
{
	user->bench->ops->release(user->bench);
	check(s);
	finish(s);
}

#endif
