/* text_diff.c - see text_diff.h */
#include "workspace/text_diff.h"

#include "base/auto.h"
#include "base/utf8.h"
#include "workspace/line_diff.h"

#include <string.h>

/* A part of a text. */
struct part {
	const char *data;
	size_t len;
};

struct diff {
	const char *after;	/* the whole new text: deltas are placed in it */
	int (*visit)(void *arg, const struct text_delta *delta, struct err *err);
	void *arg;
};

static void skip(struct part *part, size_t len)
{
	part->data += len;
	part->len -= len;
}

/* Bytes that both begin with, up to the beginning of a character. */
static size_t common_start(struct part a, struct part b)
{
	size_t most = a.len < b.len ? a.len : b.len;
	size_t len = 0;

	while (len < most && a.data[len] == b.data[len])
		len++;
	while (len && ((len < a.len && utf8_inside(a.data[len])) ||
		       (len < b.len && utf8_inside(b.data[len]))))
		len--;
	return len;
}

/* Bytes that both end with, from the beginning of a character on. */
static size_t common_end(struct part a, struct part b)
{
	size_t most = a.len < b.len ? a.len : b.len;
	size_t len = 0;

	while (len < most && a.data[a.len - len - 1] == b.data[b.len - len - 1])
		len++;
	while (len && utf8_inside(a.data[a.len - len]))
		len--;
	return len;
}

/* Leaves of both only what differs. */
static void trim(struct part *a, struct part *b)
{
	size_t same = common_start(*a, *b);

	skip(a, same);
	skip(b, same);
	same = common_end(*a, *b);
	a->len -= same;
	b->len -= same;
}

static int tell(struct diff *diff, struct part before, struct part after, struct err *err)
{
	struct text_delta delta;

	trim(&before, &after);
	if (!before.len && !after.len)
		return 0;
	delta = (struct text_delta){ .at = (size_t)(after.data - diff->after), .del = before.len,
				     .ins = after.data, .len = after.len };
	return diff->visit(diff->arg, &delta, err);
}

/* --- by lines */

struct by_lines {
	struct diff *diff;
	struct line_list old, new;
};

static void by_lines_release(struct by_lines *by)
{
	line_list_release(&by->old);
	line_list_release(&by->new);
}

static struct part lines_from(const struct line_list *lines, size_t first, size_t count)
{
	return (struct part){ lines->text + lines->at[first],
			      lines->at[first + count] - lines->at[first] };
}

static int tell_hunk(void *arg, const struct line_hunk *hunk, struct err *err)
{
	const struct by_lines *by = arg;

	return tell(by->diff, lines_from(&by->old, hunk->old_first, hunk->old_count),
		    lines_from(&by->new, hunk->new_first, hunk->new_count), err);
}

static int diff_lines(struct diff *diff, struct part before, struct part after, struct err *err)
{
	AUTO(by_lines_release) struct by_lines by = {
		.diff = diff,
		.old = line_list_of(before.data, before.len),
		.new = line_list_of(after.data, after.len),
	};

	return line_diff(&by.old, &by.new, tell_hunk, &by, err);
}

static void widen_left(struct part *part)
{
	part->data--;
	part->len++;
}

/* From the beginning of the line in which they begin to differ to the end of the last such line. */
static void widen(struct part *a, struct part *b, struct part whole)
{
	const char *end = whole.data + whole.len;

	while (b->data > whole.data && b->data[-1] != '\n') {
		widen_left(a);
		widen_left(b);
	}
	while (b->data + b->len < end && b->data[b->len - 1] != '\n') {
		a->len++;
		b->len++;
	}
}

int text_diff(const char *before, size_t before_len, const char *after, size_t after_len,
	      int (*visit)(void *arg, const struct text_delta *delta, struct err *err), void *arg,
	      struct err *err)
{
	struct diff diff = { .after = after, .visit = visit, .arg = arg };
	struct part old = { before, before_len }, new = { after, after_len };

	trim(&old, &new);
	/* one change, whatever a comparison of lines would say */
	if (!old.len || !new.len || old.len > TEXT_DIFF_MAX || new.len > TEXT_DIFF_MAX ||
	    (!memchr(old.data, '\n', old.len) && !memchr(new.data, '\n', new.len)))
		return tell(&diff, old, new, err);
	widen(&old, &new, (struct part){ after, after_len });
	return diff_lines(&diff, old, new, err);
}

bool text_diff_fits(const char *bytes, size_t len)
{
	return len <= TEXT_DIFF_MAX && !memchr(bytes, 0, len) && utf8_valid(bytes, len);
}
