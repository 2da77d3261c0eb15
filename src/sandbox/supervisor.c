/* supervisor.c - one process per slot: runs plan after plan in it, holds the limits, reports */
#include "sandbox/supervisor.h"

#include <errno.h>
#include <poll.h>
#include <sched.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <time.h>
#include <unistd.h>

#include "base/auto.h"
#include "base/buf.h"
#include "sandbox/plan.h"
#include "sandbox/run_channel.h"
#include "sandbox/run_end.h"
#include "sandbox/run_guards.h"
#include "sandbox/slot.h"

#define MS 1000000LL			/* in ns */
#define END_MOST (5 * 1000 * MS)	/* for pid 1 to kill what the payload left running */
#define CPU_STEP (2 * MS)		/* shortest time between two looks at the CPU time */
#define LOOK_STEP (15 * MS)		/* between two looks at what no control group counts */
#define FOR_EVER (-1)

/* What has happened; 0 is: the time is over. */
enum {
	WAKE_CALLER = 1 << 0,	/* a plan, an order, or the caller is gone */
	WAKE_ALONE = 1 << 1,	/* the launcher is gone */
	WAKE_NOTE = 1 << 2,	/* of the first process, or it has closed its end */
	WAKE_DEAD = 1 << 3,	/* the first process, and so everything */
	WAKE_FOREIGN = 1 << 4,	/* a call of a foreign architecture */
};

struct supervision {
	const struct cgroup_base *base;
	int connection, lifeline;
	struct slot slot;
	/* of the run at hand */
	char *packed;			/* the wish and the plan, whose strings point here */
	size_t packed_len;
	bool told_folder;		/* the caller has the work folder */
	struct plan *plan;
	int stdio[3];
	struct run_meter meter;
	struct run_end end;
	struct run_note over;		/* the first process's last word */
	bool is_over;
	int listener;			/* of a filter that is this run's alone; -1: none */
	bool listened;			/* a filter's listener has said all it will */
	int64_t started, ended, next_cpu, next_look;	/* ns */
};

static int64_t now_ns(void)
{
	struct timespec now;

	clock_gettime(CLOCK_MONOTONIC, &now);
	return (int64_t)now.tv_sec * 1000 * MS + now.tv_nsec;
}

static int listener_of(const struct supervision *run)
{
	return run->listener >= 0 ? run->listener : run->slot.listener;
}

static unsigned wait_until(const struct supervision *run, int64_t until)
{
	struct pollfd fds[] = {
		{ .fd = run->connection, .events = POLLIN },
		{ .fd = run->lifeline, .events = POLLIN },
		{ .fd = run->slot.container.channel, .events = POLLIN },
		{ .fd = run->slot.container.pidfd, .events = POLLIN },
		{ .fd = run->listened ? -1 : listener_of(run), .events = POLLIN },
	};
	int64_t left = until == FOR_EVER ? 0 : until - now_ns();
	struct timespec timeout = { 0 };
	unsigned wake = 0;

	if (left > 0)
		timeout = (struct timespec){ left / (1000 * MS), left % (1000 * MS) };
	if (ppoll(fds, 5, until == FOR_EVER ? NULL : &timeout, NULL) <= 0)
		return 0;
	for (int i = 0; i < 5; i++)
		if (fds[i].revents)
			wake |= 1U << i;
	return wake;
}

static void close_stdio(struct supervision *run)
{
	for (int i = 0; i < 3; i++) {
		if (run->stdio[i] >= 0)
			close(run->stdio[i]);
		run->stdio[i] = -1;
	}
}

static int gone(struct err *err)
{
	return err_set(err, ERR_ENV, "the run was given up");
}

/* Waits for the caller's next word while nothing runs; false when there will be none. A slot that
 * died meanwhile is only forgotten. */
static bool await_caller(struct supervision *run)
{
	unsigned wake;

	for (;;) {
		wake = wait_until(run, FOR_EVER);
		if (wake & WAKE_ALONE)
			return false;
		if (wake & WAKE_CALLER)
			return true;
		if (wake & (WAKE_NOTE | WAKE_DEAD))
			slot_close(&run->slot);
	}
}

/* 0 when the caller will have no more runs. */
static int receive_plan(struct supervision *run, struct err *err)
{
	int fds[RUN_CHANNEL_FDS];
	ssize_t len;

	do {
		if (!await_caller(run))
			return 0;
		len = run_channel_receive(run->connection, run->packed, 1 + PLAN_PACKED_MOST, fds);
	} while (len == 1);	/* an order that crossed the report */
	if (len <= 0)
		return 0;
	memcpy(run->stdio, fds, sizeof(run->stdio));
	run->packed_len = (size_t)len - 1;
	run->plan = plan_unpack(run->packed + 1, run->packed_len);
	if (!run->plan || run->stdio[2] < 0)
		return err_set(err, ERR_ENV, "the plan did not arrive whole");
	return 1;
}

static int build(struct supervision *run, const struct plan_limits *limits, struct err *err)
{
	const int watched[2] = { run->connection, run->lifeline };

	return slot_build(&run->slot, run->base, limits, watched, err);
}

static int make_ready(struct supervision *run, struct err *err)
{
	if (!slot_fits(&run->slot, &run->plan->limits)) {
		slot_close(&run->slot);
		if (build(run, &run->plan->limits, err) < 0)
			return -1;
	}
	return cgroup_begin(&run->slot.group, &run->plan->limits, err);
}

/* The payload may open /dev/stdout: the pipe, or the terminal, must be its own. */
static int give_pipes(const struct supervision *run, struct err *err)
{
	for (int i = 1; run->slot.uid != geteuid() && i < 3; i++)
		if (fchown(run->stdio[i], run->slot.uid, run->slot.gid) < 0)
			return err_sys(err, "cannot give away a pipe");
	return 0;
}

static bool wishes(const struct supervision *run, enum run_wish wish)
{
	return ((unsigned char)*run->packed & wish) != 0;
}

static int send_answer(struct supervision *run, const struct run_answer *answer)
{
	size_t folders = answer->kind == RUN_ANSWER_REFUSED || run->told_folder ? 0 : 1;

	run->told_folder = true;
	return run_channel_send(run->connection, answer, sizeof(*answer),
				&run->slot.folders[ROOTFS_WORK], folders);
}

static int tell_ready(struct supervision *run, struct err *err)
{
	const struct run_answer answer = {
		.kind = RUN_ANSWER_READY, .uid = run->slot.uid, .gid = run->slot.gid,
	};

	return send_answer(run, &answer) < 0 ? gone(err) : 0;
}

/* The caller fills the work folder and takes the time that takes. */
static int await_fill(struct supervision *run, struct err *err)
{
	char order;
	unsigned wake;

	if (!wishes(run, RUN_WISH_FILL))
		return 0;
	if (tell_ready(run, err) < 0)
		return -1;
	do
		wake = wait_until(run, FOR_EVER);
	while (wake == 0);
	if (wake & (WAKE_NOTE | WAKE_DEAD))
		return err_set(err, ERR_ENV, "the sandbox died before it was used");
	if (!(wake & WAKE_CALLER) || (wake & WAKE_ALONE) ||
	    run_channel_receive(run->connection, &order, 1, NULL) != 1 || order != RUN_ORDER_GO)
		return gone(err);
	return 0;
}

static void stop(struct supervision *run, enum verdict reason)
{
	if (run->end.ended || run->end.stopped)
		return;
	run->end.stopped = true;
	run->end.reason = reason;
	run->end.wall_ms = (uint64_t)((now_ns() - run->started) / MS);
	cgroup_kill(&run->slot.group);
	container_kill(&run->slot.container);
}

/* The earliest moment at which the rest of the CPU time can have been used. */
static void plan_cpu_check(struct supervision *run, uint64_t used_us, int64_t now)
{
	int64_t left = ((int64_t)run->plan->limits.cpu_ms * 1000 - (int64_t)used_us) * 1000;
	cpu_set_t cpus;
	int count = sched_getaffinity(0, sizeof(cpus), &cpus) == 0 ? CPU_COUNT(&cpus) : 0;

	/* more processors than the set holds: it may all be used at once, look often */
	left = count > 0 ? left / count : 0;
	run->next_cpu = now + (left > CPU_STEP ? left : CPU_STEP);
}

static void check_limits(struct supervision *run)
{
	const struct plan_limits *limits = &run->plan->limits;
	int64_t now = now_ns();
	uint64_t used;

	if (run->end.ended && now - run->ended > END_MOST)
		container_kill(&run->slot.container);
	if (run->end.ended || run->end.stopped)
		return;

	if (run_meter_is_weak(&run->meter) && now >= run->next_look) {
		run_meter_look(&run->meter);
		run->next_look = now + LOOK_STEP;
		if (!cgroup_has(&run->slot.group, CGROUP_MEMORY) &&
		    run->meter.memory > limits->memory)
			stop(run, VERDICT_MEMORY_LIMIT);
	}
	if (now >= run->next_cpu) {
		used = run_meter_cpu_us(&run->meter);
		if (used >= (uint64_t)limits->cpu_ms * 1000)
			stop(run, VERDICT_TIME_LIMIT);
		plan_cpu_check(run, used, now);
	}
	if (now - run->started >= limits->wall_ms * MS)
		stop(run, VERDICT_WALL_LIMIT);
}

static int64_t next_check(const struct supervision *run)
{
	int64_t next = run->started + run->plan->limits.wall_ms * MS;

	if (run->end.stopped)
		return FOR_EVER;
	if (run->end.ended)
		return run->ended + END_MOST + MS;
	if (run->next_cpu < next)
		next = run->next_cpu;
	if (run_meter_is_weak(&run->meter) && run->next_look < next)
		next = run->next_look;
	return next;
}

static void take_end(struct supervision *run, const struct run_note *note)
{
	if (run->end.stopped || run->end.ended)
		return;
	run->ended = now_ns();
	run->end.ended = true;
	run->end.exit_status = note->exit_status;
	run->end.signal = note->signal;
	run->end.wall_ms = (uint64_t)((run->ended - run->started) / MS);
}

/* False when the first process has closed its end. -1 and err when the payload could not be
 * started. */
static int take_note(struct supervision *run, struct err *err)
{
	int fds[RUN_CHANNEL_FDS];
	struct run_note note;
	ssize_t len = run_channel_receive(run->slot.container.channel, &note, sizeof(note), fds);

	if (len != (ssize_t)sizeof(note)) {
		close(run->slot.container.channel);
		run->slot.container.channel = -1;
		return 0;
	}
	switch (note.kind) {
	case RUN_NOTE_STARTED:
		run->end.started = true;
		run->listener = fds[0];
		break;
	case RUN_NOTE_ENDED:
		take_end(run, &note);
		break;
	case RUN_NOTE_OVER:
		run->end.started |= note.started;
		take_end(run, &note);
		run_meter_add_note(&run->meter, &note);
		run->over = note;
		run->is_over = true;
		break;
	case RUN_NOTE_FAILED:
		*err = note.err;
		return -1;
	case RUN_NOTE_MAP:
	case RUN_NOTE_READY:
		break;
	}
	return 0;
}

static int take_order(struct supervision *run, struct err *err)
{
	char order;

	if (run_channel_receive(run->connection, &order, 1, NULL) != 1)
		return gone(err);
	if (order == RUN_ORDER_CUT)
		stop(run, VERDICT_OUTPUT_LIMIT);
	else if (order == RUN_ORDER_END)
		stop(run, VERDICT_WALL_LIMIT);
	return 0;
}

/* A notification is a foreign call; an error is a filter that nobody has any more. The descriptor
 * stays open: closing it would let the caller go on for the moment it has left. */
static void take_foreign(struct supervision *run)
{
	struct pollfd fd = { .fd = listener_of(run), .events = POLLIN };

	poll(&fd, 1, 0);
	if (fd.revents & POLLIN)
		stop(run, VERDICT_SECURITY_VIOLATION);
	run->listened = true;
}

static int watch(struct supervision *run, struct err *err)
{
	unsigned wake;

	do {
		wake = wait_until(run, next_check(run));
		if (wake & WAKE_ALONE)
			return gone(err);
		if (wake & WAKE_FOREIGN)
			take_foreign(run);
		if ((wake & WAKE_NOTE) && take_note(run, err) < 0)
			return -1;
		if ((wake & WAKE_CALLER) && take_order(run, err) < 0)
			return -1;
		check_limits(run);
	} while (!run->is_over && (!(wake & WAKE_DEAD) || run->slot.container.channel >= 0));
	return 0;
}

static int start_payload(struct supervision *run, struct err *err)
{
	int group = cgroup_run_fd(&run->slot.group);
	int fds[RUN_CHANNEL_FDS] = { run->stdio[0], run->stdio[1], run->stdio[2], group };
	int sent;

	run_meter_begin(&run->meter, &run->slot.group, run->slot.container.pid, run->slot.folders);
	run->started = now_ns();
	plan_cpu_check(run, 0, run->started);
	run->next_look = run->started + LOOK_STEP;
	sent = run_channel_send(run->slot.container.channel, run->packed + 1, run->packed_len, fds,
				group < 0 ? 3 : 4);
	/* the payload's pipes end when its processes do, not when we do */
	close_stdio(run);
	return sent < 0 ? err_set(err, ERR_ENV, "the sandbox died") : 0;
}

static void add_guards(const struct supervision *run, struct run_report *report)
{
	report->weak = run_guards_weak(run->base);
	report->enforced = RUN_GUARDS_ALL & ~report->weak;
	if (!run->slot.landlock)
		report->enforced &= ~(uint32_t)GUARD_LANDLOCK;
}

static int run_plan(struct supervision *run, struct run_answer *answer, struct err *err)
{
	if (run_guards_check(run_guards_weak(run->base), run->plan->allow_weak, err) < 0)
		return -1;
	if (make_ready(run, err) < 0 || give_pipes(run, err) < 0 || await_fill(run, err) < 0)
		return -1;
	if (start_payload(run, err) < 0 || watch(run, err) < 0 ||
	    run_end_report(&run->end, &run->plan->limits, &run->meter, &answer->report, err) < 0)
		return -1;

	add_guards(run, &answer->report);
	answer->kind = RUN_ANSWER_REPORT;
	return 0;
}

/* The caller is done with the work folder when it says so. */
static bool await_done(struct supervision *run)
{
	char order = 0;

	while (wishes(run, RUN_WISH_COLLECT) && order != RUN_ORDER_DONE)
		if (!await_caller(run) ||
		    run_channel_receive(run->connection, &order, 1, NULL) != 1)
			return false;
	return true;
}

/* A run that we stopped, or that the kernel did, is over with its slot, and so is one that had a
 * terminal. A new one is made at once: the next run need not wait for it. */
static void renew_slot(struct supervision *run)
{
	struct plan_limits limits = run->plan->limits;
	struct err ignored = ERR_INIT;

	if (run->is_over && !run->end.stopped && !run->plan->terminal &&
	    cgroup_oom_kills(&run->slot.group) == 0 && slot_reset(&run->slot, &run->over))
		return;
	slot_close(&run->slot);
	build(run, &limits, &ignored);
}

static void forget_run(struct supervision *run)
{
	close_stdio(run);
	if (run->listener >= 0)
		close(run->listener);
	plan_free(&run->plan);
	run->listener = -1;
	run->is_over = run->listened = run->told_folder = false;
	run->end = (struct run_end)RUN_END_INIT;
}

/* One run; false when there is to be no other. */
static bool serve(struct supervision *run)
{
	struct run_answer answer = { .kind = RUN_ANSWER_REFUSED };
	int got = receive_plan(run, &answer.err);

	if (got == 0)
		return false;
	if (got < 0 || run_plan(run, &answer, &answer.err) < 0) {
		/* what is in it must be dead before the caller is told */
		slot_close(&run->slot);
		send_answer(run, &answer);
		return false;
	}
	if (send_answer(run, &answer) < 0 || !await_done(run))
		return false;
	renew_slot(run);
	return true;
}

void supervisor_run(const struct cgroup_base *base, int connection, int lifeline)
{
	struct supervision run = {
		.base = base, .connection = connection, .lifeline = lifeline,
		.slot = SLOT_INIT, .packed = buf_alloc(1 + PLAN_PACKED_MOST),
		.stdio = { -1, -1, -1 }, .end = RUN_END_INIT, .listener = -1,
	};
	struct err ignored = ERR_INIT;

	/* most runs will fit; what is wrong is told to the run that meets it */
	build(&run, &plan_default_limits, &ignored);
	while (serve(&run))
		forget_run(&run);
	slot_close(&run.slot);
	_exit(0);
}
