/* page_text.h - a text while it is edited, told as a browser counts: lines and UTF-16 units
 *
 * The journal counts bytes of UTF-8. Kept in blocks that know their lines and units, so that an
 * edit anywhere costs about the same. */
#ifndef TALI_PAGE_TEXT_H
#define TALI_PAGE_TEXT_H

#include <stdbool.h>
#include <stddef.h>

struct page_text;

/* Bytes of UTF-8; what is not counts as one unit a byte, as it is shown (U+FFFD). */
struct page_text *page_text_new(const char *bytes, size_t len);
void page_text_free(struct page_text **text);

size_t page_text_len(const struct page_text *text);	/* bytes */
/* Copies all bytes to `out`. */
void page_text_copy(const struct page_text *text, char *out);
bool page_text_equal(const struct page_text *text, const char *bytes, size_t len);

/* Both from 0; a line ends with '\n'. */
struct page_place {
	size_t line, column;	/* column in UTF-16 units */
};

/* The place of byte `at`; the end of the text when it lies past it. */
struct page_place page_text_place(const struct page_text *text, size_t at);

/* Removes `del` bytes at `at` and puts `len` bytes there; both cut to what is there. Boundaries
 * must be those of characters. */
void page_text_edit(struct page_text *text, size_t at, size_t del, const char *ins, size_t len);

#endif
