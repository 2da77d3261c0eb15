/* output_keep.c - keeps the beginning and the end of an output that may be endless */
#include "grade/output_keep.h"

#include "base/auto.h"
#include "grade/grade_text.h"

#include <inttypes.h>
#include <string.h>

#define LINE_MOST 64 /* bytes of the line between */

void output_keep_release(struct output_keep *keep)
{
	buf_release(&keep->head);
	buf_release(&keep->tail);
}

static void add_tail(struct buf *tail, const char *data, size_t len)
{
	tail->limit = 2 * OUTPUT_KEEP_PART;
	if (len > OUTPUT_KEEP_PART) {
		data += len - OUTPUT_KEEP_PART;
		len = OUTPUT_KEEP_PART;
	}
	if (tail->len + len > tail->limit) {
		memmove(tail->data, tail->data + tail->len - OUTPUT_KEEP_PART, OUTPUT_KEEP_PART);
		tail->len = OUTPUT_KEEP_PART;
	}
	buf_add(tail, data, len);
}

void output_keep_add(struct output_keep *keep, const void *data, size_t len)
{
	size_t room = OUTPUT_KEEP_PART - keep->head.len;
	size_t first = len < room ? len : room;

	keep->total += len;
	keep->head.limit = OUTPUT_KEEP_PART;
	if (first)
		buf_add(&keep->head, data, first);
	if (len > first)
		add_tail(&keep->tail, (const char *)data + first, len - first);
}

static char *with_gap(const struct output_keep *keep, const struct buf *all, bool whole,
		      size_t most)
{
	size_t room = (most - LINE_MOST) / 2, skip = whole ? 0 : keep->head.len;
	size_t first = grade_text_fit(all->data, whole ? all->len : keep->head.len, room);
	size_t last = grade_text_fit_end(all->data + skip, all->len - skip, room);
	AUTO_FREE char *beginning = grade_text_clean(all->data, first, room);
	AUTO_FREE char *end = grade_text_clean(all->data + all->len - last, last, room);

	return buf_format("%s\n[%" PRIu64 " bytes left out]\n%s", beginning ? beginning : "",
			  keep->total - first - last, end ? end : "");
}

char *output_keep_text(const struct output_keep *keep, size_t most)
{
	AUTO(buf_release) struct buf all = BUF_INIT(3 * OUTPUT_KEEP_PART);
	bool whole = keep->total == keep->head.len + keep->tail.len;

	buf_add(&all, buf_str(&keep->head), keep->head.len);
	buf_add(&all, buf_str(&keep->tail), keep->tail.len);
	if (!whole || grade_text_fit(buf_str(&all), all.len, most) < all.len)
		return with_gap(keep, &all, whole, most);
	return grade_text_clean(buf_str(&all), all.len, most);
}

char *output_keep_beginning(const struct output_keep *keep, size_t most)
{
	return grade_text_clean(buf_str(&keep->head), keep->head.len, most);
}
