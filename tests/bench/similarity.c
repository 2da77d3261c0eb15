/* similarity.c - all pairs of many submissions: in all, and against half as many
 *
 *	similarity ROUNDS SUBMISSIONS
 *
 * Each is about 230 lines: forty pieces of a stock of four hundred, some in demand and most not, so
 * that there are fingerprints that few, many and nearly all have; and every tenth is a copy of
 * another one in other words. Reading the texts into tokens is part of what is timed. */
#include "base/auto.h"
#include "base/buf.h"
#include "measure.h"
#include "score/similarity.h"

#include <stdlib.h>
#include <string.h>

#define PIECES 40
#define STOCK 400
#define LIMIT_MS 2000

static uint32_t next_random(uint32_t *state)
{
	*state = *state * 1664525 + 1013904223;
	return *state >> 20;
}

static void add_line(struct buf *text, uint32_t *seed, uint32_t names)
{
	static const char *const lines[] = {
		"    v%u = v%u + call%u(1)\n", "    if v%u < v%u: item%u.take()\n",
		"    for v%u in v%u: found[v%u] = 2\n", "    v%u, v%u = v%u or None\n",
		"    return v%u[1:2], v%u, v%u\n", "    v%u += v%u * (v%u - 7)\n",
		"    while not v%u: wait(v%u, v%u)\n", "    assert v%u is not v%u, v%u\n",
		"    raise Error(v%u) from v%u.v%u\n", "    v%u = [v for v in v%u if v%u]\n",
		"    del v%u[v%u], v%u\n", "    v%u = lambda x: v%u(v%u)\n",
		"    with open(v%u) as v%u: pass; v%u()\n", "    v%u = {v%u: 'text', **v%u}\n",
		"    v%u.each(key=v%u)[v%u]\n", "    v%u = yield v%u @ v%u\n",
	};
	uint32_t which = next_random(seed);

	buf_add_format(text, lines[which % 16], names + which % 7, names + which % 11,
		       names + which % 13);
}

/* Piece number `piece`, in the words of `names`. */
static void add_piece(struct buf *text, uint32_t piece, uint32_t names)
{
	uint32_t seed = piece * 7919 + 1, i;

	buf_add_format(text, "def piece%u(a, b):\n", names + piece);
	for (i = 0; i < 5; i++)
		add_line(text, &seed, names);
}

static char *make_submission(uint32_t number)
{
	uint32_t author = number % 10 == 9 ? number - 1 : number, seed = author * 104729 + 3, i;
	struct buf text = BUF_INIT(1 << 20);

	for (i = 0; i < PIECES; i++) {
		uint32_t a = next_random(&seed) % STOCK, b = next_random(&seed) % STOCK;

		add_piece(&text, a * b / STOCK + (i % 4 ? 0 : author * STOCK), number * 10);
	}
	return buf_take(&text);
}

static double compare(char *const *texts, uint32_t count)
{
	AUTO(similarity_free) struct similarity *similarity = similarity_new();
	AUTO(similarity_result_release) struct similarity_result result = SIMILARITY_RESULT_INIT;
	double begun = measure_now();
	uint32_t i;

	for (i = 0; i < count; i++) {
		similarity_begin(similarity);
		similarity_add(similarity, "main.py", texts[i], strlen(texts[i]));
	}
	similarity_compare(similarity, &result);
	if (result.pair_count < count / 10 || result.pairs[count / 10 - 1].value < 9900)
		measure_fail("copies were not found");
	return measure_now() - begun;
}

static int by_number(const void *a, const void *b)
{
	const double *x = a, *y = b;

	return (*x > *y) - (*x < *y);
}

int main(int argc, char **argv)
{
	long rounds = argc > 2 ? strtol(argv[1], NULL, 10) : 0, i;
	uint32_t count = argc > 2 ? (uint32_t)strtoul(argv[2], NULL, 10) / 20 * 20 : 0;
	double whole[MEASURE_MOST_ROUNDS], half[MEASURE_MOST_ROUNDS];
	char **texts;

	if (rounds < 1 || rounds > MEASURE_MOST_ROUNDS || !count)
		measure_fail("usage: similarity ROUNDS SUBMISSIONS");
	texts = buf_alloc(count * sizeof *texts);
	for (i = 0; i < (long)count; i++)
		texts[i] = make_submission((uint32_t)i);
	for (i = 0; i < rounds; i++) {
		half[i] = compare(texts, count / 2);
		whole[i] = compare(texts, count);
	}
	measure_print("similarity-double", whole, half, rounds);
	qsort(whole, (size_t)rounds, sizeof *whole, by_number);
	measure_print_limit("similarity", whole[rounds / 2], "ms", LIMIT_MS);
	for (i = 0; i < (long)count; i++)
		free(texts[i]);
	free(texts);
	return 0;
}
