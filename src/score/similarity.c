/* similarity.c - see similarity.h */
#include "score/similarity.h"

#include "base/auto.h"
#include "base/buf.h"

#include <stdlib.h>
#include <string.h>

#define WHOLE 10000		/* hundredths of a percent */
#define CANDIDATES 16		/* places of a gram that are tried for the longest region */

struct submission {
	struct winnow_symbols symbols;
	uint32_t *groups;	/* of its fingerprints, rising; those of one hash are one group */
	uint32_t group_count;
};

/* A fingerprint and who has it. */
struct print {
	uint64_t hash;
	uint32_t submission;
};

/* All that have one fingerprint: prints [first, end), by submission. */
struct group {
	uint32_t first, end;
	uint32_t cursor;	/* while counting: first that is past the submission at hand */
	bool common;
};

struct similarity {
	struct number_map starter;	/* grams */
	struct number_map common;	/* fingerprints */
	struct submission *submissions;
	uint32_t count;
	struct print *prints;
	size_t print_count;
	struct group *groups;
	size_t group_count;
};

void similarity_result_release(struct similarity_result *result)
{
	free(result->members);
	free(result->pairs);
	*result = (struct similarity_result)SIMILARITY_RESULT_INIT;
}

struct similarity *similarity_new(void)
{
	return buf_alloc(sizeof(struct similarity));
}

void similarity_free(struct similarity **similarity)
{
	struct similarity *s = *similarity;
	uint32_t i;

	if (!s)
		return;
	for (i = 0; i < s->count; i++) {
		winnow_release(&s->submissions[i].symbols);
		free(s->submissions[i].groups);
	}
	free(s->submissions);
	free(s->prints);
	free(s->groups);
	number_map_release(&s->starter);
	number_map_release(&s->common);
	free(s);
	*similarity = NULL;
}

void similarity_starter(struct similarity *similarity, const char *path, const char *text,
			size_t len)
{
	AUTO(winnow_release) struct winnow_symbols symbols =
		WINNOW_SYMBOLS_INIT(SIMILARITY_SYMBOLS);
	const struct code_language *language = code_language_of(path);
	AUTO_FREE uint64_t *grams = NULL;
	uint32_t i;

	if (!language)
		return;
	winnow_add(&symbols, language, path, text, len);
	grams = winnow_grams(&symbols);
	for (i = 0; i < symbols.count; i++)
		number_map_place(&similarity->starter, grams[i], NULL);
}

uint32_t similarity_begin(struct similarity *similarity)
{
	uint32_t count = similarity->count;

	if ((count & (count - 1)) == 0)
		similarity->submissions = buf_realloc(similarity->submissions,
						      count ? (size_t)count * 2 : 1,
						      sizeof *similarity->submissions);
	similarity->submissions[count] = (struct submission){
		.symbols = WINNOW_SYMBOLS_INIT(SIMILARITY_SYMBOLS),
	};
	return similarity->count++;
}

void similarity_add(struct similarity *similarity, const char *path, const char *text, size_t len)
{
	const struct code_language *language = code_language_of(path);

	if (language)
		winnow_add(&similarity->submissions[similarity->count - 1].symbols, language, path,
			   text, len);
}

/* --- fingerprints */

/* The grams of a submission without the starter's. Yours. */
static uint64_t *own_grams(const struct similarity *s, uint32_t submission)
{
	const struct winnow_symbols *symbols = &s->submissions[submission].symbols;
	uint64_t *grams = winnow_grams(symbols);
	uint32_t i;

	for (i = 0; i < symbols->count; i++)
		if (number_map_find(&s->starter, grams[i]))
			grams[i] = WINNOW_NONE;
	return grams;
}

struct adding {
	struct similarity *similarity;
	struct number_map seen;
	uint32_t submission;
};

static void add_print(void *arg, uint64_t hash, uint32_t at)
{
	struct adding *adding = arg;
	struct similarity *s = adding->similarity;
	bool is_new;

	(void)at;
	number_map_place(&adding->seen, hash, &is_new);
	if (!is_new)
		return;
	if ((s->print_count & (s->print_count - 1)) == 0)
		s->prints = buf_realloc(s->prints, s->print_count ? s->print_count * 2 : 1,
					sizeof *s->prints);
	s->prints[s->print_count++] = (struct print){ hash, adding->submission };
}

static void add_prints(struct similarity *s, uint32_t submission)
{
	AUTO_FREE uint64_t *grams = own_grams(s, submission);
	struct adding adding = { s, NUMBER_MAP_INIT, submission };

	winnow_select(grams, s->submissions[submission].symbols.count, add_print, &adding);
	number_map_release(&adding.seen);
}

static int by_hash(const void *a, const void *b)
{
	const struct print *x = a, *y = b;

	if (x->hash != y->hash)
		return x->hash < y->hash ? -1 : 1;
	return (x->submission > y->submission) - (x->submission < y->submission);
}

static void make_groups(struct similarity *s)
{
	size_t i;

	s->groups = buf_alloc((s->print_count + 1) * sizeof *s->groups);
	for (i = 0; i < s->print_count; i++) {
		if (!i || s->prints[i].hash != s->prints[i - 1].hash)
			s->groups[s->group_count++] = (struct group){ .first = (uint32_t)i,
								      .cursor = (uint32_t)i };
		s->groups[s->group_count - 1].end = (uint32_t)i + 1;
	}
	for (i = 0; i < s->group_count; i++) {
		struct group *group = &s->groups[i];
		uint32_t size = group->end - group->first;

		group->common = size > SIMILARITY_FEW && size * 2 > s->count;
		if (group->common)
			number_map_place(&s->common, s->prints[group->first].hash, NULL);
	}
}

/* Each submission gets the list of its groups that are not common. */
static void hand_out_groups(struct similarity *s, struct similarity_member *members)
{
	size_t i, k;
	uint32_t m;

	for (i = 0; i < s->print_count; i++)
		s->submissions[s->prints[i].submission].group_count++;
	for (m = 0; m < s->count; m++) {
		struct submission *submission = &s->submissions[m];

		submission->groups = buf_alloc((submission->group_count + 1) * sizeof(uint32_t));
		submission->group_count = 0;
	}
	for (i = 0; i < s->group_count; i++)
		for (k = s->groups[i].first; k < s->groups[i].end; k++) {
			struct submission *submission = &s->submissions[s->prints[k].submission];

			if (s->groups[i].common)
				members[s->prints[k].submission].common++;
			else
				submission->groups[submission->group_count++] = (uint32_t)i;
		}
}

static void fill_members(const struct similarity *s, struct similarity_member *members)
{
	uint32_t i;

	for (i = 0; i < s->count; i++) {
		members[i].own = s->submissions[i].group_count;
		members[i].compared = members[i].own >= SIMILARITY_LEAST;
		members[i].symbols = s->submissions[i].symbols.count;
		members[i].cut = s->submissions[i].symbols.full;
	}
}

/* --- pairs */

struct comparing {
	struct similarity *s;
	struct similarity_result *result;
	uint32_t *counts;		/* shared with each later submission */
	uint32_t *touched, touched_count;
	uint64_t below[WHOLE + 1];	/* how many pairs have each value */
};

/* Counts what submission `a` shares with later ones. */
static void count_shared(struct comparing *c, uint32_t a)
{
	const struct submission *submission = &c->s->submissions[a];
	uint32_t i, k, end;

	c->touched_count = 0;
	for (i = 0; i < submission->group_count; i++) {
		struct group *group = &c->s->groups[submission->groups[i]];

		k = ++group->cursor;
		end = group->end;
		if (end - group->first > SIMILARITY_CROWD && end - k > SIMILARITY_NEXT)
			end = k + SIMILARITY_NEXT;
		for (; k < end; k++) {
			uint32_t b = c->s->prints[k].submission;

			if (!c->result->members[b].compared)
				continue;
			if (!c->counts[b]++)
				c->touched[c->touched_count++] = b;
		}
	}
}

static uint32_t count_exactly(const struct submission *a, const struct submission *b)
{
	uint32_t i = 0, k = 0, shared = 0;

	while (i < a->group_count && k < b->group_count) {
		uint32_t x = a->groups[i], y = b->groups[k];

		shared += x == y;
		i += x <= y;
		k += y <= x;
	}
	return shared;
}

static uint32_t share(uint32_t part, uint32_t all)
{
	return (uint32_t)((uint64_t)part * WHOLE / all);
}

static void keep_pair(struct similarity_result *result, const struct similarity_pair *pair)
{
	if ((result->pair_count & (result->pair_count - 1)) == 0)
		result->pairs = buf_realloc(result->pairs,
					    result->pair_count ? result->pair_count * 2 : 1,
					    sizeof *result->pairs);
	result->pairs[result->pair_count++] = *pair;
}

static void judge_pair(struct comparing *c, uint32_t a, uint32_t b, uint32_t shared)
{
	const struct similarity_member *members = c->result->members;
	uint32_t smaller = members[a].own < members[b].own ? members[a].own : members[b].own;
	struct similarity_pair pair = { .a = a, .b = b, .shared = shared };

	if (share(shared, smaller) >= SIMILARITY_FAINT)
		pair.shared = count_exactly(&c->s->submissions[a], &c->s->submissions[b]);
	pair.share_a = share(pair.shared, members[a].own);
	pair.share_b = share(pair.shared, members[b].own);
	pair.value = pair.share_a > pair.share_b ? pair.share_a : pair.share_b;
	c->below[pair.value]++;
	if (pair.value >= SIMILARITY_FAINT)
		keep_pair(c->result, &pair);
}

static void count_pairs(struct comparing *c)
{
	uint32_t a, i;

	for (a = 0; a < c->s->count; a++) {
		count_shared(c, a);
		for (i = 0; i < c->touched_count; i++) {
			uint32_t b = c->touched[i], shared = c->counts[b];

			c->counts[b] = 0;
			if (c->result->members[a].compared)
				judge_pair(c, a, b, shared);
		}
	}
}

/* --- base rates */

/* The least value that at least `part` of all pairs (in hundredths of a percent) do not exceed. */
static uint32_t value_at(const struct comparing *c, uint32_t part)
{
	uint64_t sum = 0;
	uint32_t value;

	for (value = 0; value < WHOLE; value++) {
		sum += c->below[value];
		if (sum * WHOLE >= c->result->compared_pairs * part)
			break;
	}
	return value;
}

static void rank_pairs(struct comparing *c)
{
	struct similarity_result *result = c->result;
	uint64_t fewer[WHOLE + 1], sum = 0, compared = 0, counted = 0;
	size_t i;

	for (i = 0; i < result->member_count; i++)
		compared += result->members[i].compared;
	for (i = 0; i <= WHOLE; i++)
		counted += c->below[i];
	result->compared_pairs = compared ? compared * (compared - 1) / 2 : 0;
	c->below[0] += result->compared_pairs - counted;
	for (i = 0; i <= WHOLE; i++) {
		fewer[i] = sum;
		sum += c->below[i];
		if (c->below[i])
			result->most = (uint32_t)i;
	}
	for (i = 0; i < result->pair_count; i++)
		result->pairs[i].rank = (uint32_t)(fewer[result->pairs[i].value] * WHOLE /
						   result->compared_pairs);
	if (!result->compared_pairs)
		return;
	result->median = value_at(c, WHOLE / 2);
	result->p90 = value_at(c, WHOLE / 10 * 9);
	result->p99 = value_at(c, WHOLE / 100 * 99);
}

static int by_value(const void *a, const void *b)
{
	const struct similarity_pair *x = a, *y = b;

	if (x->value != y->value)
		return x->value > y->value ? -1 : 1;
	if (x->shared != y->shared)
		return x->shared > y->shared ? -1 : 1;
	if (x->a != y->a)
		return x->a < y->a ? -1 : 1;
	return (x->b > y->b) - (x->b < y->b);
}

void similarity_compare(struct similarity *s, struct similarity_result *ret)
{
	AUTO_FREE struct comparing *c = buf_alloc(sizeof *c);
	AUTO_FREE uint32_t *counts = buf_alloc(((size_t)s->count + 1) * sizeof *counts);
	AUTO_FREE uint32_t *touched = buf_alloc(((size_t)s->count + 1) * sizeof *touched);
	uint32_t i;

	*ret = (struct similarity_result){
		.members = buf_alloc(((size_t)s->count + 1) * sizeof *ret->members),
		.member_count = s->count,
	};
	for (i = 0; i < s->count; i++)
		add_prints(s, i);
	if (s->print_count)
		qsort(s->prints, s->print_count, sizeof *s->prints, by_hash);
	make_groups(s);
	hand_out_groups(s, ret->members);
	fill_members(s, ret->members);
	c->s = s;
	c->result = ret;
	c->counts = counts;
	c->touched = touched;
	count_pairs(c);
	rank_pairs(c);
	if (ret->pair_count)
		qsort(ret->pairs, ret->pair_count, sizeof *ret->pairs, by_value);
}

/* --- regions */

/* Where a gram begins in a submission: the first place, and the next one after each. */
struct places {
	struct number_map first;	/* gram: 1 + place */
	uint32_t *next;			/* 1 + place, or 0 */
};

static void find_places(const uint64_t *grams, uint32_t count, struct places *ret)
{
	uint32_t i;

	ret->next = buf_alloc(((size_t)count + 1) * sizeof *ret->next);
	for (i = count; i-- > 0;) {
		uint64_t *place;

		if (grams[i] == WINNOW_NONE)
			continue;
		place = number_map_place(&ret->first, grams[i], NULL);
		ret->next[i] = (uint32_t)*place;
		*place = (uint64_t)i + 1;
	}
}

static void places_release(struct places *places)
{
	number_map_release(&places->first);
	free(places->next);
}

/* One submission of the two; `grams` without the starter's and the common ones. */
struct side {
	const struct winnow_symbols *symbols;
	uint64_t *grams;
};

static void open_side(const struct similarity *s, uint32_t submission, struct side *ret)
{
	uint32_t i;

	ret->symbols = &s->submissions[submission].symbols;
	ret->grams = own_grams(s, submission);
	for (i = 0; i < ret->symbols->count; i++)
		if (number_map_find(&s->common, ret->grams[i]))
			ret->grams[i] = WINNOW_NONE;
}

/* How many grams from here on are the same. */
static uint32_t run_length(const struct side *a, uint32_t at_a, const struct side *b,
			   uint32_t at_b)
{
	uint32_t len = 0;

	while (at_a + len < a->symbols->count && at_b + len < b->symbols->count &&
	       a->grams[at_a + len] != WINNOW_NONE && a->grams[at_a + len] == b->grams[at_b + len])
		len++;
	return len;
}

static uint32_t longest(const struct side *a, uint32_t at_a, const struct side *b,
			const struct places *places, uint32_t *ret_at_b)
{
	const uint64_t *first = a->grams[at_a] == WINNOW_NONE
			      ? NULL : number_map_find(&places->first, a->grams[at_a]);
	uint32_t place = first ? (uint32_t)*first : 0, best = 0, tries;

	for (tries = 0; place && tries < CANDIDATES; tries++) {
		uint32_t len = run_length(a, at_a, b, place - 1);

		if (len > best) {
			best = len;
			*ret_at_b = place - 1;
		}
		place = places->next[place - 1];
	}
	return best;
}

struct finding {
	struct side a, b;
	struct similarity_region *regions;
	size_t count;
	uint32_t end_a, end_b;		/* of the last region: symbols past it */
};

static struct similarity_region make_region(const struct finding *f, uint32_t at_a, uint32_t at_b)
{
	return (struct similarity_region){
		.path_a = winnow_file_at(f->a.symbols, at_a)->path,
		.path_b = winnow_file_at(f->b.symbols, at_b)->path,
		.first_a = f->a.symbols->lines[at_a],
		.first_b = f->b.symbols->lines[at_b],
	};
}

/* One that goes on where the last one ended, on both sides, is part of it. */
static void add_region(struct finding *f, uint32_t at_a, uint32_t at_b, uint32_t symbols)
{
	struct similarity_region *last = f->count ? &f->regions[f->count - 1] : NULL;

	if (!last || at_a != f->end_a || at_b != f->end_b ||
	    strcmp(last->path_a, winnow_file_at(f->a.symbols, at_a)->path) != 0 ||
	    strcmp(last->path_b, winnow_file_at(f->b.symbols, at_b)->path) != 0) {
		f->regions = buf_realloc(f->regions, f->count + 1, sizeof *f->regions);
		last = &f->regions[f->count++];
		*last = make_region(f, at_a, at_b);
	}
	f->end_a = at_a + symbols;
	f->end_b = at_b + symbols;
	last->last_a = f->a.symbols->lines[f->end_a - 1];
	last->last_b = f->b.symbols->lines[f->end_b - 1];
	last->symbols += symbols;
}

struct similarity_region *similarity_regions(const struct similarity *similarity, uint32_t a,
					     uint32_t b, size_t *ret_count)
{
	AUTO(places_release) struct places places = { .next = NULL };
	struct finding f = { .count = 0 };
	uint32_t at = 0;

	open_side(similarity, a, &f.a);
	open_side(similarity, b, &f.b);
	find_places(f.b.grams, f.b.symbols->count, &places);
	while (at < f.a.symbols->count) {
		uint32_t at_b = 0, len = longest(&f.a, at, &f.b, &places, &at_b);

		if (len)
			add_region(&f, at, at_b, len + WINNOW_GRAM - 1);
		at += len ? len + WINNOW_GRAM - 1 : 1;
	}
	free(f.a.grams);
	free(f.b.grams);
	*ret_count = f.count;
	return f.regions;
}
