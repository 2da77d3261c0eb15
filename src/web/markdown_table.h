/* markdown_table.h - tables of Markdown, which libcmark does not know
 *
 * A table stands where cmark sees a paragraph: a line of names, a line of dashes, and rows
 * (GitHub Flavored Markdown 4.10). Other than there, a | in code or inside of emphasis divides no
 * cells, and what is too much in a row stays in its last cell: nothing that was written is lost.
 *
 * cmark-gfm has tables; that of Debian 12 (0.29.0.gfm.6) needs over a minute for 24 KB of some, and
 * models and candidates write what it would read. */
#ifndef TALI_MARKDOWN_TABLE_H
#define TALI_MARKDOWN_TABLE_H

#include "base/buf.h"

#define MARKDOWN_TABLE_COLUMNS 64 /* with more it stays a paragraph */

/* Appends the HTML that cmark made, with tables in place of the paragraphs that are some. */
void markdown_table_all(const char *html, struct buf *out);

#endif
