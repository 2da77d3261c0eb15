/* html_markdown.h - the HTML of a statement as Markdown, kept simple and safe
 *
 * Known: p div br hr h1-h6 ul ol li blockquote pre code tt b strong i em a (http and https alone)
 * table tr td th (a row is a line) sup sub (10⁹, "10^(a, b)", in code "10^9") img (its alt text).
 * Any other tag is passed over and its text kept, but for script, style and their like, whose text
 * goes too. What means something in Markdown is escaped, so no HTML is left. Tags that do not match
 * are no error. */
#ifndef TALI_HTML_MARKDOWN_H
#define TALI_HTML_MARKDOWN_H

#include "base/buf.h"

/* Adds the Markdown to `out`, ended by a newline when there is any text. What is past out->limit is
 * dropped (out->full). Gives the number of pictures that were left out. */
unsigned html_markdown(const char *html, size_t len, struct buf *out);

#endif
