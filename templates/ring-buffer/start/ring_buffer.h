/* ring_buffer.h - a queue of bytes in storage of fixed size, given by the caller. */
#ifndef RING_BUFFER_H
#define RING_BUFFER_H

#include <stddef.h>

struct ring_buffer {
	unsigned char *storage;
	size_t capacity; /* bytes in storage */
	size_t start;    /* where in storage the oldest byte is */
	size_t length;   /* bytes held */
};

/* What ring_buffer_find() returns when there is no such byte. */
#define RING_BUFFER_NONE ((size_t)-1)

/*
 * Starts with an empty buffer. The storage stays the caller's and must outlive the buffer. With a
 * capacity of 0, storage may be NULL: such a buffer is always empty and always full.
 */
void ring_buffer_init(struct ring_buffer *ring, void *storage, size_t capacity);

/* Bytes held, and bytes that can still be written. */
size_t ring_buffer_length(const struct ring_buffer *ring);
size_t ring_buffer_room(const struct ring_buffer *ring);

/*
 * Appends the first bytes of the count given, as many as there is room for, and returns how many.
 * In this and all functions below, a pointer may be NULL if its count is 0.
 */
size_t ring_buffer_write(struct ring_buffer *ring, const void *bytes, size_t count);

/*
 * Appends all bytes and drops the oldest ones held to make room. If count is more than the
 * capacity, the last bytes given remain. Returns how many of the bytes held before were dropped.
 */
size_t ring_buffer_overwrite(struct ring_buffer *ring, const void *bytes, size_t count);

/*
 * Copies up to count bytes into bytes without removing them, beginning with the byte that has
 * offset bytes before it (0 is the oldest), and returns how many. Bytes beyond those are not
 * touched. An offset at or past the end copies nothing.
 */
size_t ring_buffer_peek(const struct ring_buffer *ring, size_t offset, void *bytes, size_t count);

/* Removes the oldest bytes, up to count, and returns how many. */
size_t ring_buffer_skip(struct ring_buffer *ring, size_t count);

/* Moves the oldest bytes, up to count, into bytes, and returns how many. */
size_t ring_buffer_read(struct ring_buffer *ring, void *bytes, size_t count);

/* The offset of the oldest byte with this value, or RING_BUFFER_NONE. */
size_t ring_buffer_find(const struct ring_buffer *ring, unsigned char value);

#endif
