/* page_steps.c - see page_steps.h */
#include "replay/page_steps.h"

#include <inttypes.h>

void page_steps_release(struct page_steps *steps)
{
	buf_release(&steps->out);
}

static int64_t shown_instant(const struct page_steps *steps, int64_t instant)
{
	instant = instant < steps->start ? steps->start : instant;
	return instant > steps->end ? steps->end : instant;
}

int64_t page_steps_clock(const struct page_steps *steps, int64_t instant)
{
	return shown_instant(steps, instant) - steps->start;
}

struct buf *page_steps_open(struct page_steps *steps, int64_t instant, enum page_step code)
{
	instant = shown_instant(steps, instant);
	instant = instant < steps->last ? steps->last : instant;
	buf_add_format(&steps->out, "%s[%" PRId64 ",%d", steps->count ? ",\n" : "",
		       instant - steps->last, (int)code);
	steps->last = instant;
	steps->count++;
	return &steps->out;
}

void page_steps_close(struct page_steps *steps)
{
	buf_add_byte(&steps->out, ']');
}
