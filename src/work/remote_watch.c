/* remote_watch.c - see remote_watch.h
 *
 * The kernel and the stream only say when to look: what changed is always found by comparing the
 * three versions, so nothing depends on what either of them missed. */
#include "work/remote_watch.h"

#include "base/auto.h"
#include "base/fs.h"
#include "base/json.h"
#include "task/language.h"
#include "work/remote_stream.h"
#include "workspace/watch.h"

#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

#define FIRST_PAUSE_MS 1000
#define MOST_PAUSE_MS 60000
#define ANYWAY_MS 60000		/* it is looked though nobody says anything */

/* --- the loop */

struct watching {
	struct remote *remote;
	struct remote_stream *stream;	/* NULL: none is open */
	struct watch *watch;
	int folder_fd, pid_fd;
	void (*say)(void *arg, const char *sentence);
	void *arg;
	int64_t pause_ms;	/* 0: the server can be reached */
	int64_t again;		/* when it is asked again */
	int64_t stream_ms;	/* from the end of the stream to the next */
	bool offline, refused;
};

static int64_t now_ms(void)
{
	struct timespec now;

	clock_gettime(CLOCK_MONOTONIC, &now);
	return (int64_t)now.tv_sec * 1000 + now.tv_nsec / 1000000;
}

static void say(const struct watching *watching, const char *sentence)
{
	if (watching->say)
		watching->say(watching->arg, sentence);
}

/* One that ends lets go of the lock, however it ends. */
static int take_pid(struct watching *watching, struct err *err)
{
	AUTO_FREE char *path = fs_join(watching->remote->state.path, "watch.pid");
	AUTO_FREE char *text = buf_format("%ld\n", (long)getpid());
	struct flock lock = { .l_type = F_WRLCK, .l_whence = SEEK_SET };

	watching->pid_fd = open(path, O_RDWR | O_CREAT | O_CLOEXEC | O_NOFOLLOW, 0600);
	if (watching->pid_fd < 0)
		return err_sys(err, "%s", path);
	if (fcntl(watching->pid_fd, F_SETLK, &lock) < 0)
		return err_set(err, ERR_STATE, "another `tali watch` has this session (process %d)",
			       remote_state_watcher(&watching->remote->state));
	if (ftruncate(watching->pid_fd, 0) < 0 ||
	    fs_write_all(watching->pid_fd, text, strlen(text)) < 0)
		return err_sys(err, "%s", path);
	return 0;
}

static int skip_change(void *arg, const struct watch_change *change, struct err *err)
{
	(void)arg;
	(void)change;
	(void)err;
	return 0;
}

static int begin(struct watching *watching, struct err *err)
{
	static const struct fs_limits limits = {
		.files = 20000, .bytes = 512u << 20, .file_bytes = 10u << 20, .depth = 64,
	};
	const struct remote_state *state = &watching->remote->state;

	if (take_pid(watching, err) < 0)
		return -1;
	watching->folder_fd = open(state->folder, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	if (watching->folder_fd < 0)
		return err_sys(err, "%s", state->folder);
	watching->watch = watch_open(watching->folder_fd, language_caches(), &limits, err);
	return watching->watch ? 0 : -1;
}

static void end(struct watching *watching)
{
	if (watching->stream)
		remote_stream_close(&watching->stream);
	watch_close(&watching->watch);
	auto_close(&watching->folder_fd);
	auto_close(&watching->pid_fd);
}

static void longer(int64_t *pause_ms)
{
	*pause_ms = *pause_ms ? 2 * *pause_ms : FIRST_PAUSE_MS;
	if (*pause_ms > MOST_PAUSE_MS)
		*pause_ms = MOST_PAUSE_MS;
}

static void pause_longer(struct watching *watching)
{
	longer(&watching->pause_ms);
	watching->again = now_ms() + watching->pause_ms;
}

/* The link may have been renewed by `tali start`. */
static void read_token(struct watching *watching)
{
	AUTO(session_release) struct session session = SESSION_INIT;
	struct remote_state fresh = REMOTE_STATE_INIT;
	struct err ignored = ERR_INIT;

	if (session_find(watching->remote->state.folder, &session, &ignored) < 0 ||
	    remote_state_get(&session, &fresh, &ignored) < 0)
		return;
	remote_state_release(&watching->remote->state);
	watching->remote->state = fresh;
}

static void tell_result(struct watching *watching, const struct remote_sync_result *result)
{
	AUTO_FREE char *sentence = NULL;

	if (result->offline && !watching->offline)
		say(watching, "the server cannot be reached: what is saved is kept, and sent then");
	if (!result->offline && watching->offline)
		say(watching, "the server can be reached again");
	watching->offline = result->offline;
	if (result->sent || result->fetched)
		sentence = buf_format("sent %u, received %u", result->sent, result->fetched);
	if (sentence)
		say(watching, sentence);
}

/* Over: what was not sent in time is late work. */
static int finish(struct watching *watching, struct err *err)
{
	AUTO_FREE char *why = buf_strdup(err->text);

	say(watching, why);
	remote_late(watching->remote, watching->say, watching->arg);
	*err = (struct err)ERR_INIT;
	return 1;
}

static bool is_folder_ours(const struct remote_state *state)
{
	AUTO(session_release) struct session session = SESSION_INIT;
	AUTO(remote_state_release) struct remote_state now = REMOTE_STATE_INIT;
	struct err ignored = ERR_INIT;

	return session_find(state->folder, &session, &ignored) == 0 && !*session.below &&
	       remote_state_get(&session, &now, &ignored) == 0;
}

/* 1: over. What can be mended (a full disk, a renewed link) is waited for. */
static int failed(struct watching *watching, struct err *err)
{
	if (!is_folder_ours(&watching->remote->state))
		return -1;
	if (err->code == ERR_STATE)
		return finish(watching, err);
	if (err->code != ERR_ENV && err->code != ERR_NOT_FOUND)
		return -1;
	if (!watching->refused)
		say(watching, err->text);
	watching->refused = true;
	if (err->code == ERR_NOT_FOUND)
		read_token(watching);
	pause_longer(watching);
	*err = (struct err)ERR_INIT;
	return 0;
}

static int sync_all(struct watching *watching, struct err *err)
{
	struct remote_sync_result result;
	struct err ignored = ERR_INIT;

	if (remote_sync_once(watching->remote, &result, watching->say, watching->arg, err) < 0)
		return failed(watching, err);
	watching->refused = false;
	tell_result(watching, &result);
	if (result.offline) {
		pause_longer(watching);
		return 0;
	}
	watching->pause_ms = 0;
	watching->again = now_ms() + ANYWAY_MS;
	/* what cannot be opened now is opened the next time */
	if (!watching->stream)
		watching->stream = remote_stream_open(watching->remote, "GET", "/api/v1/stream",
						      NULL, &ignored);
	return 0;
}

/* While the server cannot be reached, each save is kept by itself. */
static int look(struct watching *watching, struct err *err)
{
	struct remote_sync_result result;

	if (!watching->pause_ms || now_ms() >= watching->again)
		return sync_all(watching, err);
	if (remote_sync_look(watching->remote, &result, err) < 0)
		return failed(watching, err);
	return 0;
}

/* Waits for a reason to look. 1: to stop. */
static int wait_for(struct watching *watching, int stop)
{
	struct pollfd fds[] = { { stop, POLLIN, 0 }, { watch_fd(watching->watch), POLLIN, 0 },
				{ watching->stream ? remote_stream_fd(watching->stream) : -1,
				  POLLIN, 0 } };
	int64_t due = watch_due(watching->watch), until = watching->again;
	int64_t now = now_ms();

	if (due >= 0 && due < until)
		until = due;
	if (poll(fds, 3, until > now ? (int)(until - now) : 0) < 0 && errno != EINTR)
		return 1;
	if (fds[0].revents)
		return 1;
	if (fds[1].revents)
		watch_take(watching->watch, now_ms());
	return 0;
}

/* What we sent ourselves is no news. */
static bool is_news(const struct watching *watching, const char *name, const json_t *data)
{
	if (!strcmp(name, "file"))	/* the client begins with ours (remote_send.h) */
		return strncmp(json_str(data, "client", ""), watching->remote->state.client,
			       RAND_ID_LEN) != 0;
	return !strcmp(name, "session") || !strcmp(name, "reset") || !strcmp(name, "state");
}

/* Whether the stream told of a change. That it ended is looked after soon: the server may be gone,
 * or the link replaced. */
static bool is_told(struct watching *watching)
{
	char name[REMOTE_STREAM_NAME_MAX];
	struct err ignored = ERR_INIT;
	bool told = false;
	json_t *data;
	int got = 0;

	while (watching->stream &&
	       (got = remote_stream_next(watching->stream, name, &data, &ignored)) == 1) {
		told |= is_news(watching, name, data);
		watching->stream_ms = 0;
		json_decref(data);
	}
	if (watching->stream && got < 0) {
		remote_stream_close(&watching->stream);
		longer(&watching->stream_ms);
		if (now_ms() + watching->stream_ms < watching->again)
			watching->again = now_ms() + watching->stream_ms;
	}
	return told && !watching->pause_ms;
}

static int run(struct watching *watching, int stop, struct err *err)
{
	AUTO_FREE char *sentence = buf_format("watching %s", watching->remote->state.folder);
	int done;

	say(watching, sentence);
	done = sync_all(watching, err);

	while (done == 0 && wait_for(watching, stop) == 0) {
		int64_t now = now_ms(), due = watch_due(watching->watch);
		bool saved = due >= 0 && now >= due;
		bool told = is_told(watching);

		if (saved && watch_look(watching->watch, false, now, skip_change, NULL, err) < 0)
			return -1;
		if (saved || told || now >= watching->again)
			done = look(watching, err);
	}
	return done < 0 ? -1 : 0;
}

int remote_watch(struct remote *remote, int stop, void (*tell_person)(void *arg, const char *text),
		 void *arg, struct err *err)
{
	AUTO(end) struct watching watching = {
		.remote = remote, .folder_fd = -1, .pid_fd = -1, .say = tell_person, .arg = arg,
	};

	return begin(&watching, err) < 0 ? -1 : run(&watching, stop, err);
}
