/* ring_buffer.c - see ring_buffer.h */
#include "ring_buffer.h"

#include <assert.h>
#include <string.h>

static size_t least(size_t a, size_t b)
{
	return a < b ? a : b;
}

/* Where in storage a byte is; offset is at most the capacity, which is not 0. */
static size_t position(const struct ring_buffer *ring, size_t offset)
{
	size_t before_end = ring->capacity - ring->start;

	return offset < before_end ? ring->start + offset : offset - before_end;
}

void ring_buffer_init(struct ring_buffer *ring, void *storage, size_t capacity)
{
	*ring = (struct ring_buffer){ .storage = storage, .capacity = capacity };
}

size_t ring_buffer_length(const struct ring_buffer *ring)
{
	return ring->length;
}

size_t ring_buffer_room(const struct ring_buffer *ring)
{
	return ring->capacity - ring->length;
}

size_t ring_buffer_write(struct ring_buffer *ring, const void *bytes, size_t count)
{
	const unsigned char *from = bytes;

	assert(count <= ring_buffer_room(ring));
	if (count > 0) {
		size_t end = position(ring, ring->length);
		size_t first = least(count, ring->capacity - end);

		memcpy(ring->storage + end, from, first);
		memcpy(ring->storage, from + first, count - first);
		ring->length += count;
	}
	return count;
}

size_t ring_buffer_overwrite(struct ring_buffer *ring, const void *bytes, size_t count)
{
	size_t kept = least(count, ring->capacity);
	size_t room = ring_buffer_room(ring);
	size_t dropped = kept > room ? ring_buffer_skip(ring, kept - room) : 0;

	if (kept > 0)
		ring_buffer_write(ring, (const unsigned char *)bytes + (count - kept), kept);
	return dropped;
}

size_t ring_buffer_peek(const struct ring_buffer *ring, size_t offset, void *bytes, size_t count)
{
	unsigned char *to = bytes;

	if (offset >= ring->length)
		return 0;
	count = least(count, ring->length - offset);
	if (count > 0) {
		size_t begin = position(ring, offset);
		size_t first = least(count, ring->capacity - begin);

		memcpy(to, ring->storage + begin, first);
		memcpy(to + first, ring->storage, count - first);
	}
	return count;
}

size_t ring_buffer_skip(struct ring_buffer *ring, size_t count)
{
	count = least(count, ring->length);
	if (count > 0)
		ring->start = position(ring, count);
	ring->length -= count;
	return count;
}

size_t ring_buffer_read(struct ring_buffer *ring, void *bytes, size_t count)
{
	return ring_buffer_skip(ring, ring_buffer_peek(ring, 0, bytes, count));
}

size_t ring_buffer_find(const struct ring_buffer *ring, unsigned char value)
{
	for (size_t offset = 0; offset < ring->length; offset++)
		if (ring->storage[position(ring, offset)] == value)
			return offset;
	return RING_BUFFER_NONE;
}
