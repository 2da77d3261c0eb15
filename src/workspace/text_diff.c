/* text_diff.c - see text_diff.h */
#include "workspace/text_diff.h"

#include "base/auto.h"
#include "base/buf.h"
#include "base/utf8.h"
#include "workspace/git_library.h"

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

/* Where each line begins, and the end: count + 1 offsets. */
struct lines {
	size_t *at, count;
};

static void lines_release(struct lines *lines)
{
	free(lines->at);
}

static struct lines lines_of(struct part text)
{
	struct lines lines = { .at = buf_alloc((text.len + 2) * sizeof(*lines.at)) };
	const char *at = text.data, *end = text.data + text.len;

	while (at < end) {
		const char *feed = memchr(at, '\n', (size_t)(end - at));

		at = feed ? feed + 1 : end;
		lines.at[++lines.count] = (size_t)(at - text.data);
	}
	return lines;
}

static void free_patch(git_patch **patch)
{
	git(patch_free)(*patch);
}

/* The bytes of `count` lines from line `first` on, from 1; an empty range names the line ahead. */
static struct part range(struct part text, const struct lines *lines, int first, int count)
{
	size_t from = (size_t)(count ? first - 1 : first), to = from + (size_t)count;

	if (to > lines->count)
		to = lines->count;
	if (from > to)
		from = to;
	return (struct part){ text.data + lines->at[from], lines->at[to] - lines->at[from] };
}

static int git_err(struct err *err)
{
	const git_error *error = git(error_last)();

	return err_set(err, ERR_ENV, "cannot compare texts: %s", error ? error->message : "?");
}

static int diff_lines(struct diff *diff, struct part before, struct part after, struct err *err)
{
	AUTO(lines_release) struct lines old_lines = lines_of(before), new_lines = lines_of(after);
	AUTO(free_patch) git_patch *patch = NULL;
	git_diff_options options;
	size_t i, hunks;

	git(diff_options_init)(&options, GIT_DIFF_OPTIONS_VERSION);
	options.context_lines = 0;
	options.flags = GIT_DIFF_FORCE_TEXT;
	if (git(patch_from_buffers)(&patch, before.data, before.len, NULL, after.data, after.len,
				    NULL, &options) < 0)
		return git_err(err);
	hunks = git(patch_num_hunks)(patch);
	for (i = 0; i < hunks; i++) {
		const git_diff_hunk *hunk;

		if (git(patch_get_hunk)(&hunk, NULL, patch, i) < 0)
			return git_err(err);
		if (tell(diff, range(before, &old_lines, hunk->old_start, hunk->old_lines),
			 range(after, &new_lines, hunk->new_start, hunk->new_lines), err) < 0)
			return -1;
	}
	return 0;
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
	if (git_library_load(err) < 0)
		return -1;
	widen(&old, &new, (struct part){ after, after_len });
	return diff_lines(&diff, old, new, err);
}

bool text_diff_fits(const char *bytes, size_t len)
{
	return len <= TEXT_DIFF_MAX && !memchr(bytes, 0, len) && utf8_valid(bytes, len);
}
