/* watch.c - `tali watch`: what is saved in the work folder goes to the server, and what changed
 * there comes */
#include "cmd.h"

#include "base/fs.h"
#include "base/json.h"
#include "base/term.h"
#include "work/remote_watch.h"

#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#define LOG_MOST (1 << 20)	/* bytes; a longer one is begun anew */
#define WAIT_MS 15000
#define TRY_MS 20

static bool arg_background, arg_stop, arg_sent, arg_once;

static const struct opt watch_opts[] = {
	{ .flag = &arg_background, .name = "background", .help = "go on when this command ends" },
	{ .flag = &arg_stop, .name = "stop", .help = "end the one that watches" },
	{ .flag = &arg_once, .name = "once", .help = "make both sides the same once, and end" },
	{ .flag = &arg_sent, .name = "sent", .help = "print what was sent from this machine" },
	{ 0 }
};

/* --- watching */

static int stop_pipe[2] = { -1, -1 };

static void ask_to_stop(int number)
{
	int saved = errno;

	(void)number;
	if (write(stop_pipe[1], "!", 1) < 0)
		errno = saved;
	errno = saved;
}

static int catch_signals(struct err *err)
{
	static const int numbers[] = { SIGINT, SIGTERM, SIGHUP };
	struct sigaction action = { .sa_handler = ask_to_stop };

	if (pipe(stop_pipe) < 0)
		return err_sys(err, "a pipe");
	for (int i = 0; i < 2; i++) {
		fcntl(stop_pipe[i], F_SETFD, FD_CLOEXEC);
		fcntl(stop_pipe[i], F_SETFL, O_NONBLOCK);
	}
	for (size_t i = 0; i < sizeof(numbers) / sizeof(*numbers); i++)
		sigaction(numbers[i], &action, NULL);
	return 0;
}

static void print_sentence(void *arg, const char *sentence)
{
	const struct cmd_ctx *ctx = arg;
	char time[CLOCK_TEXT_SIZE];

	if (ctx->quiet)
		return;
	fprintf(ctx->out, "%s  ", clock_text(clock_now(ctx->clock), time));
	term_print_safe(ctx->out, sentence);
	putc('\n', ctx->out);
	fflush(ctx->out);
}

static int watch(const struct cmd_ctx *ctx, struct err *err)
{
	AUTO(remote_close) struct remote remote = REMOTE_INIT;

	if (remote_open(&ctx->session, &remote, err) < 0 || catch_signals(err) < 0)
		return -1;
	return remote_watch(&remote, stop_pipe[0], print_sentence, (void *)(uintptr_t)ctx, err);
}

static int sync_once(const struct cmd_ctx *ctx, struct err *err)
{
	AUTO(remote_close) struct remote remote = REMOTE_INIT;
	struct remote_sync_result result;
	void *arg = (void *)(uintptr_t)ctx;

	if (remote_open(&ctx->session, &remote, err) < 0)
		return -1;
	if (remote_sync_once(&remote, &result, print_sentence, arg, err) < 0) {
		if (err->code == ERR_STATE)
			remote_late(&remote, print_sentence, arg);
		return -1;
	}
	fprintf(ctx->out, "sent %u, received %u, waiting %zu\n", result.sent, result.fetched,
		result.waiting);
	if (result.left_out)
		cmd_say(ctx, "%u left out: links, odd names, files that are too large",
			result.left_out);
	return result.offline ? err_set(err, ERR_ENV, "%s cannot be reached: what waits is sent "
					"then", ctx->session.server) : 0;
}

/* --- in the background */

static int open_log(const struct remote_state *state, struct err *err)
{
	AUTO_FREE char *path = fs_join(state->path, "watch.log");
	int fd = open(path, O_WRONLY | O_APPEND | O_CREAT | O_CLOEXEC | O_NOFOLLOW, 0600);
	struct stat st;

	if (fd < 0 || (fstat(fd, &st) == 0 && st.st_size > LOG_MOST && ftruncate(fd, 0) < 0))
		err_sys(err, "%s", path);
	return fd;
}

/* In the child: away from the terminal. Never comes back. */
static void go_away(const struct cmd_ctx *ctx, int log)
{
	struct err err = ERR_INIT;
	int nothing = open("/dev/null", O_RDONLY | O_CLOEXEC);

	setsid();
	if (nothing < 0 || dup2(nothing, 0) < 0 || dup2(log, 1) < 0 || dup2(log, 2) < 0 ||
	    chdir("/") < 0)
		_exit(1);
	if (watch(ctx, &err) < 0)
		print_sentence((void *)(uintptr_t)ctx, err.text);
	fflush(ctx->out);
	_exit(err_exit_status(err.code));
}

/* Until it watches, or has said in its log why it does not. */
static int wait_for_child(const struct remote_state *state, pid_t child, struct err *err)
{
	static const struct timespec pause = { .tv_nsec = TRY_MS * 1000000L };
	int status;

	for (int waited = 0; waited < WAIT_MS; waited += TRY_MS) {
		if (remote_state_watcher(state) == child)
			return 0;
		if (waitpid(child, &status, WNOHANG) == child)
			return WIFEXITED(status) && !WEXITSTATUS(status) ? 0 :
			       err_set(err, ERR_ENV, "it ended at once: see %s/watch.log",
				       state->path);
		nanosleep(&pause, NULL);
	}
	return err_set(err, ERR_ENV, "it does not begin: see %s/watch.log", state->path);
}

static int watch_in_background(const struct cmd_ctx *ctx, struct err *err)
{
	AUTO(remote_state_release) struct remote_state state = REMOTE_STATE_INIT;
	AUTO_FD int log = -1;
	pid_t child;
	int pid;

	if (remote_state_get(&ctx->session, &state, err) < 0)
		return -1;
	pid = remote_state_watcher(&state);
	if (pid) {
		cmd_say(ctx, "process %d watches already", pid);
		return 0;
	}
	log = open_log(&state, err);
	if (log < 0)
		return -1;
	fflush(NULL);
	child = fork();
	if (child < 0)
		return err_sys(err, "cannot go to the background");
	if (child == 0)
		go_away(ctx, log);
	return wait_for_child(&state, child, err);
}

static int stop(const struct cmd_ctx *ctx, struct err *err)
{
	static const struct timespec pause = { .tv_nsec = TRY_MS * 1000000L };
	AUTO(remote_state_release) struct remote_state state = REMOTE_STATE_INIT;
	int pid;

	if (remote_state_get(&ctx->session, &state, err) < 0)
		return -1;
	pid = remote_state_watcher(&state);
	if (!pid) {
		cmd_say(ctx, "nothing watches");
		return 0;
	}
	/* the kernel says that it holds our lock: it is no other process */
	if (kill(pid, SIGTERM) < 0)
		return err_sys(err, "process %d", pid);
	for (int waited = 0; waited < WAIT_MS; waited += TRY_MS) {
		if (remote_state_watcher(&state) != pid)
			return 0;
		nanosleep(&pause, NULL);
	}
	return err_set(err, ERR_ENV, "process %d does not end", pid);
}

/* --- what was sent */

static int print_sent_line(const struct cmd_ctx *ctx, const char *line, size_t len,
			   struct err *err)
{
	AUTO_JSON json_t *value = json_parse(line, len, "sent.jsonl", err);
	char time[CLOCK_TEXT_SIZE];

	if (!value)
		return -1;
	if (ctx->json) {
		json_object_set_new(value, "schema", json_string("tali.sent/1"));
		return cmd_print_json(ctx, json_incref(value), err);
	}
	fprintf(ctx->out, "%s  %-8s %8lld  ", clock_text(json_int(value, "time", 0), time),
		json_str(value, "kind", ""), (long long)json_int(value, "bytes", 0));
	term_print_safe(ctx->out, json_str(value, "path", ""));
	putc('\n', ctx->out);
	return 0;
}

static int print_sent(const struct cmd_ctx *ctx, struct err *err)
{
	AUTO(remote_state_release) struct remote_state state = REMOTE_STATE_INIT;
	AUTO_FREE char *path = NULL, *line = NULL;
	AUTO_FILE FILE *file = NULL;
	size_t size = 0;
	ssize_t len;

	if (remote_state_get(&ctx->session, &state, err) < 0)
		return -1;
	path = fs_join(state.path, "sent.jsonl");
	file = fopen(path, "re");
	if (!file)
		return errno == ENOENT ? 0 : err_sys(err, "%s", path);
	/* a last line without its end is being written */
	while ((len = getline(&line, &size, file)) > 0 && line[len - 1] == '\n')
		if (print_sent_line(ctx, line, (size_t)len, err) < 0)
			return -1;
	return 0;
}

static int watch_main(const struct cmd_ctx *ctx, struct err *err)
{
	if (arg_background + arg_stop + arg_sent + arg_once > 1)
		return err_set(err, ERR_USAGE, "one of --background, --stop, --once, --sent");
	if (ctx->json && !arg_sent)
		return err_set(err, ERR_USAGE, "--json goes with --sent");
	if (!ctx->session.server)
		return err_set(err, ERR_STATE, "the session is in a store of this machine: run, "
			       "shell and submit see what is saved");
	if (arg_sent)
		return print_sent(ctx, err);
	if (arg_stop)
		return stop(ctx, err);
	if (arg_once)
		return sync_once(ctx, err);
	return arg_background ? watch_in_background(ctx, err) : watch(ctx, err);
}

const struct cmd cmd_watch = {
	.name = "watch",
	.summary = "keep the work folder and the server the same",
	.json = "tali.sent/1",
	.needs = CMD_WORK,
	.opts = watch_opts,
	.run = watch_main,
};
