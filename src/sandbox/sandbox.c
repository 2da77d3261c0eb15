/* sandbox.c - runs one command that nobody trusts: the caller's side (run_channel.h) */
#include "sandbox/sandbox.h"

#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <pthread.h>
#include <signal.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include "base/auto.h"
#include "base/buf.h"
#include "base/fs.h"
#include "sandbox/launcher.h"
#include "sandbox/pty.h"
#include "sandbox/run_channel.h"
#include "sandbox/work_folder.h"

#define STDIN_MOST (256LL * 1024 * 1024)
#define READ_SIZE 65536
#define SEALS (F_SEAL_WRITE | F_SEAL_GROW | F_SEAL_SHRINK | F_SEAL_SEAL)

struct sandbox {
	pid_t launcher;
	int control;
	pthread_mutex_t lock;	/* of all below */
	bool ready;		/* the launcher has said so */
	int *idle;		/* connections to supervisors that wait for a plan */
	size_t idle_count, idle_size;
};

/* One run as its caller sees it. */
struct call {
	struct sandbox *sandbox;
	const struct plan *plan;
	const struct sandbox_io *io;
	int connection;
	int given[3];		/* the payload's descriptors until they are sent */
	int pipes[2];		/* what it writes to 1 and 2; -1 when closed */
	int work;
	uint64_t output;
	bool cut;
	bool fresh;		/* the connection was made for this call */
	bool over;		/* the supervisor has reported: nothing runs any more */
	struct run_answer answer;
};

static int await_launcher(struct sandbox *sandbox, struct err *err)
{
	struct err told;

	if (sandbox->ready)
		return 0;
	if (run_channel_receive(sandbox->control, &told, sizeof(told), NULL) != sizeof(told))
		return err_set(err, ERR_ENV, "the sandbox launcher died");
	if (told.code != ERR_NONE) {
		*err = told;
		return -1;
	}
	sandbox->ready = true;
	return 0;
}

/* Hands the launcher one end of a connection, at which it starts a supervisor. The other end, or
 * -1. */
static int connect_supervisor(const struct sandbox *sandbox, struct err *err)
{
	int pair[2], sent;

	if (run_channel_pair(pair) < 0)
		return err_sys(err, "cannot make a connection");
	sent = run_channel_send(sandbox->control, "r", 1, &pair[1], 1);
	close(pair[1]);
	if (sent == 0)
		return pair[0];
	close(pair[0]);
	return err_set(err, ERR_ENV, "the sandbox launcher died");
}

static void keep_idle(struct sandbox *sandbox, int connection)
{
	pthread_mutex_lock(&sandbox->lock);
	if (sandbox->idle_count == sandbox->idle_size) {
		sandbox->idle_size = sandbox->idle_size ? 2 * sandbox->idle_size : 4;
		sandbox->idle = buf_realloc(sandbox->idle, sandbox->idle_size,
					    sizeof(*sandbox->idle));
	}
	sandbox->idle[sandbox->idle_count++] = connection;
	pthread_mutex_unlock(&sandbox->lock);
}

/* A supervisor that waits, the last that was used, or -1. */
static int take_idle(struct sandbox *sandbox)
{
	int connection = -1;

	pthread_mutex_lock(&sandbox->lock);
	if (sandbox->idle_count > 0)
		connection = sandbox->idle[--sandbox->idle_count];
	pthread_mutex_unlock(&sandbox->lock);
	return connection;
}

/* The first slot is made while the caller still looks for what to run. */
struct sandbox *sandbox_start(struct err *err)
{
	struct sandbox *sandbox;
	int pair[2], first;
	pid_t pid;

	if (run_channel_pair(pair) < 0) {
		err_sys(err, "cannot start the sandbox launcher");
		return NULL;
	}
	pid = fork();
	if (pid == 0)
		launcher_run(pair[1]);
	if (pid < 0)
		err_sys(err, "cannot start the sandbox launcher");
	close(pair[1]);
	if (pid < 0) {
		close(pair[0]);
		return NULL;
	}

	sandbox = buf_alloc(sizeof(*sandbox));
	*sandbox = (struct sandbox){ .launcher = pid, .control = pair[0] };
	pthread_mutex_init(&sandbox->lock, NULL);
	first = connect_supervisor(sandbox, err);
	if (first < 0)
		sandbox_close(&sandbox);
	else
		keep_idle(sandbox, first);
	return sandbox;
}

void sandbox_close(struct sandbox **sandbox)
{
	if (!*sandbox)
		return;
	close((*sandbox)->control);
	for (size_t i = 0; i < (*sandbox)->idle_count; i++)
		close((*sandbox)->idle[i]);
	while (waitpid((*sandbox)->launcher, NULL, 0) < 0 && errno == EINTR)
		;
	pthread_mutex_destroy(&(*sandbox)->lock);
	free((*sandbox)->idle);
	free(*sandbox);
	*sandbox = NULL;
}

void sandbox_stop(const struct sandbox *sandbox)
{
	kill(sandbox->launcher, SIGKILL);
}

static int copy_all(int from, int to)
{
	char part[READ_SIZE];
	off_t at = lseek(from, 0, SEEK_CUR);
	ssize_t got;

	if (at < 0)
		return -1;
	while ((got = pread(from, part, sizeof(part), at)) > 0) {
		if (fs_write_all(to, part, (size_t)got) < 0)
			return -1;
		at += got;
	}
	return got < 0 ? -1 : 0;
}

/* Empty for -1; a file of the run's own, so that it shares no lock with others. */
static int make_sealed(int from, struct err *err)
{
	AUTO_FD int copy = memfd_create("stdin", MFD_CLOEXEC | MFD_ALLOW_SEALING);

	if (copy < 0 || (from >= 0 && copy_all(from, copy) < 0) || lseek(copy, 0, SEEK_SET) < 0 ||
	    fcntl(copy, F_ADD_SEALS, SEALS) < 0)
		return err_sys(err, "cannot copy standard input");
	return TAKE_FD(copy);
}

/* The payload can open its descriptors anew through /proc/self/fd, for writing too where the file's
 * mode lets its user: a file of the host is handed in as a sealed copy. */
static int copy_file(int fd, const struct stat *status, struct err *err)
{
	if (status->st_size > STDIN_MOST)
		return err_set(err, ERR_INPUT, "standard input is longer than %lld bytes",
			       STDIN_MOST);
	return make_sealed(fd, err);
}

int sandbox_stdin(const void *data, size_t len, struct err *err)
{
	AUTO_FD int fd = memfd_create("stdin", MFD_CLOEXEC | MFD_ALLOW_SEALING);

	if (fd < 0 || fs_write_all(fd, data, len) < 0 || lseek(fd, 0, SEEK_SET) < 0 ||
	    fcntl(fd, F_ADD_SEALS, SEALS) < 0)
		return err_sys(err, "cannot make the input");
	return TAKE_FD(fd);
}

static bool is_sealed(int fd)
{
	int seals = fcntl(fd, F_GET_SEALS);

	return seals >= 0 && (seals & SEALS) == SEALS;
}

/* All three are the terminal; what is written there is read by the caller, who has its other
 * side. */
static int open_terminal(struct call *call, struct err *err)
{
	if (!pty_is_slave(call->plan->stdin_fd))
		return err_set(err, ERR_INPUT, "the terminal is not one that was made for the run");
	for (int i = 0; i < 3; i++) {
		call->given[i] = fcntl(call->plan->stdin_fd, F_DUPFD_CLOEXEC, 3);
		if (call->given[i] < 0)
			return err_sys(err, "terminal");
	}
	return 0;
}

static int open_stdin(int fd, struct err *err)
{
	struct stat status;

	if (fd < 0)
		return make_sealed(-1, err);
	if (fstat(fd, &status) < 0)
		return err_sys(err, "standard input");
	else if (S_ISREG(status.st_mode) && !is_sealed(fd))
		return copy_file(fd, &status, err);
	if (isatty(fd) || S_ISDIR(status.st_mode) || S_ISBLK(status.st_mode))
		return err_set(err, ERR_INPUT, "standard input must be a file, a pipe or a socket");
	fd = fcntl(fd, F_DUPFD_CLOEXEC, 3);
	return fd < 0 ? err_sys(err, "standard input") : fd;
}

static int open_pipes(struct call *call, struct err *err)
{
	for (int i = 0; i < 2; i++) {
		int ends[2];

		if (pipe2(ends, O_CLOEXEC) < 0)
			return err_sys(err, "cannot make a pipe");
		call->pipes[i] = ends[0];
		call->given[i + 1] = ends[1];
		if (fcntl(ends[0], F_SETFL, O_NONBLOCK) < 0)
			return err_sys(err, "cannot make a pipe");
	}
	return 0;
}

static int open_streams(struct call *call, struct err *err)
{
	if (call->plan->terminal)
		return open_terminal(call, err);
	call->given[0] = open_stdin(call->plan->stdin_fd, err);
	return call->given[0] < 0 ? -1 : open_pipes(call, err);
}

static int gone(struct err *err)
{
	return err_set(err, ERR_ENV, "the sandbox supervisor died");
}

static int take_connection(struct call *call, struct err *err)
{
	struct sandbox *sandbox = call->sandbox;
	int failed;

	pthread_mutex_lock(&sandbox->lock);
	failed = await_launcher(sandbox, err);
	pthread_mutex_unlock(&sandbox->lock);
	if (failed < 0)
		return -1;
	if (!call->fresh)
		call->connection = take_idle(sandbox);
	if (call->connection < 0) {
		call->fresh = true;
		call->connection = connect_supervisor(sandbox, err);
	}
	return call->connection < 0 ? -1 : 0;
}

static int send_order(const struct call *call, enum run_order order)
{
	char byte = (char)order;

	return run_channel_send(call->connection, &byte, 1, NULL, 0);
}

static int send_plan(const struct call *call)
{
	AUTO(buf_release) struct buf packed = BUF_INIT(1 + PLAN_PACKED_MOST);

	buf_add_byte(&packed, (char)((call->io->fill ? RUN_WISH_FILL : 0) |
				     (call->io->collect ? RUN_WISH_COLLECT : 0)));
	plan_pack(call->plan, &packed);
	return run_channel_send(call->connection, packed.data, packed.len, call->given, 3);
}

/* Waits for the next answer; -1 when there is none. */
static int await_answer(struct call *call)
{
	int fds[RUN_CHANNEL_FDS];

	if (run_channel_receive(call->connection, &call->answer, sizeof(call->answer), fds) !=
	    (ssize_t)sizeof(call->answer))
		return -1;
	if (fds[0] >= 0)
		call->work = fds[0];
	return 0;
}

static int check_answer(struct call *call, enum run_answer_kind kind, struct err *err)
{
	if (call->answer.kind == RUN_ANSWER_REFUSED) {
		*err = call->answer.err;
		return -1;
	}
	return call->answer.kind == kind ? 0 : gone(err);
}

static void close_given(struct call *call)
{
	for (int i = 0; i < 3; i++) {
		if (call->given[i] >= 0)
			close(call->given[i]);
		call->given[i] = -1;
	}
}

/* The payload's descriptors are ours until a supervisor has them: one that was found idle may have
 * died long ago, and then another one is asked. */
static int enter_slot(struct call *call, struct err *err)
{
	bool fresh;

	do {
		call->connection = -1;
		if (take_connection(call, err) < 0)
			return -1;
		fresh = call->fresh;
		if (send_plan(call) == 0 && (!call->io->fill || await_answer(call) == 0))
			break;
		close(call->connection);
		call->connection = -1;
		call->fresh = true;
	} while (!fresh);
	if (call->connection < 0)
		return gone(err);
	close_given(call);
	return call->io->fill ? check_answer(call, RUN_ANSWER_READY, err) : 0;
}

static int fill(struct call *call, struct err *err)
{
	if (!call->io->fill)
		return 0;
	if (call->io->fill(call->io->arg, call->work, err) < 0 ||
	    work_folder_settle(call->work, call->answer.uid, call->answer.gid, err) < 0)
		return -1;
	return send_order(call, RUN_ORDER_GO) < 0 ? gone(err) : 0;
}

/* Counts what came and hands on what is below the limit. */
static void take_output(struct call *call, int stream, const char *data, size_t len)
{
	uint64_t left = call->plan->limits.output - call->output;
	size_t good = len < left ? len : (size_t)left;

	if (call->io->output && good > 0)
		call->io->output(call->io->arg, stream, data, good);
	call->output += good;
	if (good == len)
		return;
	call->output += len - good;
	call->cut = true;
	/* a supervisor that is gone is noticed when its answer is missing */
	send_order(call, RUN_ORDER_CUT);
}

/* Reads one pipe until it is empty for now, at most `most` times. */
static void drain(struct call *call, int i, int most)
{
	char data[READ_SIZE];

	while (call->pipes[i] >= 0 && !call->cut && most-- > 0) {
		ssize_t got = read(call->pipes[i], data, sizeof(data));

		if (got > 0) {
			take_output(call, i + 1, data, (size_t)got);
		} else if (got < 0 && errno == EAGAIN) {
			return;
		} else if (got == 0 || errno != EINTR) {
			close(call->pipes[i]);
			call->pipes[i] = -1;
			if (call->io->ended)
				call->io->ended(call->io->arg, i + 1);
		}
	}
}

/* Lets the caller do what he has to do. */
static int take_turn(struct call *call, bool *ret_ended, struct err *err)
{
	enum sandbox_turn turn = call->io->turn(call->io->arg, err);

	if (turn == SANDBOX_FAILED)
		return -1;
	if (turn == SANDBOX_GO_ON)
		return 0;
	*ret_ended = true;
	if (turn == SANDBOX_CUT)
		call->cut = true;
	send_order(call, turn == SANDBOX_CUT ? RUN_ORDER_CUT : RUN_ORDER_END);
	return 0;
}

/* Collects output until the supervisor reports that all processes are dead; what is left in the
 * pipes then is all there will be, whoever may still hold their other end. */
static int collect_output(struct call *call, struct err *err)
{
	struct pollfd waiting[4] = {
		{ .fd = call->connection, .events = POLLIN },
		[3] = { .fd = call->io->turn ? call->io->wake_fd : -1, .events = POLLIN },
	};
	int most = (int)(call->plan->limits.output / READ_SIZE) + 256;
	bool ended = false;

	for (;;) {
		for (int i = 0; i < 2; i++)
			waiting[i + 1] = (struct pollfd){
				.fd = call->cut ? -1 : call->pipes[i], .events = POLLIN,
			};
		if (poll(waiting, 4, -1) < 0 && errno != EINTR)
			return err_sys(err, "cannot wait for the sandbox");
		if (waiting[0].revents)
			break;
		for (int i = 0; i < 2; i++)
			if (waiting[i + 1].revents)
				drain(call, i, 1);
		if (waiting[3].revents && take_turn(call, &ended, err) < 0)
			return -1;
		if (ended)	/* what woke us may stay readable, and is told once */
			waiting[3].fd = -1;
	}
	if (await_answer(call) < 0)
		return gone(err);
	if (check_answer(call, RUN_ANSWER_REPORT, err) < 0)
		return -1;
	call->over = true;
	for (int i = 0; i < 2; i++)
		drain(call, i, most);
	return 0;
}

static void complete_report(struct call *call)
{
	struct run_report *report = &call->answer.report;

	report->output_bytes = call->output;
	/* the last bytes came when the program had ended by itself */
	if (call->cut &&
	    (report->verdict == VERDICT_OK || report->verdict == VERDICT_RUNTIME_ERROR)) {
		report->verdict = VERDICT_OUTPUT_LIMIT;
		report->exit_status = -1;
		report->signal = 0;
	}
}

/* With the connection shut the supervisor ends the run; its end of it closes when that is done. */
static void abandon(struct call *call)
{
	shutdown(call->connection, SHUT_WR);
	while (run_channel_receive(call->connection, &call->answer, sizeof(call->answer), NULL) > 0)
		;
}

/* The supervisor cleans up and waits for another plan, or it is gone, or it goes. */
static void end_connection(struct call *call)
{
	if (call->over && (!call->io->collect || send_order(call, RUN_ORDER_DONE) == 0)) {
		keep_idle(call->sandbox, call->connection);
		return;
	}
	if (!call->over)
		abandon(call);
	close(call->connection);
}

static void release(struct call *call)
{
	if (call->connection >= 0)
		end_connection(call);
	close_given(call);
	for (int i = 0; i < 2; i++)
		if (call->pipes[i] >= 0)
			close(call->pipes[i]);
	if (call->work >= 0)
		close(call->work);
}

int sandbox_run(struct sandbox *sandbox, const struct plan *plan, const struct sandbox_io *io,
		struct run_report *ret_report, struct err *err)
{
	static const struct sandbox_io no_io = { 0 };
	AUTO(release) struct call call = {
		.sandbox = sandbox, .plan = plan, .io = io ? io : &no_io, .connection = -1,
		.given = { -1, -1, -1 }, .pipes = { -1, -1 }, .work = -1,
	};

	if (plan_check(plan, err) < 0)
		return -1;
	if (open_streams(&call, err) < 0)
		return -1;
	if (enter_slot(&call, err) < 0 || fill(&call, err) < 0 || collect_output(&call, err) < 0)
		return -1;

	complete_report(&call);
	if (call.io->collect && call.io->collect(call.io->arg, call.work, err) < 0)
		return -1;
	*ret_report = call.answer.report;
	return 0;
}
