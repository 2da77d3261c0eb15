/* judge_text.c - see judge_text.h */
#include "score/judge_text.h"

#include "base/auto.h"
#include "base/utf8.h"
#include "score/judge_rubric.h"

#include <stdbool.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#define NEAR 80			/* bytes of plain text between the two parts of "A ... B" */
#define BETWEEN " ... "
#define PHRASE_MOST 64

/* --- characters */

/* Without width, or turning the direction of writing, or taken for a line end by some. */
static bool is_unseen(uint32_t c)
{
	static const uint32_t ranges[][2] = {
		{ 0x0, 0x8 }, { 0xb, 0x1f }, { 0x7f, 0x9f }, { 0xad, 0xad }, { 0x34f, 0x34f },
		{ 0x61c, 0x61c }, { 0x115f, 0x1160 }, { 0x17b4, 0x17b5 }, { 0x180b, 0x180f },
		{ 0x200b, 0x200f }, { 0x2028, 0x202e }, { 0x2060, 0x206f }, { 0x3164, 0x3164 },
		{ 0xfe00, 0xfe0f }, { 0xfeff, 0xfeff }, { 0xffa0, 0xffa0 }, { 0xfff0, 0xfffb },
		{ 0xe0000, 0xe0fff },
	};

	for (size_t i = 0; i < sizeof(ranges) / sizeof(*ranges); i++)
		if (c >= ranges[i][0] && c <= ranges[i][1])
			return true;
	return false;
}

/* The next character and its length; U+FFFD for a byte that begins none. */
static uint32_t next_char(const char *text, size_t len, size_t *ret_len)
{
	size_t size = utf8_char(text, len);

	*ret_len = size ? size : 1;
	return size ? utf8_decode(text, size) : 0xfffd;
}

static void add_char(struct buf *out, uint32_t c)
{
	char bytes[4];

	buf_add(out, bytes, utf8_encode(c, bytes));
}

static void add_visible(struct buf *out, const char *text, size_t len)
{
	size_t size;

	for (size_t at = 0; at < len; at += size) {
		uint32_t c = next_char(text + at, len - at, &size);

		if (is_unseen(c))
			buf_add_format(out, "[U+%04X]", (unsigned)c);
		else
			add_char(out, c);
	}
}

/* --- who speaks to the judge */

/* The words of a text with single blanks between and at both ends, and the line of each byte. */
struct plain {
	struct buf text;
	uint32_t *lines;
	size_t room;
};

static void plain_release(struct plain *plain)
{
	buf_release(&plain->text);
	free(plain->lines);
}

static void plain_add(struct plain *plain, uint32_t c, uint32_t line)
{
	size_t from = plain->text.len;

	if (c == ' ' && from && plain->text.data[from - 1] == ' ')
		return;
	add_char(&plain->text, c);
	if (plain->text.len > plain->room) {
		plain->room = 2 * plain->text.len + 64;
		plain->lines = buf_realloc(plain->lines, plain->room, sizeof(*plain->lines));
	}
	for (; from < plain->text.len; from++)
		plain->lines[from] = line;
}

static uint32_t plain_char(uint32_t c)
{
	if (c >= 0xff01 && c <= 0xff5e)
		c -= 0xff01 - '!';
	if (c >= 'A' && c <= 'Z')
		return c + ('a' - 'A');
	if ((c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || (c >= 0x80 && c != 0xfffd))
		return c;
	return ' ';
}

/* Gives the number of lines. */
static uint32_t make_plain(const char *text, size_t len, struct plain *ret)
{
	uint32_t line = 0;
	size_t size;

	*ret = (struct plain){ .text = BUF_INIT(SIZE_MAX) };
	plain_add(ret, ' ', 0);
	for (size_t at = 0; at < len; at += size) {
		uint32_t c = next_char(text + at, len - at, &size);

		if (c == '\n' || !is_unseen(c))
			plain_add(ret, plain_char(c), line);
		line += c == '\n';
	}
	plain_add(ret, ' ', line);
	return line + 1;
}

/* The next place of a word or words between blanks, from `at` on and before `end`; SIZE_MAX. */
static size_t find_words(const struct plain *plain, size_t at, size_t end, const char *words,
			 size_t len)
{
	char wanted[PHRASE_MOST + 3];
	size_t wanted_len = (size_t)snprintf(wanted, sizeof(wanted), " %.*s ", (int)len, words);
	const char *hit = NULL;

	if (end > plain->text.len)
		end = plain->text.len;
	if (at < end)
		hit = memmem(plain->text.data + at, end - at, wanted, wanted_len);
	return hit ? (size_t)(hit - plain->text.data) : SIZE_MAX;
}

static void mark_lines(const struct plain *plain, size_t from, size_t to, bool *gone)
{
	for (uint32_t line = plain->lines[from]; line <= plain->lines[to]; line++)
		gone[line] = true;
}

static void find_attack(const struct plain *plain, const char *attack, bool *gone)
{
	const char *gap = strstr(attack, BETWEEN);
	const char *second = gap ? gap + strlen(BETWEEN) : "";
	size_t len = gap ? (size_t)(gap - attack) : strlen(attack), at = 0;

	while ((at = find_words(plain, at, SIZE_MAX, attack, len)) != SIZE_MAX) {
		size_t last = at + len;

		if (gap) {
			size_t other = find_words(plain, last, last + NEAR + strlen(second) + 2,
						  second, strlen(second));

			last = other == SIZE_MAX ? 0 : other + strlen(second);
		}
		if (last)
			mark_lines(plain, at + 1, last, gone);
		at++;
	}
}

/* Which lines speak to the judge; yours. */
static bool *find_attacks(const char *text, size_t len)
{
	AUTO(plain_release) struct plain plain = { .room = 0 };
	bool *gone = buf_alloc(make_plain(text, len, &plain) * sizeof(*gone));
	const char *attack;

	for (size_t i = 0; (attack = judge_rubric_attack(i)) != NULL; i++)
		find_attack(&plain, attack, gone);
	return gone;
}

/* --- the text */

static size_t add_lines(struct buf *out, const char *text, size_t len)
{
	AUTO_FREE bool *gone = find_attacks(text, len);
	size_t count = 0, line = 0;

	for (size_t at = 0; at < len; line++) {
		const char *end = memchr(text + at, '\n', len - at);
		size_t size = end ? (size_t)(end - text) - at + 1 : len - at;

		if (!gone[line])
			add_visible(out, text + at, size);
		else if (line == 0 || !gone[line - 1])
			buf_add_format(out, "%s%s", JUDGE_TEXT_GONE, end ? "\n" : "");
		count += gone[line];
		at += size;
	}
	return count;
}

static size_t to_char(const char *text, size_t at)
{
	while (at && utf8_inside(text[at]))
		at--;
	return at;
}

size_t judge_text_add(struct buf *out, const char *text, size_t len, size_t most)
{
	AUTO(buf_release) struct buf cut = BUF_INIT(SIZE_MAX);
	size_t head, tail;

	if (len <= most)
		return add_lines(out, text, len);
	head = to_char(text, most - most / 3);
	tail = to_char(text, len - most / 3);
	buf_add(&cut, text, head);
	buf_add_format(&cut, "\n[%zu bytes are not shown]\n", tail - head);
	buf_add(&cut, text + tail, len - tail);
	return add_lines(out, buf_str(&cut), cut.len);
}
