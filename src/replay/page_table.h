/* page_table.h - pieces of a page that come again and again, each kept once under a number */
#ifndef TALI_PAGE_TABLE_H
#define TALI_PAGE_TABLE_H

#include "base/buf.h"

#include <stdint.h>

struct page_table {
	struct buf bytes;	/* all items, one after the other */
	size_t *starts;		/* where each begins */
	size_t count;
	uint32_t *slots;	/* by hash: number + 1, 0 is free */
	size_t slot_count;	/* a power of two */
};

#define PAGE_TABLE_INIT { .bytes = BUF_INIT(SIZE_MAX) }

void page_table_release(struct page_table *table);

/* The number of an item that is exactly these bytes, counted from 0; it is added when new. */
size_t page_table_add(struct page_table *table, const char *bytes, size_t len);

/* Appends "[item,item,...]": for items that are JSON. */
void page_table_write(const struct page_table *table, struct buf *out);

/* Item `i`; borrowed until the next is added. It ends at ret_len, not with a NUL. */
const char *page_table_at(const struct page_table *table, size_t i, size_t *ret_len);

#endif
