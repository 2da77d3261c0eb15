/* workplace_sync.c - see workplace_sync.h */
#include "work/workplace_sync.h"

#include "base/auto.h"
#include "work/remote_queue.h"
#include "work/remote_sync.h"

#include <stdio.h>

#define LOCK_MS 30000		/* for a watcher that sends what it has */

static void say(void *arg, const char *sentence)
{
	const struct workplace_remote *place = arg;

	if (place->say)
		place->say(place->arg, sentence);
}

static int sync_once(struct workplace_remote *place, struct remote_sync_result *ret,
		     struct err *err)
{
	AUTO_FD int lock = remote_state_lock(&place->remote.state, LOCK_MS, err);

	*ret = (struct remote_sync_result){ .offline = false };
	if (lock < 0)
		return -1;
	return remote_sync_once(&place->remote, ret, say, place, err);
}

int workplace_sync(struct workplace_remote *place, struct err *err)
{
	struct remote_sync_result result;

	if (sync_once(place, &result, err) < 0)
		return -1;
	if (result.offline)
		return err_set(err, ERR_ENV, "%s cannot be reached now, and this is done there",
			       place->remote.state.server);
	return 0;
}

int workplace_sync_after(struct workplace_remote *place, struct err *err)
{
	struct remote_sync_result result;

	if (sync_once(place, &result, err) < 0 && err->code != ERR_STATE)
		return -1;
	*err = (struct err)ERR_INIT;
	return 0;
}

static int add(struct workplace_remote *place, const struct event_list *list, struct err *err)
{
	AUTO_FD int lock = remote_state_lock(&place->remote.state, LOCK_MS, err);
	AUTO(remote_queue_close) struct remote_queue *queue = NULL;

	if (lock < 0)
		return -1;
	queue = remote_queue_open(&place->remote.state, err);
	return queue ? remote_queue_add(queue, list, err) : -1;
}

int workplace_sync_tell(struct workplace_remote *place, const struct event_list *list,
			bool *ret_recorded, struct err *err)
{
	struct remote_sync_result result;

	*ret_recorded = true;
	if (add(place, list, err) < 0)
		return -1;
	if (sync_once(place, &result, err) == 0)
		return 0;
	*ret_recorded = false;
	if (err->code != ERR_STATE)
		return -1;
	*err = (struct err)ERR_INIT;
	return 0;
}
