/* markdown.c - see markdown.h */
#include "web/markdown.h"

#include "base/auto.h"
#include "base/lazy.h"
#include "web/markdown_table.h"

#include <cmark.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

#define OPTIONS (CMARK_OPT_SAFE | CMARK_OPT_VALIDATE_UTF8)

#define FUNCTIONS(X)                                                                               \
	X(cmark_parse_document)                                                                    \
	X(cmark_render_html) X(cmark_iter_new) X(cmark_iter_next) X(cmark_iter_get_node)           \
		X(cmark_iter_free) X(cmark_node_get_type) X(cmark_node_new) X(cmark_node_free)     \
			X(cmark_node_first_child) X(cmark_node_insert_before)                      \
				X(cmark_node_append_child) X(cmark_node_get_url)                   \
					X(cmark_node_set_url) X(cmark_node_get_literal)            \
						X(cmark_node_set_literal)                          \
							X(cmark_node_get_heading_level)            \
								X(cmark_node_set_heading_level)

#define MEMBER(name) __typeof__(name) *name;
#define NAME(name) #name,

/* Filled by load(); each caller has its own, so threads need no lock. */
struct cmark_library {
	FUNCTIONS(MEMBER)
};

static const char *const names[] = { FUNCTIONS(NAME) NULL };

struct markdown {
	struct cmark_library use;
	cmark_node *root;
};

static bool leads_out(const char *url)
{
	return url && (!strncasecmp(url, "http://", 7) || !strncasecmp(url, "https://", 8) ||
		       !strncasecmp(url, "mailto:", 7));
}

/* What is inside takes the place of the node; it may be inside `wrap` there. */
static void dissolve(const struct cmark_library *use, cmark_node *node, cmark_node *wrap)
{
	cmark_node *child;

	if (wrap)
		use->cmark_node_insert_before(node, wrap);
	while ((child = use->cmark_node_first_child(node)) != NULL) {
		if (wrap)
			use->cmark_node_append_child(wrap, child);
		else
			use->cmark_node_insert_before(node, child);
	}
	use->cmark_node_free(node);
}

static void picture(const struct cmark_library *use, cmark_node *node)
{
	const char *url = use->cmark_node_get_url(node);
	cmark_node *link = leads_out(url) ? use->cmark_node_new(CMARK_NODE_LINK) : NULL;

	if (link)
		use->cmark_node_set_url(link, url);
	dissolve(use, node, link);
}

/* Tags are shown as they were written: List<String> is no HTML for its author. */
static void as_text(const struct cmark_library *use, cmark_node *node, bool block)
{
	cmark_node *text = use->cmark_node_new(block ? CMARK_NODE_CODE_BLOCK : CMARK_NODE_TEXT);

	use->cmark_node_set_literal(text, use->cmark_node_get_literal(node));
	use->cmark_node_insert_before(node, text);
	use->cmark_node_free(node);
}

static void mend(const struct cmark_library *use, cmark_node *node)
{
	int level;

	switch (use->cmark_node_get_type(node)) {
	case CMARK_NODE_HEADING:
		level = use->cmark_node_get_heading_level(node);
		use->cmark_node_set_heading_level(node, level < 6 ? level + 1 : 6);
		break;
	case CMARK_NODE_LINK:
		if (!leads_out(use->cmark_node_get_url(node)))
			dissolve(use, node, NULL);
		break;
	case CMARK_NODE_IMAGE: picture(use, node); break;
	case CMARK_NODE_HTML_INLINE: as_text(use, node, false); break;
	case CMARK_NODE_HTML_BLOCK: as_text(use, node, true); break;
	default: break;
	}
}

/* A node is left (leaves: entered) last; from then on it may be replaced. */
static void mend_all(const struct markdown *markdown)
{
	const struct cmark_library *use = &markdown->use;
	cmark_iter *iter = use->cmark_iter_new(markdown->root);
	cmark_node *before = NULL;
	cmark_event_type event;

	while ((event = use->cmark_iter_next(iter)) != CMARK_EVENT_DONE) {
		cmark_node *node = use->cmark_iter_get_node(iter);
		cmark_node_type type = use->cmark_node_get_type(node);

		if (before)
			mend(use, before);
		before = event == CMARK_EVENT_EXIT || type == CMARK_NODE_HTML_INLINE ||
					 type == CMARK_NODE_HTML_BLOCK
				 ? node
				 : NULL;
	}
	use->cmark_iter_free(iter);
}

/* In what cmark wrote, < begins a tag of its own and nothing else. */
static void add_tags(struct buf *out, const char *html)
{
	static const struct {
		const char *tag, *better;
	} tags[] = {
		{ "<a href=", "<a target=\"_blank\" rel=\"noopener noreferrer\" href=" },
		{ "<pre>", "<pre tabindex=\"0\">" },
	};
	const char *open;
	size_t i;

	for (; (open = strchr(html, '<')) != NULL; html = open) {
		buf_add(out, html, (size_t)(open - html));
		for (i = 0; i < 2; i++)
			if (!strncmp(open, tags[i].tag, strlen(tags[i].tag)))
				break;
		buf_add_str(out, i < 2 ? tags[i].better : "<");
		open += i < 2 ? strlen(tags[i].tag) : 1;
	}
	buf_add_str(out, html);
}

int markdown_html(const char *text, size_t len, struct buf *out, struct err *err)
{
	AUTO(buf_release) struct buf tables = BUF_INIT(out->limit);
	struct markdown markdown;
	char *html;

	if (len > MARKDOWN_SIZE_MAX)
		return err_set(err, ERR_INPUT, "the text is longer than %d KiB",
			       MARKDOWN_SIZE_MAX / 1024);
	if (lazy_load(CMARK_SONAME, names, (void **)&markdown.use, err) < 0)
		return -1;
	markdown.root = markdown.use.cmark_parse_document(text, len, OPTIONS);
	mend_all(&markdown);
	html = markdown.use.cmark_render_html(markdown.root, OPTIONS);
	markdown_table_all(html, &tables);
	add_tags(out, buf_str(&tables));
	free(html);
	markdown.use.cmark_node_free(markdown.root);
	if (tables.full || out->full)
		return err_set(err, ERR_INPUT, "its HTML is longer than %zu KiB",
			       out->limit / 1024);
	return 0;
}
