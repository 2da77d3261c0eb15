/* fuzz_player.c - any bytes as text in the player: drawn, wrapped, compared; and as moments
 *
 * The first byte says how wide; the rest is a text, or two with a NUL between. */
#include "base/utf8.h"
#include "replay/moment.h"
#include "replay/player_lines.h"
#include "workspace/text_diff.h"

#include <locale.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

/* No cell may hold what could steer a terminal. */
static void check(const struct canvas *canvas)
{
	int row, column;

	for (row = 0; row < canvas->rows; row++) {
		for (column = 0; column < canvas->columns; column++) {
			const char *text = canvas_at(canvas, row, column)->text;
			size_t len = strlen(text), at, bytes;

			for (at = 0; at < len; at += bytes) {
				uint32_t c;

				bytes = utf8_char(text + at, len - at);
				if (!bytes)
					abort();
				c = utf8_decode(text + at, bytes);
				if (c < 0x20 || (c >= 0x7f && c < 0xa0))
					abort();
			}
		}
	}
}

static void draw(struct player_lines *lines, const char *text, size_t len, int width, bool unicode)
{
	struct canvas *canvas = canvas_new(6, width, unicode);

	player_lines_clear(lines);
	player_lines_add_numbered(lines, text, len, player_plain);
	player_lines_add_wrapped(lines, text, len, width, width % 3, unicode, player_bold);
	player_lines_draw(lines, canvas, 0, width % 4, 6, width, width % 5);
	check(canvas);
	canvas_free(&canvas);
}

/* Lines that are numbered are lines of the new text, and as long. */
static void compare(struct player_lines *lines, const char *text, size_t len)
{
	const char *middle = memchr(text, 0, len);
	size_t first = middle ? (size_t)(middle - text) : len / 2;
	const char *after = text + first + (middle ? 1 : 0);
	size_t after_len = len - first - (middle ? 1 : 0), i;
	struct err err = ERR_INIT;
	int count = 0;

	if (!text_diff_fits(text, first) || !text_diff_fits(after, after_len))
		return;
	for (i = 0; i < after_len; i++)
		count += after[i] == '\n';
	player_lines_clear(lines);
	if (player_lines_add_diff(lines, text, first, after, after_len, &err) < 0)
		abort();
	for (i = 0; i < lines->count; i++)
		if (lines->list[i].number > count + 1)
			abort();
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	const struct span span = { 1000, 2000 };
	struct player_lines lines = PLAYER_LINES_INIT;
	struct moment moment;
	struct err err = ERR_INIT;
	char *text;

	if (!size)
		return 0;
	setlocale(LC_CTYPE, "C.UTF-8");
	text = buf_alloc(size);
	memcpy(text, data + 1, size - 1);
	draw(&lines, text, size - 1, 1 + data[0] % 90, data[0] & 1);
	compare(&lines, text, size - 1);
	moment_parse(text, &span, &moment, &err);
	player_lines_release(&lines);
	free(text);
	return 0;
}
