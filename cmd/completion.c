/* completion.c - `tali completion`: a completion script for a shell, made from the command table */
#include "cmd.h"

#include <string.h>

static const char *arg_shell;

static const struct opt completion_opts[] = {
	{ .pos = &arg_shell, .name = "SHELL", .help = "bash, zsh or fish" },
	{ 0 }
};

/* "--format --dry-run -n": the options of a command and the common ones. */
static void add_options(struct buf *out, const struct opt *opts)
{
	for (; opts && opts->name; opts++)
		if (!opts->pos && !opts->rest)
			buf_add_format(out, " --%s", opts->name);
}

/* The first words, each once. */
static void add_first_words(struct buf *out)
{
	const struct cmd *const *cmd;
	const char *last = "";

	for (cmd = cmd_table; *cmd; cmd++) {
		size_t len = strcspn((*cmd)->name, " ");

		if (strncmp(last, (*cmd)->name, len) != 0 || (last[len] != ' ' && last[len]))
			buf_add_format(out, " %.*s", (int)len, (*cmd)->name);
		last = (*cmd)->name;
	}
}

/* "create check ..." behind "task"; empty when the word stands alone. */
static void add_second_words(struct buf *out, const char *first, size_t len)
{
	const struct cmd *const *cmd;

	for (cmd = cmd_table; *cmd; cmd++)
		if (!strncmp((*cmd)->name, first, len) && (*cmd)->name[len] == ' ')
			buf_add_format(out, " %s", (*cmd)->name + len + 1);
}

/* bash; zsh runs the same through bashcompinit. */
static void write_bash(struct buf *out)
{
	const struct cmd *const *cmd;
	const char *last = "";

	buf_add_str(out, "_tali()\n{\n\tlocal cur=${COMP_WORDS[COMP_CWORD]} words= IFS=$'\\n'\n"
			 "\tCOMPREPLY=()\n\tcase \"${COMP_WORDS[1]} ${COMP_WORDS[2]}\" in\n");
	for (cmd = cmd_table; *cmd; cmd++) {
		buf_add_format(out, "\t\"%s\"%s) words=\"", (*cmd)->name,
			       strchr((*cmd)->name, ' ') ? "" : "\\ *");
		add_options(out, (*cmd)->opts);
		add_options(out, cmd_common_opts);
		buf_add_str(out, "\" ;;\n");
	}
	buf_add_str(out, "\tesac\n\tif [ \"$COMP_CWORD\" = 1 ]; then words=\"");
	add_first_words(out);
	buf_add_str(out, "\"\n\telif [ \"$COMP_CWORD\" = 2 ]; then case ${COMP_WORDS[1]} in\n");
	for (cmd = cmd_table; *cmd; cmd++) {
		const char *space = strchr((*cmd)->name, ' ');
		size_t len = space ? (size_t)(space - (*cmd)->name) : 0;

		if (!space || !strncmp(last, (*cmd)->name, len + 1))
			continue;
		buf_add_format(out, "\t\t%.*s) words=\"", (int)len, (*cmd)->name);
		add_second_words(out, (*cmd)->name, len);
		buf_add_str(out, "\" ;;\n");
		last = (*cmd)->name;
	}
	buf_add_str(out,
		    "\tesac; fi\n\tcase $cur in\n"
		    "\t-*) ;;\n"
		    "\t*) [ \"$COMP_CWORD\" -gt 1 ] && COMPREPLY=($(compgen -f -- \"$cur\")) ;;\n"
		    "\tesac\n"
		    "\tIFS=$' \\n'\n"
		    "\tCOMPREPLY+=($(compgen -W \"$words\" -- \"$cur\"))\n}\n"
		    "complete -o filenames -F _tali tali\n");
}

/* Text between single quotes of fish. */
static void add_quoted(struct buf *out, const char *text)
{
	for (; *text; text++) {
		if (*text == '\'' || *text == '\\')
			buf_add_byte(out, '\\');
		buf_add_byte(out, *text);
	}
}

static void write_fish_options(struct buf *out, const struct cmd *cmd, const struct opt *opts)
{
	for (; opts && opts->name; opts++) {
		if (opts->pos || opts->rest)
			continue;
		buf_add_format(out, "complete -c tali -n '__tali_is \"%s\"' -l %s", cmd->name,
			       opts->name);
		if (opts->key)
			buf_add_format(out, " -s %c", opts->key);
		buf_add_str(out, opts->flag ? " -d '" : " -r -d '");
		add_quoted(out, opts->help);
		buf_add_str(out, "'\n");
	}
}

static void write_fish(struct buf *out)
{
	const struct cmd *const *cmd;

	buf_add_str(out, "function __tali_is\n"
			 "\tset -l words (commandline -opc)[2..-1]\n"
			 "\tset -l count (count (string split ' ' -- $argv[1]))\n"
			 "\ttest \"$words[1..$count]\" = \"$argv[1]\"\nend\n"
			 "function __tali_at\n"
			 "\tset -l words (commandline -opc)[2..-1]\n"
			 "\ttest \"$words\" = \"$argv[1]\"\nend\n");
	for (cmd = cmd_table; *cmd; cmd++) {
		const char *space = strchr((*cmd)->name, ' ');
		int len = (int)strcspn((*cmd)->name, " ");

		if (space) {
			buf_add_format(out, "complete -c tali -f -n '__tali_at \"\"' -a %.*s\n",
				       len, (*cmd)->name);
			buf_add_format(out,
				       "complete -c tali -f -n '__tali_at \"%.*s\"' -a %s -d '",
				       len, (*cmd)->name, space + 1);
		} else {
			buf_add_format(out, "complete -c tali -f -n '__tali_at \"\"' -a %s -d '",
				       (*cmd)->name);
		}
		add_quoted(out, (*cmd)->summary);
		buf_add_str(out, "'\n");
		write_fish_options(out, *cmd, (*cmd)->opts);
		write_fish_options(out, *cmd, cmd_common_opts);
	}
}

static int completion_main(const struct cmd_ctx *ctx, struct err *err)
{
	struct buf out = BUF_INIT(1 << 20);

	if (!strcmp(arg_shell, "bash")) {
		write_bash(&out);
	} else if (!strcmp(arg_shell, "zsh")) {
		buf_add_str(&out, "#compdef tali\nautoload -U +X bashcompinit && bashcompinit\n");
		write_bash(&out);
	} else if (!strcmp(arg_shell, "fish")) {
		write_fish(&out);
	} else {
		return err_set(err, ERR_USAGE, "unknown shell '%s' (bash, zsh, fish)", arg_shell);
	}
	fputs(buf_str(&out), ctx->out);
	buf_release(&out);
	return 0;
}

const struct cmd cmd_completion = {
	.name = "completion",
	.summary = "print a completion script for bash, zsh or fish",
	.opts = completion_opts,
	.run = completion_main,
};
