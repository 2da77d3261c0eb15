/* sse.c - see sse.h */
#include "ai/sse.h"

#include <string.h>

#define BYTE_ORDER_MARK "\xef\xbb\xbf"

void sse_release(struct sse *sse)
{
	buf_release(&sse->line);
	buf_release(&sse->data);
	buf_release(&sse->name);
	*sse = (struct sse)SSE_INIT;
}

static void dispatch(struct sse *sse, bool open, sse_fn *fn, void *arg)
{
	struct sse_event event = {
		.name = buf_str(&sse->name),
		.data = buf_str(&sse->data),
		.len = sse->data.len,
		.cut = sse->data.full,
		.open = open,
		.begin = sse->begin,
		.end = sse->place,
	};

	if (sse->has_data)
		fn(arg, &event);
	buf_clear(&sse->data);
	buf_clear(&sse->name);
	sse->has_data = false;
	sse->begin = sse->place;
}

/* One line without its end. */
static void take_field(struct sse *sse)
{
	const char *line = buf_str(&sse->line), *colon = memchr(line, ':', sse->line.len);
	const char *end = line + sse->line.len, *value = colon ? colon + 1 : end;
	size_t name_len = (size_t)((colon ? colon : end) - line);

	if (value < end && *value == ' ')
		value++;
	if (name_len == 4 && memcmp(line, "data", 4) == 0) {
		if (sse->has_data)
			buf_add_byte(&sse->data, '\n');
		sse->has_data = true;
		buf_add(&sse->data, value, (size_t)(end - value));
		sse->data.full |= sse->line.full;
	} else if (name_len == 5 && memcmp(line, "event", 5) == 0) {
		buf_clear(&sse->name);
		buf_add(&sse->name, value, (size_t)(end - value));
	}
}

static void end_line(struct sse *sse, sse_fn *fn, void *arg)
{
	if (sse->line.len)
		take_field(sse);
	else
		dispatch(sse, false, fn, arg);
	buf_clear(&sse->line);
}

static void add_part(struct sse *sse, const char *part, size_t len)
{
	buf_add(&sse->line, part, len);
	sse->place += len;
	if (sse->started || sse->line.len < 3)
		return;
	sse->started = true;
	if (memcmp(buf_str(&sse->line), BYTE_ORDER_MARK, 3) == 0) {
		memmove(sse->line.data, sse->line.data + 3, sse->line.len - 2);
		sse->line.len -= 3;
	}
}

void sse_add(struct sse *sse, const void *bytes, size_t len, sse_fn *fn, void *arg)
{
	const char *at = bytes, *end = at + len;

	while (at < end) {
		const char *stop = at;

		if (sse->after_cr && *at == '\n') {
			/* the second half of the line end before */
			sse->place++;
			if (sse_between(sse))
				sse->begin = sse->place;
			at++;
		}
		sse->after_cr = false;
		for (stop = at; stop < end && *stop != '\r' && *stop != '\n'; stop++)
			continue;
		if (stop > at)
			add_part(sse, at, (size_t)(stop - at));
		if (stop < end) {
			sse->place++;
			sse->started = true;
			sse->after_cr = *stop == '\r';
			end_line(sse, fn, arg);
			stop++;
		}
		at = stop;
	}
}

void sse_end(struct sse *sse, sse_fn *fn, void *arg)
{
	if (sse->line.len)
		take_field(sse);
	buf_clear(&sse->line);
	dispatch(sse, true, fn, arg);
}

bool sse_between(const struct sse *sse)
{
	return !sse->has_data && !sse->line.len && !sse->name.len;
}
