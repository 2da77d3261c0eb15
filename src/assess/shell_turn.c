/* shell_turn.c - see shell_turn.h */
#include "assess/shell_turn.h"

#include "base/auto.h"
#include "sandbox/pty.h"
#include "task/language.h"

#include <stdio.h>
#include <string.h>
#include <sys/epoll.h>
#include <sys/timerfd.h>
#include <time.h>
#include <unistd.h>

#define MIB (1024ULL * 1024)
#define MINUTE_MS (60 * 1000)
#define WARN_MS (5 * MINUTE_MS)		/* before the deadline */
#define GRACE_MS 1000			/* for what is hung up to end by itself */
#define IDLE_MS MINUTE_MS		/* without a change: a snapshot */
#define LOOK_MS (10 * 1000)		/* whether somebody else has ended the assessment */
#define FLUSH_MS 1500			/* until what was typed or written is on disk */
#define RATE 512			/* bytes a millisecond that may come out, and */
#define BURST (4 * MIB)			/* so many at once */
#define NEVER (-1)

static int64_t now_ms(void)
{
	struct timespec now;

	clock_gettime(CLOCK_MONOTONIC, &now);
	return now.tv_sec * 1000LL + now.tv_nsec / 1000000;
}

int64_t shell_turn_left(const struct shell_turn *turn)
{
	return shell_record_deadline(turn->record) - store_now(turn->store);
}

/* --- waiting */

static int set_waits(const struct shell_turn *turn, int fd, uint32_t *waits, uint32_t wanted)
{
	struct epoll_event event = { .events = wanted, .data.fd = fd };
	int op = !*waits ? EPOLL_CTL_ADD : !wanted ? EPOLL_CTL_DEL : EPOLL_CTL_MOD;

	if (fd < 0 || wanted == *waits)
		return 0;
	if (epoll_ctl(turn->epoll, op, fd, &event) < 0)
		return -1;
	*waits = wanted;
	return 0;
}

static bool wants_output(const struct shell_turn *turn)
{
	return !host_terminal_is_full(&turn->host) && turn->budget > 0;
}

static void sooner(int64_t *due, int64_t at)
{
	if (at != NEVER && (*due == NEVER || at < *due))
		*due = at;
}

static int64_t next_due(const struct shell_turn *turn, int64_t now)
{
	int64_t due = turn->check_at, left = shell_turn_left(turn);

	sooner(&due, turn->flush_at);
	sooner(&due, turn->idle_at);
	sooner(&due, turn->end_at);
	sooner(&due, watch_due(turn->watch));
	if (!turn->hung_up)
		sooner(&due, now + left - (turn->warned ? SHELL_TURN_LEAD_MS : WARN_MS));
	if (turn->budget == 0)
		sooner(&due, now + 10);
	if (turn->in_always && host_keys_wanted(&turn->keys))
		sooner(&due, now);
	return due;
}

static void wait_on(struct shell_turn *turn)
{
	int64_t now = now_ms(), due = next_due(turn, now);
	struct itimerspec timer = { 0 };

	if (due != NEVER) {
		/* in the past is at once; 0 would be never */
		due = due < 1 ? 1 : due;
		timer.it_value.tv_sec = due / 1000;
		timer.it_value.tv_nsec = due % 1000 * 1000000;
	}
	timerfd_settime(turn->timer, TFD_TIMER_ABSTIME, &timer, NULL);
	if (!turn->in_always)
		set_waits(turn, turn->host.in, &turn->waits_in,
			  host_keys_wanted(&turn->keys) ? EPOLLIN : 0);
	set_waits(turn, turn->master, &turn->waits_master,
		  (wants_output(turn) ? (uint32_t)EPOLLIN : 0) |
			  (turn->keys.typed.len ? (uint32_t)EPOLLOUT : 0));
	set_waits(turn, turn->host.writing, &turn->waits_out,
		  turn->host.waiting.len ? EPOLLOUT : 0);
}

/* --- the terminal */

/* Whoever sits there is gone, or his time is: as if the line had been cut. */
static void hang_up(struct shell_turn *turn, enum shell_end why)
{
	if (turn->hung_up)
		return;
	turn->hung_up = true;
	turn->end = why;
	turn->end_at = now_ms() + GRACE_MS;
	set_waits(turn, turn->master, &turn->waits_master, 0);
	auto_close(&turn->slave);
	auto_close(&turn->master);
}

static void refill_budget(struct shell_turn *turn)
{
	int64_t now = now_ms();

	turn->budget += (uint64_t)(now - turn->budget_at) * RATE;
	if (turn->budget > BURST)
		turn->budget = BURST;
	turn->budget_at = now;
}

/* What is there now, as far as it may come; with `all`, all of it. */
static int take_output(struct shell_turn *turn, bool all, struct err *err)
{
	char data[16384];

	refill_budget(turn);
	for (int i = 0; turn->master >= 0 && (all || (i < 4 && wants_output(turn))); i++) {
		size_t most = all || turn->budget > sizeof(data) ? sizeof(data) : turn->budget;
		ssize_t got = read(turn->master, data, most);

		if (got <= 0)
			return 0;
		turn->budget -= (uint64_t)got < turn->budget ? (uint64_t)got : turn->budget;
		turn->output += (uint64_t)got;
		if (turn->output > turn->output_most)
			return 0;
		host_terminal_show(&turn->host, data, (size_t)got);
		if (shell_record_bytes(turn->record, false, data, (size_t)got, err) < 0)
			return -1;
	}
	return 0;
}

static void take_typed(struct shell_turn *turn)
{
	if (!host_keys_read(&turn->keys))
		hang_up(turn, SHELL_HUNG_UP);
	if (turn->keys.ended)
		set_waits(turn, turn->host.in, &turn->waits_in, 0);
}

/* What the terminal takes was typed; it may be slow. */
static int type(struct shell_turn *turn, struct err *err)
{
	const struct buf *typed = &turn->keys.typed;
	ssize_t put;

	if (turn->master < 0 || typed->len == 0)
		return 0;
	put = write(turn->master, typed->data, typed->len);
	if (put <= 0)
		return 0;
	if (shell_record_bytes(turn->record, true, typed->data, (size_t)put, err) < 0)
		return -1;
	host_keys_took(&turn->keys, (size_t)put);
	return 0;
}

static int resize(struct shell_turn *turn, struct err *err)
{
	int columns, rows;

	host_terminal_size(&turn->host, &columns, &rows);
	if (turn->master < 0)
		return 0;
	pty_resize(turn->master, columns, rows);
	return shell_record_resize(turn->record, columns, rows, err);
}

/* Programs draw anew when the size changes. */
static int redraw(struct shell_turn *turn, struct err *err)
{
	int columns, rows;

	host_terminal_size(&turn->host, &columns, &rows);
	if (turn->master >= 0)
		pty_resize(turn->master, columns, rows + 1);
	return resize(turn, err);
}

/* --- signals */

static int take_signals(struct shell_turn *turn, struct err *err)
{
	unsigned said = host_keys_signals(&turn->keys);

	if (said & HOST_KEYS_HUNG_UP)
		hang_up(turn, SHELL_HUNG_UP);
	if (said & HOST_KEYS_REDRAW)
		return redraw(turn, err);
	return said & HOST_KEYS_RESIZED ? resize(turn, err) : 0;
}

/* --- time */

/* The deadline may have been moved: asked for before anything is said or done. */
static int keep_deadline(struct shell_turn *turn, struct err *err)
{
	char left[CLOCK_TEXT_SIZE], text[64];
	int64_t most = turn->warned ? SHELL_TURN_LEAD_MS : WARN_MS;

	if (turn->hung_up || shell_turn_left(turn) > most)
		return 0;
	if (shell_record_check(turn->record, err) < 0)
		return -1;
	if (shell_record_is_over(turn->record) || shell_turn_left(turn) > most)
		return 0;
	if (!turn->warned) {
		turn->warned = true;
		snprintf(text, sizeof(text), "%s left",
			 clock_duration_text(shell_turn_left(turn), left));
		host_terminal_say(&turn->host, text);
		return keep_deadline(turn, err);
	}
	host_terminal_say(&turn->host, "time is up: what is saved is handed in");
	hang_up(turn, SHELL_TIME_UP);
	return 0;
}

/* A snapshot that cannot be taken is told at the end, when the last one cannot be taken either. */
static void save_when_idle(struct shell_turn *turn, int64_t now)
{
	struct err ignored = ERR_INIT;

	if (turn->idle_at == NEVER || now < turn->idle_at)
		return;
	turn->idle_at = NEVER;
	shell_record_snapshot(turn->record, &ignored);
}

static int keep_times(struct shell_turn *turn, struct err *err)
{
	int64_t now = now_ms(), due = watch_due(turn->watch);

	if (due != NEVER && now >= due) {
		if (shell_record_look(turn->record, turn->watch, false, now, err) < 0)
			return -1;
		if (shell_record_changed(turn->record))
			turn->idle_at = now + IDLE_MS;
	}
	if (turn->flush_at != NEVER && now >= turn->flush_at &&
	    shell_record_flush(turn->record, err) < 0)
		return -1;
	if (!shell_record_waits(turn->record))
		turn->flush_at = NEVER;
	else if (turn->flush_at == NEVER)
		turn->flush_at = now + FLUSH_MS;
	if (now >= turn->check_at) {
		turn->check_at = now + LOOK_MS;
		if (shell_record_check(turn->record, err) < 0)
			return -1;
	}
	save_when_idle(turn, now);
	if (keep_deadline(turn, err) < 0)
		return -1;
	if (shell_record_is_over(turn->record))
		hang_up(turn, shell_turn_left(turn) <= 0 ? SHELL_TIME_UP : SHELL_HANDED_IN);
	return 0;
}

static int take_all(struct shell_turn *turn, struct err *err)
{
	take_typed(turn);
	if (take_signals(turn, err) < 0 || type(turn, err) < 0 ||
	    take_output(turn, false, err) < 0)
		return -1;
	return keep_times(turn, err);
}

static void fail(struct shell_turn *turn, const struct err *err)
{
	turn->failed = *err;
	shell_record_give_up(turn->record);
	hang_up(turn, SHELL_NOT_RECORDED);
}

enum sandbox_turn shell_turn_take(struct shell_turn *turn)
{
	struct err err = ERR_INIT;
	uint64_t ticks;

	while (read(turn->timer, &ticks, sizeof(ticks)) > 0)
		;
	watch_take(turn->watch, now_ms());
	host_terminal_flush(&turn->host);
	if (take_all(turn, &err) < 0)
		fail(turn, &err);
	if (turn->host.gone)
		hang_up(turn, SHELL_HUNG_UP);
	if (turn->output > turn->output_most)
		return SANDBOX_CUT;
	if (turn->end_at != NEVER && now_ms() >= turn->end_at) {
		turn->end_at = NEVER;
		return SANDBOX_END;
	}
	wait_on(turn);
	return SANDBOX_GO_ON;
}

/* --- from the first to the last */

static int open_waits(struct shell_turn *turn, struct err *err)
{
	const int always[] = { turn->timer, turn->keys.signals, watch_fd(turn->watch) };
	struct epoll_event event = { .events = EPOLLIN };

	for (size_t i = 0; i < sizeof(always) / sizeof(*always); i++)
		if (epoll_ctl(turn->epoll, EPOLL_CTL_ADD, always[i], &event) < 0)
			return err_sys(err, "cannot wait");
	turn->in_always =
		set_waits(turn, turn->host.in, &turn->waits_in, EPOLLIN) < 0;
	wait_on(turn);
	return 0;
}

static int open_terminal(struct shell_turn *turn, int in, int out, struct err *err)
{
	int columns, rows;

	host_terminal_open(&turn->host, in, out);
	host_terminal_size(&turn->host, &columns, &rows);
	return pty_open(columns, rows, &turn->master, &turn->slave, err);
}

int shell_turn_open(struct shell_turn *turn, struct store *store, struct shell_record *record,
		    int in, int out, struct err *err)
{
	int64_t now = now_ms();

	*turn = (struct shell_turn){
		.store = store, .record = record, .end = SHELL_ENDED, .master = -1, .slave = -1,
		.epoll = epoll_create1(EPOLL_CLOEXEC),
		.timer = timerfd_create(CLOCK_MONOTONIC, TFD_CLOEXEC | TFD_NONBLOCK),
		.keys = HOST_KEYS_INIT, .output_most = UINT64_MAX,
		.budget = BURST, .budget_at = now, .check_at = now + LOOK_MS, .flush_at = NEVER,
		.idle_at = NEVER, .end_at = NEVER,
	};
	if (open_terminal(turn, in, out, err) < 0)
		return -1;
	if (turn->epoll < 0 || turn->timer < 0)
		return err_sys(err, "cannot wait");
	if (host_keys_open(&turn->keys, &turn->host, err) < 0)
		return -1;
	host_terminal_enter(&turn->host);
	return 0;
}

void shell_turn_close(struct shell_turn *turn)
{
	host_terminal_close(&turn->host);
	watch_close(&turn->watch);
	auto_close(&turn->master);
	auto_close(&turn->slave);
	auto_close(&turn->epoll);
	auto_close(&turn->timer);
	host_keys_close(&turn->keys);
}

int shell_turn_begin(struct shell_turn *turn, int work_fd, struct err *err)
{
	turn->watch = watch_open(work_fd, language_caches(), &repo_limits, err);
	return turn->watch ? open_waits(turn, err) : -1;
}

void shell_turn_finish(struct shell_turn *turn)
{
	struct err err = ERR_INIT;

	if (turn->finished || !turn->watch)
		return;
	turn->finished = true;
	if (turn->output <= turn->output_most && take_output(turn, true, &err) < 0)
		fail(turn, &err);
	watch_take(turn->watch, now_ms());
	if (shell_record_look(turn->record, turn->watch, true, now_ms(), &err) < 0)
		fail(turn, &err);
}
