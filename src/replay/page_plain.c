/* page_plain.c - see page_plain.h */
#include "replay/page_plain.h"

#include <stdbool.h>

enum { ESC = 0x1b, BEL = 0x07, DEL = 0x7f };

/* The byte after the parameters and the last byte of a control sequence (ECMA-48, 5.4). */
static size_t skip_control(const char *bytes, size_t len)
{
	size_t i = 0;

	while (i < len && bytes[i] >= 0x20 && bytes[i] <= 0x3f)
		i++;
	return i < len && bytes[i] >= 0x40 && bytes[i] <= 0x7e ? i + 1 : i;
}

/* Up to BEL or ESC \ (titles, links, clipboards and the like); one that never ends takes its first
 * byte only, so that it cannot hide what follows. */
static size_t skip_string(const char *bytes, size_t len)
{
	size_t i;

	for (i = 0; i < len && bytes[i] != '\n'; i++) {
		if (bytes[i] == BEL)
			return i + 1;
		if (bytes[i] == ESC)
			return i + 1 < len && bytes[i + 1] == '\\' ? i + 2 : i;
	}
	return 0;
}

/* Bytes of the sequence that begins with the ESC at `bytes`. */
static size_t skip_escape(const char *bytes, size_t len)
{
	size_t i = 1;

	if (len < 2)
		return len;
	switch (bytes[1]) {
	case '[': return 2 + skip_control(bytes + 2, len - 2);
	case ']':
	case 'P':
	case 'X':
	case '^':
	case '_': return 2 + skip_string(bytes + 2, len - 2);
	default: break;
	}
	while (i < len && bytes[i] >= 0x20 && bytes[i] <= 0x2f)
		i++;
	return i < len && bytes[i] >= 0x30 && bytes[i] <= 0x7e ? i + 1 : i;
}

/* U+0080 to U+009F: control characters of 8 bits */
static bool is_high_control(const char *bytes, size_t len)
{
	return len > 1 && bytes[0] == '\xc2' && (unsigned char)bytes[1] < 0xa0;
}

void page_plain_add(struct buf *out, const char *bytes, size_t len)
{
	size_t i = 0;

	while (i < len) {
		unsigned char byte = (unsigned char)bytes[i];

		if (byte == ESC) {
			i += skip_escape(bytes + i, len - i);
		} else if (is_high_control(bytes + i, len - i)) {
			i += 2;
		} else if (byte == '\r') {
			/* a line that is written over stays to be seen */
			if (i + 1 == len || bytes[i + 1] != '\n')
				buf_add_byte(out, '\n');
			i++;
		} else {
			if ((byte >= 0x20 && byte != DEL) || byte == '\n' || byte == '\t')
				buf_add_byte(out, bytes[i]);
			i++;
		}
	}
}
