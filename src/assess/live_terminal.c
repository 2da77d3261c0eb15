/* live_terminal.c - see live_terminal.h */
#include "assess/live_terminal.h"

#include "assess/live_desk.h"
#include "assess/live_desk_files.h"
#include "assess/run_words.h"
#include "assess/terminal_event.h"
#include "assess/terminal_plan.h"
#include "base/auto.h"
#include "base/json.h"
#include "grade/program.h"
#include "sandbox/pty.h"

#include <stdlib.h>
#include <sys/epoll.h>
#include <sys/eventfd.h>
#include <sys/timerfd.h>
#include <unistd.h>

/* --- what others do with it */

static char **copy_words(const char *const *argv)
{
	size_t count = 0;
	char **copy;

	while (argv && argv[count])
		count++;
	copy = argv ? buf_alloc((count + 1) * sizeof(*copy)) : NULL;
	for (size_t i = 0; i < count; i++)
		copy[i] = buf_strdup(argv[i]);
	return copy;
}

static struct live_terminal *terminal_new(const struct live_terminal_wish *wish)
{
	struct live_terminal *terminal = buf_alloc(sizeof(*terminal));

	*terminal = (struct live_terminal){
		.typed = BUF_INIT(LIVE_TERMINAL_TYPED), .shown = BUF_INIT(2 * LIVE_TERMINAL_SHOWN),
		.columns = wish->columns, .rows = wish->rows, .cwd = buf_strdup(wish->cwd),
		.wake = eventfd(0, EFD_CLOEXEC | EFD_NONBLOCK),
		.argv = copy_words(wish->argv),
	};
	return terminal;
}

static void terminal_free(struct live_terminal *terminal)
{
	buf_release(&terminal->typed);
	buf_release(&terminal->shown);
	auto_close(&terminal->wake);
	program_free_words(&terminal->argv);
	free(terminal->cwd);
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
	const struct live_terminal_end end = { .why = "there is a new link for this invitation" };
	struct live_terminal_view *view;

	pthread_mutex_lock(&live->listening);
	for (view = live->terminal ? live->terminal->views : NULL; view; view = view->next)
		if (view->rotation != rotation)
			view->ended(view->arg, &end);
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

int live_terminal_attach(struct live *live, struct live_terminal_view *view,
			 const struct live_terminal_wish *wish)
{
	bool is_new;

	pthread_mutex_lock(&live->listening);
	is_new = !live->terminal;
	if (!is_new && wish->argv) {
		pthread_mutex_unlock(&live->listening);
		return -1;
	}
	if (is_new)
		live->terminal = terminal_new(wish);
	view->next = live->terminal->views;
	live->terminal->views = view;
	if (live->terminal->shown.len)
		view->show(view->arg, buf_str(&live->terminal->shown), live->terminal->shown.len);
	pthread_mutex_unlock(&live->listening);
	if (!is_new)
		live_terminal_resize(live, wish->columns, wish->rows);
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

static int run(struct live_desk *desk, struct run_report *ret, struct err *err)
{
	struct plan plan = { .cwd = desk->terminal->cwd, .stdin_fd = desk->slave,
			     .allow_weak = desk->setting.allow_weak };
	const struct sandbox_io io = { .arg = desk, .fill = live_desk_fill, .wake_fd = desk->epoll,
				       .turn = live_desk_turn, .collect = live_desk_collect };
	const char *const *argv = (const char *const *)desk->terminal->argv;
	struct terminal_plan kind;
	int columns = desk->terminal->columns, rows = desk->terminal->rows;

	if (terminal_plan_make(&kind, &plan, &desk->setting.manifest, argv, "xterm-256color", err) <
		    0 ||
	    run_words_fit(desk->setting.repo, desk->setting.snapshot.tree, &plan.limits, err) < 0 ||
	    live_desk_tell(desk, "terminal",
			   terminal_event_start(desk->id, plan.argv, columns, rows), true, err) < 0)
		return -1;
	if (sandbox_run(desk->live->table->sandbox, &plan, &io, ret, err) < 0) {
		live_desk_finish(desk);	/* the folder is still there as long as we look at it */
		return -1;
	}
	if (desk->failed.code != ERR_NONE) {
		*err = desk->failed;
		return -1;
	}
	return live_desk_tell(desk, "terminal", terminal_event_end(desk->id, ret), true, err);
}

static int open_and_run(struct live_desk *desk, struct run_report *ret, struct err *err)
{
	if (prepare(desk, err) < 0 ||
	    pty_open(desk->terminal->columns, desk->terminal->rows, &desk->master, &desk->slave,
		     err) < 0)
		return -1;
	desk->epoll = epoll_create1(EPOLL_CLOEXEC);
	desk->timer = timerfd_create(CLOCK_MONOTONIC, TFD_CLOEXEC | TFD_NONBLOCK);
	if (desk->epoll < 0 || desk->timer < 0)
		return err_sys(err, "cannot wait");
	return run(desk, ret, err);
}

/* Nobody finds it any more; who looked is told. */
static void take_away(struct live *live, const struct live_terminal_end *end)
{
	struct live_terminal *terminal;

	pthread_mutex_lock(&live->listening);
	terminal = TAKE(live->terminal);
	for (struct live_terminal_view *view = terminal->views, *next; view; view = next) {
		next = view->next;
		view->ended(view->arg, end);
	}
	pthread_mutex_unlock(&live->listening);
	terminal_free(terminal);
}

void live_terminal_refuse(struct live *live, const char *why)
{
	take_away(live, &(struct live_terminal_end){ .why = why });
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
	struct live_terminal_end end = { .why = "the shell has ended", .end = "ended" };
	struct run_report report;
	int result;

	rand_id(desk.id);
	result = open_and_run(&desk, &report, err);
	if (desk.why)
		end = (struct live_terminal_end){ .why = desk.why, .end = desk.end };
	if (result < 0)
		end.why = live_reason(err);
	else
		end.report = &report;
	take_away(live, &end);
	return result;
}
