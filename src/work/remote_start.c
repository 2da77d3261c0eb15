/* remote_start.c - see remote_start.h */
#include "work/remote_start.h"

#include "base/auto.h"
#include "base/fs.h"
#include "base/json.h"
#include "work/remote_clone.h"
#include "work/remote_sync.h"
#include "work/remote_view.h"

#include <string.h>
#include <time.h>

#define LOOK_MS 250		/* how often we ask whether it is set up */
#define LOOKS_MOST 2400		/* ten minutes */

/* The name comes from a server and becomes a folder's. */
static char *folder_name(const struct remote_start *start, const json_t *session, struct err *err)
{
	const char *task = json_str(json_object_get(session, "task"), "name", "");

	if (start->folder)
		return buf_strdup(start->folder);
	if (fs_path_confined(task) && !strchr(task, '/') && *task != '-')
		return buf_strdup(task);
	err_set(err, ERR_USAGE, "the task's name is no name for a folder: say which");
	return NULL;
}

static int check_folder(const char *folder, const struct remote_start *start,
			const struct remote *remote, const json_t *session, struct err *err)
{
	enum remote_folder is = remote_clone_look(folder, remote->state.server,
						  json_str(session, "id", ""), err);

	if (is == REMOTE_FOLDER_OURS && start->again &&
	    json_is_string(json_object_get(session, "submitted")))
		return err_set(err, ERR_STATE, "%s is the work folder of the attempt before",
			       folder);
	return is == REMOTE_FOLDER_REFUSED ||
	       (is != REMOTE_FOLDER_OURS && fs_may_mkdirs(folder, err) < 0) ? -1 : 0;
}

/* That there is a place for all that is laid out when the clock runs. */
static int check_places(const char *folder, const struct remote_start *start,
			const struct remote *remote, const json_t *session, struct err *err)
{
	AUTO_FREE char *state = remote_state_path(json_str(session, "id", ""), err);

	if (!state || fs_may_mkdirs(state, err) < 0)
		return -1;
	return check_folder(folder, start, remote, session, err);
}

static int post_start(const struct remote_start *start, struct remote *remote, struct err *err)
{
	AUTO_JSON json_t *body = json_pack("{s:s*, s:b}", "code", start->code, "again",
					   start->again);
	AUTO_JSON json_t *answer = NULL;
	int status;

	if (!body)
		return err_set(err, ERR_USAGE, "the access code is not UTF-8");
	answer = remote_json(remote, "POST", "/api/v1/start", body, &status, err);
	return answer ? 0 : -1;
}

/* Asks until it is set up; yours. */
static json_t *await_active(struct remote *remote, struct err *err)
{
	static const struct timespec pause = { .tv_nsec = LOOK_MS * 1000000L };

	for (int i = 0; i < LOOKS_MOST; i++) {
		AUTO_JSON json_t *session = remote_view_get(remote, err);

		if (!session)
			return NULL;
		if (remote_view_is_active(session))
			return TAKE(session);
		if (!strcmp(json_str(session, "status", ""), "error")) {
			err_set(err, ERR_ENV, "it could not be set up: %s",
				json_str(session, "reason", "no reason was told"));
			return NULL;
		}
		nanosleep(&pause, NULL);
	}
	err_set(err, ERR_ENV, "%s is still setting it up; try again", remote->state.server);
	return NULL;
}

/* One at a time: another start may be at it in the same folder. 1 laid out, 0 it was there. */
static int lay_out(const char *folder, struct remote *remote, const json_t *session,
		   bool *ret_mended, struct err *err)
{
	AUTO(remote_state_release) struct remote_state link = remote->state;
	const json_t *candidate = json_object_get(session, "candidate");
	const char *id = json_str(session, "id", "");
	enum remote_folder is;
	AUTO_FD int lock = -1;
	int mended;

	remote->state = (struct remote_state)REMOTE_STATE_INIT;
	if (fs_mkdirs(folder, 0755, err) < 0)
		return -1;
	lock = fs_lock(folder, err);
	if (lock < 0)
		return -1;
	is = remote_clone_look(folder, link.server, id, err);
	if (is == REMOTE_FOLDER_REFUSED ||
	    remote_state_put(link.server, link.token, id, folder, &remote->state, err) < 0)
		return -1;
	mended = remote_sync_mend(remote, err);
	if (mended < 0)
		return -1;
	*ret_mended = mended;
	if (is != REMOTE_FOLDER_OURS &&
	    (remote_sync_leave(remote, err) < 0 ||
	     remote_clone(&remote->state, json_str(candidate, "name", ""),
			  json_str(candidate, "email", ""), err) < 0))
		return -1;
	if (remote_clone_is_undone(&remote->state) &&
	    (remote_sync_begin(remote, err) < 0 || remote_clone_done(&remote->state, err) < 0))
		return -1;
	return is != REMOTE_FOLDER_OURS;
}

static json_t *start_open(const struct remote_start *start, struct remote *remote,
			  struct remote_started *ret, struct err *err)
{
	AUTO_JSON json_t *before = remote_view_get(remote, err);
	AUTO_FREE char *folder = before ? folder_name(start, before, err) : NULL;
	AUTO_JSON json_t *session = NULL;
	json_t *view;
	int laid_out;

	if (!folder || check_places(folder, start, remote, before, err) < 0 ||
	    post_start(start, remote, err) < 0)
		return NULL;
	session = await_active(remote, err);
	if (!session)
		return NULL;
	laid_out = lay_out(folder, remote, session, &ret->mended, err);
	if (laid_out < 0) {
		err_wrap(err, "the clock is running, but the work folder could not be made");
		return NULL;
	}
	ret->laid_out = laid_out == 1;
	ret->now = remote_view_now(session);
	view = remote_view_assessment(session, "tali.start/1");
	json_object_set_new(view, "folder", json_string(remote->state.folder));
	json_object_set_new(view, "resumed", json_boolean(remote_view_is_active(before)));
	json_object_set_new(view, "server", json_string(remote->state.server));
	return view;
}

json_t *remote_start(const struct remote_start *start, struct remote *ret,
		     struct remote_started *ret_started, struct err *err)
{
	json_t *view;

	if (remote_open_link(start->link, ret, err) < 0)
		return NULL;
	view = start_open(start, ret, ret_started, err);
	if (!view)
		remote_close(ret);
	return view;
}
