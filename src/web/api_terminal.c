/* api_terminal.c - see api_terminal.h */
#include "web/api_terminal.h"

#include "assess/live_terminal.h"
#include "base/auto.h"
#include "base/fs.h"
#include "base/json.h"
#include "grade/program.h"
#include "http/http_reply.h"
#include "web/api_work.h"
#include "web/visitor.h"

#include <pthread.h>
#include <stdlib.h>
#include <string.h>

#define TERMINALS_MOST 64	/* that are open at once: a sandbox and a thread each */
#define PIECE (32 << 10)	/* bytes of one message */

/* One socket. */
struct seat {
	struct serve *serve;
	struct live *live;
	struct live_terminal_view view;
	struct http_websocket *socket;
	int columns, rows;
	char **argv;		/* or NULL: a shell */
	char *cwd;		/* or NULL */
	int64_t rotation;	/* of the link that let in */
};

/* One thread, and what it has to give back. */
struct shell {
	struct serve *serve;
	struct live *live;
};

/* --- the threads of shells */

static pthread_mutex_t lock = PTHREAD_MUTEX_INITIALIZER;
static pthread_cond_t fewer = PTHREAD_COND_INITIALIZER;
static unsigned shells;		/* that run; guarded by the lock */

static void count_less(void)
{
	pthread_mutex_lock(&lock);
	shells--;
	pthread_cond_broadcast(&fewer);
	pthread_mutex_unlock(&lock);
}

static bool count_more(void)
{
	bool room;

	pthread_mutex_lock(&lock);
	room = shells < TERMINALS_MOST;
	shells += room;
	pthread_mutex_unlock(&lock);
	return room;
}

static void *run_shell(void *arg)
{
	struct shell *shell = arg;
	const struct serve_config *config = &shell->serve->config;
	struct err err = ERR_INIT;
	struct store *store = store_open(store_path(config->store), STORE_WRITE, config->clock,
					 &err);

	if (store)
		live_terminal_run(shell->live, store, &err);
	else
		live_terminal_refuse(shell->live, "the server cannot open a terminal now");
	if (err.code == ERR_ENV)
		log_event(&config->log, "terminal", err.text);
	store_close(&store);
	live_give(&shell->live);
	free(shell);
	count_less();
	return NULL;
}

static int start_thread(struct shell *shell)
{
	pthread_attr_t attributes;
	pthread_t thread;
	int error;

	pthread_attr_init(&attributes);
	pthread_attr_setstacksize(&attributes, WORKER_STACK);
	pthread_attr_setdetachstate(&attributes, PTHREAD_CREATE_DETACHED);
	error = pthread_create(&thread, &attributes, run_shell, shell);
	pthread_attr_destroy(&attributes);
	return error;
}

static void start_shell(struct seat *seat)
{
	struct shell *shell;

	if (!count_more()) {
		live_terminal_refuse(seat->live, "too many terminals are open; try again later");
		return;
	}
	shell = buf_alloc(sizeof(*shell));
	*shell = (struct shell){ seat->serve, live_keep(seat->live) };
	if (start_thread(shell) == 0)
		return;
	live_terminal_refuse(seat->live, "there is no thread for a terminal");
	live_give(&shell->live);
	free(shell);
	count_less();
}

void api_terminal_end_all(struct serve *serve)
{
	live_table_close_terminals(serve->sessions);
	pthread_mutex_lock(&lock);
	while (shells > 0)
		pthread_cond_wait(&fewer, &lock);
	pthread_mutex_unlock(&lock);
}

/* --- one socket */

static int send_message(struct seat *seat, char kind, const char *data, size_t len)
{
	AUTO(buf_release) struct buf message = BUF_INIT(len + 1);

	buf_add(&message, &kind, 1);
	buf_add(&message, data, len);
	return http_websocket_send(seat->socket, HTTP_WEBSOCKET_BINARY, buf_str(&message),
				   message.len);
}

/* Who cannot keep up comes back, and is shown what was shown last. */
static void show(void *arg, const void *data, size_t len)
{
	const char *bytes = data;

	while (len > 0) {
		size_t piece = len < PIECE ? len : PIECE;

		if (send_message(arg, '0', bytes, piece) < 0) {
			http_websocket_close(((struct seat *)arg)->socket, 1013);
			return;
		}
		bytes += piece;
		len -= piece;
	}
}

static void ended(void *arg, const struct live_terminal_end *end)
{
	struct seat *seat = arg;
	AUTO_JSON json_t *data = end->report ? run_report_json(end->report) : json_object();
	AUTO_FREE char *text = NULL;

	json_object_set_new(data, "why", json_string(end->why));
	if (end->end)
		json_object_set_new(data, "end", json_string(end->end));
	text = json_canonical(data);
	send_message(seat, '4', text, strlen(text));
	http_websocket_close(seat->socket, 1000);
}

static void opened(void *session, struct http_websocket *socket)
{
	struct seat *seat = session;

	const struct live_terminal_wish wish = { seat->columns, seat->rows,
						 (const char *const *)seat->argv, seat->cwd };

	seat->socket = socket;
	seat->view = (struct live_terminal_view){ show, ended, seat, seat->rotation, NULL };
	switch (live_terminal_attach(seat->live, &seat->view, &wish)) {
	case 1:
		start_shell(seat);
		break;
	case -1:
		ended(seat, &(struct live_terminal_end){
				    .why = "a shell of this assessment is open already" });
	}
}

static void resize(struct seat *seat, const char *text, size_t len)
{
	struct err err = ERR_INIT;
	AUTO_JSON json_t *size = json_parse(text, len, "the size", &err);
	json_int_t columns = json_int(size, "columns", 0), rows = json_int(size, "rows", 0);

	if (columns >= 1 && columns <= 1000 && rows >= 1 && rows <= 1000)
		live_terminal_resize(seat->live, (int)columns, (int)rows);
}

static void message(void *session, enum http_websocket_kind kind, const char *data, size_t len)
{
	struct seat *seat = session;

	if (kind != HTTP_WEBSOCKET_BINARY || len == 0)
		return;
	if (*data == '1')
		resize(seat, data + 1, len - 1);
	else if (*data == '0' && live_terminal_type(seat->live, data + 1, len - 1) < 0)
		http_websocket_close(seat->socket, 1013);
}

static void closed(void *session)
{
	struct seat *seat = session;

	live_terminal_detach(seat->live, &seat->view);
}

static void end_seat(struct route_call *call)
{
	struct seat *seat = call->ended_arg;

	live_give(&seat->live);
	program_free_words(&seat->argv);
	free(seat->cwd);
	free(seat);
}

static int number(struct route_call *call, const char *name, int usual)
{
	const char *text = http_request_query(call->request, name);
	long value = text ? strtol(text, NULL, 10) : 0;

	return value >= 1 && value <= 1000 ? (int)value : usual;
}

/* A JSON array in the query. */
static bool read_argv(struct route_call *call, char ***ret)
{
	const char *text = http_request_query(call->request, "argv");
	struct err ignored = ERR_INIT;
	AUTO_JSON json_t *words = text ? json_parse(text, strlen(text), "argv", &ignored) : NULL;

	return !text || (words && api_work_words(words, ret));
}

void api_terminal_open(struct route_call *call)
{
	static const struct http_websocket_events events = { opened, message, closed };
	const struct assessment *assessment = &visitor_of(call)->assessment;
	const char *cwd = http_request_query(call->request, "cwd");
	char **argv = NULL;
	struct seat *seat;

	if (assessment->status != STATUS_ACTIVE) {
		http_reply_error(call->request, 409, "state", "the work is not open", NULL);
		return;
	}
	if ((cwd && *cwd && !fs_path_confined(cwd)) || !read_argv(call, &argv)) {
		program_free_words(&argv);
		http_reply_error(call->request, 400, "invalid",
				 "argv must be 1 to 64 words, cwd a folder of the work", NULL);
		return;
	}
	seat = buf_alloc(sizeof(*seat));
	*seat = (struct seat){
		.argv = argv, .cwd = cwd && *cwd ? buf_strdup(cwd) : NULL,
		.serve = visitor_serve(call), .live = live_keep(visitor_of(call)->live),
		.columns = number(call, "columns", 80), .rows = number(call, "rows", 24),
		.rotation = assessment->rotation,
	};
	call->socket.events = &events;
	call->socket.session = seat;
	call->ended = end_seat;
	call->ended_arg = seat;
}
