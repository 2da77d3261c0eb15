/* markdown_table.c - see markdown_table.h
 *
 * What is read is HTML that cmark wrote: tags are whole, each that is opened is closed, and a > in
 * a value is &gt;. */
#include "web/markdown_table.h"

#include <stdbool.h>
#include <string.h>

/* A part of the HTML. */
struct span {
	const char *at, *end;
};

struct table {
	size_t columns;
	char align[MARKDOWN_TABLE_COLUMNS]; /* 'l', 'r' or 'c' */
};

static bool begins(struct span span, const char *text)
{
	size_t len = strlen(text);

	return (size_t)(span.end - span.at) >= len && !memcmp(span.at, text, len);
}

static struct span trimmed(struct span span)
{
	while (span.at < span.end && (*span.at == ' ' || *span.at == '\t'))
		span.at++;
	while (span.at < span.end && (span.end[-1] == ' ' || span.end[-1] == '\t'))
		span.end--;
	return span;
}

/* Takes what is before the first `mark` that is inside of no element off the front; all when there
 * is none. */
static struct span take_until(struct span *rest, char mark)
{
	struct span taken = { rest->at, rest->end };
	const char *at = rest->at;
	int depth = 0;

	for (; at < rest->end && (depth || *at != mark); at++) {
		if (*at != '<')
			continue;
		if (at[1] == '/')
			depth--;
		else if (!begins((struct span){ at, rest->end }, "<br"))
			depth++;
		at = memchr(at, '>', (size_t)(rest->end - at));
	}
	taken.end = at;
	rest->at = at < rest->end ? at + 1 : at;
	return taken;
}

/* The next line, without a break at its end and the | around it. */
static struct span take_row(struct span *rest)
{
	static const char br[] = "<br />";
	struct span row = trimmed(take_until(rest, '\n'));

	if (row.end - row.at >= 6 && !memcmp(row.end - 6, br, 6))
		row.end -= 6;
	row = trimmed(row);
	if (row.at < row.end && *row.at == '|')
		row.at++;
	if (row.at < row.end && row.end[-1] == '|')
		row.end--;
	return row;
}

/* ":--", "--:", ":-:" or "---": 0 when it is none of them. */
static char align_of(struct span cell)
{
	bool left = cell.at < cell.end && *cell.at == ':', right;

	cell.at += left;
	right = cell.at < cell.end && cell.end[-1] == ':';
	cell.end -= right;
	if (cell.at == cell.end)
		return 0;
	for (; cell.at < cell.end; cell.at++)
		if (*cell.at != '-')
			return 0;
	return (char)(!right ? 'l' : left ? 'c' : 'r');
}

/* Whether a line is that of dashes. */
static bool is_rule(struct span line, struct table *table)
{
	struct span row;

	table->columns = 0;
	if (!memchr(line.at, '|', (size_t)(line.end - line.at)))
		return false;
	for (row = take_row(&line); row.at < row.end; table->columns++) {
		char align = align_of(trimmed(take_until(&row, '|')));

		if (!align || table->columns == MARKDOWN_TABLE_COLUMNS)
			return false;
		table->align[table->columns] = align;
	}
	return table->columns > 0;
}

static size_t count_cells(struct span line)
{
	struct span row = take_row(&line);
	size_t count = 1;

	for (take_until(&row, '|'); row.at < row.end; count++)
		take_until(&row, '|');
	return count;
}

/* In code a \| is written for what is a | there. */
static void add_cell(struct span cell, const char *tag, char align, struct buf *out)
{
	const char *bar;

	cell = trimmed(cell);
	buf_add_format(out, "<%s%s>", tag,
		       align == 'r'   ? " class=\"right\""
		       : align == 'c' ? " class=\"center\""
				      : "");
	while ((bar = memchr(cell.at, '|', (size_t)(cell.end - cell.at))) != NULL) {
		size_t len = (size_t)(bar - cell.at);

		buf_add(out, cell.at, len && bar[-1] == '\\' ? len - 1 : len);
		buf_add_byte(out, '|');
		cell.at = bar + 1;
	}
	buf_add(out, cell.at, (size_t)(cell.end - cell.at));
	buf_add_format(out, "</%s>", tag);
}

static void add_row(struct span row, const struct table *table, bool head, struct buf *out)
{
	size_t i;

	buf_add_str(out, "<tr>");
	for (i = 0; i < table->columns && (row.at < row.end || !i); i++) {
		struct span cell = i + 1 < table->columns ? take_until(&row, '|') : row;

		/* a name of nothing is no name */
		add_cell(cell, head && trimmed(cell).at < trimmed(cell).end ? "th" : "td",
			 table->align[i], out);
	}
	buf_add_str(out, "</tr>\n");
}

/* What is before the names is a paragraph still. */
static void add_table(struct span before, struct span names, struct span rows,
		      const struct table *table, struct buf *out)
{
	if (before.at < before.end) {
		buf_add_str(out, "<p>");
		buf_add(out, before.at, (size_t)(before.end - before.at));
		buf_add_str(out, "</p>\n");
	}
	buf_add_str(out, "<table tabindex=\"0\">\n<thead>\n");
	add_row(take_row(&names), table, true, out);
	buf_add_str(out, "</thead>\n");
	if (rows.at < rows.end)
		buf_add_str(out, "<tbody>\n");
	while (rows.at < rows.end) {
		add_row(take_row(&rows), table, false, out);
		if (rows.at == rows.end)
			buf_add_str(out, "</tbody>\n");
	}
	buf_add_str(out, "</table>");
}

/* False, and nothing is appended, when the paragraph is none. */
static bool paragraph(struct span text, struct buf *out)
{
	struct span rest = text, names, line = take_until(&rest, '\n');
	struct table table;

	while (rest.at < rest.end) {
		names = line;
		line = take_until(&rest, '\n');
		if (is_rule(line, &table) && count_cells(names) == table.columns) {
			struct span before = { text.at,
					       names.at > text.at ? names.at - 1 : names.at };

			add_table(before, names, rest, &table, out);
			return true;
		}
	}
	return false;
}

void markdown_table_all(const char *html, struct buf *out)
{
	const char *open, *end;

	for (; (open = strstr(html, "<p>")) != NULL; html = end) {
		end = strstr(open, "</p>");
		buf_add(out, html, (size_t)(open - html));
		if (paragraph((struct span){ open + 3, end }, out))
			end += 4;
		else
			buf_add(out, open, (size_t)(end - open));
	}
	buf_add_str(out, html);
}
