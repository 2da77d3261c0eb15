/* workplace_remote.c - see workplace_remote.h */
#include "work/workplace_remote.h"

#include "work/workplace_run.h"
#include "work/workplace_shell.h"

static struct workplace_remote *remote_of(struct workplace *place)
{
	return (struct workplace_remote *)place;
}

static json_t *not_yet(struct err *err)
{
	err_set(err, ERR_STATE, "not yet for a session at a server");
	return NULL;
}

static json_t *note(struct workplace *place, const char *text, size_t len, struct err *err)
{
	(void)place;
	(void)text;
	(void)len;
	return not_yet(err);
}

static json_t *estimate(struct workplace *place, int64_t duration_ms, struct err *err)
{
	(void)place;
	(void)duration_ms;
	return not_yet(err);
}

static json_t *status(struct workplace *place, struct err *err)
{
	(void)place;
	return not_yet(err);
}

static json_t *submit(struct workplace *place, struct err *err)
{
	(void)place;
	return not_yet(err);
}

static void close_place(struct workplace *place)
{
	remote_close(&remote_of(place)->remote);
}

static const struct workplace_verbs verbs = {
	.note = note,
	.estimate = estimate,
	.run = workplace_run_program,
	.test = workplace_run_tests,
	.shell = workplace_shell_open,
	.status = status,
	.submit = submit,
	.close = close_place,
};

int workplace_remote_open(struct workplace_remote *place, struct err *err)
{
	place->place.verbs = &verbs;
	place->remote = (struct remote)REMOTE_INIT;
	return remote_open(place->session, &place->remote, err);
}
