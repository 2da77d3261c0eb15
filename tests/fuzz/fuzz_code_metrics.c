/* fuzz_code_metrics.c - any bytes as a source file, measured and compared: within bounds, and true
 *
 * The first byte says in which language. */
#include "score/code_metrics.h"
#include "score/similarity.h"

#include "base/auto.h"
#include "base/buf.h"

#include <stdlib.h>
#include <string.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void demand(bool fact)
{
	if (!fact)
		abort();
}

static void demand_count(const struct code_count *c)
{
	demand(c->changed_lines <= c->lines && c->code_lines <= c->changed_lines);
	demand(c->comment_lines <= c->changed_lines && c->documented <= c->public_functions);
	demand(c->public_functions <= c->functions && c->functions <= c->complexity);
	demand(c->short_names <= c->names && c->odd_names * 2 <= c->names);
	demand(c->duplicate_lines <= c->lines);
}

static void measure(const char *path, const char *text, size_t len, const char *starter)
{
	AUTO(code_metrics_release) struct code_metrics metrics = CODE_METRICS_INIT;
	AUTO(code_metrics_drop) struct code_meter *meter = code_metrics_begin();
	size_t i;

	code_metrics_starter(meter, path, starter, strlen(starter));
	code_metrics_add(meter, path, text, len);
	code_metrics_end(&meter, &metrics);
	demand_count(&metrics.total);
	for (i = 0; i < metrics.function_count; i++) {
		const struct code_function *f = &metrics.functions[i];

		demand(f->line && f->lines && f->complexity && strlen(f->name) < CODE_HEAD_NAME);
		demand(!i || f->line >= f[-1].line);
	}
	for (i = 0; i < metrics.finding_count; i++)
		demand(metrics.findings[i].line && metrics.findings[i].lines);
}

/* A text and the same again have the same fingerprints, and all of it in common. */
static void compare(const char *path, const char *text, size_t len)
{
	AUTO(similarity_free) struct similarity *similarity = similarity_new();
	AUTO(similarity_result_release) struct similarity_result result = SIMILARITY_RESULT_INIT;
	AUTO_FREE struct similarity_region *regions = NULL;
	size_t count;
	int i;

	for (i = 0; i < 2; i++) {
		similarity_begin(similarity);
		similarity_add(similarity, path, text, len);
	}
	similarity_compare(similarity, &result);
	demand(result.members[0].own == result.members[1].own);
	demand(result.pair_count == (result.members[0].compared ? 1 : 0));
	demand(!result.pair_count || result.pairs[0].value == 10000);
	regions = similarity_regions(similarity, 0, 1, &count);
	demand(count == (result.members[0].symbols >= WINNOW_GRAM));
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	const struct code_language *language;
	AUTO_FREE char *path = NULL;

	if (!size)
		return 0;
	language = code_language_at(data[0] % 9);
	path = buf_format("a%s", language->extensions[0]);
	measure(path, (const char *)data + 1, size - 1, "");
	measure(path, (const char *)data + 1, size - 1, "}\nreturn x;\n");
	compare(path, (const char *)data + 1, size - 1);
	return 0;
}
