/* remote_watch.c - see remote_watch.h
 *
 * The kernel and the stream only say when to look: what changed is always found by comparing the
 * three versions, so nothing depends on what either of them missed. */
#include "work/remote_watch.h"

#include "base/auto.h"
#include "base/fs.h"
#include "base/system.h"
#include "task/language.h"
#include "workspace/watch.h"

#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <pthread.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

#define FIRST_PAUSE_MS 1000
#define MOST_PAUSE_MS 60000
#define ANYWAY_MS 60000		/* it is looked though nobody says anything */
#define LINE_MOST 4096		/* of the stream; what is longer is no event that matters */

/* --- the server's stream, told on the client's thread */

struct stream {
	struct http_call *call;		/* NULL: none runs */
	pthread_mutex_t lock;		/* of call */
	int told[2];			/* a byte: something changed, or the stream ended */
	char line[LINE_MOST];
	size_t len;
	bool matters;			/* the event that is being read */
	bool is_file;
	char client[RAND_ID_LEN + 1];	/* ours: what we sent ourselves is no news */
};

static void tell(struct stream *stream)
{
	if (write(stream->told[1], "!", 1) < 0)
		return;		/* it is full: who reads it is told already */
}

static void take_line(struct stream *stream)
{
	static const char *const events[] = { "session", "reset", "state", "file" };
	const char *line = stream->line;

	stream->line[stream->len] = '\0';
	if (!strncmp(line, "event:", 6)) {
		const char *name = line + 6 + strspn(line + 6, " ");

		stream->is_file = !strcmp(name, "file");
		stream->matters = false;
		for (size_t i = 0; i < sizeof(events) / sizeof(*events); i++)
			stream->matters |= !strcmp(name, events[i]);
	} else if (!strncmp(line, "data:", 5) && stream->matters) {
		if (!stream->is_file || !strstr(line, stream->client))
			tell(stream);
		stream->matters = false;
	}
	stream->len = 0;
}

static bool take_data(void *arg, const void *data, size_t len)
{
	struct stream *stream = arg;
	const char *bytes = data;

	for (size_t i = 0; i < len; i++) {
		if (bytes[i] == '\n')
			take_line(stream);
		else if (stream->len < LINE_MOST - 1 && bytes[i] != '\r')
			stream->line[stream->len++] = bytes[i];
	}
	return true;
}

static void take_end(void *arg, const struct http_call_end *end)
{
	struct stream *stream = arg;

	(void)end;
	pthread_mutex_lock(&stream->lock);
	stream->call = NULL;
	tell(stream);
	pthread_mutex_unlock(&stream->lock);
}

static bool stream_runs(struct stream *stream)
{
	bool runs;

	pthread_mutex_lock(&stream->lock);
	runs = stream->call != NULL;
	pthread_mutex_unlock(&stream->lock);
	return runs;
}

/* What cannot be begun is begun the next time. */
static void stream_begin(struct stream *stream, struct remote *remote)
{
	static const struct http_call_events events = { .data = take_data, .end = take_end };
	AUTO_FREE char *url = buf_format("%s/api/v1/stream", remote->state.server);
	char *bearer = buf_format("Bearer %s", remote->state.token);
	const struct http_field field = { "Authorization", bearer };
	const struct http_call_config config = {
		.method = "GET", .url = url, .fields = &field, .field_count = 1,
		.idle_ms = 2 * ANYWAY_MS, .ca_file = remote_ca_file(), .events = &events,
		.arg = stream,
	};
	struct err ignored = ERR_INIT;

	stream->len = 0;
	stream->matters = false;
	pthread_mutex_lock(&stream->lock);
	stream->call = http_client_begin(remote->client, &config, &ignored);
	pthread_mutex_unlock(&stream->lock);
	system_erase(bearer, strlen(bearer));
	free(bearer);
}

static int stream_open(struct stream *stream, const char *client, struct err *err)
{
	memcpy(stream->client, client, sizeof(stream->client));
	pthread_mutex_init(&stream->lock, NULL);
	if (pipe(stream->told) < 0)
		return err_sys(err, "a pipe");
	for (int i = 0; i < 2; i++) {
		fcntl(stream->told[i], F_SETFD, FD_CLOEXEC);
		fcntl(stream->told[i], F_SETFL, O_NONBLOCK);
	}
	return 0;
}

/* --- the loop */

struct watching {
	struct remote *remote;
	struct stream stream;
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

	if (stream_open(&watching->stream, state->client, err) < 0 ||
	    take_pid(watching, err) < 0)
		return -1;
	watching->folder_fd = open(state->folder, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	if (watching->folder_fd < 0)
		return err_sys(err, "%s", state->folder);
	watching->watch = watch_open(watching->folder_fd, language_caches(), &limits, err);
	return watching->watch ? 0 : -1;
}

/* The call of the stream must be over before what it tells goes. */
static void end(struct watching *watching)
{
	pthread_mutex_lock(&watching->stream.lock);
	if (watching->stream.call)
		http_call_abort(watching->stream.call);
	pthread_mutex_unlock(&watching->stream.lock);
	while (stream_runs(&watching->stream)) {
		struct pollfd told = { .fd = watching->stream.told[0], .events = POLLIN };

		poll(&told, 1, 10);
	}
	watch_close(&watching->watch);
	auto_close(&watching->folder_fd);
	auto_close(&watching->pid_fd);
	auto_close(&watching->stream.told[0]);
	auto_close(&watching->stream.told[1]);
	pthread_mutex_destroy(&watching->stream.lock);
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
	AUTO_FREE char *sentence = NULL;
	struct err refused = ERR_INIT;
	unsigned files = 0, some;
	int failed;

	say(watching, why);
	while ((failed = remote_late(watching->remote, &some, &refused)) == 0 && some)
		files += some;
	if (failed < 0)
		sentence = buf_format("what was not sent in time stays here: %s", refused.text);
	else if (files)
		sentence = buf_format("%u file%s sent as late work: kept, and not graded", files,
				      files == 1 ? " was" : "s were");
	if (sentence)
		say(watching, sentence);
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
	if (!stream_runs(&watching->stream))
		stream_begin(&watching->stream, watching->remote);
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

static bool drain(int fd)
{
	char bytes[256];
	bool any = false;

	while (read(fd, bytes, sizeof(bytes)) > 0)
		any = true;
	return any;
}

/* Waits for a reason to look. 1: to stop. */
static int wait_for(struct watching *watching, int stop)
{
	struct pollfd fds[] = { { stop, POLLIN, 0 }, { watch_fd(watching->watch), POLLIN, 0 },
				{ watching->stream.told[0], POLLIN, 0 } };
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

/* Whether the stream told of a change. That it ended is looked after soon: the server may be gone,
 * or the link replaced. */
static bool is_told(struct watching *watching)
{
	int64_t soon;

	if (!drain(watching->stream.told[0]) || watching->pause_ms)
		return false;
	if (stream_runs(&watching->stream)) {
		watching->stream_ms = 0;
		return true;
	}
	longer(&watching->stream_ms);
	soon = now_ms() + watching->stream_ms;
	if (soon < watching->again)
		watching->again = soon;
	return false;
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
		.stream = { .told = { -1, -1 } },
	};

	return begin(&watching, err) < 0 ? -1 : run(&watching, stop, err);
}
