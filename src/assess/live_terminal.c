/* live_terminal.c - see live_terminal.h */
#include "assess/live_terminal.h"

#include "assess/live_desk.h"
#include "assess/live_desk_files.h"
#include "assess/terminal_plan.h"
#include "base/auto.h"
#include "base/json.h"
#include "sandbox/pty.h"

#include <sys/epoll.h>
#include <sys/eventfd.h>
#include <sys/timerfd.h>
#include <unistd.h>

/* --- what others do with it */

static struct live_terminal *terminal_new(int columns, int rows)
{
	struct live_terminal *terminal = buf_alloc(sizeof(*terminal));

	*terminal = (struct live_terminal){
		.typed = BUF_INIT(LIVE_TERMINAL_TYPED), .shown = BUF_INIT(4 * LIVE_TERMINAL_SHOWN),
		.columns = columns, .rows = rows, .wake = eventfd(0, EFD_CLOEXEC | EFD_NONBLOCK),
	};
	return terminal;
}

static void terminal_free(struct live_terminal *terminal)
{
	buf_release(&terminal->typed);
	buf_release(&terminal->shown);
	auto_close(&terminal->wake);
	free(terminal);
}

void live_terminal_free(struct live *live)
{
	if (live->terminal)
		terminal_free(live->terminal);
	live->terminal = NULL;
}

/* Under the lock. */
static void wake(const struct live_terminal *terminal)
{
	const uint64_t one = 1;

	if (terminal && write(terminal->wake, &one, sizeof(one)) < 0)
		return;		/* it is awake */
}

void live_terminal_wake(struct live *live)
{
	pthread_mutex_lock(&live->listening);
	wake(live->terminal);
	pthread_mutex_unlock(&live->listening);
}

void live_terminal_send_away(struct live *live, int64_t rotation)
{
	struct live_terminal_view *view;

	pthread_mutex_lock(&live->listening);
	for (view = live->terminal ? live->terminal->views : NULL; view; view = view->next)
		if (view->rotation != rotation)
			view->ended(view->arg, "there is a new link for this invitation");
	pthread_mutex_unlock(&live->listening);
}

bool live_terminal_is_watched(struct live *live)
{
	bool watched;

	pthread_mutex_lock(&live->listening);
	watched = live->terminal && live->terminal->views;
	pthread_mutex_unlock(&live->listening);
	return watched;
}

int live_terminal_attach(struct live *live, struct live_terminal_view *view, int columns, int rows)
{
	bool is_new;

	pthread_mutex_lock(&live->listening);
	is_new = !live->terminal;
	if (is_new)
		live->terminal = terminal_new(columns, rows);
	view->next = live->terminal->views;
	live->terminal->views = view;
	if (live->terminal->shown.len)
		view->show(view->arg, buf_str(&live->terminal->shown), live->terminal->shown.len);
	pthread_mutex_unlock(&live->listening);
	if (!is_new)
		live_terminal_resize(live, columns, rows);
	return is_new;
}

void live_terminal_detach(struct live *live, struct live_terminal_view *view)
{
	struct live_terminal_view **place;

	pthread_mutex_lock(&live->listening);
	if (live->terminal) {
		place = &live->terminal->views;
		while (*place && *place != view)
			place = &(*place)->next;
		if (*place)
			*place = view->next;
		live->terminal->alone_since = live_desk_now();
	}
	pthread_mutex_unlock(&live->listening);
}

int live_terminal_type(struct live *live, const void *data, size_t len)
{
	struct live_terminal *terminal;
	int result = -1;

	pthread_mutex_lock(&live->listening);
	terminal = live->terminal;
	if (terminal && terminal->typed.len + len <= LIVE_TERMINAL_TYPED) {
		buf_add(&terminal->typed, data, len);
		wake(terminal);
		result = 0;
	}
	pthread_mutex_unlock(&live->listening);
	return result;
}

void live_terminal_resize(struct live *live, int columns, int rows)
{
	pthread_mutex_lock(&live->listening);
	if (live->terminal &&
	    (live->terminal->columns != columns || live->terminal->rows != rows)) {
		live->terminal->columns = columns;
		live->terminal->rows = rows;
		live->terminal->resized = true;
		wake(live->terminal);
	}
	pthread_mutex_unlock(&live->listening);
}

void live_terminal_close(struct live *live)
{
	pthread_mutex_lock(&live->listening);
	if (live->terminal) {
		live->terminal->closing = true;
		wake(live->terminal);
	}
	pthread_mutex_unlock(&live->listening);
}

/* --- from the first to the last */

static int prepare(struct live_desk *desk, struct err *err)
{
	AUTO(live_release_hold) struct live *held = NULL;

	if (live_hold(desk->live, desk->store, err) < 0)
		return -1;
	held = desk->live;
	if (live_prepare(desk->live, "run", &desk->setting, err) < 0)
		return -1;
	desk->synced = desk->setting.saved_at;
	desk->known = live_desk_files_paths(desk->live->fold);
	desk->put = json_object();
	return 0;
}

static json_t *words(const char *const *argv)
{
	json_t *array = json_array();

	for (; *argv; argv++)
		json_array_append_new(array, json_string(*argv));
	return array;
}

static json_t *end_json(const struct live_desk *desk, const struct run_report *report)
{
	json_t *data = json_pack("{s:s, s:s, s:s, s:o}", "terminal", desk->id, "action", "end",
				 "verdict", verdict_name(report->verdict), "weak",
				 run_guards_json(report->weak));

	json_object_set_new(data, "exit_status", report->exit_status < 0
							 ? json_null()
							 : json_integer(report->exit_status));
	json_object_set_new(data, "signal",
			    report->signal ? json_integer(report->signal) : json_null());
	return data;
}

static int run(struct live_desk *desk, struct err *err)
{
	struct plan plan = { .cwd = "", .stdin_fd = desk->slave,
			     .allow_weak = desk->setting.allow_weak };
	const struct sandbox_io io = { .arg = desk, .fill = live_desk_fill, .wake_fd = desk->epoll,
				       .turn = live_desk_turn, .collect = live_desk_collect };
	struct terminal_plan kind;
	struct run_report report;
	int columns = desk->terminal->columns, rows = desk->terminal->rows;

	if (terminal_plan_make(&kind, &plan, &desk->setting.manifest, NULL, "xterm-256color", err) <
		    0 ||
	    live_desk_tell(desk, "terminal",
		 json_pack("{s:s, s:s, s:i, s:i, s:o}", "terminal", desk->id, "action", "start",
			   "columns", columns, "rows", rows, "argv", words(plan.argv)), true,
		 err) < 0)
		return -1;
	if (sandbox_run(desk->live->table->sandbox, &plan, &io, &report, err) < 0) {
		live_desk_finish(desk);	/* the folder is still there as long as we look at it */
		return -1;
	}
	if (desk->failed.code != ERR_NONE) {
		*err = desk->failed;
		return -1;
	}
	return live_desk_tell(desk, "terminal", end_json(desk, &report), true, err);
}

static int open_and_run(struct live_desk *desk, struct err *err)
{
	if (prepare(desk, err) < 0 ||
	    pty_open(desk->terminal->columns, desk->terminal->rows, &desk->master, &desk->slave,
		     err) < 0)
		return -1;
	desk->epoll = epoll_create1(EPOLL_CLOEXEC);
	desk->timer = timerfd_create(CLOCK_MONOTONIC, TFD_CLOEXEC | TFD_NONBLOCK);
	if (desk->epoll < 0 || desk->timer < 0)
		return err_sys(err, "cannot wait");
	return run(desk, err);
}

/* Nobody finds it any more; who looked is told. */
static void take_away(struct live *live, const char *why)
{
	struct live_terminal *terminal;

	pthread_mutex_lock(&live->listening);
	terminal = TAKE(live->terminal);
	for (struct live_terminal_view *view = terminal->views, *next; view; view = next) {
		next = view->next;
		view->ended(view->arg, why);
	}
	pthread_mutex_unlock(&live->listening);
	terminal_free(terminal);
}

void live_terminal_refuse(struct live *live, const char *why)
{
	take_away(live, why);
}

int live_terminal_run(struct live *live, struct store *store, struct err *err)
{
	AUTO(live_desk_release) struct live_desk desk = {
		.live = live, .store = store, .terminal = live->terminal,
		.setting = LIVE_SETTING_INIT, .master = -1, .slave = -1, .epoll = -1, .timer = -1,
		.work = -1, .typed = TERMINAL_LOG_INIT, .written = TERMINAL_LOG_INIT,
		.waiting = BUF_INIT(2 * LIVE_TERMINAL_TYPED),
		.flush_at = LIVE_DESK_NEVER, .end_at = LIVE_DESK_NEVER,
		.budget = LIVE_DESK_BURST, .budget_at = live_desk_now(),
	};
	int result;

	rand_id(desk.id);
	result = open_and_run(&desk, err);
	take_away(live, result < 0 ? live_reason(err)
			: desk.why ? desk.why
				   : "the shell has ended");
	return result;
}
