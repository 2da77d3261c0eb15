/* line_diff.c - see line_diff.h */
#include "workspace/line_diff.h"

#include "base/auto.h"
#include "base/buf.h"
#include "base/hash.h"
#include "base/rand.h"

#include <limits.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

struct line_list line_list_of(const char *text, size_t len)
{
	struct line_list list = { .text = text,
				  .at = buf_alloc((len + 2) * sizeof(*list.at)) };
	const char *at = text, *end = text + len;

	while (at < end) {
		const char *feed = memchr(at, '\n', (size_t)(end - at));

		at = feed ? feed + 1 : end;
		list.at[++list.count] = (size_t)(at - text);
	}
	return list;
}

void line_list_release(struct line_list *list)
{
	free(list->at);
	list->at = NULL;
}

/* One of the two texts: each line as a number, the same for the same bytes. */
struct side {
	const struct line_list *lines;
	int *names;
	bool *changed;
	int *kept, *kept_at;	/* lines that the other side has too: name, and which line it is */
	int kept_count;
};

struct diff {
	struct side old, new;
	/* How far each diagonal (a line of `old` less one of `new`) was followed, from the
	 * beginning on and from the end; point to the middle of what is allocated. */
	int *ahead, *back;
	void *ahead_memory, *back_memory;
};

static void diff_release(struct diff *diff)
{
	struct side *sides[] = { &diff->old, &diff->new };

	for (size_t i = 0; i < 2; i++) {
		free(sides[i]->names);
		free(sides[i]->changed);
		free(sides[i]->kept);
		free(sides[i]->kept_at);
	}
	free(diff->ahead_memory);
	free(diff->back_memory);
}

/* --- lines as numbers */

/* The first line with its bytes; chains begin at a hash. */
struct name {
	const char *text;
	size_t len;
	int next;		/* -1: the last */
	bool in_old, in_new;
};

struct names {
	struct name *items;
	int *heads, count;
	size_t mask;
	uint8_t key[16];
};

static void names_release(struct names *names)
{
	free(names->items);
	free(names->heads);
}

static int name_of(struct names *names, const char *text, size_t len)
{
	int *head = &names->heads[hash_quick(names->key, text, len) & names->mask];
	int i;

	for (i = *head; i >= 0; i = names->items[i].next)
		if (names->items[i].len == len && !memcmp(names->items[i].text, text, len))
			return i;
	names->items[names->count] = (struct name){ .text = text, .len = len, .next = *head };
	*head = names->count;
	return names->count++;
}

static void name_lines(struct names *names, struct side *side, bool is_new)
{
	const struct line_list *lines = side->lines;

	side->names = buf_alloc((lines->count + 1) * sizeof(*side->names));
	side->changed = buf_alloc((lines->count + 1) * sizeof(*side->changed));
	for (size_t i = 0; i < lines->count; i++) {
		side->names[i] = name_of(names, lines->text + lines->at[i],
					 lines->at[i + 1] - lines->at[i]);
		if (is_new)
			names->items[side->names[i]].in_new = true;
		else
			names->items[side->names[i]].in_old = true;
	}
}

/* A line that only one side has needs no search. */
static void keep_common(const struct names *names, struct side *side)
{
	size_t count = side->lines->count;

	side->kept = buf_alloc((count + 1) * sizeof(*side->kept));
	side->kept_at = buf_alloc((count + 1) * sizeof(*side->kept_at));
	for (size_t i = 0; i < count; i++) {
		const struct name *name = &names->items[side->names[i]];

		side->changed[i] = !name->in_old || !name->in_new;
		if (side->changed[i])
			continue;
		side->kept[side->kept_count] = side->names[i];
		side->kept_at[side->kept_count++] = (int)i;
	}
}

static void name_all(struct diff *diff)
{
	size_t most = diff->old.lines->count + diff->new.lines->count, size = 16;
	AUTO(names_release) struct names names = {
		.items = buf_alloc((most + 1) * sizeof(*names.items)),
	};

	while (size < most)
		size *= 2;
	names.mask = size - 1;
	names.heads = buf_alloc(size * sizeof(*names.heads));
	rand_bytes(names.key, sizeof(names.key));
	memset(names.heads, 0xff, size * sizeof(*names.heads));
	name_lines(&names, &diff->old, false);
	name_lines(&names, &diff->new, true);
	keep_common(&names, &diff->old);
	keep_common(&names, &diff->new);
}

/* --- the search, in what is kept */

/* Lines of `old` from old_from to old_to, of `new` likewise. */
struct box {
	int old_from, old_to, new_from, new_to;
};

/* The diagonals that were reached from one end. */
struct reach {
	int low, high;
};

/* One diagonal more on each side, or, at the border of the box, one less: every other one is
 * looked at. */
static void widen(struct reach *reach, int lowest, int highest, int *far, int nothing)
{
	if (reach->low > lowest)
		far[--reach->low - 1] = nothing;
	else
		reach->low++;
	if (reach->high < highest)
		far[++reach->high + 1] = nothing;
	else
		reach->high--;
}

static bool holds(const struct reach *reach, int diagonal)
{
	return diagonal >= reach->low && diagonal <= reach->high;
}

/* One changed line more from the beginning on. True when the other search was met, at old line
 * *ret of this diagonal. */
static bool step_ahead(const struct diff *diff, const struct box *box, const struct reach *ahead,
		       const struct reach *back, int *ret, int *ret_diagonal)
{
	const int *old = diff->old.kept, *new = diff->new.kept;

	for (int d = ahead->high; d >= ahead->low; d -= 2) {
		int below = diff->ahead[d - 1], above = diff->ahead[d + 1];
		int at = below < above ? above : below + 1;

		while (at < box->old_to && at - d < box->new_to && old[at] == new[at - d])
			at++;
		diff->ahead[d] = at;
		if (back && holds(back, d) && diff->back[d] <= at) {
			*ret = at;
			*ret_diagonal = d;
			return true;
		}
	}
	return false;
}

static bool step_back(const struct diff *diff, const struct box *box, const struct reach *back,
		      const struct reach *ahead, int *ret, int *ret_diagonal)
{
	const int *old = diff->old.kept, *new = diff->new.kept;

	for (int d = back->high; d >= back->low; d -= 2) {
		int below = diff->back[d - 1], above = diff->back[d + 1];
		int at = below < above ? below : above - 1;

		while (at > box->old_from && at - d > box->new_from &&
		       old[at - 1] == new[at - d - 1])
			at--;
		diff->back[d] = at;
		if (ahead && holds(ahead, d) && at <= diff->ahead[d]) {
			*ret = at;
			*ret_diagonal = d;
			return true;
		}
	}
	return false;
}

/* A point on a shortest way through the box, about half way; false when it is too long. */
static bool find_middle(const struct diff *diff, const struct box *box, int *ret_old, int *ret_new)
{
	int lowest = box->old_from - box->new_to, highest = box->old_to - box->new_from;
	int start = box->old_from - box->new_from, end = box->old_to - box->new_to, diagonal = 0;
	struct reach ahead = { start, start }, back = { end, end };
	bool odd = (start - end) & 1, met = false;

	diff->ahead[start] = box->old_from;
	diff->back[end] = box->old_to;
	for (int count = 0; !met && count < LINE_DIFF_MOST / 2; count++) {
		widen(&ahead, lowest, highest, diff->ahead, -1);
		met = step_ahead(diff, box, &ahead, odd ? &back : NULL, ret_old, &diagonal);
		if (met)
			break;
		widen(&back, lowest, highest, diff->back, INT_MAX);
		met = step_back(diff, box, &back, odd ? NULL : &ahead, ret_old, &diagonal);
	}
	*ret_new = *ret_old - diagonal;
	return met;
}

static void mark(struct side *side, int from, int to)
{
	for (; from < to; from++)
		side->changed[side->kept_at[from]] = true;
}

static void leave_common(const struct diff *diff, struct box *box)
{
	const int *old = diff->old.kept, *new = diff->new.kept;

	while (box->old_from < box->old_to && box->new_from < box->new_to &&
	       old[box->old_from] == new[box->new_from]) {
		box->old_from++;
		box->new_from++;
	}
	while (box->old_from < box->old_to && box->new_from < box->new_to &&
	       old[box->old_to - 1] == new[box->new_to - 1]) {
		box->old_to--;
		box->new_to--;
	}
}

/* Halves the number of changed lines each time: never deep. */
static void search(struct diff *diff, struct box box)
{
	struct box rest;
	int old = 0, new = 0;

	leave_common(diff, &box);
	if (box.old_from == box.old_to || box.new_from == box.new_to ||
	    !find_middle(diff, &box, &old, &new)) {
		mark(&diff->old, box.old_from, box.old_to);
		mark(&diff->new, box.new_from, box.new_to);
		return;
	}
	rest = (struct box){ old, box.old_to, new, box.new_to };
	box.old_to = old;
	box.new_to = new;
	search(diff, box);
	search(diff, rest);
}

static void search_all(struct diff *diff)
{
	size_t old = (size_t)diff->old.kept_count, new = (size_t)diff->new.kept_count;

	diff->ahead_memory = buf_alloc((old + new + 3) * sizeof(int));
	diff->back_memory = buf_alloc((old + new + 3) * sizeof(int));
	diff->ahead = (int *)diff->ahead_memory + new + 1;
	diff->back = (int *)diff->back_memory + new + 1;
	search(diff, (struct box){ 0, (int)old, 0, (int)new });
}

/* --- the hunks */

static size_t changed_from(const struct side *side, size_t at)
{
	size_t count = 0;

	while (at + count < side->lines->count && side->changed[at + count])
		count++;
	return count;
}

int line_diff(const struct line_list *before, const struct line_list *after,
	      int (*visit)(void *arg, const struct line_hunk *hunk, struct err *err), void *arg,
	      struct err *err)
{
	AUTO(diff_release) struct diff diff = { .old.lines = before, .new.lines = after };
	size_t old = 0, new = 0;

	name_all(&diff);
	search_all(&diff);
	while (old < before->count || new < after->count) {
		struct line_hunk hunk = { old, changed_from(&diff.old, old), new,
					  changed_from(&diff.new, new) };

		if ((hunk.old_count || hunk.new_count) && visit(arg, &hunk, err) < 0)
			return -1;
		/* and the line that both have */
		old += hunk.old_count + 1;
		new += hunk.new_count + 1;
	}
	return 0;
}
