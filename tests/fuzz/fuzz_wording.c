/* fuzz_wording.c - any bytes as what a person wrote: terms stand in it, points stay within ten */
#include "score/wording.h"

#include "base/auto.h"
#include "base/buf.h"
#include "score/prompt_quality.h"

#include <stdint.h>
#include <stdlib.h>
#include <string.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void need(bool holds)
{
	if (!holds)
		abort();
}

#define TERMS 40

struct seen {
	const char *text;
	size_t len, count;
};

/* Each term stands in the text as a word of its own. */
static void see(void *arg, const char *term)
{
	struct seen *seen = arg;

	need(++seen->count <= TERMS);
	need(strlen(term) >= 3 && wording_has(seen->text, seen->len, term));
}

static void check_prompt(const char *text, size_t size)
{
	static char path[] = "src/bill.py";
	static struct fact_path paths[] = { { path, PATH_CODE } };
	static const struct facts facts = { .paths = paths, .path_count = 1 };
	struct prompt_quality quality = prompt_quality(&facts, text, size);
	int sum = 0;

	for (int i = 0; i < PROMPT_PARTS; i++) {
		need(quality.parts[i] >= 0 && quality.parts[i] <= 2);
		sum += quality.parts[i];
	}
	need(sum == quality.value && sum <= 10);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	AUTO_FREE char *text = buf_alloc(size + 1);
	AUTO_FREE uint64_t *shingles = NULL;
	struct seen seen = { text, size, 0 };
	size_t count;

	if (size > 65536)
		return 0;
	if (size)
		memcpy(text, data, size);
	need(wording_items(text, size) <= size / 3 + 1);
	shingles = wording_shingles(text, size, &count);
	need(count <= wording_count(text, size));
	wording_terms(text, TERMS, see, &seen);
	check_prompt(text, size);
	return 0;
}
