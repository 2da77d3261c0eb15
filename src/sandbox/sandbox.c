/* sandbox.c - runs one command that nobody trusts: the caller's side (run_channel.h) */
#include "sandbox/sandbox.h"

#include <errno.h>
#include <fcntl.h>
#include <poll.h>
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
#include "sandbox/run_channel.h"
#include "sandbox/work_folder.h"

#define STDIN_MOST (256LL * 1024 * 1024)
#define READ_SIZE 65536

struct sandbox {
	pid_t launcher;
	int control;
};

/* One run as its caller sees it. */
struct call {
	const struct plan *plan;
	const struct sandbox_io *io;
	int connection;
	int given[3];		/* the payload's descriptors until they are sent */
	int pipes[2];		/* what it writes to 1 and 2; -1 when closed */
	int work;
	uint64_t output;
	bool cut;
	bool over;		/* the supervisor has reported: nothing runs any more */
	struct run_answer answer;
};

static int await_launcher(struct sandbox *sandbox, struct err *err)
{
	struct err told;

	if (run_channel_receive(sandbox->control, &told, sizeof(told), NULL) != sizeof(told))
		return err_set(err, ERR_ENV, "the sandbox launcher died");
	if (told.code != ERR_NONE) {
		*err = told;
		return -1;
	}
	return 0;
}

struct sandbox *sandbox_start(struct err *err)
{
	struct sandbox *sandbox;
	int pair[2];
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
	sandbox->launcher = pid;
	sandbox->control = pair[0];
	if (await_launcher(sandbox, err) < 0)
		sandbox_close(&sandbox);
	return sandbox;
}

void sandbox_close(struct sandbox **sandbox)
{
	if (!*sandbox)
		return;
	close((*sandbox)->control);
	while (waitpid((*sandbox)->launcher, NULL, 0) < 0 && errno == EINTR)
		;
	free(*sandbox);
	*sandbox = NULL;
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

/* The payload can open its descriptors anew through /proc/self/fd, for writing too where the file's
 * mode lets its user: a file of the host is handed in as a sealed copy. */
static int copy_file(int fd, const struct stat *status, struct err *err)
{
	AUTO_FD int copy = -1;

	if (status->st_size > STDIN_MOST)
		return err_set(err, ERR_INPUT, "standard input is longer than %lld bytes",
			       STDIN_MOST);
	copy = memfd_create("stdin", MFD_CLOEXEC | MFD_ALLOW_SEALING);
	if (copy < 0 || copy_all(fd, copy) < 0 || lseek(copy, 0, SEEK_SET) < 0 ||
	    fcntl(copy, F_ADD_SEALS, F_SEAL_WRITE | F_SEAL_GROW | F_SEAL_SHRINK | F_SEAL_SEAL) < 0)
		return err_sys(err, "cannot copy standard input");
	return TAKE_FD(copy);
}

static int open_stdin(int fd, struct err *err)
{
	struct stat status;

	if (fd < 0)
		fd = open("/dev/null", O_RDONLY | O_CLOEXEC);
	else if (fstat(fd, &status) < 0)
		return err_sys(err, "standard input");
	else if (S_ISREG(status.st_mode))
		return copy_file(fd, &status, err);
	else if (isatty(fd) || S_ISDIR(status.st_mode) || S_ISBLK(status.st_mode))
		return err_set(err, ERR_INPUT, "standard input must be a file, a pipe or a socket");
	else
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

static int gone(struct err *err)
{
	return err_set(err, ERR_ENV, "the sandbox supervisor died");
}

/* Hands the launcher one end of a fresh connection and sends the plan over the other. */
static int send_plan(struct call *call, const struct sandbox *sandbox, struct err *err)
{
	AUTO(buf_release) struct buf packed = BUF_INIT(PLAN_PACKED_MOST);
	int pair[2], sent;

	if (run_channel_pair(pair) < 0)
		return err_sys(err, "cannot make a connection");
	call->connection = pair[0];
	sent = run_channel_send(sandbox->control, "r", 1, &pair[1], 1);
	close(pair[1]);
	if (sent < 0)
		return err_set(err, ERR_ENV, "the sandbox launcher died");

	plan_pack(call->plan, &packed);
	if (run_channel_send(call->connection, packed.data, packed.len, call->given, 3) < 0)
		return gone(err);
	for (int i = 0; i < 3; i++) {
		close(call->given[i]);
		call->given[i] = -1;
	}
	return 0;
}

/* Waits for the next answer. */
static int receive_answer(struct call *call, enum run_answer_kind kind, struct err *err)
{
	struct run_answer *answer = &call->answer;
	int fds[RUN_CHANNEL_FDS];

	if (run_channel_receive(call->connection, answer, sizeof(*answer), fds) !=
	    (ssize_t)sizeof(*answer))
		return gone(err);
	if (fds[0] >= 0)
		call->work = fds[0];
	if (answer->kind == RUN_ANSWER_REFUSED) {
		*err = answer->err;
		return -1;
	}
	return answer->kind == kind ? 0 : gone(err);
}

static int send_order(const struct call *call, enum run_order order)
{
	char byte = (char)order;

	return run_channel_send(call->connection, &byte, 1, NULL, 0);
}

static int fill(struct call *call, struct err *err)
{
	if (receive_answer(call, RUN_ANSWER_READY, err) < 0)
		return -1;
	if (call->io->fill &&
	    (call->io->fill(call->io->arg, call->work, err) < 0 ||
	     work_folder_settle(call->work, call->answer.uid, call->answer.gid, err) < 0))
		return -1;
	if (send_order(call, RUN_ORDER_GO) < 0)
		return gone(err);
	return 0;
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
		}
	}
}

/* Collects output until the supervisor reports that all processes are dead; what is left in the
 * pipes then is all there will be, whoever may still hold their other end. */
static int collect_output(struct call *call, struct err *err)
{
	struct pollfd waiting[3] = { { .fd = call->connection, .events = POLLIN } };
	int most = (int)(call->plan->limits.output / READ_SIZE) + 256;

	for (;;) {
		for (int i = 0; i < 2; i++)
			waiting[i + 1] = (struct pollfd){
				.fd = call->cut ? -1 : call->pipes[i], .events = POLLIN,
			};
		if (poll(waiting, 3, -1) < 0 && errno != EINTR)
			return err_sys(err, "cannot wait for the sandbox");
		if (waiting[0].revents)
			break;
		for (int i = 0; i < 2; i++)
			if (waiting[i + 1].revents)
				drain(call, i, 1);
	}
	if (receive_answer(call, RUN_ANSWER_REPORT, err) < 0)
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

static void release(struct call *call)
{
	if (call->connection >= 0) {
		if (!call->over)
			abandon(call);
		close(call->connection);
	}
	for (int i = 0; i < 3; i++)
		if (call->given[i] >= 0)
			close(call->given[i]);
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
		.plan = plan, .io = io ? io : &no_io, .connection = -1,
		.given = { -1, -1, -1 }, .pipes = { -1, -1 }, .work = -1,
	};

	if (plan_check(plan, err) < 0)
		return -1;
	call.given[0] = open_stdin(plan->stdin_fd, err);
	if (call.given[0] < 0 || open_pipes(&call, err) < 0)
		return -1;
	if (send_plan(&call, sandbox, err) < 0 || fill(&call, err) < 0 ||
	    collect_output(&call, err) < 0)
		return -1;

	complete_report(&call);
	if (call.io->collect && call.io->collect(call.io->arg, call.work, err) < 0)
		return -1;
	*ret_report = call.answer.report;
	return 0;
}
