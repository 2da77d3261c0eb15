/* ai_price.c - see ai_price.h */
#include "ai/ai_price.h"

#include "ai/ai_json.h"
#include "base/auto.h"
#include "base/buf.h"
#include "base/fs.h"
#include "base/json.h"
#include "base/share.h"

#include <fcntl.h>
#include <pthread.h>
#include <stdlib.h>
#include <string.h>

#define MATCH_MAX 256
#define MODELS_MAX 10000

/* The table that is compiled in; read once under `once`, kept as long as the process. */
static json_t *compiled_in;
static pthread_once_t once = PTHREAD_ONCE_INIT;

static void read_compiled_in(void)
{
	const struct share_file *file = share_find("prices.json");
	struct err err = ERR_INIT;

	if (file)
		compiled_in = json_parse(file->data, file->size, file->name, &err);
	if (!compiled_in || ai_price_check(compiled_in, &err) < 0 ||
	    !json_object_get(compiled_in, "default"))
		abort();
}

/* --- checking */

static int check_rates(const json_t *rates, const char *place, struct err *err)
{
	static const char *const names[] = { "input", "output", "cache_write_5m", "cache_write_1h",
					     "cache_read" };

	if (!json_is_object(rates))
		return err_set(err, ERR_INPUT, "%s: must be an object", place);
	for (size_t i = 0; i < sizeof(names) / sizeof(names[0]); i++) {
		const json_t *value = json_object_get(rates, names[i]);

		if ((value || i < 2) && ai_json_count(value, AI_PRICE_MAX) < 0)
			return err_set(err, ERR_INPUT,
				       "%s/%s: must be micro-dollars for a million tokens, "
				       "a whole number up to %lld",
				       place, names[i], (long long)AI_PRICE_MAX);
	}
	return 0;
}

static int check_model(const json_t *model, const char *place, struct err *err)
{
	const json_t *beyond = json_object_get(model, "long");
	const char *match = json_str(model, "match", "");

	if (check_rates(model, place, err) < 0)
		return -1;
	if (!*match || strlen(match) > MATCH_MAX)
		return err_set(err, ERR_INPUT, "%s/match: must be 1 to %d characters", place,
			       MATCH_MAX);
	if (!beyond)
		return 0;
	if (ai_json_count(json_object_get(beyond, "above"), AI_USAGE_MAX) <= 0)
		return err_set(err, ERR_INPUT, "%s/long/above: must be a number of tokens", place);
	return check_rates(beyond, place, err);
}

int ai_price_check(const json_t *table, struct err *err)
{
	const json_t *models = json_object_get(table, "models"), *model;
	const json_t *usual = json_object_get(table, "default");
	size_t i;

	if (strcmp(json_str(table, "schema", ""), "tali.prices/1") != 0)
		return err_set(err, ERR_INPUT, "/schema: must be \"tali.prices/1\"");
	if (usual && check_rates(usual, "/default", err) < 0)
		return -1;
	if (!json_is_array(models) || json_array_size(models) > MODELS_MAX)
		return err_set(err, ERR_INPUT, "/models: must be an array of at most %d",
			       MODELS_MAX);
	json_array_foreach(models, i, model) {
		char place[40];

		snprintf(place, sizeof(place), "/models/%zu", i);
		if (check_model(model, place, err) < 0)
			return -1;
	}
	return 0;
}

int ai_price_read(const char *store_path, json_t **ret, struct err *err)
{
	AUTO_FREE char *path = fs_join(store_path, AI_PRICE_FILE);
	AUTO(buf_release) struct buf text = BUF_INIT(AI_PRICE_FILE_MAX);
	AUTO_JSON json_t *table = NULL;

	*ret = NULL;
	if (fs_read(AT_FDCWD, path, AI_PRICE_FILE_MAX, &text, err) < 0) {
		if (err->code != ERR_NOT_FOUND)
			return -1;
		*err = (struct err)ERR_INIT;
		return 0;
	}
	table = json_parse(buf_str(&text), text.len, AI_PRICE_FILE, err);
	if (!table)
		return -1;
	if (ai_price_check(table, err) < 0)
		return err_wrap(err, "%s", AI_PRICE_FILE);
	*ret = TAKE(table);
	return 0;
}

/* --- finding */

/* Whether the text fits a pattern in which * stands for any characters: the last star is where a
 * mismatch goes back to, so the time is at most the product of both lengths. */
static bool fits(const char *pattern, const char *text)
{
	const char *star = NULL, *from = NULL;

	while (*text) {
		if (*pattern == '*') {
			star = pattern++;
			from = text;
		} else if (*pattern == *text) {
			pattern++;
			text++;
		} else if (star) {
			pattern = star + 1;
			text = ++from;
		} else {
			return false;
		}
	}
	while (*pattern == '*')
		pattern++;
	return !*pattern;
}

static const json_t *find(const json_t *table, const char *model)
{
	const json_t *entry, *best = NULL;
	size_t i, longest = 0;

	json_array_foreach(json_object_get(table, "models"), i, entry) {
		const char *match = json_str(entry, "match", "");

		if (strlen(match) >= longest && fits(match, model)) {
			longest = strlen(match);
			best = entry;
		}
	}
	return best;
}

static int64_t rate(const json_t *rates, const char *name, int64_t otherwise)
{
	int64_t value = ai_json_count(json_object_get(rates, name), AI_PRICE_MAX);

	return value < 0 ? otherwise : value;
}

static struct ai_rates rates_of(const json_t *rates)
{
	int64_t input = rate(rates, "input", 0);

	return (struct ai_rates){
		.input = input,
		.cache_write = rate(rates, "cache_write_5m", input + (input + 3) / 4),
		.cache_write_hour = rate(rates, "cache_write_1h", 2 * input),
		.cache_read = rate(rates, "cache_read", (input + 9) / 10),
		.output = rate(rates, "output", 0),
	};
}

struct ai_price ai_price_of(const json_t *table, const char *model)
{
	const json_t *entry = find(table, model), *beyond;
	struct ai_price price = { .known = true };

	pthread_once(&once, read_compiled_in);
	if (!entry)
		entry = find(compiled_in, model);
	if (!entry) {
		price.known = false;
		entry = json_object_get(table, "default");
	}
	if (!entry)
		entry = json_object_get(compiled_in, "default");
	price.rates = rates_of(entry);
	beyond = json_object_get(entry, "long");
	if (beyond) {
		price.above = ai_json_count(json_object_get(beyond, "above"), AI_USAGE_MAX);
		price.beyond = rates_of(beyond);
	}
	return price;
}

/* Whole micro-dollars in *cost, what is left of the million in *rest. */
static void add(int64_t tokens, int64_t rate, int64_t *cost, int64_t *rest)
{
	if (tokens < 0)
		tokens = 0;
	if (tokens > AI_USAGE_MAX)
		tokens = AI_USAGE_MAX;
	/* at most 10^9 times 2 * 10^9: below 2^63 */
	*cost += tokens * rate / 1000000;
	*rest += tokens * rate % 1000000;
}

int64_t ai_price_cost(const struct ai_price *price, const struct ai_usage *usage)
{
	bool beyond = price->above && ai_usage_input(usage) > price->above;
	const struct ai_rates *rates = beyond ? &price->beyond : &price->rates;
	int64_t cost = 0, rest = 0;

	add(usage->input, rates->input, &cost, &rest);
	add(usage->cache_write, rates->cache_write, &cost, &rest);
	add(usage->cache_write_hour, rates->cache_write_hour, &cost, &rest);
	add(usage->cache_read, rates->cache_read, &cost, &rest);
	add(usage->output, rates->output, &cost, &rest);
	return cost + (rest + 999999) / 1000000;
}

static int64_t most(int64_t a, int64_t b)
{
	return a > b ? a : b;
}

static int64_t dearest_input(const struct ai_rates *rates)
{
	return most(most(rates->input, rates->cache_read),
		    most(rates->cache_write, rates->cache_write_hour));
}

int64_t ai_price_worst(const struct ai_price *price, int64_t input, int64_t output)
{
	const struct ai_rates *rates = &price->rates, *beyond = &price->beyond;
	bool may_be_long = price->above && input > price->above;
	int64_t in = dearest_input(rates), out = rates->output;
	int64_t cost = 0, rest = 0;

	if (may_be_long) {
		in = most(in, dearest_input(beyond));
		out = most(out, beyond->output);
	}
	add(input, in, &cost, &rest);
	add(output, out, &cost, &rest);
	return cost + (rest + 999999) / 1000000;
}
