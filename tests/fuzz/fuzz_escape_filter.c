/* fuzz_escape_filter.c - any bytes to a terminal, in pieces: nothing but what is allowed comes out
 *
 * The check is written anew from the allow list of escape_filter.h. */
#include "replay/escape_filter.h"

#include "base/auto.h"

#include <stdint.h>
#include <stdlib.h>
#include <string.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void demand(bool holds)
{
	if (!holds)
		abort();
}

static bool is_mode(long mode)
{
	return mode == 5 || mode == 6 || mode == 7 || mode == 12 || mode == 25 || mode == 47 ||
	       mode == 1047 || mode == 1048 || mode == 1049 || mode == 2026;
}

/* The length of the sequence that begins behind ESC. */
static size_t check_sequence(const char *text)
{
	size_t len, i;

	if (*text != '[') {
		demand(*text && strchr("78DEM", *text));
		return 1;
	}
	len = 1 + strspn(text + 1, "0123456789;:?");
	demand(text[len] && strchr("mABCDEFGH`adefIZsuJKX@PLMbSTrhl", text[len]));
	for (i = 1; i < len; i++) {
		demand(text[i] != '?' || (i == 1 && (text[len] == 'h' || text[len] == 'l')));
		demand(text[i] != ':' || text[len] == 'm');
	}
	demand(text[len] != 'J' || text[1] != '3');
	for (i = 1; text[1] == '?' && i < len; i += 1 + strspn(text + i + 1, "0123456789"))
		demand(is_mode(strtol(text + i + 1, NULL, 10)));
	demand((text[len] != 's' && text[len] != 'u') || len == 1);
	return len + 1;
}

static void check(const struct buf *out)
{
	AUTO_JSON json_t *utf8 = json_stringn(buf_str(out), out->len);
	const char *at = buf_str(out), *end = at + out->len;

	demand(utf8 != NULL);
	while (at < end) {
		unsigned char byte = (unsigned char)*at++;

		if (byte == 0x1b)
			at += check_sequence(at);
		else if (byte < 0x20)
			demand(byte == '\t' || byte == '\n' || byte == '\r' || byte == '\b');
		else if (byte == 0xc2)
			demand((unsigned char)*at >= 0xa0);
		else
			demand(byte != 0x7f);
	}
}

/* Fed whole, byte by byte, and once more with its own output: that changes nothing. */
int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct escape_filter filter = ESCAPE_FILTER_INIT, slow = ESCAPE_FILTER_INIT;
	struct escape_filter second = ESCAPE_FILTER_INIT;
	AUTO(buf_release) struct buf out = BUF_INIT(16 << 20);
	AUTO(buf_release) struct buf pieces = BUF_INIT(16 << 20);
	AUTO(buf_release) struct buf again = BUF_INIT(16 << 20);
	size_t i;

	escape_filter_feed(&filter, data, size, &out);
	check(&out);
	for (i = 0; i < size; i++)
		escape_filter_feed(&slow, data + i, 1, &pieces);
	demand(pieces.len == out.len && !memcmp(buf_str(&pieces), buf_str(&out), out.len));
	escape_filter_feed(&second, buf_str(&out), out.len, &again);
	demand(again.len == out.len && !memcmp(buf_str(&again), buf_str(&out), out.len));
	return 0;
}
