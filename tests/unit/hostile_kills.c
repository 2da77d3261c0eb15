/* hostile_kills.c - whoever is killed at whatever moment, nothing of the run lives on
 *
 * A child of ours is the caller. At each phase of its run it tells us and waits; we find launcher,
 * supervisor and first process below it, kill one, and let it go on. Before the sandbox is ready
 * nobody can tell us: there the moment is chosen, a little later each time. */
#include "hostile_case.h"

#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <stdio.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

#include "base/auto.h"
#include "hostile_tree.h"

#define END_MOST 10000	/* ms until all are dead; an idle machine takes a few */
#define PHASE_MOST 20000
#define MOMENTS 12	/* before it is ready; each 1 ms later */

enum target { CALLER, LAUNCHER, SUPERVISOR, FIRST, TARGETS };
enum phase { BUILDING = 'b', FILLING = 'f', RUNNING = 'r', COLLECTING = 'c' };

struct call {
	enum phase phase;	/* where it stops */
	int tell, go_on;	/* pipes: to us, from us */
	struct play play;
};

struct killing {
	pid_t caller;
	int told, let_go;
	struct tree before;	/* below the caller, just before the kill */
};

/* --- the caller */

static void stop_at(struct call *call, enum phase phase)
{
	char byte = (char)phase;

	if (call->phase == phase && write(call->tell, &byte, 1) == 1 &&
	    read(call->go_on, &byte, 1) < 0)
		_exit(9);
}

static int (*fill_hostile)(void *arg, int work, struct err *err);

static int fill(void *arg, int work, struct err *err)
{
	stop_at(arg, FILLING);
	return fill_hostile(arg, work, err);
}

static void output(void *arg, int stream, const void *data, size_t len)
{
	(void)stream, (void)data, (void)len;
	stop_at(arg, RUNNING);
}

static int collect(void *arg, int work, struct err *err)
{
	(void)work, (void)err;
	stop_at(arg, COLLECTING);
	return 0;
}

/* 0: the run ended or was refused as it has to be when somebody died. */
static int be_caller(struct call *call)
{
	struct play *play = &call->play;
	struct err err = ERR_INIT;

	play_sandbox = sandbox_start(&err);
	if (!play_sandbox)
		return 3;
	play_prepare(play);
	fill_hostile = play->io.fill;
	play->io = (struct sandbox_io){
		.arg = call, .fill = fill, .output = output, .collect = collect
	};
	/* where a slot that died is replaced, the run has to end by itself */
	if (call->phase == COLLECTING || call->phase == BUILDING)
		ACT(play, "orphan", play_mark);
	else
		ACT(play, "crowd", play_mark);
	sandbox_close(&play_sandbox);
	/* a slot that dies before it is used is replaced */
	if (play->failed == 0)
		return call->phase == COLLECTING || call->phase == BUILDING ? 0 : 4;
	return play->err.code == ERR_ENV ? 0 : 5;
}

/* --- we */

static void start_caller(struct killing *killing, enum phase phase)
{
	struct call call = { .phase = phase };
	int tell[2], go_on[2];

	assert_int_equal(pipe2(tell, O_CLOEXEC), 0);
	assert_int_equal(pipe2(go_on, O_CLOEXEC), 0);
	killing->caller = fork();
	if (killing->caller == 0) {
		close(go_on[1]);
		call.tell = tell[1];
		call.go_on = go_on[0];
		_exit(be_caller(&call));
	}
	close(tell[1]);
	close(go_on[0]);
	killing->told = tell[0];
	killing->let_go = go_on[1];
}

static pid_t find(pid_t caller, enum target target)
{
	pid_t pid = caller;

	for (int i = CALLER; i < (int)target && pid > 0; i++)
		pid = tree_child(pid, 0);
	return pid;
}

/* Waits for its word, or for the target to appear and so many ms more. */
static void await_phase(const struct killing *killing, enum phase phase, enum target target,
			int moment)
{
	struct pollfd word = { .fd = killing->told, .events = POLLIN };
	char byte;

	if (phase != BUILDING) {
		assert_int_equal(poll(&word, 1, PHASE_MOST), 1);
		assert_int_equal(read(killing->told, &byte, 1), 1);
		return;
	}
	/* the supervisor is the first sign that there is a run; it may be over before we see it */
	while (!find(killing->caller, target > SUPERVISOR ? target : SUPERVISOR))
		if (poll(&word, 1, 0) != 0)
			return;
	poll(&word, 1, moment);
}

static void end_caller(struct killing *killing, bool was_killed, bool may_end)
{
	int status;

	close(killing->let_go);
	assert_int_equal(waitpid(killing->caller, &status, 0), killing->caller);
	close(killing->told);
	assert_true((was_killed && WIFSIGNALED(status)) ||
		    (may_end && WIFEXITED(status) && WEXITSTATUS(status) == 0));
}

static void assert_next_start_sweeps(const struct killing *killing)
{
	struct err err = ERR_INIT;
	struct sandbox *sandbox = sandbox_start(&err), *before = play_sandbox;

	assert_non_null(sandbox);
	play_sandbox = sandbox;
	hostile_play_probe();
	play_sandbox = before;
	sandbox_close(&sandbox);
	assert_int_equal(hostile_remains_groups(killing->before.pids, killing->before.count), 0);
}

static void kill_one(enum phase phase, enum target target, int moment)
{
	struct killing killing = { .told = -1 };
	struct tree known;
	pid_t pid;

	tree_read(&known, getpid());
	start_caller(&killing, phase);
	await_phase(&killing, phase, target, moment);
	pid = find(killing.caller, target);
	tree_read(&killing.before, killing.caller);
	/* when answers are collected, these may be gone: so much the better; and a slot that is
	 * made for other limits is replaced */
	if (pid > 0)
		kill(pid, SIGKILL);
	else
		assert_true(phase == COLLECTING || phase == BUILDING);

	/* a run that is killed before it is ready may have ended by the time we come to it */
	end_caller(&killing, target == CALLER, target != CALLER || phase == BUILDING);
	assert_int_equal(tree_await_end(&killing.before, END_MOST), 0);
	assert_int_equal(tree_await_children(&known, END_MOST), 0);
	assert_int_equal(play_count_marked(), 0);
	if (killing.before.count > 0)
		assert_next_start_sweeps(&killing);
}

static void kill_target(void **state)
{
	const char *which = *state;
	enum target target = (enum target)(which[0] - '0');

	if (which[1] != BUILDING)
		kill_one((enum phase)which[1], target, 0);
	for (int moment = 0; which[1] == BUILDING && moment < MOMENTS; moment++)
		kill_one(BUILDING, target, moment);
}

#define KILL(who, which) \
	{ "69 120 nothing outlives " who " killed before it is ready", kill_target, NULL, NULL, \
	  (char[]){ which "b" } }, \
	{ "69 120 nothing outlives " who " killed while filling", kill_target, NULL, NULL, \
	  (char[]){ which "f" } }, \
	{ "69 120 nothing outlives " who " killed while it runs", kill_target, NULL, NULL, \
	  (char[]){ which "r" } }, \
	{ "69 120 nothing outlives " who " killed while collecting", kill_target, NULL, NULL, \
	  (char[]){ which "c" } }

const struct CMUnitTest hostile_kill_tests[] = {
	KILL("a caller", "0"),
	KILL("a launcher", "1"),
	KILL("a supervisor", "2"),
	KILL("a first process", "3"),
	{ 0 },
};
