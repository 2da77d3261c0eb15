/* workplace_sync.c - see workplace_sync.h */
#include "work/workplace_sync.h"

#include "work/remote_sync.h"

static void say(void *arg, const char *sentence)
{
	const struct workplace_remote *place = arg;

	if (place->say)
		place->say(place->arg, sentence);
}

int workplace_sync(struct workplace_remote *place, struct err *err)
{
	struct remote_sync_result result;

	if (remote_sync_once(&place->remote, &result, say, place, err) < 0)
		return -1;
	if (result.offline || result.waiting)
		return err_set(err, ERR_ENV, "%s cannot be reached now, and this is done there",
			       place->remote.state.server);
	return 0;
}

int workplace_sync_after(struct workplace_remote *place, struct err *err)
{
	struct remote_sync_result result;

	if (remote_sync_once(&place->remote, &result, say, place, err) < 0 &&
	    err->code != ERR_STATE && err->code != ERR_NOT_FOUND)
		return -1;
	*err = (struct err)ERR_INIT;
	return 0;
}

int workplace_sync_tell(struct workplace_remote *place, const struct event_list *list,
			bool *ret_recorded, struct err *err)
{
	struct remote_sync_result result;

	*ret_recorded = remote_sync_events(&place->remote, list, &result, err) == 0;
	if (*ret_recorded)
		return 0;
	if (err->code != ERR_STATE)
		return -1;
	*err = (struct err)ERR_INIT;
	return 0;
}
