/* tex_markdown.c - the LaTeX of problem statements as Markdown */
#include "task/tex_markdown.h"

#include "base/auto.h"
#include "task/tex_formula.h"

#include <ctype.h>
#include <stdbool.h>
#include <string.h>

#define MOST_DEPTH 50
#define MOST_LISTS 10
/* Bytes that are looked ahead for the end of an argument. What has none there is text, so that a
 * file of beginnings without ends takes no more time than another. */
#define MOST_AHEAD 2000

struct tex {
	const char *at;
	const char *pictures;
	json_t *unknown;
	struct buf *out;
	int depth;
	int lists;			/* how many are open */
	int numbers[MOST_LISTS];	/* of the next item; -1 for a list without */
	bool in_table;
};

static void convert(struct tex *tex, bool until_brace);

/* --- arguments */

static void skip_space(struct tex *tex)
{
	tex->at += strspn(tex->at, " \t\r\n");
}

/* "[...]", passed over. */
static void skip_option(struct tex *tex)
{
	size_t ahead = strnlen(tex->at, MOST_AHEAD);
	const char *end = *tex->at == '[' ? memchr(tex->at, ']', ahead) : NULL;

	if (end)
		tex->at = end + 1;
}

/* The text in the braces that follow, as it stands; yours. "" when there are none. */
static char *take_argument(struct tex *tex)
{
	const char *begin = tex->at + strspn(tex->at, " \t\r\n");
	int depth = 0;

	if (*begin != '{')
		return buf_strdup("");
	for (const char *at = begin; *at && at - begin < MOST_AHEAD; at++) {
		if (*at == '\\' && at[1]) {
			at++;
		} else if (*at == '{') {
			depth++;
		} else if (*at == '}' && --depth == 0) {
			tex->at = at + 1;
			return buf_format("%.*s", (int)(at - begin - 1), begin + 1);
		}
	}
	tex->at = begin + 1;
	return buf_strdup("");
}

/* Converts the braces that follow, with `around` on both sides of what is in them. */
static void convert_argument(struct tex *tex, const char *around)
{
	skip_space(tex);
	if (*tex->at != '{' || tex->depth >= MOST_DEPTH)
		return;
	tex->at++;
	buf_add_str(tex->out, around);
	convert(tex, true);
	buf_add_str(tex->out, around);
}

/* --- environments */

static const struct {
	const char *name, *heading;	/* NULL: nothing is written */
} environments[] = {
	{ "Input", "Input" }, { "Output", "Output" }, { "Interaction", "Interaction" },
	{ "center", NULL },   { "quote", NULL },      { "figure", NULL },
	{ "wrapfigure", NULL }, { "document", NULL }, { "flushleft", NULL },
	{ "table", NULL },
};

static void begin_list(struct tex *tex, int number)
{
	if (tex->lists < MOST_LISTS)
		tex->numbers[tex->lists] = number;
	tex->lists++;
	skip_option(tex);
	buf_add_str(tex->out, "\n");
}

/* What is in verbatim and lstlisting stays as it is. */
static void take_verbatim(struct tex *tex, const char *name)
{
	AUTO_FREE char *end = buf_format("\\end{%s}", name);
	const char *stop;

	skip_option(tex);
	stop = strstr(tex->at, end);
	if (!stop)
		stop = tex->at + strlen(tex->at);
	tex->at += *tex->at == '\n';
	if (stop < tex->at)
		tex->at = stop;
	buf_add_str(tex->out, "\n```\n");
	buf_add(tex->out, tex->at, (size_t)(stop - tex->at));
	buf_add_str(tex->out, stop > tex->at && stop[-1] == '\n' ? "```\n" : "\n```\n");
	tex->at = *stop ? stop + strlen(end) : stop;
}

static void begin_environment(struct tex *tex)
{
	AUTO_FREE char *name = take_argument(tex);

	if (!strcmp(name, "itemize") || !strcmp(name, "enumerate")) {
		begin_list(tex, *name == 'i' ? -1 : 1);
		return;
	}
	if (!strcmp(name, "verbatim") || !strcmp(name, "lstlisting")) {
		take_verbatim(tex, name);
		return;
	}
	if (!strcmp(name, "tabular")) {
		free(take_argument(tex));
		tex->in_table = true;
		buf_add_str(tex->out, "\n");
		return;
	}
	for (size_t i = 0; i < sizeof(environments) / sizeof(*environments); i++) {
		if (strcmp(environments[i].name, name) != 0)
			continue;
		skip_option(tex);
		if (!strcmp(name, "wrapfigure")) {
			free(take_argument(tex));
			free(take_argument(tex));
		}
		if (environments[i].heading)
			buf_add_format(tex->out, "\n## %s\n\n", environments[i].heading);
		return;
	}
	json_object_set_new(tex->unknown, name, json_true());
	buf_add_format(tex->out, "\\begin{%s}", name);
}

static void end_environment(struct tex *tex)
{
	AUTO_FREE char *name = take_argument(tex);

	if (!strcmp(name, "itemize") || !strcmp(name, "enumerate"))
		tex->lists -= tex->lists > 0;
	else if (!strcmp(name, "tabular"))
		tex->in_table = false;
	else if (json_object_get(tex->unknown, name))
		buf_add_format(tex->out, "\\end{%s}", name);
	buf_add_str(tex->out, "\n");
}

static bool begins_line(const struct tex *tex)
{
	return tex->out->len == 0 || tex->out->data[tex->out->len - 1] == '\n';
}

static void add_item(struct tex *tex)
{
	int level = tex->lists < MOST_LISTS ? tex->lists : MOST_LISTS;
	int *number = level > 0 ? &tex->numbers[level - 1] : NULL;

	skip_option(tex);
	skip_space(tex);
	if (!begins_line(tex))
		buf_add_str(tex->out, "\n");
	buf_add_format(tex->out, "%*s", 3 * (level > 0 ? level - 1 : 0), "");
	if (number && *number > 0)
		buf_add_format(tex->out, "%d. ", (*number)++);
	else
		buf_add_str(tex->out, "- ");
}

/* --- formulas */

/* "$...$" and "$$...$$": as text, or as they stand. */
static void take_formula(struct tex *tex)
{
	const char *inner = NULL;
	size_t inner_len = 0, len = tex_formula_at(tex->at, &inner, &inner_len);

	if (!len)
		buf_add_byte(tex->out, '$');
	else if (!tex_formula(inner, inner_len, tex->unknown, tex->out))
		buf_add(tex->out, tex->at, len);
	tex->at += len ? len : 1;
}

/* The same in brackets, after what begins it; false when it does not end. */
static bool take_bracket_formula(struct tex *tex, const char *mark, const char *stop)
{
	const char *end = memmem(tex->at, strnlen(tex->at, MOST_AHEAD), stop, 2);

	if (!end)
		return false;
	if (!tex_formula(tex->at, (size_t)(end - tex->at), tex->unknown, tex->out))
		buf_add_format(tex->out, "%s%.*s%s", mark, (int)(end - tex->at), tex->at, mark);
	tex->at = end + 2;
	return true;
}

/* --- commands */

enum action {
	DROP, DROP_ARGUMENT, TEXT, AROUND, HEADING, CODE, ITEM, BEGIN, END, URL, LINK, PICTURE,
	ILLUSTRATION, CONSTANT
};

static const struct command {
	const char *name;
	enum action action;
	const char *text;
} commands[] = {
	{ "problemname", DROP_ARGUMENT, NULL },	{ "section", HEADING, "\n## " },
	{ "subsection", HEADING, "\n### " },	{ "textbf", AROUND, "**" },
	{ "emph", AROUND, "*" },		{ "textit", AROUND, "*" },
	{ "underline", AROUND, "" },		{ "textsc", AROUND, "" },
	{ "sout", AROUND, "" },			{ "mbox", AROUND, "" },
	{ "caption", AROUND, "" },		{ "epigraph", AROUND, "" },
	{ "texttt", CODE, NULL },		{ "t", CODE, NULL },
	{ "verb", CODE, NULL },			{ "item", ITEM, NULL },
	{ "begin", BEGIN, NULL },		{ "end", END, NULL },
	{ "url", URL, NULL },			{ "href", LINK, NULL },
	{ "includegraphics", PICTURE, NULL },	{ "illustration", ILLUSTRATION, NULL },
	{ "constant", CONSTANT, NULL },		{ "ldots", TEXT, "…" },
	{ "dots", TEXT, "…" },			{ "textellipsis", TEXT, "…" },
	{ "textbackslash", TEXT, "\\\\" },	{ "nextsample", TEXT, "{{nextsample}}" },
	{ "remainingsamples", TEXT, "{{remainingsamples}}" },
	{ "label", DROP_ARGUMENT, NULL },	{ "vspace", DROP_ARGUMENT, NULL },
	{ "hspace", DROP_ARGUMENT, NULL },	{ "noindent", DROP, NULL },
	{ "centering", DROP, NULL },		{ "hline", DROP, NULL },
	{ "medskip", DROP, NULL },		{ "smallskip", DROP, NULL },
	{ "bigskip", DROP, NULL },		{ "tiny", DROP, NULL },
	{ "scriptsize", DROP, NULL },		{ "small", DROP, NULL },
	{ "normalsize", DROP, NULL },		{ "large", DROP, NULL },
	{ "Large", DROP, NULL },		{ "LARGE", DROP, NULL },
	{ "huge", DROP, NULL },			{ "Huge", DROP, NULL },
	{ "newline", TEXT, "\n" },		{ "par", TEXT, "\n\n" },
	{ "bf", DROP, NULL },			{ "it", DROP, NULL },
	{ "tt", DROP, NULL },
};

static void add_link(struct tex *tex)
{
	AUTO_FREE char *address = take_argument(tex);

	buf_add_str(tex->out, "[");
	convert_argument(tex, "");
	buf_add_format(tex->out, "](%s)", address);
}

/* \illustration{width}{file}{caption} */
static void add_illustration(struct tex *tex)
{
	AUTO_FREE char *width = take_argument(tex);
	AUTO_FREE char *file = take_argument(tex);

	buf_add_str(tex->out, "\n![");
	convert_argument(tex, "");
	buf_add_format(tex->out, "](%s%s)\n", tex->pictures, file);
}

static void add_argument(struct tex *tex, const char *before, const char *after)
{
	AUTO_FREE char *argument = take_argument(tex);

	buf_add_format(tex->out, "%s%s%s", before, argument, after);
}

/* In the code of Markdown nothing is escaped: "a\_b" is "a_b". */
static void add_escaped_code(struct tex *tex)
{
	AUTO_FREE char *argument = take_argument(tex);

	buf_add_byte(tex->out, '`');
	for (const char *at = argument; *at; at++) {
		at += *at == '\\' && at[1] && strchr("_{}$%&#", at[1]);
		buf_add_byte(tex->out, *at);
	}
	buf_add_byte(tex->out, '`');
}

/* "\verb|...|" has its own marks. */
static void add_code(struct tex *tex, const char *name)
{
	bool is_verb = !strcmp(name, "verb") && *tex->at;
	const char *end = is_verb ? memchr(tex->at + 1, *tex->at, strnlen(tex->at + 1, MOST_AHEAD))
				  : NULL;

	if (!end) {
		add_escaped_code(tex);
		return;
	}
	buf_add_format(tex->out, "`%.*s`", (int)(end - tex->at - 1), tex->at + 1);
	tex->at = end + 1;
}

static void run_command(struct tex *tex, const struct command *command)
{
	tex->at += *tex->at == '*';
	switch (command->action) {
	case DROP:
		tex->at += strspn(tex->at, " ");
		break;
	case DROP_ARGUMENT:
		free(take_argument(tex));
		break;
	case TEXT:
		buf_add_str(tex->out, command->text);
		if (!strncmp(tex->at, "{}", 2))
			tex->at += 2;
		break;
	case AROUND:
		convert_argument(tex, command->text);
		break;
	case HEADING:
		buf_add_str(tex->out, command->text);
		convert_argument(tex, "");
		buf_add_str(tex->out, "\n");
		break;
	case CODE:
		add_code(tex, command->name);
		break;
	case ITEM:
		add_item(tex);
		break;
	case BEGIN:
		begin_environment(tex);
		break;
	case END:
		end_environment(tex);
		break;
	case URL:
		add_argument(tex, "<", ">");
		break;
	case LINK:
		add_link(tex);
		break;
	case PICTURE:
		skip_option(tex);
		buf_add_format(tex->out, "![](%s", tex->pictures);
		add_argument(tex, "", ")");
		break;
	case ILLUSTRATION:
		add_illustration(tex);
		break;
	case CONSTANT:
		add_argument(tex, "{{", "}}");
		break;
	}
}

/* A mark after a backslash. */
static void convert_mark(struct tex *tex)
{
	char c = *tex->at;

	if (!c)
		return;
	tex->at++;
	if ((c == '(' && take_bracket_formula(tex, "$", "\\)")) ||
	    (c == '[' && take_bracket_formula(tex, "$$", "\\]")))
		return;
	if (c == '\\')
		buf_add_str(tex->out, "\n");
	else if (strchr("_*", c))
		buf_add_format(tex->out, "\\%c", c);
	else if (!strchr("-/,;", c))
		buf_add_byte(tex->out, c);
}

/* What follows a backslash. */
static void convert_command(struct tex *tex)
{
	AUTO_FREE char *name = NULL;
	size_t len = 0;

	while (isalpha((unsigned char)tex->at[len]))
		len++;
	name = buf_format("%.*s", (int)len, tex->at);
	tex->at += len;
	for (size_t i = 0; len && i < sizeof(commands) / sizeof(*commands); i++) {
		if (!strcmp(commands[i].name, name)) {
			run_command(tex, &commands[i]);
			return;
		}
	}
	if (len) {
		json_object_set_new(tex->unknown, name, json_true());
		buf_add_format(tex->out, "\\%s", name);
		return;
	}
	convert_mark(tex);
}

/* --- text */

/* Characters and pairs that stand for others; true when one was there. */
static bool convert_pair(struct tex *tex)
{
	static const char *const pairs[][2] = {
		{ "---", "—" }, { "--", "–" }, { "``", "“" }, { "''", "”" }, { "`", "‘" },
		{ "~", " " },	{ "_", "\\_" }, { "*", "\\*" }, { "<<", "«" }, { ">>", "»" },
		{ "<", "\\<" },
	};

	for (size_t i = 0; i < sizeof(pairs) / sizeof(*pairs); i++) {
		size_t len = strlen(pairs[i][0]);

		if (strncmp(tex->at, pairs[i][0], len) != 0)
			continue;
		buf_add_str(tex->out, pairs[i][1]);
		tex->at += len;
		return true;
	}
	return false;
}

/* From '%' to the end of the line, and the line's end. */
static void skip_comment(struct tex *tex)
{
	tex->at += strcspn(tex->at, "\n");
	tex->at += *tex->at == '\n';
}

static void convert_char(struct tex *tex)
{
	if (*tex->at == '\\') {
		tex->at++;
		convert_command(tex);
	} else if (*tex->at == '%') {
		skip_comment(tex);
	} else if (*tex->at == '$') {
		take_formula(tex);
	} else if (*tex->at == '&' && tex->in_table) {
		tex->at += 1 + strspn(tex->at + 1, " ");
		buf_add_str(tex->out, tex->at[-1] == ' ' ? "| " : " | ");
	} else if (*tex->at == '\t' || (*tex->at == ' ' && begins_line(tex))) {
		tex->at++;	/* indentation would be code */
	} else if (!convert_pair(tex)) {
		buf_add_byte(tex->out, *tex->at++);
	}
}

/* To the end, or to the '}' that ends what convert_argument began. */
static void convert(struct tex *tex, bool until_brace)
{
	int open = 0;

	tex->depth++;
	while (*tex->at) {
		if (*tex->at == '{') {
			open++;
			tex->at++;
		} else if (*tex->at == '}') {
			tex->at++;
			if (open == 0 && until_brace)
				break;
			open -= open > 0;
		} else {
			convert_char(tex);
		}
	}
	tex->depth--;
}

/* Takes blanks at the ends of lines away, and empty lines that follow an empty line. What is
 * between fences stays. */
static void tidy(const char *text, struct buf *out)
{
	bool is_fenced = false, was_empty = true;

	while (*text) {
		size_t len = strcspn(text, "\n"), kept = len;
		bool is_fence = !strncmp(text, "```", 3);

		while (!is_fenced && kept && strchr(" \t\r", text[kept - 1]))
			kept--;
		if (kept || is_fenced || !was_empty) {
			buf_add(out, text, kept);
			buf_add_byte(out, '\n');
		}
		was_empty = !kept;
		is_fenced ^= is_fence;
		text += len + (text[len] == '\n');
	}
	if (out->len > 1 && out->data[out->len - 2] == '\n')
		out->data[--out->len] = '\0';
}

void tex_markdown(const char *text, const char *picture_folder, json_t *unknown, struct buf *out)
{
	AUTO(buf_release) struct buf raw = BUF_INIT(out->limit);
	struct tex tex = { .at = text, .pictures = picture_folder, .unknown = unknown,
			   .out = &raw };

	convert(&tex, false);
	out->full = out->full || raw.full;
	tidy(buf_str(&raw), out);
}
