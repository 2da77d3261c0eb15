/* test_similarity.c - copies are found through what is done to hide them; starter, common code and
 * work of one's own are not */
#include "score/similarity.h"

#include "base/auto.h"
#include "base/buf.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

/* Two functions of a solution, in parts that can be put together in any order. */
#define PART_ONE \
	"def read_orders(path, limit=100):\n" \
	"    orders = {}\n" \
	"    with open(path) as stream:\n" \
	"        for number, line in enumerate(stream):\n" \
	"            if number >= limit or not line.strip():\n" \
	"                continue\n" \
	"            name, price, *rest = line.split(',')\n" \
	"            orders.setdefault(name, []).append((float(price), rest))\n" \
	"    return sorted(orders.items(), key=lambda item: -len(item[1]))\n"
#define PART_TWO \
	"class Ledger:\n" \
	"    def __init__(self, rate, *, currency='EUR'):\n" \
	"        self.rate = rate\n" \
	"        self.total = 0\n" \
	"        self.entries = [None] * 10\n" \
	"    def book(self, amount):\n" \
	"        if amount < 0 and self.total + amount < 0:\n" \
	"            raise ValueError(f'no cover for {amount}')\n" \
	"        while self.entries and self.entries[-1] is None:\n" \
	"            self.entries.pop()\n" \
	"        self.total += amount * self.rate\n" \
	"        return self.total % 7 == 3 or self.entries == []\n"
#define COPY_ONE /* renamed, commented, laid out anew */ \
	"# reads it\n" \
	"def load(file_name, most=5):\n" \
	"  \"\"\"Loads.\n  Everything.\"\"\"\n" \
	"  found = {}  # all\n" \
	"  with open(file_name) as f:\n" \
	"    for i, row in enumerate(f):\n\n" \
	"      if i >= most or not row.strip():\n" \
	"        continue\n" \
	"      key, cost, *others = row.split(\";\")\n" \
	"      found.setdefault(key, []).append((float(cost),\n           others))\n" \
	"  return sorted(found.items(), key=lambda pair: -len(pair[1]))\n"
#define OTHER \
	"import re\n" \
	"PATTERN = re.compile(r'(\\w+),([0-9.]+)')\n" \
	"def parse(text):\n" \
	"    result = []\n" \
	"    position = 0\n" \
	"    while position < len(text):\n" \
	"        match = PATTERN.match(text, position)\n" \
	"        if match is None:\n" \
	"            position += 1\n" \
	"            continue\n" \
	"        result.append({'name': match.group(1), 'price': match.group(2)})\n" \
	"        position = match.end()\n" \
	"    return result\n" \
	"def totals(rows):\n" \
	"    sums = {}\n" \
	"    for row in rows:\n" \
	"        try:\n" \
	"            sums[row['name']] += int(row['price'])\n" \
	"        except (KeyError, ValueError) as error:\n" \
	"            print(error)\n" \
	"            sums[row['name']] = 0\n" \
	"    assert sums, 'nothing'\n" \
	"    return [key for key in sums if sums[key] > 0]\n"

static void add(struct similarity *s, const char *text)
{
	similarity_begin(s);
	similarity_add(s, "main.py", text, strlen(text));
}

/* Value of the pair of the first two of some submissions, in percent; -1 when it was not kept. */
static int value_of(struct similarity *s, uint32_t a, uint32_t b, struct similarity_result *result)
{
	size_t i;

	similarity_compare(s, result);
	for (i = 0; i < result->pair_count; i++)
		if (result->pairs[i].a == a && result->pairs[i].b == b)
			return (int)(result->pairs[i].value / 100);
	return -1;
}

static int compare_texts(const char *starter, const char *a, const char *b)
{
	AUTO(similarity_free) struct similarity *s = similarity_new();
	AUTO(similarity_result_release) struct similarity_result result = SIMILARITY_RESULT_INIT;

	if (starter)
		similarity_starter(s, "main.py", starter, strlen(starter));
	add(s, a);
	add(s, b);
	return value_of(s, 0, 1, &result);
}

static void test_same(void **state)
{
	(void)state;
	assert_int_equal(compare_texts(NULL, PART_ONE PART_TWO, PART_ONE PART_TWO), 100);
}

static void test_renamed(void **state)
{
	(void)state;
	assert_int_equal(compare_texts(NULL, PART_ONE, COPY_ONE), 100);
}

static void test_reordered(void **state)
{
	int value = compare_texts(NULL, PART_ONE PART_TWO, PART_TWO COPY_ONE);

	(void)state;
	assert_in_range(value, 85, 99);
}

static void test_padded(void **state)
{
	(void)state;
	assert_in_range(compare_texts(NULL, PART_ONE PART_TWO,
				      OTHER OTHER COPY_ONE OTHER PART_TWO), 85, 100);
}

static void test_other(void **state)
{
	(void)state;
	assert_int_equal(compare_texts(NULL, PART_ONE PART_TWO, OTHER), -1);
}

static void test_starter(void **state)
{
	AUTO(similarity_free) struct similarity *s = similarity_new();
	AUTO(similarity_result_release) struct similarity_result result = SIMILARITY_RESULT_INIT;

	(void)state;
	assert_int_equal(compare_texts(PART_TWO, PART_TWO PART_ONE, OTHER PART_TWO), -1);
	/* nothing but the starter: too little to compare, and no share of the rest */
	similarity_starter(s, "other-name.py", PART_ONE, strlen(PART_ONE));
	add(s, COPY_ONE);
	add(s, PART_ONE);
	add(s, PART_ONE PART_TWO);
	assert_int_equal(value_of(s, 0, 1, &result), -1);
	assert_false(result.members[0].compared);
	assert_int_equal(result.members[0].own, 0);
	assert_true(result.members[2].compared);
	assert_int_equal(result.compared_pairs, 0);
}

/* What six of eight have is how it is done; what two have is not. */
static void test_common(void **state)
{
	AUTO(similarity_free) struct similarity *s = similarity_new();
	AUTO(similarity_result_release) struct similarity_result result = SIMILARITY_RESULT_INIT;
	size_t i;

	(void)state;
	add(s, PART_ONE OTHER);
	add(s, COPY_ONE OTHER);
	for (i = 0; i < 6; i++)
		add(s, PART_ONE);
	assert_int_equal(value_of(s, 0, 1, &result), 100);
	assert_int_equal(result.pair_count, 1);
	assert_int_equal(result.members[2].own, 0);
	assert_true(result.members[2].common > 10);
	assert_true(result.members[0].common > 10);
}

/* --- many */

static uint32_t next_random(uint32_t *state)
{
	*state = *state * 1664525 + 1013904223;
	return *state >> 24;
}

/* Statements made up by a number; yours. */
static char *make_up(uint32_t seed, int lines)
{
	static const char *const statements[] = {
		"a = b + c(1)", "if a < b: d.e(f)", "for a in b: c[d] = e", "a, b = c or d",
		"return a[1:2]", "a += b * (c - d)", "while not a: b(c, d)", "assert a is not b",
		"raise A(b) from c", "a = [b for c in d if e]", "del a[b]", "a = lambda b: c",
		"with a as b: pass", "a = {b: c, **d}", "a.b.c(d=e)", "x = yield a @ b",
	};
	AUTO(buf_release) struct buf text = BUF_INIT(1 << 20);

	while (lines-- > 0) {
		buf_add_str(&text, statements[next_random(&seed) % 16]);
		buf_add_byte(&text, '\n');
	}
	return buf_take(&text);
}

/* A solution that a hundred of three hundred have is found, although it is too many to count all
 * pairs of; the two of a pair among the others are too. */
static void test_crowd(void **state)
{
	AUTO(similarity_free) struct similarity *s = similarity_new();
	AUTO(similarity_result_release) struct similarity_result result = SIMILARITY_RESULT_INIT;
	AUTO_FREE char *leaked = make_up(1, 60);
	AUTO_FREE bool *found = buf_alloc(300);
	uint32_t i, crowd = 0;
	size_t k;

	(void)state;
	for (i = 0; i < 300; i++) {
		AUTO_FREE char *own = make_up(i == 299 ? 298 + 7 : i + 7, 60);
		AUTO_FREE char *both = buf_format("%s%s", own, i % 3 ? "" : leaked);

		add(s, both);
	}
	similarity_compare(s, &result);
	assert_int_equal(result.compared_pairs, 300 * 299 / 2);
	for (k = 0; k < result.pair_count && result.pairs[k].value >= 4000; k++) {
		assert_true((result.pairs[k].a % 3 == 0 && result.pairs[k].b % 3 == 0) ||
			    (result.pairs[k].a == 298 && result.pairs[k].b == 299));
		found[result.pairs[k].a] = found[result.pairs[k].b] = true;
	}
	for (i = 0; i < 300; i++)
		crowd += found[i];
	assert_int_equal(crowd, 102);
	assert_int_equal(result.pairs[0].value, 10000);
	assert_int_equal(result.pairs[0].a, 298);
	assert_true(result.pairs[0].rank > 9990);
	assert_true(result.median < 1000 && result.p99 < 10000 && result.most == 10000);
}

/* --- regions */

static void test_regions(void **state)
{
	AUTO(similarity_free) struct similarity *s = similarity_new();
	AUTO(similarity_result_release) struct similarity_result result = SIMILARITY_RESULT_INIT;
	AUTO_FREE struct similarity_region *regions = NULL;
	static const char a[] = PART_ONE "x = 1\n" PART_TWO;
	size_t count;

	(void)state;
	add(s, a);
	similarity_begin(s);
	similarity_add(s, "README", "x", 1);
	similarity_add(s, "a.py", OTHER, strlen(OTHER));
	similarity_add(s, "b.py", PART_TWO, strlen(PART_TWO));
	similarity_add(s, "c.py", COPY_ONE, strlen(COPY_ONE));
	similarity_compare(s, &result);
	regions = similarity_regions(s, 0, 1, &count);
	assert_int_equal(count, 2);
	assert_string_equal(regions[0].path_a, "main.py");
	assert_string_equal(regions[0].path_b, "c.py");
	assert_int_equal(regions[0].first_a, 1);
	assert_int_equal(regions[0].last_a, 9);
	assert_int_equal(regions[0].first_b, 2);
	assert_int_equal(regions[0].last_b, 14);
	assert_string_equal(regions[1].path_b, "b.py");
	assert_int_equal(regions[1].first_a, 11);
	assert_int_equal(regions[1].last_a, 22);
	assert_int_equal(regions[1].first_b, 1);
	assert_int_equal(regions[1].last_b, 12);
}

static void test_regions_starter(void **state)
{
	AUTO(similarity_free) struct similarity *s = similarity_new();
	AUTO(similarity_result_release) struct similarity_result result = SIMILARITY_RESULT_INIT;
	AUTO_FREE struct similarity_region *regions = NULL;
	size_t count;

	(void)state;
	similarity_starter(s, "main.py", PART_TWO, strlen(PART_TWO));
	add(s, PART_TWO PART_ONE);
	add(s, PART_TWO COPY_ONE);
	similarity_compare(s, &result);
	regions = similarity_regions(s, 0, 1, &count);
	assert_int_equal(count, 1);
	/* not the starter's lines, but for the gram that reaches into them */
	assert_in_range(regions[0].first_a, 11, 13);
	assert_int_equal(regions[0].last_a, 21);
}

/* --- fingerprints */

struct selected {
	uint32_t at[64];
	size_t count;
};

static void note(void *arg, uint64_t hash, uint32_t at)
{
	struct selected *selected = arg;

	(void)hash;
	selected->at[selected->count++] = at;
}

static void test_winnow(void **state)
{
	/* windows of 8: the least, the last of equals, none of those left out */
	static const uint64_t grams[] = {
		77, 74, 42, 17, 98, 50, 17, 98, 8, 88, 67, 39, 77, 74, 42, 17, 98, WINNOW_NONE,
	};
	static const uint32_t wanted[] = { 6, 8, 15 };
	uint64_t none[20];
	struct selected selected = { .count = 0 };

	(void)state;
	winnow_select(grams, 18, note, &selected);
	assert_int_equal(selected.count, 3);
	assert_memory_equal(selected.at, wanted, sizeof wanted);
	selected.count = 0;
	memset(none, 0xff, sizeof none);
	winnow_select(none, 20, note, &selected);
	winnow_select(none, 0, note, &selected);
	assert_int_equal(selected.count, 0);
	winnow_select(grams, 2, note, &selected);
	assert_int_equal(selected.count, 1);
	assert_int_equal(selected.at[0], 1);
}

static void test_bounds(void **state)
{
	AUTO(similarity_free) struct similarity *s = similarity_new();
	AUTO(similarity_result_release) struct similarity_result result = SIMILARITY_RESULT_INIT;
	AUTO_FREE char *text = buf_alloc(10u << 20);
	size_t count;

	(void)state;
	memset(text, ';', 10u << 20);
	similarity_begin(s);
	similarity_add(s, "a.js", text, 10u << 20);
	similarity_add(s, "b.js", "\xff\0\"", 3);
	similarity_begin(s);
	similarity_begin(s);
	similarity_add(s, "a.js", text, 1 << 20);
	similarity_compare(s, &result);
	assert_true(result.members[0].cut);
	assert_int_equal(result.members[0].symbols, SIMILARITY_SYMBOLS);
	assert_int_equal(result.members[0].own, 1);
	assert_int_equal(result.pair_count, 0);
	free(similarity_regions(s, 0, 2, &count));
	assert_int_equal(count, 1);
}

static void test_nothing(void **state)
{
	AUTO(similarity_free) struct similarity *s = similarity_new();
	AUTO(similarity_result_release) struct similarity_result result = SIMILARITY_RESULT_INIT;

	(void)state;
	similarity_compare(s, &result);
	assert_int_equal(result.member_count + result.pair_count + result.compared_pairs, 0);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		{ "the same code is all alike", test_same, NULL, NULL, NULL },
		{ "names, comments and layout hide nothing", test_renamed, NULL, NULL, NULL },
		{ "neither does another order", test_reordered, NULL, NULL, NULL },
		{ "neither does more code around it", test_padded, NULL, NULL, NULL },
		{ "code of one's own is not alike", test_other, NULL, NULL, NULL },
		{ "the starter is left out", test_starter, NULL, NULL, NULL },
		{ "what most have is left out", test_common, NULL, NULL, NULL },
		{ "a crowd is found, and a pair beside it", test_crowd, NULL, NULL, NULL },
		{ "regions tell which lines", test_regions, NULL, NULL, NULL },
		{ "regions leave the starter out", test_regions_starter, NULL, NULL, NULL },
		{ "fingerprints are those of the paper", test_winnow, NULL, NULL, NULL },
		{ "huge submissions are bounded", test_bounds, NULL, NULL, NULL },
		{ "no submissions are no pairs", test_nothing, NULL, NULL, NULL },
	};

	return cmocka_run_group_tests_name("similarity", tests, NULL, NULL);
}
