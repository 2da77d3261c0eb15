/* live_desk.c - see live_desk.h */
#include "assess/live_desk.h"

#include "assess/live_desk_files.h"
#include "assess/live_fold.h"
#include "assess/terminal_event.h"
#include "base/auto.h"
#include "base/json.h"
#include "sandbox/pty.h"
#include "task/language.h"

#include <fcntl.h>
#include <string.h>
#include <sys/epoll.h>
#include <sys/timerfd.h>
#include <time.h>
#include <unistd.h>

#define FLUSH_MS 1500		/* until what was typed or written is on disk */
#define LEAD_MS 1500		/* before the deadline, for saving all */
#define GRACE_MS 1000		/* for what is hung up to end by itself */
#define RATE 512		/* bytes a millisecond that may come out */

int64_t live_desk_now(void)
{
	struct timespec now;

	clock_gettime(CLOCK_MONOTONIC, &now);
	return (int64_t)now.tv_sec * 1000 + now.tv_nsec / 1000000;
}

/* --- its end */

static void hang_up(struct live_desk *desk, const char *end, const char *why)
{
	if (desk->hung_up)
		return;
	desk->hung_up = true;
	desk->end = end;
	desk->why = why;
	desk->end_at = live_desk_now() + GRACE_MS;
	auto_close(&desk->slave);
	auto_close(&desk->master);
}

static void fail(struct live_desk *desk, const struct err *err)
{
	if (desk->failed.code == ERR_NONE)
		desk->failed = *err;
	desk->over = true;
	hang_up(desk, "not_recorded", "it cannot be recorded");
}

/* --- storing */

bool live_desk_hold(struct live_desk *desk, struct err *err)
{
	if (live_hold(desk->live, desk->store, err) < 0)
		return false;
	desk->over |= live_require_active(desk->live, &(struct err)ERR_INIT) < 0;
	if (!desk->over)
		return true;
	live_release_hold(&desk->live);
	return false;
}

int live_desk_tell(struct live_desk *desk, const char *kind, json_t *data, bool all,
		   struct err *err)
{
	AUTO(event_list_release) struct event_list list = EVENT_LIST_INIT;
	AUTO_JSON json_t *owned = data;
	int result;

	if (!live_desk_hold(desk, err))
		return err->code == ERR_NONE ? 0 : -1;
	/* what was typed and written stands ahead of everything that comes after it */
	result = terminal_event_add_logs(&list, desk->id, &desk->typed, &desk->written, all,
					 store_now(desk->store), err);
	if (result == 0 && owned)
		result = event_list_add(&list, "candidate", kind, TAKE(owned),
					store_now(desk->store), err);
	if (result == 0 && list.count)
		result = live_try(desk->live, &list, 0, err);
	if (result == 0)
		result = live_store(desk->live, &list, err);
	live_release_hold(&desk->live);
	return result;
}

static int log_bytes(struct live_desk *desk, struct terminal_log *log, const char *data, size_t len,
		     struct err *err)
{
	while (len > 0 && !desk->over) {
		size_t piece = len < TERMINAL_LOG_PIECE ? len : TERMINAL_LOG_PIECE;

		terminal_log_add(log, data, piece, store_now(desk->store));
		data += piece;
		len -= piece;
		if (terminal_log_is_full(log) && live_desk_tell(desk, NULL, NULL, false, err) < 0)
			return -1;
	}
	if (desk->flush_at == LIVE_DESK_NEVER)
		desk->flush_at = live_desk_now() + FLUSH_MS;
	return 0;
}

/* --- bytes in and out */

static void show(struct live_desk *desk, const char *data, size_t len)
{
	struct live_terminal *terminal = desk->terminal;

	pthread_mutex_lock(&desk->live->listening);
	buf_add_end(&terminal->shown, data, len);
	for (struct live_terminal_view *view = terminal->views; view; view = view->next)
		view->show(view->arg, data, len);
	pthread_mutex_unlock(&desk->live->listening);
}

static void refill_budget(struct live_desk *desk)
{
	int64_t now = live_desk_now();

	desk->budget += (uint64_t)(now - desk->budget_at) * RATE;
	if (desk->budget > LIVE_DESK_BURST)
		desk->budget = LIVE_DESK_BURST;
	desk->budget_at = now;
}

static int take_output(struct live_desk *desk, bool all, struct err *err)
{
	char data[16384];

	refill_budget(desk);
	for (int i = 0; desk->master >= 0 && (all || (i < 4 && desk->budget > 0)); i++) {
		size_t most = desk->budget < sizeof(data) && !all ? desk->budget : sizeof(data);
		ssize_t got = read(desk->master, data, most);

		if (got <= 0)
			return 0;
		desk->budget -= (uint64_t)got < desk->budget ? (uint64_t)got : desk->budget;
		desk->output += (uint64_t)got;
		show(desk, data, (size_t)got);
		if (log_bytes(desk, &desk->written, data, (size_t)got, err) < 0)
			return -1;
	}
	return 0;
}

/* What the terminal takes was typed; it may be slow. */
static int type(struct live_desk *desk, struct err *err)
{
	struct buf *waiting = &desk->waiting;
	ssize_t put;

	pthread_mutex_lock(&desk->live->listening);
	if (waiting->len < LIVE_TERMINAL_TYPED) {
		buf_add(waiting, buf_str(&desk->terminal->typed), desk->terminal->typed.len);
		buf_clear(&desk->terminal->typed);
	}
	pthread_mutex_unlock(&desk->live->listening);
	if (desk->master < 0 || waiting->len == 0)
		return 0;
	put = write(desk->master, waiting->data, waiting->len);
	if (put <= 0)
		return 0;
	if (log_bytes(desk, &desk->typed, waiting->data, (size_t)put, err) < 0)
		return -1;
	memmove(waiting->data, waiting->data + put, waiting->len - (size_t)put);
	waiting->len -= (size_t)put;
	return 0;
}

static int resize(struct live_desk *desk, struct err *err)
{
	bool resized;
	int columns, rows;

	pthread_mutex_lock(&desk->live->listening);
	resized = desk->terminal->resized;
	desk->terminal->resized = false;
	columns = desk->terminal->columns;
	rows = desk->terminal->rows;
	pthread_mutex_unlock(&desk->live->listening);
	if (!resized || desk->master < 0)
		return 0;
	pty_resize(desk->master, columns, rows);
	return live_desk_tell(desk, "terminal_resize",
			      terminal_event_resize(desk->id, columns, rows), false, err);
}

/* --- time */

static int64_t left_ms(const struct live_desk *desk)
{
	return desk->setting.assessment.deadline - store_now(desk->store);
}

/* The deadline may have been moved, the work handed in. */
static int keep_times(struct live_desk *desk, struct err *err)
{
	AUTO(assessment_release) struct assessment now = ASSESSMENT_INIT;
	int64_t alone = 0;

	if (desk->hung_up)
		return 0;
	if (assessment_get(desk->store, desk->live->id, &now, err) < 0)
		return -1;
	desk->setting.assessment.deadline = now.deadline;
	if (now.status != STATUS_ACTIVE) {
		desk->over = true;
		hang_up(desk, "handed_in", "the work is not open any more");
	} else if (left_ms(desk) <= LEAD_MS) {
		hang_up(desk, "time_up", "time is up: what is saved is handed in");
	}
	pthread_mutex_lock(&desk->live->listening);
	if (!desk->terminal->views)
		alone = live_desk_now() - desk->terminal->alone_since;
	if (desk->terminal->closing)
		alone = INT64_MAX;
	pthread_mutex_unlock(&desk->live->listening);
	if (alone > LIVE_TERMINAL_ALONE_MS)
		hang_up(desk, "hung_up", "nobody was there for a long time");
	return 0;
}

static int64_t sooner(int64_t a, int64_t b)
{
	return b >= 0 && b < a ? b : a;
}

/* At the latest in a second: to see what others did. */
static void set_timer(struct live_desk *desk)
{
	int64_t now = live_desk_now(), due = sooner(now + 1000, watch_due(desk->watch));
	struct itimerspec timer = { 0 };

	due = sooner(sooner(due, desk->flush_at), desk->end_at);
	if (desk->budget == 0)
		due = sooner(due, now + 10);
	due = due <= 0 ? 1 : due;
	timer.it_value.tv_sec = due / 1000;
	timer.it_value.tv_nsec = due % 1000 * 1000000;
	timerfd_settime(desk->timer, TFD_TIMER_ABSTIME, &timer, NULL);
}

/* What the terminal can do for us now. */
static void set_waits(struct live_desk *desk)
{
	struct epoll_event event = { .events = (desk->budget > 0 ? (uint32_t)EPOLLIN : 0) |
					       (desk->waiting.len ? (uint32_t)EPOLLOUT : 0) };

	if (desk->master >= 0)
		epoll_ctl(desk->epoll, EPOLL_CTL_MOD, desk->master, &event);
}

static int flush_when_due(struct live_desk *desk, struct err *err)
{
	if (live_desk_now() < desk->flush_at)
		return 0;
	desk->flush_at = LIVE_DESK_NEVER;
	return live_desk_tell(desk, NULL, NULL, false, err);
}

/* --- the loop */

static int take_all(struct live_desk *desk, struct err *err)
{
	if (resize(desk, err) < 0 || type(desk, err) < 0 || take_output(desk, false, err) < 0 ||
	    live_desk_files_exchange(desk, false, err) < 0 || flush_when_due(desk, err) < 0)
		return -1;
	return keep_times(desk, err);
}

enum sandbox_turn live_desk_turn(void *arg, struct err *ignored)
{
	struct live_desk *desk = arg;
	struct err err = ERR_INIT;
	uint64_t count;

	(void)ignored;
	while (read(desk->timer, &count, sizeof(count)) > 0)
		;
	while (read(desk->terminal->wake, &count, sizeof(count)) > 0)
		;
	watch_take(desk->watch, live_desk_now());
	if (take_all(desk, &err) < 0)
		fail(desk, &err);
	if (live_desk_now() >= desk->end_at) {
		desk->end_at = LIVE_DESK_NEVER;
		return SANDBOX_END;
	}
	set_waits(desk);
	set_timer(desk);
	return SANDBOX_GO_ON;
}

static int open_waits(struct live_desk *desk, struct err *err)
{
	const int all[] = { desk->timer, desk->terminal->wake, watch_fd(desk->watch),
			    desk->master };
	struct epoll_event event = { .events = EPOLLIN };

	for (size_t i = 0; i < sizeof(all) / sizeof(*all); i++)
		if (all[i] >= 0 && epoll_ctl(desk->epoll, EPOLL_CTL_ADD, all[i], &event) < 0)
			return err_sys(err, "cannot wait");
	set_timer(desk);
	return 0;
}

int live_desk_fill(void *arg, int work_fd, struct err *err)
{
	struct live_desk *desk = arg;

	if (repo_materialise(desk->setting.repo, desk->setting.snapshot.tree, work_fd, err) < 0)
		return -1;
	desk->work = fcntl(work_fd, F_DUPFD_CLOEXEC, 0);
	desk->watch = desk->work < 0 ? NULL : watch_open(work_fd, language_caches(), &repo_limits,
							 err);
	return desk->watch ? open_waits(desk, err) : -1;
}

/* What came last, and then every byte of every file. */
void live_desk_finish(struct live_desk *desk)
{
	struct err err = ERR_INIT;

	if (desk->finished || !desk->watch)
		return;
	desk->finished = true;
	if (take_output(desk, true, &err) < 0)
		fail(desk, &err);
	watch_take(desk->watch, live_desk_now());
	if (live_desk_files_exchange(desk, true, &err) < 0)
		fail(desk, &err);
}

int live_desk_collect(void *arg, int work_fd, struct err *err)
{
	(void)work_fd;
	(void)err;
	live_desk_finish(arg);
	return 0;
}

void live_desk_release(struct live_desk *desk)
{
	live_setting_release(&desk->setting);
	watch_close(&desk->watch);
	auto_close(&desk->master);
	auto_close(&desk->slave);
	auto_close(&desk->epoll);
	auto_close(&desk->timer);
	auto_close(&desk->work);
	terminal_log_release(&desk->typed);
	terminal_log_release(&desk->written);
	buf_release(&desk->waiting);
	json_decref(desk->known);
	json_decref(desk->put);
}

