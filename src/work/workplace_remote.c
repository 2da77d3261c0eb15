/* workplace_remote.c - see workplace_remote.h */
#include "work/workplace_remote.h"

#include "base/auto.h"
#include "base/clock.h"
#include "base/fs.h"
#include "base/json.h"
#include "task/language.h"
#include "work/remark_data.h"
#include "work/remote_seen.h"
#include "work/remote_sync.h"
#include "work/remote_view.h"
#include "work/status_view.h"
#include "work/work_tree.h"
#include "work/workplace_run.h"
#include "work/workplace_shell.h"

#include <string.h>
#include <sys/stat.h>

#define DIFFER_MOST 100

static const struct clock here = { 0 };

static struct workplace_remote *remote_of(struct workplace *place)
{
	return (struct workplace_remote *)place;
}

/* --- remarks */

/* Queues an event of the candidate's, and sends it when that can be done. Takes `data`. */
static json_t *remark(struct workplace_remote *place, const char *kind, json_t *data,
		      struct err *err)
{
	AUTO(event_list_release) struct event_list list = EVENT_LIST_INIT;
	AUTO_JSON json_t *kept = json_incref(data);
	struct remote_sync_result result = { 0 };
	char time[CLOCK_TEXT_SIZE];
	json_t *event;

	if (event_list_add(&list, "candidate", kind, data, 0, err) < 0 ||
	    remote_sync_events(&place->remote, &list, &result, err) < 0)
		return NULL;
	event = json_pack("{s:s, s:s, s:s, s:s, s:s, s:O}", "schema", "tali.event/1", "assessment",
			  place->session->assessment_id, "time",
			  clock_text_ms(clock_now(&here), time), "actor", "candidate", "kind", kind,
			  "data", kept);
	if (result.waiting > 0)
		json_object_set_new(event, "queued", json_true());
	return event;
}

static json_t *note(struct workplace *place, const char *text, size_t len, struct err *err)
{
	json_t *data = remark_data_note(text, len, err);

	return data ? remark(remote_of(place), "note", data, err) : NULL;
}

static json_t *estimate(struct workplace *place, int64_t duration_ms, struct err *err)
{
	json_t *data = remark_data_estimate(duration_ms, err);

	return data ? remark(remote_of(place), "estimate", data, err) : NULL;
}

/* --- where it stands */

/* By the server's own clock, whatever ours says. */
static json_t *told_status(struct workplace_remote *place, const json_t *session)
{
	const json_t *workspace = json_object_get(session, "workspace");
	json_t *status = status_view(remote_view_assessment(session, "tali.status/1"),
				     remote_view_now(session));

	json_object_set_new(status, "server", json_string(place->remote.state.server));
	json_object_set_new(status, "ai", status_view_ai(json_object_get(session, "ai")));
	json_object_set_new(status, "run", status_view_run(json_object_get(workspace, "run")));
	json_object_set_new(status, "test", status_view_test(json_object_get(workspace, "test")));
	remote_seen_put(&place->remote.state, status);
	return status;
}

static bool stat_time(const char *path, char time[CLOCK_TEXT_SIZE])
{
	struct stat st;

	if (stat(path, &st) < 0)
		return false;
	clock_text((int64_t)st.st_mtime * 1000, time);
	return true;
}

/* What of the folder is not at the server; while the work goes on, what was just saved counts. */
static json_t *saved(struct workplace_remote *place, bool over)
{
	AUTO_FREE char *path = fs_join(place->remote.state.path, "base/index.json");
	struct remote_sync_result result = { 0 };
	char time[CLOCK_TEXT_SIZE];
	struct err why = ERR_INIT;
	bool known = stat_time(path, time);
	int failed = over ? remote_sync_waiting(&place->remote, &result.waiting, &why)
			  : remote_sync_look(&place->remote, &result, &why);

	if (failed < 0 && place->say)
		place->say(place->arg, why.text);
	return status_view_saved(failed < 0 ? -1 : (int64_t)result.waiting,
				 failed < 0 || over ? -1 : (int64_t)result.left_out,
				 known ? time : NULL);
}

static json_t *status(struct workplace *workplace, struct err *err)
{
	struct workplace_remote *place = remote_of(workplace);
	AUTO_JSON json_t *session = remote_view_get(&place->remote, err);
	struct err why = ERR_INIT;
	json_t *status;
	int watcher;

	if (!session && err->code != ERR_ENV)
		return NULL;
	status = session ? told_status(place, session)
			 : remote_seen_get(&place->remote.state, &why);
	if (!status)
		return NULL;
	watcher = remote_state_watcher(&place->remote.state);
	json_object_set_new(status, "folder", json_string(place->session->folder));
	json_object_set_new(status, "saved", saved(place, json_flag(status, "over", true)));
	json_object_set_new(status, "watch", json_pack("{s:b, s:o}", "running", watcher > 0, "pid",
						       watcher > 0 ? json_integer(watcher)
								   : json_null()));
	return status;
}

/* --- its end */

static bool is_oid(const char *text)
{
	return strlen(text) == 40 && strspn(text, "0123456789abcdef") == 40;
}

static json_t *sizes_of(const json_t *files)
{
	json_t *sizes = json_object();
	const json_t *file;
	size_t i;

	json_array_foreach(files, i, file)
		json_object_set(sizes, json_str(file, "path", ""), json_object_get(file, "size"));
	return sizes;
}

/* Paths of files here that were not handed in, or are not as they were. */
static json_t *differing(const struct workplace_remote *place, const json_t *receipt)
{
	const char *folder = place->remote.state.folder;
	struct err ignored = ERR_INIT;
	unsigned odd;
	AUTO_JSON json_t *paths = work_tree_list(folder, language_caches(), &odd, &ignored);
	AUTO_JSON json_t *sizes = sizes_of(json_object_get(receipt, "files"));
	json_t *differ = json_array(), *listed;
	const char *path;

	json_object_foreach(paths, path, listed) {
		AUTO_FREE char *whole = fs_join(folder, path);
		const json_t *size = json_object_get(sizes, path);
		struct stat st;

		if (json_array_size(differ) < DIFFER_MOST &&
		    (lstat(whole, &st) < 0 || !size || json_integer_value(size) != st.st_size))
			json_array_append_new(differ, json_string(path));
	}
	return differ;
}

/* What is here goes first: what the server does not have cannot be handed in. */
static json_t *submit(struct workplace *workplace, struct err *err)
{
	struct workplace_remote *place = remote_of(workplace);
	struct remote_sync_result result = { 0 };
	AUTO_JSON json_t *receipt = NULL;
	AUTO_JSON json_t *session = NULL;
	json_t *view;
	int status;

	if (remote_sync_once(&place->remote, &result, place->say, place->arg, err) < 0) {
		if (err->code == ERR_STATE)
			remote_late(&place->remote, place->say, place->arg);
		return NULL;
	}
	if (result.offline || result.waiting > 0) {
		err_set(err, ERR_ENV, "%s has not got all that is saved here: not handed in; try "
			"again", place->remote.state.server);
		return NULL;
	}
	receipt = remote_json(&place->remote, "POST", "/api/v1/submit", NULL, &status, err);
	session = receipt ? remote_view_get(&place->remote, err) : NULL;
	if (!session)
		return NULL;
	if (!is_oid(json_str(receipt, "commit", "")) || !is_oid(json_str(receipt, "tree", ""))) {
		err_set(err, ERR_ENV, "%s: not the receipt of a tali server; see `tali status`",
			place->remote.state.server);
		return NULL;
	}
	json_decref(told_status(place, session));
	view = remote_view_assessment(session, "tali.submission/1");
	json_object_set(view, "commit", json_object_get(receipt, "commit"));
	json_object_set(view, "tree", json_object_get(receipt, "tree"));
	json_object_set_new(view, "left_out", json_integer(result.left_out));
	json_object_set_new(view, "differ", differing(place, receipt));
	return view;
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
