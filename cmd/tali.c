/* tali.c - finds the command, reads its options, opens what it needs, prints its error */
#include "build.h"

#include "base/fs.h"
#include "base/hash.h"
#include "base/json.h"
#include "base/spelling.h"
#include "base/system.h"
#include "base/term.h"
#include "work/workplace_remote.h"

#include <poll.h>
#include <signal.h>
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

extern const struct cmd cmd_help;

static bool arg_help, arg_json, arg_quiet, arg_allow_weak;
static const char *arg_store;

const struct opt cmd_common_opts[] = {
	{ .flag = &arg_help, .key = 'h', .name = "help", .help = "show this help" },
	{ .str = &arg_store, .name = "store", .arg = "DIR",
	  .help = "the store (else $TALI_STORE, .tali here or above)" },
	{ .flag = &arg_json, .name = "json", .help = "print JSON, one object a line" },
	{ .flag = &arg_quiet, .key = 'q', .name = "quiet", .help = "no progress and no remarks" },
	{ .flag = &arg_allow_weak, .name = "allow-weak",
	  .help = "run though a limit cannot be enforced here" },
	{ 0 },
};

int cmd_print_json(const struct cmd_ctx *ctx, json_t *value, struct err *err)
{
	AUTO_JSON json_t *owned = value;

	if (json_dumpf(owned, ctx->out, JSON_COMPACT | JSON_REAL_PRECISION(10)) < 0 ||
	    putc('\n', ctx->out) < 0)
		return err_sys(err, "cannot write");
	return 0;
}

void cmd_say(const struct cmd_ctx *ctx, const char *format, ...)
{
	va_list args;

	if (ctx->quiet)
		return;
	fputs("tali: ", stderr);
	va_start(args, format);
	vfprintf(stderr, format, args);
	va_end(args);
	putc('\n', stderr);
}

void cmd_print_faults(const json_t *faults)
{
	const json_t *fault;
	size_t i;

	json_array_foreach(faults, i, fault) {
		if (i == 0)
			continue;
		fputs("tali: ", stderr);
		term_print_safe(stderr, json_str(fault, "file", ""));
		if (json_int(fault, "line", 0))
			fprintf(stderr, ":%lld", (long long)json_int(fault, "line", 0));
		fputs(": ", stderr);
		if (*json_str(fault, "pointer", "")) {
			term_print_safe(stderr, json_str(fault, "pointer", ""));
			fputs(": ", stderr);
		}
		term_print_safe(stderr, json_str(fault, "message", ""));
		putc('\n', stderr);
	}
}

bool cmd_is_task_folder(const char *words)
{
	AUTO_FREE char *manifest = fs_join(words, "task.json");

	return strchr(words, '/') || !strcmp(words, ".") || !strcmp(words, "..") ||
	       fs_exists(manifest);
}

/* An error without a text has nothing to tell. */
static int print_error(const struct cmd *cmd, const struct err *err)
{
	if (!*err->text)
		return err_exit_status(err->code);
	fputs("tali: ", stderr);
	if (cmd)
		fprintf(stderr, "%s: ", cmd->name);
	term_print_safe(stderr, err->text);
	putc('\n', stderr);
	return err_exit_status(err->code);
}

/* As `head` does when it has seen enough. */
static bool reader_is_gone(void)
{
	struct pollfd out = { .fd = STDOUT_FILENO };

	return poll(&out, 1, 0) == 1 && out.revents & POLLERR;
}

/* The result of a command, or an error when not all that it printed could be written; a reader that
 * went away needs no words. */
static int finish_output(int result, struct err *err)
{
	bool lost = ferror(stdout);	/* with an errno that is gone by now: asked for again */
	bool failed = (lost && putc('\n', stdout) < 0) || fflush(stdout) != 0;

	if (!lost && !failed)
		return result;
	if (reader_is_gone())
		return err_set(err, ERR_ENV, "%s", "");
	if (result < 0)
		return result;
	return failed ? err_sys(err, "cannot write the output")
		      : err_set(err, ERR_ENV, "cannot write the output");
}

/* How many words of the command line are the command's name; 0: it is another. */
static int matching_words(const struct cmd *cmd, int argc, char **argv)
{
	const char *rest = cmd->name;
	int words = 0;

	while (*rest && words + 1 < argc) {
		size_t len = strlen(argv[++words]);

		if (len == 0 || strncmp(rest, argv[words], len) != 0 ||
		    (rest[len] && rest[len] != ' '))
			return 0;
		rest += len + (rest[len] == ' ');
	}
	return *rest ? 0 : words;
}

/* The longest name, so that "task create" is not taken for a "task" with an argument. */
static const struct cmd *find_command(int argc, char **argv, int *ret_words)
{
	const struct cmd *found = NULL;

	*ret_words = 0;
	for (const struct cmd *const *cmd = cmd_table; *cmd; cmd++) {
		int words = matching_words(*cmd, argc, argv);

		if (words > *ret_words) {
			*ret_words = words;
			found = *cmd;
		}
	}
	return found;
}

/* A command of one word, or the first of several, that was meant; NULL: none. Yours. */
static char *find_meant(const char *word)
{
	AUTO_FREE char *best = NULL;
	const struct cmd *const *cmd;
	int likeness = 0;

	for (cmd = cmd_table; *cmd; cmd++) {
		AUTO_FREE char *first = strndup((*cmd)->name, strcspn((*cmd)->name, " "));

		if (spelling_likeness(word, first) <= likeness)
			continue;
		likeness = spelling_likeness(word, first);
		free(best);
		best = TAKE(first);
	}
	return TAKE(best);
}

static bool begins_with(const struct cmd *cmd, const char *word)
{
	size_t len = strlen(word);

	return !strncmp(cmd->name, word, len) && cmd->name[len] == ' ';
}

/* "tali task -h": the commands that begin with these words. False: there are none, or no -h. */
static bool print_group(int argc, char **argv)
{
	AUTO(buf_release) struct buf words = BUF_INIT(256);
	const struct cmd *const *cmd;
	bool some = false;
	int i;

	for (i = 1; i < argc && argv[i][0] != '-'; i++)
		buf_add_format(&words, "%s%s", words.len ? " " : "", argv[i]);
	if (!arg_help &&
	    (i == argc || (strcmp(argv[i], "-h") != 0 && strcmp(argv[i], "--help") != 0)))
		return false;
	for (cmd = cmd_table; *cmd; cmd++) {
		if (!begins_with(*cmd, buf_str(&words)))
			continue;
		if (!some)
			printf("usage: tali %s COMMAND ...\n\n", buf_str(&words));
		some = true;
		printf("  %-19s %s\n", (*cmd)->name, (*cmd)->summary);
	}
	return some;
}

/* "tali task" or a word that is no command. */
static int unknown_command(int argc, char **argv)
{
	const char *word = argv[1];
	struct err err = ERR_INIT;
	AUTO(buf_release) struct buf known = BUF_INIT(256);
	AUTO_FREE char *meant = find_meant(word);
	const struct cmd *const *cmd;

	if (print_group(argc, argv))
		return finish_output(0, &err) < 0 ? print_error(NULL, &err) : 0;
	for (cmd = cmd_table; *cmd; cmd++)
		if (begins_with(*cmd, word))
			buf_add_format(&known, "%s%s", known.len ? ", " : "",
				       (*cmd)->name + strlen(word) + 1);
	if (known.len)
		err_set(&err, ERR_USAGE, "%s what? (%s)", word, buf_str(&known));
	else if (meant)
		err_set(&err, ERR_USAGE, "no command '%s': did you mean '%s'? (see `tali help`)",
			word, meant);
	else
		err_set(&err, ERR_USAGE, "no command '%s' (see `tali help`)", word);
	return print_error(NULL, &err);
}

static int print_help(const struct cmd *cmd)
{
	struct err err = ERR_INIT;

	printf("usage: tali %s", cmd->name);
	opt_print_synopsis(stdout, cmd->opts);
	printf("\n\n%s\n\n", cmd->summary);
	if (cmd->opts)
		opt_print_help(stdout, cmd->opts);
	opt_print_help(stdout, cmd_common_opts);
	printf("\nMore: man tali%s%.*s%s%s\n", "-", (int)strcspn(cmd->name, " "), cmd->name,
	       strchr(cmd->name, ' ') ? "-" : "",
	       strchr(cmd->name, ' ') ? strchr(cmd->name, ' ') + 1 : "");
	return finish_output(0, &err) < 0 ? print_error(cmd, &err) : 0;
}

static void say_sentence(void *arg, const char *sentence)
{
	const struct cmd_ctx *ctx = arg;

	if (ctx->quiet)
		return;
	fputs("tali: ", stderr);
	term_print_safe(stderr, sentence);
	putc('\n', stderr);
}

static int run_at_server(const struct cmd *cmd, struct cmd_ctx *ctx, struct err *err)
{
	struct workplace_remote remote = { .session = &ctx->session, .sandbox = ctx->sandbox,
					   .allow_weak = ctx->allow_weak, .say = say_sentence,
					   .arg = ctx };
	int result;

	if (!(ctx->needs & CMD_PLACE) && ctx->needs & (CMD_STORE_READ | CMD_STORE_WRITE))
		return err_set(err, ERR_STATE, "this needs the store, and the session is at %s: "
			       "its page can do more", ctx->session.server);
	if (!(ctx->needs & CMD_PLACE))
		return cmd->run(ctx, err);
	if (workplace_remote_open(&remote, err) < 0)
		return -1;
	ctx->place = &remote.place;
	result = cmd->run(ctx, err);
	remote.place.verbs->close(&remote.place);
	return result;
}

/* In this order: the session tells what is needed, and the sandbox must know nothing of what is
 * opened after it. */
static int run_opened(const struct cmd *cmd, struct cmd_ctx *ctx, struct err *err)
{
	if (cmd->needs & CMD_WORK && session_find(NULL, &ctx->session, err) < 0)
		return -1;
	ctx->needs = cmd->needs & ~(cmd->spares ? cmd->spares(&ctx->session) : 0);
	if (ctx->needs & CMD_SANDBOX) {
		ctx->sandbox = sandbox_start(err);
		if (!ctx->sandbox)
			return -1;
	}
	return finish_output(ctx->session.server ? run_at_server(cmd, ctx, err)
						 : build_run(cmd, ctx, arg_store, err), err);
}

static int run_command(const struct cmd *cmd, int argc, char **argv, const struct clock *clock)
{
	struct err err = ERR_INIT;
	struct cmd_ctx ctx = { .clock = clock, .out = stdout };
	int result = opt_parse(argc, argv, cmd->opts, cmd_common_opts, &err);

	if (arg_help)
		return print_help(cmd);
	if (result == 0 && arg_json && !cmd->json)
		result = err_set(&err, ERR_USAGE, "prints no JSON");
	if (result < 0)
		return print_error(cmd, &err);
	ctx.json = arg_json;
	ctx.quiet = arg_quiet;
	ctx.allow_weak = arg_allow_weak;
	result = run_opened(cmd, &ctx, &err);
	sandbox_close(&ctx.sandbox);
	session_release(&ctx.session);
	if (result < 0)
		return print_error(cmd, &err);
	return result;
}

/* Keys must not reach a core file, and a reader that goes away is an error, not a signal. */
static void protect_process(void)
{
	system_hide_memory();
	signal(SIGPIPE, SIG_IGN);
}

/* Common options may stand in front of the command, as with git: number of words they take, or
 * -1. */
static int parse_leading(int argc, char **argv, struct err *err)
{
	int count = 0;

	while (count < argc && argv[count][0] == '-')
		count += !strcmp(argv[count], "--store") ? 2 : 1;
	if (count > argc)
		count = argc;
	return opt_parse(count, argv, NULL, cmd_common_opts, err) < 0 ? -1 : count;
}

int tali_main(int argc, char **argv, const struct clock *clock)
{
	struct err err = ERR_INIT;
	const struct cmd *cmd;
	int words = 0, leading;

	if (system_reserve_streams() < 0) {
		err_sys(&err, "/dev/null");
		return print_error(NULL, &err);
	}
	protect_process();
	hash_init();
	if (argc > 1 && !strcmp(argv[1], "--version")) {
		puts("tali " PACKAGE_VERSION);
		return finish_output(0, &err) < 0 ? print_error(NULL, &err) : 0;
	}
	leading = parse_leading(argc - 1, argv + 1, &err);
	if (leading < 0)
		return print_error(NULL, &err);
	argc -= leading;
	argv += leading;
	if (argc < 2) {
		arg_help = false;
		return run_command(&cmd_help, 0, NULL, clock);
	}
	cmd = find_command(argc, argv, &words);
	if (!cmd)
		return unknown_command(argc, argv);
	return run_command(cmd, argc - 1 - words, argv + 1 + words, clock);
}
