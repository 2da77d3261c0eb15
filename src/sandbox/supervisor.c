/* supervisor.c - one process per run: builds the sandbox, holds the limits, reports */
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
#include "sandbox/cage.h"
#include "sandbox/container.h"
#include "sandbox/plan.h"
#include "sandbox/rootfs.h"
#include "sandbox/run_channel.h"
#include "sandbox/run_end.h"
#include "sandbox/run_guards.h"

#define MS 1000000LL			/* in ns */
#define BUILD_MOST (60 * 1000 * MS)	/* a sandbox that takes longer to build is broken */
#define END_MOST (5 * 1000 * MS)	/* for pid 1 to kill what the payload left running */
#define CPU_STEP (2 * MS)		/* shortest time between two looks at the CPU time */
#define LOOK_STEP (15 * MS)		/* between two looks at what no control group counts */
#define FOR_EVER (-1)

/* What has happened; 0 is: the time is over. */
enum {
	WAKE_CALLER = 1 << 0,	/* an order, or the caller is gone */
	WAKE_ALONE = 1 << 1,	/* the launcher is gone */
	WAKE_NOTE = 1 << 2,	/* of the first process, or it has closed its end */
	WAKE_DEAD = 1 << 3,	/* the first process, and so everything */
	WAKE_FOREIGN = 1 << 4,	/* a call of a foreign architecture */
};

struct supervision {
	const struct supervisor_kit *kit;
	int connection, lifeline;
	char *packed;			/* the plan's strings */
	struct plan *plan;
	int stdio[3];
	bool root;
	struct uid_slot slot;
	struct container container;
	struct run_meter meter;
	struct run_end end;
	int folders[ROOTFS_FOLDERS];
	int listener;			/* of the system call filter; -1: none */
	bool landlock;
	int64_t started, ended, next_cpu, next_look;	/* ns */
};

static int64_t now_ns(void)
{
	struct timespec now;

	clock_gettime(CLOCK_MONOTONIC, &now);
	return (int64_t)now.tv_sec * 1000 * MS + now.tv_nsec;
}

static unsigned wait_until(const struct supervision *run, int64_t until)
{
	struct pollfd fds[] = {
		{ .fd = run->connection, .events = POLLIN },
		{ .fd = run->lifeline, .events = POLLIN },
		{ .fd = run->container.channel, .events = POLLIN },
		{ .fd = run->container.pidfd, .events = POLLIN },
		{ .fd = run->listener, .events = POLLIN },
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

static int gone(struct err *err)
{
	return err_set(err, ERR_ENV, "the run was given up");
}

static int receive_plan(struct supervision *run, struct err *err)
{
	ssize_t len;

	run->packed = buf_alloc(PLAN_PACKED_MOST);
	len = run_channel_receive(run->connection, run->packed, PLAN_PACKED_MOST, run->stdio);
	if (len <= 0)
		return gone(err);
	run->plan = plan_unpack(run->packed, (size_t)len);
	if (!run->plan || run->stdio[2] < 0)
		return err_set(err, ERR_ENV, "the plan did not arrive whole");
	return 0;
}

/* The payload may open /dev/stdout: the pipe must be its own. */
static int give_pipes(const struct supervision *run, struct err *err)
{
	for (int i = 1; run->root && i < 3; i++)
		if (fchown(run->stdio[i], run->slot.payload, run->slot.payload) < 0)
			return err_sys(err, "cannot give away a pipe");
	return 0;
}

static int start_container(struct supervision *run, struct err *err)
{
	const struct cgroup *group = &run->meter.group;
	bool count_memory = cgroup_has(group, CGROUP_MEMORY);
	struct container_setup setup = {
		.plan = run->plan,
		.filter = &run->kit->filters[count_memory],
		.slot = run->root ? &run->slot : NULL,
		.uid = geteuid(),
		.gid = getegid(),
		.stdio = run->stdio,
		.count_memory = count_memory,
		.count_tasks = cgroup_has(group, CGROUP_PIDS),
	};

	if (container_start(&run->container, &setup, cgroup_clone_fd(group), err) < 0)
		return -1;
	/* the payload's pipes end when the sandbox does, not when we do */
	for (int i = 0; i < 3; i++) {
		close(run->stdio[i]);
		run->stdio[i] = -1;
	}
	return 0;
}

static int send_step(const struct supervision *run, enum run_step step, struct err *err)
{
	char byte = (char)step;

	if (run_channel_send(run->container.channel, &byte, 1, NULL, 0) < 0)
		return err_set(err, ERR_ENV, "the sandbox died");
	return 0;
}

/* Waits for the next note while the sandbox is built. */
static int await_note(struct supervision *run, enum run_note_kind kind, int fds[RUN_CHANNEL_FDS],
		      struct err *err)
{
	unsigned wake = wait_until(run, now_ns() + BUILD_MOST);
	struct run_note note;

	if (wake & (WAKE_CALLER | WAKE_ALONE))
		return gone(err);
	if (!(wake & WAKE_NOTE))
		return err_set(err, ERR_ENV, "the sandbox could not be built in time");
	if (run_channel_receive(run->container.channel, &note, sizeof(note), fds) !=
	    (ssize_t)sizeof(note))
		return err_set(err, ERR_ENV, "the sandbox died while it was built");
	if (note.kind == RUN_NOTE_FAILED) {
		*err = note.err;
		return -1;
	}
	return note.kind == kind ? 0 : err_set(err, ERR_ENV, "the sandbox is out of step");
}

static int build(struct supervision *run, struct err *err)
{
	if (run->root && uid_slot_take(&run->slot, err) < 0)
		return -1;
	if (cgroup_open(&run->meter.group, &run->kit->base, &run->plan->limits, err) < 0)
		return -1;
	if (give_pipes(run, err) < 0 || start_container(run, err) < 0)
		return -1;

	if (cgroup_join(&run->meter.group, run->container.pid, err) < 0 ||
	    send_step(run, RUN_STEP_JOINED, err) < 0)
		return -1;
	if (run->root && (await_note(run, RUN_NOTE_MAP, NULL, err) < 0 ||
			  container_map(&run->container, &run->slot, err) < 0 ||
			  send_step(run, RUN_STEP_MAPPED, err) < 0))
		return -1;
	return await_note(run, RUN_NOTE_READY, run->folders, err);
}

static int tell_ready(const struct supervision *run, struct err *err)
{
	struct run_answer answer = {
		.kind = RUN_ANSWER_READY,
		.uid = run->root ? run->slot.payload : geteuid(),
		.gid = run->root ? run->slot.payload : getegid(),
	};

	if (run_channel_send(run->connection, &answer, sizeof(answer), &run->folders[ROOTFS_WORK],
			     1) < 0)
		return gone(err);
	return 0;
}

/* The caller fills the work folder and takes the time that takes. */
static int await_go(const struct supervision *run, struct err *err)
{
	char order;
	unsigned wake;

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
	cgroup_kill(&run->meter.group);
	container_kill(&run->container);
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
		container_kill(&run->container);
	if (run->end.ended || run->end.stopped)
		return;

	if (run_meter_is_weak(&run->meter) && now >= run->next_look) {
		run_meter_look(&run->meter);
		run->next_look = now + LOOK_STEP;
		if (!cgroup_has(&run->meter.group, CGROUP_MEMORY) &&
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
	if (run->end.stopped)
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
	ssize_t len = run_channel_receive(run->container.channel, &note, sizeof(note), fds);

	if (len != (ssize_t)sizeof(note)) {
		close(run->container.channel);
		run->container.channel = -1;
		return 0;
	}
	switch (note.kind) {
	case RUN_NOTE_STARTED:
		run->end.started = true;
		run->landlock = note.landlock;
		run->listener = fds[0];
		break;
	case RUN_NOTE_ENDED:
		take_end(run, &note);
		break;
	case RUN_NOTE_USED:
		run_meter_add_note(&run->meter, &note);
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
	return 0;
}

/* A notification is a foreign call; an error is a filter that nobody has any more. The descriptor
 * stays open: closing it would let the caller go on for the moment it has left. */
static void take_foreign(struct supervision *run)
{
	struct pollfd fd = { .fd = run->listener, .events = POLLIN };

	poll(&fd, 1, 0);
	if (fd.revents & POLLIN)
		stop(run, VERDICT_SECURITY_VIOLATION);
	run->listener = -1;
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
	} while (!(wake & WAKE_DEAD) || run->container.channel >= 0);
	return 0;
}

static int start_payload(struct supervision *run, struct err *err)
{
	run_meter_begin(&run->meter, run->container.pid, run->folders);
	run->started = now_ns();
	plan_cpu_check(run, 0, run->started);
	run->next_look = run->started + LOOK_STEP;
	return send_step(run, RUN_STEP_GO, err);
}

static void add_guards(const struct supervision *run, struct run_report *report)
{
	report->weak = run_guards_weak(&run->kit->base);
	report->enforced = RUN_GUARDS_ALL & ~report->weak;
	if (!run->landlock)
		report->enforced &= ~(uint32_t)GUARD_LANDLOCK;
}

/* Leaves a report in `answer`, or err. */
static int supervise(struct supervision *run, struct run_answer *answer, struct err *err)
{
	if (receive_plan(run, err) < 0)
		return -1;
	if (run_guards_check(run_guards_weak(&run->kit->base), run->plan->allow_weak, err) < 0)
		return -1;
	if (build(run, err) < 0 || tell_ready(run, err) < 0 || await_go(run, err) < 0)
		return -1;
	if (start_payload(run, err) < 0 || watch(run, err) < 0 ||
	    run_end_report(&run->end, &run->plan->limits, &run->meter, &answer->report, err) < 0)
		return -1;

	add_guards(run, &answer->report);
	answer->kind = RUN_ANSWER_REPORT;
	return 0;
}

void supervisor_run(const struct supervisor_kit *kit, int connection, int lifeline)
{
	struct supervision run = {
		.kit = kit, .connection = connection, .lifeline = lifeline,
		.stdio = { -1, -1, -1 }, .root = geteuid() == 0, .slot = UID_SLOT_INIT,
		.container = CONTAINER_INIT, .meter = RUN_METER_INIT, .end = RUN_END_INIT,
		.folders = { -1, -1, -1 }, .listener = -1,
	};
	struct run_answer answer = { .kind = RUN_ANSWER_REFUSED };

	supervise(&run, &answer, &answer.err);
	container_close(&run.container);
	/* the caller need not wait for the rest */
	run_channel_send(connection, &answer, sizeof(answer), NULL, 0);
	cgroup_close(&run.meter.group);
	plan_free(&run.plan);
	free(run.packed);
	_exit(0);
}
