/* completion.c - `tali completion`: a completion script for a shell, made from the command table */
#include "cmd.h"

#include <string.h>

static const char *arg_shell;

static const struct opt completion_opts[] = {
	{ .pos = &arg_shell, .name = "SHELL", .help = "bash, zsh or fish" },
	{ 0 }
};

/* " --format --dry-run" */
static void add_options(struct buf *out, const struct opt *opts)
{
	for (; opts && opts->name; opts++)
		if (!opts->pos && !opts->rest)
			buf_add_format(out, " --%s", opts->name);
}

#define WORDS_MOST 3	/* of a command's name */

static int word_count(const char *name)
{
	int count = 1;

	for (; *name; name++)
		count += *name == ' ';
	return count;
}

/* Length of the first `words` words; 0 when there are not more than these. */
static size_t beginning(const char *name, int words)
{
	const char *at = name;

	for (; words && at; words--)
		at = strchr(at + (at != name), ' ');
	return at ? (size_t)(at - name) : 0;
}

/* What may follow the first `len` bytes of the name, each word once. The table has together what
 * begins with the same words. */
static void add_next_words(struct buf *out, const char *name, size_t len)
{
	const struct cmd *const *cmd;
	const char *last = "";
	size_t last_len = 0;

	for (cmd = cmd_table; *cmd; cmd++) {
		const char *next = (*cmd)->name + len + (len > 0);
		size_t next_len;

		if (strncmp((*cmd)->name, name, len) != 0 || (len && (*cmd)->name[len] != ' '))
			continue;
		next_len = strcspn(next, " ");
		if (next_len != last_len || strncmp(last, next, next_len) != 0)
			buf_add_format(out, " %.*s", (int)next_len, next);
		last = next;
		last_len = next_len;
	}
}

/* Longer names first: "task create" is no "task" with an argument. */
static void add_option_cases(struct buf *out)
{
	const struct cmd *const *cmd;

	for (int words = WORDS_MOST; words > 0; words--)
		for (cmd = cmd_table; *cmd; cmd++) {
			if (word_count((*cmd)->name) != words)
				continue;
			buf_add_format(out, "\t\"%s \"*) options=\"", (*cmd)->name);
			add_options(out, (*cmd)->opts);
			add_options(out, cmd_common_opts);
			buf_add_str(out, "\" files=1 ;;\n");
		}
}

static void add_next_word_cases(struct buf *out)
{
	const struct cmd *const *cmd;

	for (int words = 1; words < WORDS_MOST; words++) {
		const char *last = "";
		size_t last_len = 0;

		for (cmd = cmd_table; *cmd; cmd++) {
			size_t len = beginning((*cmd)->name, words);

			if (!len || (len == last_len && strncmp(last, (*cmd)->name, len) == 0))
				continue;
			last = (*cmd)->name;
			last_len = len;
			buf_add_format(out, "\t\"%.*s \") next=\"", (int)len, last);
			add_next_words(out, last, len);
			buf_add_str(out, "\" ;;\n");
		}
	}
}

/* For bash and zsh: $before, the words before the one that is completed, becomes what it can be:
 * $next (words of a command's name), or $options and, with $files, files. Options in front of the
 * command and "help" do not count. */
static void add_choice(struct buf *out, const char *count, const char *word)
{
	buf_add_format(out,
		       "\tfor ((; i < %s; i++)); do\n"
		       "\t\tcase $before%s in\n"
		       "\t\t--store) ((i++)); [ \"%s\" != = ] || ((i++)) ;;\n"
		       "\t\t-* | help) ;;\n"
		       "\t\t*) before+=\"%s \" ;;\n"
		       "\t\tesac\n\tdone\n"
		       "\tcase $before in\n\t\"\") next=\"",
		       count, word, word, word);
	add_next_words(out, "", 0);
	buf_add_str(out, "\" options=\"");
	add_options(out, cmd_common_opts);
	buf_add_str(out, "\" ;;\n");
	add_option_cases(out);
	add_next_word_cases(out);
	buf_add_str(out, "\tesac\n");
}

/* bash takes --store=DIR for three words. */
static void write_bash(struct buf *out)
{
	buf_add_str(out, "_tali()\n{\n\tlocal cur=${COMP_WORDS[COMP_CWORD]} i=1"
			 " before= next= options= files=\n\tCOMPREPLY=()\n");
	add_choice(out, "COMP_CWORD", "${COMP_WORDS[i]}");
	buf_add_str(out, "\tcase $cur in\n"
			 "\t-*) next=$options files= ;;\n"
			 "\tesac\n"
			 "\tif [ -n \"$files\" ]; then\n"
			 "\t\tlocal IFS=$'\\n'\n"
			 "\t\tcompopt -o filenames 2>/dev/null\n"
			 "\t\tCOMPREPLY=($(compgen -f -- \"$cur\"))\n"
			 "\telse\n"
			 "\t\tCOMPREPLY=($(compgen -W \"$next\" -- \"$cur\"))\n"
			 "\tfi\n}\n"
			 "complete -F _tali tali\n");
}

/* Read from fpath, the file is the function, and must complete when it is first called. */
static void write_zsh(struct buf *out)
{
	buf_add_str(out, "#compdef tali\n_tali()\n{\n\tlocal i=2 before= next= options= files=\n");
	add_choice(out, "CURRENT", "${words[i]}");
	buf_add_str(out, "\tcase $PREFIX in\n"
			 "\t-*) compadd -- ${=options} ;;\n"
			 "\t*) compadd -- ${=next}; [ -z \"$files\" ] || _files ;;\n"
			 "\tesac\n}\n"
			 "if [ \"$funcstack[1]\" = _tali ]; then\n\t_tali\n"
			 "else\n\tcompdef _tali tali\nfi\n");
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

static void write_fish_options(struct buf *out, const char *condition, const struct opt *opts)
{
	for (; opts && opts->name; opts++) {
		if (opts->pos || opts->rest)
			continue;
		buf_add_format(out, "complete -c tali -n '%s' -l %s", condition, opts->name);
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

	buf_add_str(out, "function __tali_words\n"
			 "\tset -l words (commandline -opc)[2..-1]\n"
			 "\twhile set -q words[1]\n"
			 "\t\tswitch $words[1]\n"
			 "\t\tcase --store\n\t\t\tset words $words[3..-1]\n"
			 "\t\tcase '-*' help\n\t\t\tset words $words[2..-1]\n"
			 "\t\tcase '*'\n\t\t\tbreak\n"
			 "\t\tend\n\tend\n"
			 "\tprintf '%s\\n' $words\nend\n"
			 "function __tali_is\n"
			 "\tset -l words (__tali_words)\n"
			 "\tset -l count (count (string split ' ' -- $argv[1]))\n"
			 "\ttest \"$words[1..$count]\" = \"$argv[1]\"\nend\n"
			 "function __tali_at\n"
			 "\tset -l words (__tali_words)\n"
			 "\ttest \"$words\" = \"$argv[1]\"\nend\n");
	write_fish_options(out, "__tali_at \"\"", cmd_common_opts);
	for (cmd = cmd_table; *cmd; cmd++) {
		AUTO_FREE char *condition = buf_format("__tali_is \"%s\"", (*cmd)->name);
		int words = word_count((*cmd)->name);

		for (int known = 0; known < words - 1; known++) {
			size_t len = beginning((*cmd)->name, known);
			const char *next = (*cmd)->name + len + (len > 0);

			buf_add_format(out, "complete -c tali -f -n '__tali_at \"%.*s\"' -a %.*s\n",
				       (int)len, (*cmd)->name, (int)strcspn(next, " "), next);
		}
		buf_add_format(out, "complete -c tali -f -n '__tali_at \"%.*s\"' -a %s -d '",
			       (int)beginning((*cmd)->name, words - 1), (*cmd)->name,
			       (*cmd)->name + beginning((*cmd)->name, words - 1) + (words > 1));
		add_quoted(out, (*cmd)->summary);
		buf_add_str(out, "'\n");
		write_fish_options(out, condition, (*cmd)->opts);
		write_fish_options(out, condition, cmd_common_opts);
	}
}

static int completion_main(const struct cmd_ctx *ctx, struct err *err)
{
	struct buf out = BUF_INIT(1 << 20);

	if (!strcmp(arg_shell, "bash")) {
		write_bash(&out);
	} else if (!strcmp(arg_shell, "zsh")) {
		write_zsh(&out);
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
