/* start.c - `tali start`: the candidate begins, or comes back to the work */
#include "build.h"

#include "base/json.h"
#include "base/term.h"
#include "work/own_program.h"
#include "work/remote_start.h"

#include <spawn.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

extern char **environ;

static const char *arg_words, *arg_dir, *arg_code;
static bool arg_again, arg_server, arg_no_watch;

static const struct opt start_opts[] = {
	{ .pos = &arg_words, .name = "PASSCODE", .help = "passcode or link of the invitation" },
	{ .pos = &arg_dir, .name = "DIR", .optional = true,
	  .help = "where the work folder goes (else the task's name)" },
	{ .str = &arg_code, .name = "code", .arg = "CODE",
	  .help = "access code, when the invitation asks for one" },
	{ .flag = &arg_again, .name = "again",
	  .help = "begin the next attempt after the last was handed in" },
	{ .flag = &arg_server, .name = "server",
	  .help = "at the link's server, though there is a store here" },
	{ .flag = &arg_no_watch, .name = "no-watch",
	  .help = "at a server: do not send what is saved by itself" },
	{ 0 }
};

/* Of tali.start/1, at `now`. */
static void print_text(const struct cmd_ctx *ctx, const json_t *view, int64_t now, bool laid_out)
{
	const char *deadline = json_str(view, "deadline", "");
	char left[CLOCK_TEXT_SIZE];
	struct err ignored = ERR_INIT;
	int64_t until = now;

	clock_parse_time(deadline, &until, &ignored);
	fputs(json_flag(view, "resumed", false) ? "resumed " : "started ", ctx->out);
	term_print_safe(ctx->out, json_str(view, "task", ""));
	fprintf(ctx->out, ": %s left, until ",
		clock_duration_text(until > now ? until - now : 0, left));
	term_print_safe(ctx->out, deadline);
	putc('\n', ctx->out);
	term_print_safe(ctx->out, json_str(view, "folder", ""));
	fputs(laid_out ? "\n" : " (as you left it)\n", ctx->out);
}

static int start_here(const struct cmd_ctx *ctx, struct err *err)
{
	const struct build_start start = { .words = arg_words, .code = arg_code,
					   .folder = arg_dir, .again = arg_again };
	bool laid_out = false;
	AUTO_JSON json_t *view = build_start(ctx, &start, &laid_out, err);

	if (!view)
		return -1;
	if (ctx->json)
		return cmd_print_json(ctx, TAKE(view), err);
	print_text(ctx, view, clock_now(ctx->clock), laid_out);
	return 0;
}

/* What is saved is sent from now on; that it is not is no reason not to begin. */
static void watch(const struct cmd_ctx *ctx, const struct remote *remote)
{
	AUTO_FREE char *program = own_program_path();
	const char *const argv[] = { program, "watch", "--background", "--quiet", NULL };
	pid_t pid;
	int status = -1;

	if (remote_state_watcher(&remote->state))
		return;
	if (chdir(remote->state.folder) < 0 ||
	    posix_spawnp(&pid, program, NULL, NULL, (char **)(void *)argv, environ) != 0 ||
	    waitpid(pid, &status, 0) != pid || status != 0)
		cmd_say(ctx, "start: what is saved is not sent by itself: `tali watch` does that");
}

static int start_there(const struct cmd_ctx *ctx, struct err *err)
{
	const struct remote_start start = { .link = arg_words, .code = arg_code, .folder = arg_dir,
					    .again = arg_again };
	AUTO(remote_close) struct remote remote = REMOTE_INIT;
	struct remote_started started = { .laid_out = false };
	AUTO_JSON json_t *view = remote_start(&start, &remote, &started, err);

	if (!view)
		return -1;
	if (started.mended)
		cmd_say(ctx, "start: what this machine knew of the session was damaged, and is "
			"asked anew");
	if (!arg_no_watch)
		watch(ctx, &remote);
	if (ctx->json)
		return cmd_print_json(ctx, TAKE(view), err);
	print_text(ctx, view, started.now, started.laid_out);
	fprintf(ctx->out, "%s; `git pull` and `git push` work, too\n",
		arg_no_watch ? "`tali watch` sends what you save"
			     : "what you save is sent as you work");
	return 0;
}

/* What came with the passcode, and works on any machine. */
static int ask_for_link(const struct cmd_ctx *ctx, struct err *err)
{
	if (!ctx->store_path)
		return err_set(err, ERR_STATE, "this tali has no stores: take the link of the "
			       "invitation, not the passcode");
	return err_set(err, ERR_NOT_FOUND, "no store at %s: take the link of the invitation, not "
		       "the passcode, or say --store", ctx->store_path);
}

/* A passcode is one of a store; a link is one of a server unless a store is at hand. */
static int start_main(const struct cmd_ctx *ctx, struct err *err)
{
	if (ctx->store && !arg_server)
		return start_here(ctx, err);
	if (strstr(arg_words, "://") || arg_server)
		return start_there(ctx, err);
	return ask_for_link(ctx, err);
}

static unsigned spares(const struct session *session)
{
	(void)session;
	return arg_server ? CMD_STORE_WRITE | CMD_STORE_MAYBE : 0;
}

const struct cmd cmd_start = {
	.name = "start",
	.summary = "start an assessment (once), or come back to it",
	.json = "tali.start/1",
	.needs = CMD_STORE_WRITE | CMD_STORE_MAYBE,
	.spares = spares,
	.opts = start_opts,
	.run = start_main,
};
