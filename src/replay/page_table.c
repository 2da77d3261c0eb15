/* page_table.c - see page_table.h */
#include "replay/page_table.h"

#include <stdlib.h>
#include <string.h>

void page_table_release(struct page_table *table)
{
	buf_release(&table->bytes);
	free(table->starts);
	free(table->slots);
	*table = (struct page_table)PAGE_TABLE_INIT;
}

const char *page_table_at(const struct page_table *table, size_t i, size_t *ret_len)
{
	size_t end = i + 1 < table->count ? table->starts[i + 1] : table->bytes.len;

	*ret_len = end - table->starts[i];
	return buf_str(&table->bytes) + table->starts[i];
}

/* FNV-1a. Whoever makes items collide only makes a page slow to write: the number of items is
 * bounded by what the caller spends on them. */
static size_t hash_bytes(const char *bytes, size_t len)
{
	uint64_t hash = 0xcbf29ce484222325u;
	size_t i;

	for (i = 0; i < len; i++)
		hash = (hash ^ (unsigned char)bytes[i]) * 0x100000001b3u;
	return (size_t)(hash ^ (hash >> 32));
}

/* The slot that holds the item, or the free one where it belongs. */
static size_t find_slot(const struct page_table *table, const char *bytes, size_t len)
{
	size_t mask = table->slot_count - 1, slot = hash_bytes(bytes, len) & mask, have;

	for (; table->slots[slot]; slot = (slot + 1) & mask) {
		const char *item = page_table_at(table, table->slots[slot] - 1, &have);

		if (have == len && !memcmp(item, bytes, len))
			break;
	}
	return slot;
}

static void grow(struct page_table *table)
{
	size_t i, len;

	table->slot_count = table->slot_count ? table->slot_count * 2 : 64;
	free(table->slots);
	table->slots = buf_alloc(table->slot_count * sizeof(*table->slots));
	table->starts = buf_realloc(table->starts, table->slot_count, sizeof(*table->starts));
	for (i = 0; i < table->count; i++) {
		const char *item = page_table_at(table, i, &len);

		table->slots[find_slot(table, item, len)] = (uint32_t)i + 1;
	}
}

size_t page_table_add(struct page_table *table, const char *bytes, size_t len)
{
	size_t slot;

	if (table->count * 2 >= table->slot_count)
		grow(table);
	slot = find_slot(table, bytes, len);
	if (!table->slots[slot]) {
		table->starts[table->count] = table->bytes.len;
		buf_add(&table->bytes, bytes, len);
		table->slots[slot] = (uint32_t)++table->count;
	}
	return table->slots[slot] - 1;
}

void page_table_write(const struct page_table *table, struct buf *out)
{
	size_t i, len;

	buf_add_byte(out, '[');
	for (i = 0; i < table->count; i++) {
		const char *item = page_table_at(table, i, &len);

		if (i)
			buf_add_byte(out, ',');
		buf_add(out, item, len);
	}
	buf_add_byte(out, ']');
}
