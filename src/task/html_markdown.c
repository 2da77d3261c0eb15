/* html_markdown.c - see html_markdown.h */
#include "task/html_markdown.h"

#include "base/auto.h"
#include "base/utf8.h"
#include "task/tex_formula.h"

#include <ctype.h>
#include <string.h>
#include <strings.h>

#define LISTS_MAX 8
#define NAME_SIZE 16
#define URL_SIZE 2000

struct list {
	bool ordered;
	unsigned number;
};

struct writer {
	struct buf *out;
	struct buf code;	/* what stands in pre, code, sup or sub, as it is */
	char capture[NAME_SIZE];/* the tag that began it, "" is none */
	char script[NAME_SIZE];	/* sup or sub that is open in it, "" is none */
	size_t script_at;	/* where in `code` that began */
	char skip[NAME_SIZE];	/* the tag whose text is dropped */
	char url[URL_SIZE];	/* of the open link */
	int breaks;		/* newlines before the next text */
	bool space, line_start, cell;
	struct list lists[LISTS_MAX];
	unsigned depth;		/* of lists, also past LISTS_MAX */
	unsigned pictures;
};

struct tag {
	char name[NAME_SIZE];
	bool closes;
	const char *attributes, *end;
};

/* --- writing */

static unsigned list_level(const struct writer *writer)
{
	return writer->depth < LISTS_MAX ? writer->depth : LISTS_MAX;
}

/* The newlines and spaces that were asked for since the last text. */
static void begin_text(struct writer *writer)
{
	if (writer->breaks && writer->out->len) {
		for (int i = 0; i < writer->breaks; i++)
			buf_add_byte(writer->out, '\n');
		for (unsigned i = 0; i < list_level(writer); i++)
			buf_add_str(writer->out, "   ");
	} else if (writer->space && writer->out->len && !writer->line_start) {
		buf_add_byte(writer->out, ' ');
	}
	if (writer->breaks || !writer->out->len)
		writer->line_start = true;
	writer->breaks = 0;
	writer->space = false;
}

static void want_break(struct writer *writer, int lines)
{
	if (writer->breaks < lines)
		writer->breaks = lines;
	writer->space = false;
}

/* Markup of ours. */
static void add_mark(struct writer *writer, const char *mark)
{
	begin_text(writer);
	buf_add_str(writer->out, mark);
	writer->line_start = false;
}

static void add_character(struct writer *writer, const char *text, size_t len)
{
	if (len == 1 && isspace((unsigned char)*text)) {
		writer->space = true;
		return;
	}
	if (len == 1 && (unsigned char)*text < ' ')
		return;
	begin_text(writer);
	if (len == 1 && (strchr("\\`*_[]<>|&~$", *text) ||
			 (writer->line_start && strchr("#-+=.)", *text))))
		buf_add_byte(writer->out, '\\');
	else if (len == 1 && strchr(".)", *text) && writer->out->len &&
		 isdigit((unsigned char)writer->out->data[writer->out->len - 1]))
		buf_add_byte(writer->out, '\\');
	buf_add(writer->out, text, len);
	writer->line_start = false;
}

static void add_text(struct writer *writer, const char *text, size_t len)
{
	if (*writer->skip)
		return;
	if (*writer->capture)
		buf_add(&writer->code, text, len);
	else
		add_character(writer, text, len);
}

/* --- code: fenced by more backticks than stand in it */

static size_t longest_ticks(const struct buf *code)
{
	size_t longest = 0, here = 0;

	for (size_t i = 0; i < code->len; i++) {
		here = code->data[i] == '`' ? here + 1 : 0;
		longest = here > longest ? here : longest;
	}
	return longest;
}

static void add_ticks(struct writer *writer, size_t count)
{
	while (count--)
		buf_add_byte(writer->out, '`');
}

static void add_block(struct writer *writer)
{
	size_t ticks = longest_ticks(&writer->code);
	const char *text = buf_str(&writer->code);

	ticks = ticks < 3 ? 3 : ticks + 1;
	want_break(writer, 2);
	begin_text(writer);
	add_ticks(writer, ticks);
	text += *text == '\n';
	for (const char *line = text, *end; *line; line = *end ? end + 1 : end) {
		end = line + strcspn(line, "\n");
		buf_add_byte(writer->out, '\n');
		for (unsigned i = 0; i < list_level(writer); i++)
			buf_add_str(writer->out, "   ");
		buf_add(writer->out, line, (size_t)(end - line));
	}
	want_break(writer, 1);
	begin_text(writer);
	add_ticks(writer, ticks);
	want_break(writer, 2);
}

static void add_inline(struct writer *writer)
{
	size_t ticks = longest_ticks(&writer->code) + 1;
	bool pads = ticks > 1;

	for (size_t i = 0; i < writer->code.len; i++)
		if (writer->code.data[i] == '\n')
			writer->code.data[i] = ' ';
	begin_text(writer);
	add_ticks(writer, ticks);
	buf_add_str(writer->out, pads ? " " : "");
	buf_add(writer->out, writer->code.data, writer->code.len);
	buf_add_str(writer->out, pads ? " " : "");
	add_ticks(writer, ticks);
	writer->line_start = false;
}

/* Raised or lowered: 10<sup>9</sup> must not become 109. */
static void add_script(struct writer *writer, bool up)
{
	static const char plain[] = "0123456789+-"
				    "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ";
	const char *text = buf_str(&writer->code);
	AUTO_FREE char *formula = buf_format("%c{%s}", up ? '^' : '_', text);
	AUTO_JSON json_t *unknown = json_object();

	begin_text(writer);
	writer->line_start = false;
	if (strspn(text, plain) == writer->code.len &&
	    tex_formula(formula, strlen(formula), unknown, writer->out))
		return;
	buf_add_str(writer->out, up ? "^(" : "\\_(");
	for (size_t i = 0, len; i < writer->code.len; i += len) {
		len = utf8_char(text + i, writer->code.len - i);
		if (len)
			add_character(writer, text + i, len);
		len += !len;
	}
	add_mark(writer, ")");
}

/* The same within code or another one, where only the characters of a keyboard stand: "10^5",
 * "2^(n-1)". */
static void end_script(struct writer *writer)
{
	AUTO_FREE char *text = buf_strdup(buf_str(&writer->code) + writer->script_at);
	const char *sign = !strcmp(writer->script, "sup") ? "^" : "_";
	size_t plain = text[0] == '-';

	writer->script[0] = '\0';
	while (isalnum((unsigned char)text[plain]))
		plain++;
	writer->code.len = writer->script_at;
	if (*text)
		buf_add_format(&writer->code, text[plain] ? "%s(%s)" : "%s%s", sign, text);
}

static void end_capture(struct writer *writer)
{
	bool block = !strcmp(writer->capture, "pre"), up = !strcmp(writer->capture, "sup");
	bool script = up || !strcmp(writer->capture, "sub");

	if (*writer->script)
		end_script(writer);
	writer->capture[0] = '\0';
	if (writer->code.len && block)
		add_block(writer);
	else if (writer->code.len && script)
		add_script(writer, up);
	else if (writer->code.len)
		add_inline(writer);
	buf_clear(&writer->code);
}

/* --- entities */

static const struct { const char *name; uint32_t character; } entities[] = {
	{ "amp", '&' }, { "lt", '<' }, { "gt", '>' }, { "quot", '"' }, { "apos", '\'' },
	{ "nbsp", ' ' }, { "hellip", 0x2026 }, { "ndash", 0x2013 }, { "mdash", 0x2014 },
	{ "lsquo", 0x2018 }, { "rsquo", 0x2019 }, { "ldquo", 0x201c }, { "rdquo", 0x201d },
	{ "times", 0xd7 }, { "divide", 0xf7 }, { "minus", 0x2212 }, { "le", 0x2264 },
	{ "ge", 0x2265 }, { "ne", 0x2260 }, { "rarr", 0x2192 }, { "larr", 0x2190 },
	{ "deg", 0xb0 }, { "bull", 0x2022 }, { "copy", 0xa9 }, { "pi", 0x3c0 },
};

/* 0 when it is none. */
static uint32_t entity(const char *name, size_t len)
{
	char digits[12] = "";
	char *end;
	unsigned long value;

	for (size_t i = 0; i < sizeof(entities) / sizeof(*entities); i++)
		if (strlen(entities[i].name) == len && !memcmp(entities[i].name, name, len))
			return entities[i].character;
	if (len < 2 || len >= sizeof(digits) || *name != '#')
		return 0;
	memcpy(digits, name + 1, len - 1);
	value = digits[0] == 'x' || digits[0] == 'X' ? strtoul(digits + 1, &end, 16)
						     : strtoul(digits, &end, 10);
	if (*end || value > 0x10ffff || (value >= 0xd800 && value < 0xe000) ||
	    (value < 0x20 && value != '\n') || value == 0x7f)
		return 0;
	return value == 0xa0 ? ' ' : (uint32_t)value;
}

/* Bytes of the entity at `at`, which is added; 0 when there is none. */
static size_t read_entity(struct writer *writer, const char *at, const char *end)
{
	const char *stop = at + 1;
	uint32_t character;
	char bytes[4];

	while (stop < end && stop - at < 12 && (isalnum((unsigned char)*stop) || *stop == '#'))
		stop++;
	if (stop == end || *stop != ';')
		return 0;
	character = entity(at + 1, (size_t)(stop - at - 1));
	if (!character)
		return 0;
	add_text(writer, bytes, utf8_encode(character, bytes));
	return (size_t)(stop - at + 1);
}

/* --- tags */

/* The value of an attribute, cut to size; "" when it is not there. */
static void attribute(const struct tag *tag, const char *name, char *ret, size_t size)
{
	size_t len = strlen(name);
	const char *at = tag->attributes, *stop;
	char quote;

	*ret = '\0';
	for (; at + len + 1 < tag->end; at++) {
		if (!isspace((unsigned char)at[0]) || strncasecmp(at + 1, name, len) != 0)
			continue;
		at += 1 + len;
		while (at < tag->end && isspace((unsigned char)*at))
			at++;
		if (at >= tag->end || *at != '=')
			return;
		at++;
		while (at < tag->end && isspace((unsigned char)*at))
			at++;
		quote = at < tag->end && (*at == '"' || *at == '\'') ? *at++ : '\0';
		for (stop = at; stop < tag->end && (quote ? *stop != quote
							  : !isspace((unsigned char)*stop));)
			stop++;
		if ((size_t)(stop - at) < size) {
			memcpy(ret, at, (size_t)(stop - at));
			ret[stop - at] = '\0';
		}
		return;
	}
}

static bool is(const struct tag *tag, const char *name)
{
	return !strcmp(tag->name, name);
}

static bool is_one_of(const struct tag *tag, const char *const *names)
{
	while (*names && !is(tag, *names))
		names++;
	return *names != NULL;
}

static void link_tag(struct writer *writer, const struct tag *tag)
{
	if (tag->closes && *writer->url) {
		add_mark(writer, "](<");
		buf_add_str(writer->out, writer->url);
		buf_add_str(writer->out, ">)");
		writer->url[0] = '\0';
		return;
	}
	if (tag->closes || *writer->url)
		return;
	attribute(tag, "href", writer->url, sizeof(writer->url));
	if ((strncasecmp(writer->url, "http://", 7) != 0 &&
	     strncasecmp(writer->url, "https://", 8) != 0) ||
	    strpbrk(writer->url, "<>\\\"` \t\r\n") ||
	    !utf8_valid(writer->url, strlen(writer->url)))
		writer->url[0] = '\0';
	else
		add_mark(writer, "[");
}

static void list_tag(struct writer *writer, const struct tag *tag)
{
	want_break(writer, writer->depth ? 1 : 2);
	if (tag->closes) {
		writer->depth -= writer->depth > 0;
		want_break(writer, writer->depth ? 1 : 2);
		return;
	}
	if (writer->depth < LISTS_MAX)
		writer->lists[writer->depth] = (struct list){ .ordered = is(tag, "ol") };
	writer->depth++;
}

/* The item's own line stands one level above what is in it. */
static void item_tag(struct writer *writer, const struct tag *tag)
{
	unsigned level = list_level(writer);
	char mark[32] = "-  ";

	want_break(writer, 1);
	if (tag->closes)
		return;
	if (level && writer->lists[level - 1].ordered)
		snprintf(mark, sizeof(mark), "%u. ", ++writer->lists[level - 1].number);
	writer->depth -= writer->depth > 0;
	add_mark(writer, mark);
	writer->depth += level > 0;
	writer->line_start = true;
}

static void picture_tag(struct writer *writer, const struct tag *tag)
{
	char alt[200];

	attribute(tag, "alt", alt, sizeof(alt));
	writer->pictures++;
	add_mark(writer, "(picture");
	if (*alt) {
		add_character(writer, ":", 1);
		writer->space = true;
		for (size_t i = 0, len; alt[i]; i += len) {
			len = utf8_char(alt + i, strlen(alt + i));
			if (len)
				add_character(writer, alt + i, len);
			len += !len;
		}
	}
	add_mark(writer, ")");
}

static void heading_tag(struct writer *writer, const struct tag *tag)
{
	want_break(writer, 2);
	if (tag->closes)
		return;
	begin_text(writer);
	for (char level = '0'; level < tag->name[1]; level++)
		buf_add_byte(writer->out, '#');
	buf_add_byte(writer->out, ' ');
}

/* Spaces inside the marks would make them text: they go outside. */
static void emphasis_tag(struct writer *writer, const struct tag *tag, const char *mark)
{
	bool space = tag->closes && writer->space;

	if (tag->closes)
		writer->space = false;
	add_mark(writer, mark);
	writer->space = space;
	writer->line_start = !tag->closes;
}

static void cell_tag(struct writer *writer, const struct tag *tag)
{
	if (tag->closes)
		return;
	if (writer->cell)
		add_mark(writer, " \\| ");
	writer->cell = true;
}

static const char *const captured[] = { "pre", "code", "tt", "sup", "sub", NULL };
static const char *const blocks[] = { "p", "div", "table", "blockquote", "hr", "section", NULL };
static const char *const dropped[] = { "script", "style", "head", "iframe", "object", "template",
				       "noscript", "title", NULL };

static void apply(struct writer *writer, const struct tag *tag)
{
	if (is_one_of(tag, dropped) && !tag->closes)
		memcpy(writer->skip, tag->name, sizeof(writer->skip));
	else if (is_one_of(tag, captured) && !tag->closes)
		memcpy(writer->capture, tag->name, sizeof(writer->capture));
	else if (is_one_of(tag, blocks))
		want_break(writer, 2);
	else if (is(tag, "br") || is(tag, "tr"))
		want_break(writer, is(tag, "br") ? 2 : 1);
	else if (is(tag, "b") || is(tag, "strong"))
		emphasis_tag(writer, tag, "**");
	else if (is(tag, "i") || is(tag, "em"))
		emphasis_tag(writer, tag, "*");
	else if (is(tag, "a"))
		link_tag(writer, tag);
	else if (is(tag, "ul") || is(tag, "ol"))
		list_tag(writer, tag);
	else if (is(tag, "li"))
		item_tag(writer, tag);
	else if (is(tag, "img"))
		picture_tag(writer, tag);
	else if (tag->name[0] == 'h' && tag->name[1] >= '1' && tag->name[1] <= '6' && !tag->name[2])
		heading_tag(writer, tag);
	else if (is(tag, "td") || is(tag, "th"))
		cell_tag(writer, tag);
	if (is(tag, "tr"))
		writer->cell = false;
}

/* In code only the tag that ends it counts, and a line break, and what is raised or lowered. */
static void use_captured(struct writer *writer, const struct tag *tag)
{
	if (tag->closes && *writer->script && is(tag, writer->script)) {
		end_script(writer);
	} else if (tag->closes && is(tag, writer->capture)) {
		end_capture(writer);
	} else if (is(tag, "br")) {
		buf_add_byte(&writer->code, '\n');
	} else if ((is(tag, "sup") || is(tag, "sub")) && !tag->closes && !*writer->script) {
		memcpy(writer->script, tag->name, sizeof(writer->script));
		writer->script_at = writer->code.len;
	}
}

/* In what is dropped only the tag that ends it counts. */
static void use_tag(struct writer *writer, const struct tag *tag)
{
	if (*writer->skip) {
		if (tag->closes && is(tag, writer->skip))
			writer->skip[0] = '\0';
	} else if (*writer->capture) {
		use_captured(writer, tag);
	} else {
		apply(writer, tag);
	}
}

/* Bytes of the tag at `at`; 0 when there is none and '<' is text. */
static size_t read_tag(const char *at, const char *end, struct tag *ret)
{
	const char *stop = at + 1;
	size_t len = 0;
	char quote = '\0';

	*ret = (struct tag){ .closes = stop < end && *stop == '/' };
	stop += ret->closes;
	for (; stop < end && isalnum((unsigned char)*stop); stop++)
		if (len < NAME_SIZE - 1)
			ret->name[len++] = (char)tolower((unsigned char)*stop);
	if (!len || !isalpha((unsigned char)ret->name[0]))
		return 0;
	ret->attributes = stop;
	for (; stop < end && (quote || *stop != '>'); stop++) {
		if (quote && *stop == quote)
			quote = '\0';
		else if (!quote && (*stop == '"' || *stop == '\''))
			quote = *stop;
	}
	ret->end = stop;
	return (size_t)(stop - at) + (stop < end);
}

/* Comments, and declarations up to '>'. */
static size_t read_other(const char *at, const char *end)
{
	const char *stop;

	if (end - at >= 4 && !memcmp(at, "<!--", 4)) {
		stop = memmem(at + 4, (size_t)(end - at - 4), "-->", 3);
		return stop ? (size_t)(stop - at) + 3 : (size_t)(end - at);
	}
	if (end - at < 2 || (at[1] != '!' && at[1] != '?'))
		return 0;
	stop = memchr(at, '>', (size_t)(end - at));
	return stop ? (size_t)(stop - at) + 1 : (size_t)(end - at);
}

static size_t step(struct writer *writer, const char *at, const char *end)
{
	struct tag tag;
	size_t len = 0;

	if (*at == '<') {
		len = read_other(at, end);
		if (!len && (len = read_tag(at, end, &tag)) > 0)
			use_tag(writer, &tag);
	} else if (*at == '&') {
		len = read_entity(writer, at, end);
	}
	if (len)
		return len;
	len = utf8_char(at, (size_t)(end - at));
	if (!len)
		return 1;
	add_text(writer, at, len);
	return len;
}

unsigned html_markdown(const char *html, size_t len, struct buf *out)
{
	struct writer writer = { .out = out, .code = BUF_INIT(len + 1) };
	const char *end = html + len;

	while (html < end)
		html += step(&writer, html, end);
	if (*writer.capture)
		end_capture(&writer);
	if (*writer.url)
		buf_add_str(out, "]");
	if (out->len)
		buf_add_byte(out, '\n');
	buf_release(&writer.code);
	return writer.pictures;
}
