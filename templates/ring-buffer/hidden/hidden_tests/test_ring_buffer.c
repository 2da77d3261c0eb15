#include "ring_buffer.h"
#include "tests/tap.h"

#include <stdint.h>
#include <string.h>

/* Storage with a guard on both sides, so that a byte written outside shows. */
enum { GUARD = 16, LARGEST = 64 };

static unsigned char memory[GUARD + LARGEST + GUARD];
static size_t capacity;
static struct ring_buffer ring;

static void start(size_t size)
{
	capacity = size;
	memset(memory, 0xA5, sizeof(memory));
	ring_buffer_init(&ring, memory + GUARD, capacity);
}

static void check_guards(void)
{
	for (size_t i = 0; i < sizeof(memory); i++)
		if (i < GUARD || i >= GUARD + capacity)
			CHECK(memory[i] == 0xA5);
}

/* The buffer holds exactly this text; looking changes nothing. */
static void check_holds(const char *text)
{
	unsigned char bytes[LARGEST];
	size_t length = strlen(text);

	CHECK(ring_buffer_length(&ring) == length);
	CHECK(ring_buffer_room(&ring) == capacity - length);
	CHECK(ring_buffer_peek(&ring, 0, bytes, sizeof(bytes)) == length);
	CHECK(memcmp(bytes, text, length) == 0);
	check_guards();
}

/* Moves the start of an empty buffer on, so that what comes next wraps around. */
static void advance(size_t count)
{
	CHECK(ring_buffer_write(&ring, "################", count) == count);
	CHECK(ring_buffer_skip(&ring, count) == count);
}

static void new_buffer(void)
{
	start(5);
	check_holds("");
	CHECK(ring_buffer_find(&ring, 0xA5) == RING_BUFFER_NONE);
	CHECK(ring_buffer_skip(&ring, 1) == 0);
}

static void init_again(void)
{
	start(5);
	ring_buffer_write(&ring, "abcd", 4);
	ring_buffer_init(&ring, memory + GUARD, 3);
	capacity = 3;
	CHECK(ring_buffer_length(&ring) == 0);
	CHECK(ring_buffer_room(&ring) == 3);
}

static void write_appends(void)
{
	start(8);
	CHECK(ring_buffer_write(&ring, "ab", 2) == 2);
	CHECK(ring_buffer_write(&ring, "cde", 3) == 3);
	check_holds("abcde");
}

static void write_partly(void)
{
	start(8);
	CHECK(ring_buffer_write(&ring, "abcdef", 6) == 6);
	CHECK(ring_buffer_write(&ring, "ghijk", 5) == 2);
	check_holds("abcdefgh");
}

static void write_when_full(void)
{
	start(4);
	CHECK(ring_buffer_write(&ring, "abcd", 4) == 4);
	CHECK(ring_buffer_write(&ring, "e", 1) == 0);
	check_holds("abcd");
}

static void write_wraps(void)
{
	start(5);
	advance(3);
	CHECK(ring_buffer_write(&ring, "abc", 3) == 3);
	check_holds("abc");
	CHECK(ring_buffer_write(&ring, "def", 3) == 2);
	check_holds("abcde");
}

static void read_wraps(void)
{
	unsigned char bytes[4];

	start(5);
	advance(3);
	CHECK(ring_buffer_write(&ring, "abcd", 4) == 4);
	CHECK(ring_buffer_read(&ring, bytes, 3) == 3);
	CHECK(memcmp(bytes, "abc", 3) == 0);
	check_holds("d");
}

static void read_leaves_the_rest_alone(void)
{
	unsigned char bytes[4] = { 'w', 'x', 'y', 'z' };

	start(5);
	CHECK(ring_buffer_write(&ring, "ab", 2) == 2);
	CHECK(ring_buffer_read(&ring, bytes, 4) == 2);
	CHECK(memcmp(bytes, "abyz", 4) == 0);
	check_holds("");
}

static void long_use(void)
{
	unsigned char in[3], out[3], next_in = 0, next_out = 0;

	start(7);
	for (size_t step = 0; step < 10000; step++) {
		size_t count = 1 + step % 3;

		for (size_t i = 0; i < count; i++)
			in[i] = next_in++;
		CHECK(ring_buffer_write(&ring, in, count) == count);
		CHECK(ring_buffer_read(&ring, out, count) == count);
		for (size_t i = 0; i < count; i++)
			CHECK(out[i] == next_out++);
	}
	check_holds("");
}

static void power_of_two(void)
{
	start(8);
	advance(6);
	CHECK(ring_buffer_write(&ring, "abcdefgh", 8) == 8);
	check_holds("abcdefgh");
}

static void one_byte(void)
{
	unsigned char byte;

	start(1);
	for (int i = 0; i < 3; i++) {
		CHECK(ring_buffer_write(&ring, "ab", 2) == 1);
		check_holds("a");
		CHECK(ring_buffer_read(&ring, &byte, 1) == 1);
		CHECK(byte == 'a');
	}
	CHECK(ring_buffer_overwrite(&ring, "abc", 3) == 0);
	check_holds("c");
}

static void no_capacity(void)
{
	unsigned char byte = 'x';

	start(0);
	ring_buffer_init(&ring, NULL, 0);
	CHECK(ring_buffer_length(&ring) == 0);
	CHECK(ring_buffer_room(&ring) == 0);
	CHECK(ring_buffer_write(&ring, "a", 1) == 0);
	CHECK(ring_buffer_overwrite(&ring, "ab", 2) == 0);
	CHECK(ring_buffer_read(&ring, &byte, 1) == 0);
	CHECK(ring_buffer_skip(&ring, 1) == 0);
	CHECK(ring_buffer_find(&ring, 'a') == RING_BUFFER_NONE);
	CHECK(byte == 'x');
}

static void no_bytes(void)
{
	start(4);
	CHECK(ring_buffer_write(&ring, "ab", 2) == 2);
	CHECK(ring_buffer_write(&ring, NULL, 0) == 0);
	CHECK(ring_buffer_overwrite(&ring, NULL, 0) == 0);
	CHECK(ring_buffer_read(&ring, NULL, 0) == 0);
	CHECK(ring_buffer_peek(&ring, 0, NULL, 0) == 0);
	CHECK(ring_buffer_skip(&ring, 0) == 0);
	check_holds("ab");
}

static void peek_offset(void)
{
	unsigned char bytes[3] = { 'x', 'y', 'z' };

	start(5);
	advance(4);
	CHECK(ring_buffer_write(&ring, "abcd", 4) == 4);
	CHECK(ring_buffer_peek(&ring, 2, bytes, 3) == 2);
	CHECK(memcmp(bytes, "cdz", 3) == 0);
	check_holds("abcd");
}

static void peek_past_the_end(void)
{
	unsigned char byte = 'x';

	start(5);
	CHECK(ring_buffer_write(&ring, "abc", 3) == 3);
	CHECK(ring_buffer_peek(&ring, 3, &byte, 1) == 0);
	CHECK(ring_buffer_peek(&ring, 4, &byte, 1) == 0);
	CHECK(ring_buffer_peek(&ring, SIZE_MAX, &byte, 1) == 0);
	CHECK(byte == 'x');
}

static void largest_count(void)
{
	unsigned char bytes[5];

	start(5);
	CHECK(ring_buffer_write(&ring, "abcde", 5) == 5);
	CHECK(ring_buffer_peek(&ring, 1, bytes, SIZE_MAX) == 4);
	CHECK(memcmp(bytes, "bcde", 4) == 0);
	CHECK(ring_buffer_read(&ring, bytes, SIZE_MAX) == 5);
	CHECK(memcmp(bytes, "abcde", 5) == 0);
	CHECK(ring_buffer_write(&ring, "ab", 2) == 2);
	CHECK(ring_buffer_skip(&ring, SIZE_MAX) == 2);
	check_holds("");
}

static void skip_part(void)
{
	start(5);
	advance(4);
	CHECK(ring_buffer_write(&ring, "abcde", 5) == 5);
	CHECK(ring_buffer_skip(&ring, 2) == 2);
	check_holds("cde");
}

static void overwrite_with_room(void)
{
	start(5);
	CHECK(ring_buffer_write(&ring, "ab", 2) == 2);
	CHECK(ring_buffer_overwrite(&ring, "cde", 3) == 0);
	check_holds("abcde");
}

static void overwrite_oldest(void)
{
	start(5);
	advance(2);
	CHECK(ring_buffer_write(&ring, "abcd", 4) == 4);
	CHECK(ring_buffer_overwrite(&ring, "efg", 3) == 2);
	check_holds("cdefg");
}

static void overwrite_all(void)
{
	start(5);
	advance(1);
	CHECK(ring_buffer_write(&ring, "xyz", 3) == 3);
	CHECK(ring_buffer_overwrite(&ring, "abcde", 5) == 3);
	check_holds("abcde");
}

static void overwrite_with_more(void)
{
	start(5);
	advance(3);
	CHECK(ring_buffer_write(&ring, "xy", 2) == 2);
	CHECK(ring_buffer_overwrite(&ring, "abcdefghijklm", 13) == 2);
	check_holds("ijklm");
}

static void find_oldest(void)
{
	start(5);
	advance(3);
	CHECK(ring_buffer_write(&ring, "abcb", 4) == 4);
	CHECK(ring_buffer_find(&ring, 'b') == 1);
	CHECK(ring_buffer_find(&ring, 'c') == 2);
	check_holds("abcb");
}

static void find_only_what_is_held(void)
{
	start(5);
	CHECK(ring_buffer_write(&ring, "abc", 3) == 3);
	CHECK(ring_buffer_skip(&ring, 1) == 1);
	CHECK(ring_buffer_find(&ring, 'a') == RING_BUFFER_NONE);
	CHECK(ring_buffer_find(&ring, 0xA5) == RING_BUFFER_NONE);
}

static void all_byte_values(void)
{
	unsigned char byte;

	start(3);
	for (int value = 0; value < 256; value++) {
		byte = value;
		ring_buffer_overwrite(&ring, &byte, 1);
		CHECK(ring_buffer_find(&ring, value) == (value < 2 ? (size_t)value : 2));
	}
	CHECK(ring_buffer_read(&ring, &byte, 1) == 1);
	CHECK(byte == 253);
}

/* A control case: no answer passes it; one that does has fooled the harness. */
static void full_has_room(void)
{
	start(4);
	ring_buffer_write(&ring, "abcd", 4);
	CHECK(ring_buffer_room(&ring) == 123456789);
}

int main(void)
{
	static const struct tap_case cases[] = {
		{ "a full buffer has room", full_has_room },
		{ "a new buffer is empty", new_buffer },
		{ "init starts anew", init_again },
		{ "write appends", write_appends },
		{ "write takes what fits", write_partly },
		{ "write to a full buffer takes nothing", write_when_full },
		{ "write wraps around", write_wraps },
		{ "read wraps around", read_wraps },
		{ "read leaves the rest of the target alone", read_leaves_the_rest_alone },
		{ "long use keeps the order", long_use },
		{ "capacity that is a power of two", power_of_two },
		{ "capacity of one byte", one_byte },
		{ "capacity of no byte", no_capacity },
		{ "count of no byte", no_bytes },
		{ "peek from an offset", peek_offset },
		{ "peek past the end", peek_past_the_end },
		{ "largest possible count", largest_count },
		{ "skip some", skip_part },
		{ "overwrite with enough room drops nothing", overwrite_with_room },
		{ "overwrite drops the oldest bytes", overwrite_oldest },
		{ "overwrite with a full load", overwrite_all },
		{ "overwrite with more than the capacity", overwrite_with_more },
		{ "find tells the first offset", find_oldest },
		{ "find sees only bytes that are held", find_only_what_is_held },
		{ "all byte values pass", all_byte_values },
	};

	return tap_run(cases, sizeof(cases) / sizeof(cases[0]));
}
