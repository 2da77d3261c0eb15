/* page.c - see page.h; what fills it is in share/web/replay* */
#include "replay/page.h"

#include "base/auto.h"
#include "base/hash.h"
#include "base/share.h"
#include "replay/page_data.h"
#include "replay/page_json.h"

#include <inttypes.h>
#include <string.h>

/* The parts of the one script, in order. */
static const char *const scripts[] = {
	"web/replay-state.js",
	"web/replay-diff.js",
	"web/replay-elements.js",
	"web/replay-panes.js",
	"web/replay.js",
};

struct page {
	const struct replay_page_facts *facts;
	struct page_data data;
	int64_t events;
	struct buf script, terminal_css;
	FILE *out;
};

static void page_release(struct page *page)
{
	page_data_release(&page->data);
	buf_release(&page->script);
	buf_release(&page->terminal_css);
}

/* --- pieces */

static const struct share_file *need(const char *name)
{
	const struct share_file *file = share_find(name);

	/* they are compiled in */
	if (!file)
		abort();
	return file;
}

static void add_html(struct buf *out, const char *text)
{
	for (; text && *text; text++) {
		switch (*text) {
		case '<': buf_add_str(out, "&lt;"); break;
		case '>': buf_add_str(out, "&gt;"); break;
		case '&': buf_add_str(out, "&amp;"); break;
		default: buf_add_byte(out, *text);
		}
	}
}

static void write_buf(struct page *page, const struct buf *buf)
{
	fwrite(buf_str(buf), 1, buf->len, page->out);
}

static void write_title(struct page *page)
{
	AUTO(buf_release) struct buf text = BUF_INIT(4096);
	const struct replay_page_facts *facts = page->facts;

	add_html(&text, facts->task ? facts->task : "Session");
	if (facts->candidate) {
		buf_add_str(&text, " \xc2\xb7 ");
		add_html(&text, facts->candidate);
	}
	write_buf(page, &text);
}

static void add_hash(struct buf *out, const void *data, size_t len)
{
	struct hash hash = hash_of(data, len);
	AUTO_FREE char *base64 = hash_base64(hash.bytes, sizeof(hash.bytes));

	buf_add_format(out, " 'sha256-%s'", base64);
}

static void write_policy(struct page *page)
{
	AUTO(buf_release) struct buf policy = BUF_INIT(1024);
	const struct share_file *css = need("web/replay.css");

	buf_add_str(&policy, "default-src 'none'; script-src");
	add_hash(&policy, buf_str(&page->script), page->script.len);
	buf_add_str(&policy, "; style-src");
	add_hash(&policy, css->data, css->size);
	add_hash(&policy, buf_str(&page->terminal_css), page->terminal_css.len);
	buf_add_str(&policy, "; base-uri 'none'; form-action 'none'; "
			     "require-trusted-types-for 'script'; trusted-types 'none'");
	write_buf(page, &policy);
}

static void write_facts(struct page *page)
{
	AUTO(buf_release) struct buf json = BUF_INIT(SIZE_MAX);
	const struct page_steps *steps = &page->data.steps;

	buf_add_str(&json, "{\"schema\":\"tali.replay-page/1\",\"assessment\":");
	page_json_text(&json, page->facts->assessment);
	buf_add_str(&json, ",\"task\":");
	page_json_text(&json, page->facts->task);
	buf_add_str(&json, ",\"candidate\":");
	page_json_text(&json, page->facts->candidate);
	buf_add_str(&json, ",\"status\":");
	page_json_text(&json, page->facts->status);
	buf_add_format(&json,
		       ",\"start\":%" PRId64 ",\"duration\":%" PRId64 ",\"events\":%" PRId64 "}",
		       steps->start, steps->end - steps->start, page->events);
	write_buf(page, &json);
}

static void write_table(struct page *page, const struct page_table *table)
{
	AUTO(buf_release) struct buf json = BUF_INIT(SIZE_MAX);

	page_table_write(table, &json);
	write_buf(page, &json);
}

static void write_terminals(struct page *page)
{
	AUTO(buf_release) struct buf json = BUF_INIT(SIZE_MAX);

	page_screens_write(&page->data.screens, &json);
	write_buf(page, &json);
}

static void write_rows(struct page *page, const struct buf *rows)
{
	fputc('[', page->out);
	write_buf(page, rows);
	fputc(']', page->out);
}

static void write_style(struct page *page)
{
	const struct share_file *css = need("web/replay.css");

	fwrite(css->data, 1, css->size, page->out);
}

static void write_terminal_style(struct page *page)
{
	write_buf(page, &page->terminal_css);
}

static void write_paths(struct page *page)
{
	write_table(page, &page->data.files.paths);
}

static void write_screen_rows(struct page *page)
{
	write_table(page, &page->data.screens.rows);
}

static void write_names(struct page *page)
{
	write_table(page, &page->data.talk.names);
}

static void write_events(struct page *page)
{
	write_rows(page, &page->data.talk.events);
}

static void write_messages(struct page *page)
{
	write_rows(page, &page->data.talk.messages);
}

static void write_results(struct page *page)
{
	write_rows(page, &page->data.talk.results);
}

static void write_steps(struct page *page)
{
	write_rows(page, &page->data.steps.out);
}

static void write_script(struct page *page)
{
	write_buf(page, &page->script);
}

/* What {{NAME}} in replay.html stands for. */
static const struct {
	const char *name;
	void (*write)(struct page *page);
} pieces[] = {
	{ "policy", write_policy },
	{ "title", write_title },
	{ "style", write_style },
	{ "terminal-style", write_terminal_style },
	{ "facts", write_facts },
	{ "paths", write_paths },
	{ "terminals", write_terminals },
	{ "rows", write_screen_rows },
	{ "names", write_names },
	{ "events", write_events },
	{ "messages", write_messages },
	{ "results", write_results },
	{ "steps", write_steps },
	{ "script", write_script },
};

static void write_piece(struct page *page, const char *name, size_t len)
{
	size_t i;

	for (i = 0; i < sizeof(pieces) / sizeof(pieces[0]); i++)
		if (strlen(pieces[i].name) == len && !memcmp(pieces[i].name, name, len))
			pieces[i].write(page);
}

static void write_page(struct page *page)
{
	const char *at = need("web/replay.html")->data, *open, *close;

	while ((open = strstr(at, "{{")) != NULL && (close = strstr(open, "}}")) != NULL) {
		fwrite(at, 1, (size_t)(open - at), page->out);
		write_piece(page, open + 2, (size_t)(close - open - 2));
		at = close + 2;
	}
	fputs(at, page->out);
}

/* --- the whole */

static void join_script(struct buf *script)
{
	size_t i;

	buf_add_str(script, "\"use strict\";\n");
	for (i = 0; i < sizeof(scripts) / sizeof(scripts[0]); i++) {
		const struct share_file *file = need(scripts[i]);

		buf_add(script, file->data, file->size);
	}
}

int replay_page_write(struct timeline *timeline, const struct replay_page_facts *facts, FILE *out,
		      struct err *err)
{
	AUTO(page_release)
	struct page page = {
		.facts = facts,
		.out = out,
		.script = BUF_INIT(SIZE_MAX),
		.terminal_css = BUF_INIT(SIZE_MAX),
	};

	if (page_data_read(&page.data, timeline, facts->from, facts->to, err) < 0)
		return -1;
	page.events = timeline_last_seq(timeline) + 1;
	join_script(&page.script);
	page_screens_write_css(&page.data.screens, &page.terminal_css);
	write_page(&page);
	if (fflush(out) != 0 || ferror(out))
		return err_sys(err, "the page");
	return 0;
}
