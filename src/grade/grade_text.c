/* grade_text.c - foreign text made fit for JSON and terminals */
#include "grade/grade_text.h"

#include "base/system.h"

#include <stdint.h>
#include <string.h>

#define CUT "..."
#define CUT_LEN 3
#define REPLACEMENT "\xef\xbf\xbd"
#define REPLACEMENT_LEN 3

size_t grade_text_char(const char *data, size_t len)
{
	static const uint32_t smallest[] = { 0, 0, 0x80, 0x800, 0x10000 };
	unsigned char first = (unsigned char)data[0];
	size_t want = first < 0x80   ? 1
		      : first < 0xc2 ? 0
		      : first < 0xe0 ? 2
		      : first < 0xf0 ? 3
		      : first < 0xf5 ? 4
				     : 0;
	uint32_t value = want > 1 ? first & (0x7fu >> want) : first;

	if (want == 0 || want > len)
		return 0;
	for (size_t i = 1; i < want; i++) {
		unsigned char next = (unsigned char)data[i];

		if ((next & 0xc0) != 0x80)
			return 0;
		value = value << 6 | (next & 0x3f);
	}
	if (value < smallest[want] || (value >= 0xd800 && value < 0xe000) || value > 0x10ffff)
		return 0;

	return want;
}

static bool is_control(const char *data, size_t char_len)
{
	unsigned char first = (unsigned char)data[0];

	if (char_len == 1)
		return (first < 0x20 && first != '\n' && first != '\t') || first == 0x7f;

	/* U+0080 to U+009F: some terminals obey them like ESC sequences */
	return char_len == 2 && first == 0xc2 && (unsigned char)data[1] < 0xa0;
}

static bool is_space(char c)
{
	return c == ' ' || c == '\t' || c == '\n' || c == '\r';
}

/* One character of the input, cleaned, to `out`; returns the bytes it took. */
static size_t add_clean(struct buf *out, const char *data, size_t len)
{
	size_t char_len = grade_text_char(data, len);

	if (data[0] == '\r' && len > 1 && data[1] == '\n')
		return 1;
	if (char_len == 0 || is_control(data, char_len)) {
		buf_add(out, REPLACEMENT, REPLACEMENT_LEN);
		return char_len ? char_len : 1;
	}
	buf_add(out, data, char_len);
	return char_len;
}

static char *take_or_null(struct buf *out)
{
	if (out->len == 0) {
		buf_release(out);
		return NULL;
	}
	return buf_take(out);
}

char *grade_text_clean(const char *data, size_t len, size_t most)
{
	struct buf out = BUF_INIT(most + 8);
	size_t at = 0, whole = 0;

	while (len > 0 && is_space(data[len - 1]))
		len--;
	while (at < len) {
		at += add_clean(&out, data + at, len - at);
		if (out.len > most)
			break;
		if (out.len <= most - CUT_LEN)
			whole = out.len;
	}
	if (out.len > most) {
		out.len = whole;
		buf_add(&out, CUT, CUT_LEN);
	}

	return take_or_null(&out);
}

/* Bytes that add_clean makes of the character that begins at data. */
static size_t clean_size(const char *data, size_t len)
{
	size_t char_len = grade_text_char(data, len);

	if (data[0] == '\r' && len > 1 && data[1] == '\n')
		return 0;
	return char_len == 0 || is_control(data, char_len) ? REPLACEMENT_LEN : char_len;
}

size_t grade_text_fit(const char *data, size_t len, size_t most)
{
	size_t at = 0, size = 0;

	while (at < len) {
		size_t char_len = grade_text_char(data + at, len - at);

		size += clean_size(data + at, len - at);
		if (size > most)
			break;
		at += char_len ? char_len : 1;
	}
	return at;
}

/* Length of the character, or of the byte that is none, which ends at data[len - 1]. */
static size_t last_char(const char *data, size_t len)
{
	for (size_t back = 2; back <= 4 && back <= len; back++)
		if (grade_text_char(data + len - back, back) == back)
			return back;
	return 1;
}

size_t grade_text_fit_end(const char *data, size_t len, size_t most)
{
	size_t at = len, size = 0;

	while (at > 0) {
		size_t back = last_char(data, at);

		size += clean_size(data + at - back, len - at + back);
		if (size > most)
			break;
		at -= back;
	}
	return len - at;
}

static void show_char(struct buf *out, const char *data, size_t char_len)
{
	if (char_len == 0 || (is_control(data, char_len) && data[0] != '\r'))
		buf_add_format(out, "\\x%02x", (unsigned char)data[0]);
	else if (data[0] == '\n')
		buf_add_str(out, "\\n");
	else if (data[0] == '\t')
		buf_add_str(out, "\\t");
	else if (data[0] == '\r')
		buf_add_str(out, "\\r");
	else if (data[0] == '\\')
		buf_add_str(out, "\\\\");
	else
		buf_add(out, data, char_len);
}

void grade_text_show(struct buf *out, const char *data, size_t len, size_t most)
{
	size_t begin = out->len, whole = out->len;

	for (size_t at = 0; at < len;) {
		size_t char_len = grade_text_char(data + at, len - at);
		bool control = char_len > 1 && is_control(data + at, char_len);

		show_char(out, data + at, control ? 0 : char_len);
		at += char_len > 1 && !control ? char_len : 1;
		if (out->len - begin > most || out->full) {
			out->len = whole;
			buf_add_str(out, CUT);
			return;
		}
		if (out->len - begin <= most - CUT_LEN)
			whole = out->len;
	}
}

char *grade_text_replace(const char *data, size_t len, const char *what, const char *with,
			 size_t *ret_len)
{
	size_t what_len = strlen(what), with_len = strlen(with), at = 0;
	struct buf out = BUF_INIT(len / what_len * with_len + len + 1);

	while (at < len) {
		const char *hit = memmem(data + at, len - at, what, what_len);

		if (!hit)
			break;
		buf_add(&out, data + at, (size_t)(hit - (data + at)));
		buf_add(&out, with, with_len);
		at = (size_t)(hit - data) + what_len;
	}
	if (at < len)
		buf_add(&out, data + at, len - at);
	if (ret_len)
		*ret_len = out.len;

	return buf_take(&out);
}
