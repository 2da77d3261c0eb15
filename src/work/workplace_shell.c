/* workplace_shell.c - the terminal of a session at a server: its bytes over a websocket
 *
 * Messages are binary, the first byte says what follows: to the server '0' what was typed, '1' the
 * size; from it '0' what is to be shown, first what was shown last, and '4' at the end what became
 * of the shell. (share/openapi.json) */
#include "work/workplace_shell.h"

#include "base/auto.h"
#include "base/json.h"
#include "base/system.h"
#include "http/http_socket.h"
#include "work/host_keys.h"
#include "work/host_terminal.h"
#include "work/workplace_sync.h"

#include <errno.h>
#include <poll.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#define TYPE_EVERY_MS 12	/* the server takes 100 messages a second */
#define FIRST_MS 1000		/* for the program to say something, before anything is typed */
#define TYPE_MOST 4096		/* bytes of one */
#define QUEUE_MOST 16384	/* bytes that may wait for the server */
#define AGAIN_MS 2000		/* between tries to come back to a terminal that was lost */
#define AGAIN_OPEN_MS 5000
#define AGAIN_MOST 30		/* tries in all */
#define KEY_INTERRUPT 3

struct seat {
	struct http_socket *socket;
	struct host_terminal host;
	struct host_keys keys;
	int64_t typed_at;		/* not again before a moment after this */
	bool shown;			/* the program has said something */
	json_t *end;			/* what the server said last */
	bool hung_up, lost;
	int tries;			/* to come back */
};

static void seat_release(struct seat *seat)
{
	host_keys_close(&seat->keys);
	host_terminal_close(&seat->host);
	http_socket_free(&seat->socket);
	json_decref(seat->end);
}

static int64_t now_ms(void)
{
	struct timespec now;

	clock_gettime(CLOCK_MONOTONIC, &now);
	return now.tv_sec * 1000LL + now.tv_nsec / 1000000;
}

/* --- opening */

static void add_escaped(struct buf *out, const char *text)
{
	for (; *text; text++)
		buf_add_format(out, "%%%02X", (unsigned char)*text);
}

static int add_command(struct buf *url, const char *const *argv, struct err *err)
{
	AUTO_JSON json_t *words = json_array();
	AUTO_FREE char *text = NULL;

	for (size_t i = 0; argv && argv[i]; i++)
		if (json_array_append_new(words, json_string(argv[i])) < 0)
			return err_set(err, ERR_USAGE, "a word of the command is not UTF-8");
	if (!argv)
		return 0;
	text = json_canonical(words);
	buf_add_str(url, "&argv=");
	add_escaped(url, text);
	return 0;
}

static int connect_to(struct seat *seat, struct workplace_remote *place,
		      const struct workplace_shell *shell, struct err *err)
{
	const struct remote_state *state = &place->remote.state;
	AUTO(buf_release) struct buf url = BUF_INIT(8192);
	AUTO_FREE char *bearer = buf_format("Bearer %s", state->token);
	const struct http_field field = { "Authorization", bearer };
	struct http_socket_config config = {
		.fields = &field, .field_count = 1, .ca_file = remote_ca_file(),
		.open_ms = seat->tries ? AGAIN_OPEN_MS : 0,
	};
	int columns, rows, status;

	host_terminal_size(&seat->host, &columns, &rows);
	buf_add_format(&url, "%s/api/v1/terminal?columns=%d&rows=%d&cwd=", state->server, columns,
		       rows);
	add_escaped(&url, place->session->below);
	if (add_command(&url, shell->argv, err) < 0)
		return -1;
	if (url.full)
		return err_set(err, ERR_USAGE, "the command is too long for a terminal");
	config.url = buf_str(&url);
	seat->socket = http_socket_open(&config, &status, err);
	system_erase(bearer, strlen(bearer));
	return seat->socket ? 0 : err_wrap(err, "%s", state->server);
}

/* The server's own words, where it would only say a number to a websocket. */
static int check_active(struct workplace_remote *place, struct err *err)
{
	int status;
	AUTO_JSON json_t *session = remote_json(&place->remote, "GET", "/api/v1/session", NULL,
						&status, err);

	if (!session)
		return -1;
	if (strcmp(json_str(session, "status", ""), "active") != 0)
		return err_set(err, ERR_STATE, "the assessment is %.20s; it must be active to open "
			       "a shell", json_str(session, "status", "?"));
	return 0;
}

/* --- the loop */

static void take_message(void *arg, bool binary, const char *data, size_t len)
{
	struct seat *seat = arg;
	struct err ignored = ERR_INIT;

	if (!binary || len == 0)
		return;
	if (*data == '0') {
		host_terminal_show(&seat->host, data + 1, len - 1);
		seat->shown = true;
	} else if (*data == '4' && !seat->end) {
		seat->end = json_parse(data + 1, len - 1, "the end", &ignored);
	}
}

static void send_size(struct seat *seat, int more_rows)
{
	char text[64];
	int columns, rows;

	host_terminal_size(&seat->host, &columns, &rows);
	snprintf(text, sizeof(text), "1{\"columns\":%d,\"rows\":%d}", columns, rows + more_rows);
	http_socket_send(seat->socket, true, text, strlen(text));
}

/* As much as the server wants to hear in this time. What is typed ahead of a shell's first prompt
 * it may miss, an end of file above all: that waits for a while. */
static void send_typed(struct seat *seat)
{
	struct buf *typed = &seat->keys.typed;
	char message[TYPE_MOST + 1] = "0";
	size_t len = typed->len < TYPE_MOST ? typed->len : TYPE_MOST;

	if (!len || now_ms() - seat->typed_at < (seat->shown ? TYPE_EVERY_MS : FIRST_MS) ||
	    http_socket_queued(seat->socket) > QUEUE_MOST)
		return;
	memcpy(message + 1, typed->data, len);
	if (http_socket_send(seat->socket, true, message, len + 1) < 0)
		return;
	host_keys_took(&seat->keys, len);
	seat->typed_at = now_ms();
	seat->shown = true;
}

static void hang_up(struct seat *seat)
{
	seat->hung_up = true;
	http_socket_close(seat->socket, 1000);
}

static void take_signals(struct seat *seat)
{
	unsigned said = host_keys_signals(&seat->keys);

	/* programs draw anew when the size changes */
	if (said & HOST_KEYS_REDRAW)
		send_size(seat, 1);
	if (said & (HOST_KEYS_REDRAW | HOST_KEYS_RESIZED))
		send_size(seat, 0);
	if (said & HOST_KEYS_HUNG_UP)
		hang_up(seat);
}

static int wait_for(struct seat *seat, bool more)
{
	bool waits = seat->host.waiting.len && seat->host.writing >= 0;
	struct pollfd fds[] = {
		{ .fd = http_socket_fd(seat->socket),
		  .events = http_socket_events(seat->socket, more) },
		{ .fd = seat->keys.signals.fd, .events = POLLIN },
		{ .fd = host_keys_wanted(&seat->keys) ? seat->host.in : -1, .events = POLLIN },
		{ .fd = waits ? seat->host.writing : -1, .events = POLLOUT },
	};
	int wait_ms = http_socket_wait_ms(seat->socket, more);

	if (seat->keys.typed.len && wait_ms > TYPE_EVERY_MS)
		wait_ms = TYPE_EVERY_MS;
	return poll(fds, 4, wait_ms) < 0 && errno != EINTR ? -1 : 0;
}

/* 1: it goes on. */
static int turn(struct seat *seat, struct err *err)
{
	bool more = !host_terminal_is_full(&seat->host);
	int code, result;

	if (wait_for(seat, more) < 0)
		return err_sys(err, "cannot wait");
	if (!host_keys_read(&seat->keys) || seat->host.gone)
		hang_up(seat);
	take_signals(seat);
	send_typed(seat);
	host_terminal_flush(&seat->host);
	result = http_socket_turn(seat->socket, more, take_message, seat, &code, err);
	if (seat->end)
		return 0;
	seat->lost = result < 0;
	if (result < 0)
		return err_wrap(err, "the terminal was lost, it goes on at the server "
				     "(`tali shell` comes back to it)");
	if (result == 0 && !seat->hung_up)
		return err_set(err, ERR_ENV, "the server closed the terminal (%d); `tali shell` "
			       "comes back to it", code);
	return result;
}

/* --- coming back */

/* A program would be begun a second time if it ended meanwhile; a shell is but a new one then. */
static bool may_come_back(const struct seat *seat, const struct workplace_shell *shell)
{
	return seat->lost && !seat->hung_up && !shell->argv && seat->host.in_is_terminal &&
	       !seat->host.gone;
}

/* What is typed meanwhile is for nobody. False: the person does not want to wait. */
static bool wait_to_try(struct seat *seat)
{
	int64_t until = now_ms() + AGAIN_MS, now;
	struct buf *typed = &seat->keys.typed;

	while ((now = now_ms()) < until) {
		struct pollfd fds[] = { { .fd = seat->keys.signals.fd, .events = POLLIN },
					{ .fd = seat->host.in, .events = POLLIN } };

		if (poll(fds, 2, (int)(until - now)) < 0 && errno != EINTR)
			return false;
		if (!host_keys_read(&seat->keys) ||
		    host_keys_signals(&seat->keys) & HOST_KEYS_HUNG_UP ||
		    (typed->len && memchr(typed->data, KEY_INTERRUPT, typed->len)))
			return false;
		buf_clear(typed);
	}
	return true;
}

/* 1: the terminal is there again. -1: as it was lost, or why it cannot be had any more. */
static int come_back(struct seat *seat, struct workplace_remote *place,
		     const struct workplace_shell *shell, struct err *err)
{
	struct err why = ERR_INIT;

	host_terminal_say(&seat->host, "the connection was lost: trying again, until Ctrl-C");
	buf_clear(&seat->keys.typed);
	while (seat->tries++ < AGAIN_MOST && wait_to_try(seat)) {
		why = (struct err)ERR_INIT;
		http_socket_free(&seat->socket);
		if (connect_to(seat, place, shell, &why) == 0) {
			seat->shown = false;
			seat->typed_at = now_ms();
			*err = (struct err)ERR_INIT;
			return 1;
		}
		if (why.code != ERR_ENV) {
			*err = why;
			return -1;
		}
	}
	return -1;
}

/* --- its end */

/* tali.shell/1: what the server said, as far as it is in it. */
static json_t *end_json(const struct seat *seat)
{
	static const char *const names[] = {
		"verdict", "exit_status", "signal", "cpu_ms", "wall_ms", "memory_peak",
		"processes_peak", "output_bytes", "weak",
	};
	json_t *end = json_pack("{s:s, s:s, s:i, s:i}", "schema", "tali.shell/1", "end",
				seat->hung_up ? "hung_up" : json_str(seat->end, "end", "ended"),
				"kept", 0, "left_out", 0);

	for (size_t i = 0; i < sizeof(names) / sizeof(*names); i++)
		json_object_set(end, names[i], json_object_get(seat->end, names[i]));
	return end;
}

/* Why there was none, or why nobody knows how it ended. */
static int check_end(const struct seat *seat, struct err *err)
{
	if (seat->hung_up || json_object_get(seat->end, "verdict"))
		return 0;
	return err_set(err, ERR_STATE, "%.200s", json_str(seat->end, "why", "it has ended"));
}

static int sit(struct seat *seat, struct workplace_remote *place,
	       const struct workplace_shell *shell, struct err *err)
{
	int result;

	if (connect_to(seat, place, shell, err) < 0 ||
	    host_keys_open(&seat->keys, &seat->host, err) < 0)
		return -1;
	host_terminal_enter(&seat->host);
	seat->typed_at = now_ms();
	do {
		result = turn(seat, err);
		if (result < 0 && may_come_back(seat, shell))
			result = come_back(seat, place, shell, err);
	} while (result == 1);
	/* whoever waits for files has his terminal back */
	host_keys_close(&seat->keys);
	host_terminal_close(&seat->host);
	return result;
}

json_t *workplace_shell_open(struct workplace *workplace, const struct workplace_shell *shell,
			     struct err *err)
{
	struct workplace_remote *place = (struct workplace_remote *)workplace;
	AUTO(seat_release) struct seat seat = { .keys = HOST_KEYS_INIT };

	host_terminal_open(&seat.host, shell->in, shell->out);
	if (check_active(place, err) < 0 || workplace_sync(place, err) < 0 ||
	    sit(&seat, place, shell, err) < 0 || workplace_sync_after(place, err) < 0 ||
	    check_end(&seat, err) < 0)
		return NULL;
	return end_json(&seat);
}
