/* text.c - see text.h */
#include "journal/text.h"

#include "base/utf8.h"

#include <stdlib.h>
#include <string.h>

/* A mark is the event's number and, in the low bits, the origin. */
#define MARK_BITS 3
#define SEQ_MOST ((UINT32_MAX >> MARK_BITS))

struct text {
	char *bytes;		/* [0, gap) and [gap + gap_len, size); and room for a NUL */
	uint32_t *marks;	/* one of each byte, with the same gap */
	size_t size, gap, gap_len;
};

static const char *const origin_names[TEXT_ORIGINS] = {
	[TEXT_STARTER] = "starter", [TEXT_TYPED] = "typed", [TEXT_PASTE] = "paste",
	[TEXT_AI] = "ai",	    [TEXT_SAVED] = "saved",
};

const char *text_origin_name(enum text_origin origin)
{
	return origin_names[origin];
}

int text_origin_find(const char *name)
{
	int origin;

	for (origin = 0; origin < TEXT_ORIGINS; origin++)
		if (!strcmp(origin_names[origin], name))
			return origin;
	return -1;
}

struct text *text_new(void)
{
	struct text *text = buf_alloc(sizeof(*text));

	text->bytes = buf_alloc(1);
	return text;
}

void text_free(struct text **text)
{
	if (!*text)
		return;
	free((*text)->bytes);
	free((*text)->marks);
	free(*text);
	*text = NULL;
}

size_t text_len(const struct text *text)
{
	return text->size - text->gap_len;
}

static void move(struct text *text, size_t to, size_t from, size_t len)
{
	memmove(text->bytes + to, text->bytes + from, len);
	if (len)
		memmove(text->marks + to, text->marks + from, len * sizeof(*text->marks));
}

static void move_gap(struct text *text, size_t at)
{
	if (at < text->gap)
		move(text, at + text->gap_len, at, text->gap - at);
	else
		move(text, text->gap, text->gap + text->gap_len, at - text->gap);
	text->gap = at;
}

/* Room for len more bytes in the gap. */
static void widen_gap(struct text *text, size_t len)
{
	size_t after = text->size - text->gap - text->gap_len;
	size_t more;

	if (text->gap_len >= len)
		return;
	more = len - text->gap_len + text_len(text) / 4 + 64;
	text->bytes = buf_realloc(text->bytes, text->size + more + 1, 1);
	text->marks = buf_realloc(text->marks, text->size + more, sizeof(*text->marks));
	move(text, text->gap + text->gap_len + more, text->gap + text->gap_len, after);
	text->size += more;
	text->gap_len += more;
}

static char byte_at(const struct text *text, size_t at)
{
	return text->bytes[at < text->gap ? at : at + text->gap_len];
}

static uint32_t mark_at(const struct text *text, size_t at)
{
	return text->marks[at < text->gap ? at : at + text->gap_len];
}

static bool on_boundary(const struct text *text, size_t at)
{
	return at == text_len(text) || !utf8_inside(byte_at(text, at));
}

static int check_edit(const struct text *text, size_t at, size_t del, const char *ins, size_t len,
		      struct err *err)
{
	size_t have = text_len(text);

	if (at > have || del > have - at)
		return err_set(err, ERR_INPUT, "bytes %zu to %zu of a text of %zu", at, at + del,
			       have);
	if (!on_boundary(text, at) || !on_boundary(text, at + del))
		return err_set(err, ERR_INPUT, "byte %zu is inside a character",
			       on_boundary(text, at) ? at + del : at);
	if (len > TEXT_MAX || have - del + len > TEXT_MAX)
		return err_set(err, ERR_INPUT, "a text of more than %u bytes", TEXT_MAX);
	if (!utf8_valid(ins, len))
		return err_set(err, ERR_INPUT, "what is inserted is not UTF-8");
	return 0;
}

int text_edit(struct text *text, size_t at, size_t del, const char *ins, size_t len,
	      enum text_origin origin, int64_t seq, struct err *err)
{
	uint32_t mark = (uint32_t)seq << MARK_BITS | (uint32_t)origin;
	size_t i;

	if (seq < 0 || seq > SEQ_MOST)
		return err_set(err, ERR_INPUT, "an event number past %u", SEQ_MOST);
	if (check_edit(text, at, del, ins, len, err) < 0)
		return -1;
	move_gap(text, at);
	text->gap_len += del;
	widen_gap(text, len);
	if (len)
		memcpy(text->bytes + at, ins, len);
	for (i = 0; i < len; i++)
		text->marks[at + i] = mark;
	text->gap += len;
	text->gap_len -= len;
	return 0;
}

const char *text_bytes(struct text *text)
{
	move_gap(text, text_len(text));
	text->bytes[text->gap] = '\0';
	return text->bytes;
}

void text_copy(const struct text *text, size_t at, size_t len, char *out)
{
	size_t before = at < text->gap ? text->gap - at : 0;

	if (before > len)
		before = len;
	memcpy(out, text->bytes + at, before);
	memcpy(out + before, text->bytes + at + before + text->gap_len, len - before);
}

const char *text_hash(const struct text *text, char hex[HASH_HEX_SIZE])
{
	struct hash hash = hash_of_two(text->bytes, text->gap,
				       text->bytes + text->gap + text->gap_len,
				       text->size - text->gap - text->gap_len);

	return hash_hex(&hash, hex);
}

bool text_equal(const struct text *text, const char *bytes, size_t len)
{
	size_t after = text->size - text->gap - text->gap_len;

	return len == text_len(text) && !memcmp(text->bytes, bytes, text->gap) &&
	       !memcmp(text->bytes + text->gap + text->gap_len, bytes + text->gap, after);
}

int text_each_run(const struct text *text, int (*visit)(void *arg, const struct text_run *run),
		  void *arg)
{
	size_t len = text_len(text), at, end;

	for (at = 0; at < len; at = end) {
		uint32_t mark = mark_at(text, at);
		struct text_run run = { .at = at, .origin = mark & ((1 << MARK_BITS) - 1),
					.seq = mark >> MARK_BITS };
		int result;

		for (end = at + 1; end < len && mark_at(text, end) == mark; end++)
			;
		run.len = end - at;
		result = visit(arg, &run);
		if (result)
			return result;
	}
	return 0;
}

static int count_run(void *arg, const struct text_run *run)
{
	uint64_t *bytes = arg;

	bytes[run->origin] += run->len;
	return 0;
}

void text_count(const struct text *text, uint64_t bytes[TEXT_ORIGINS])
{
	text_each_run(text, count_run, bytes);
}

int64_t text_offset(const struct text *text, size_t character)
{
	size_t len = text_len(text), at;

	for (at = 0; at < len; at++)
		if (!utf8_inside(byte_at(text, at)) && character-- == 0)
			return (int64_t)at;
	return character == 0 ? (int64_t)len : -1;
}

/* --- checkpoints: length, bytes, then the runs. What is typed is a run for each key, by one event
 * after the other: so runs of one length and origin, each as many events after the one ahead, are
 * written as one. */

struct group {
	size_t len, repeat;
	enum text_origin origin;
	int64_t step;		/* event against that of the run ahead */
};

struct packing {
	struct buf *out;
	struct group group;
	int64_t seq;
};

static void pack_group(const struct group *group, struct buf *out)
{
	if (!group->repeat)
		return;
	pack_number(out, group->len);
	pack_number(out, (group->repeat - 1) << MARK_BITS | group->origin);
	pack_signed(out, group->step);
}

static int pack_run(void *arg, const struct text_run *run)
{
	struct packing *packing = arg;
	struct group *group = &packing->group;
	int64_t step = run->seq - packing->seq;

	packing->seq = run->seq;
	if (group->repeat && group->len == run->len && group->origin == run->origin &&
	    group->step == step) {
		group->repeat++;
		return 0;
	}
	pack_group(group, packing->out);
	*group = (struct group){ run->len, 1, run->origin, step };
	return 0;
}

void text_pack(const struct text *text, struct buf *out)
{
	struct packing packing = { .out = out };

	pack_number(out, text_len(text));
	buf_add(out, text->bytes, text->gap);
	buf_add(out, text->bytes + text->gap + text->gap_len,
		text->size - text->gap - text->gap_len);
	text_each_run(text, pack_run, &packing);
	pack_group(&packing.group, out);
}

static struct group unpack_group(struct unpack *in, size_t left)
{
	struct group group;
	uint64_t both;

	group.len = (size_t)unpack_number(in, left);
	both = unpack_number(in, (uint64_t)left << MARK_BITS | (TEXT_ORIGINS - 1));
	group.repeat = (size_t)(both >> MARK_BITS) + 1;
	group.origin = (enum text_origin)(both & ((1 << MARK_BITS) - 1));
	group.step = unpack_signed(in);
	unpack_check(in, group.len > 0 && group.origin < TEXT_ORIGINS &&
				 group.repeat <= left / (group.len ? group.len : 1));
	return group;
}

/* Writes the marks of a group; where they end. */
static size_t mark_group(struct text *text, size_t at, const struct group *group, int64_t *seq,
			 struct unpack *in)
{
	size_t run, i;

	for (run = 0; run < group->repeat; run++) {
		if (!unpack_check(in, group->step >= -*seq && group->step <= SEQ_MOST - *seq))
			return at;
		*seq += group->step;
		for (i = 0; i < group->len; i++)
			text->marks[at++] = (uint32_t)*seq << MARK_BITS | (uint32_t)group->origin;
	}
	return at;
}

struct text *text_unpack(struct unpack *in)
{
	size_t len, at = 0;
	const char *bytes = unpack_bytes(in, TEXT_MAX, &len);
	struct text *text;
	int64_t seq = 0;

	if (!bytes || !unpack_check(in, utf8_valid(bytes, len)))
		return NULL;
	text = text_new();
	widen_gap(text, len);
	memcpy(text->bytes, bytes, len);
	while (at < len && !in->bad) {
		struct group group = unpack_group(in, len - at);

		if (!in->bad)
			at = mark_group(text, at, &group, &seq, in);
	}
	text->gap += len;
	text->gap_len -= len;
	if (in->bad)
		text_free(&text);
	return text;
}
