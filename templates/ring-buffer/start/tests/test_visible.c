#include "ring_buffer.h"
#include "tests/tap.h"

#include <string.h>

static unsigned char storage[5], bytes[8];
static struct ring_buffer ring;

static void new_buffer_is_empty(void)
{
	ring_buffer_init(&ring, storage, sizeof(storage));
	CHECK(ring_buffer_length(&ring) == 0);
	CHECK(ring_buffer_room(&ring) == 5);
	CHECK(ring_buffer_read(&ring, bytes, sizeof(bytes)) == 0);
}

static void bytes_come_out_in_order(void)
{
	ring_buffer_init(&ring, storage, sizeof(storage));
	CHECK(ring_buffer_write(&ring, "abc", 3) == 3);
	CHECK(ring_buffer_length(&ring) == 3);
	CHECK(ring_buffer_read(&ring, bytes, 2) == 2);
	CHECK(memcmp(bytes, "ab", 2) == 0);
	CHECK(ring_buffer_read(&ring, bytes, 2) == 1);
	CHECK(bytes[0] == 'c');
}

static void write_stops_when_full(void)
{
	ring_buffer_init(&ring, storage, sizeof(storage));
	CHECK(ring_buffer_write(&ring, "abcdefgh", 8) == 5);
	CHECK(ring_buffer_room(&ring) == 0);
	CHECK(ring_buffer_write(&ring, "x", 1) == 0);
}

static void overwrite_drops_the_oldest(void)
{
	ring_buffer_init(&ring, storage, sizeof(storage));
	CHECK(ring_buffer_overwrite(&ring, "abcd", 4) == 0);
	CHECK(ring_buffer_overwrite(&ring, "efg", 3) == 2);
	CHECK(ring_buffer_read(&ring, bytes, sizeof(bytes)) == 5);
	CHECK(memcmp(bytes, "cdefg", 5) == 0);
}

static void find_tells_the_offset(void)
{
	ring_buffer_init(&ring, storage, sizeof(storage));
	CHECK(ring_buffer_write(&ring, "a\nb\n", 4) == 4);
	CHECK(ring_buffer_find(&ring, '\n') == 1);
	CHECK(ring_buffer_find(&ring, 'z') == RING_BUFFER_NONE);
}

int main(void)
{
	static const struct tap_case cases[] = {
		{ "a new buffer is empty", new_buffer_is_empty },
		{ "bytes come out in order", bytes_come_out_in_order },
		{ "write stops when full", write_stops_when_full },
		{ "overwrite drops the oldest bytes", overwrite_drops_the_oldest },
		{ "find tells the offset", find_tells_the_offset },
	};

	return tap_run(cases, sizeof(cases) / sizeof(cases[0]));
}
