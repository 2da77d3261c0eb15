/* ai_price.h - what tokens cost: share/prices.json, and a table of the store over it
 *
 *	{"schema": "tali.prices/1",
 *	 "default": {RATES},
 *	 "models": [{"match": "claude-opus-*", RATES, "long": {"above": 200000, RATES}}, ...]}
 *
 * RATES are micro-dollars (1 USD = 1,000,000) for a million tokens: "input" and "output", and if
 * they differ from what follows from input, "cache_write_5m" (1.25 times), "cache_write_1h" (twice)
 * and "cache_read" (a tenth). "long" holds for all tokens of an exchange with more input than
 * "above". In "match" a * stands for any characters; the longest match that fits wins, the later
 * of two as long. A model that nothing fits costs the default, never nothing. */
#ifndef TALI_AI_PRICE_H
#define TALI_AI_PRICE_H

#include "ai/ai_usage.h"
#include "base/err.h"

#include <jansson.h>
#include <stdbool.h>
#include <stdint.h>

#define AI_PRICE_MAX ((int64_t)1000000000)	/* 1,000 USD for a million tokens */

struct ai_rates {
	int64_t input, cache_write, cache_write_hour, cache_read, output;
};

struct ai_price {
	struct ai_rates rates;
	int64_t above;		/* more input than this: `beyond` holds. 0: never */
	struct ai_rates beyond;
	bool known;		/* false: the default tier */
};

/* Checks a table of the store. ERR_INPUT with the place of what is wrong. */
int ai_price_check(const json_t *table, struct err *err);

#define AI_PRICE_FILE "ai/prices.json"	/* in the store */
#define AI_PRICE_FILE_MAX ((size_t)1 << 20)

/* Reads and checks the store's table; *ret is yours, NULL when it has none. ERR_INPUT with the
 * place of what is wrong, ERR_ENV. */
int ai_price_read(const char *store_path, json_t **ret, struct err *err);

/* The price of a model. `table`: the store's, checked, or NULL; its matches go before those that
 * are compiled in, and so does its default when it has one. */
struct ai_price ai_price_of(const json_t *table, const char *model);

/* What the tokens cost in micro-dollars, rounded up. Counts beyond AI_USAGE_MAX cost as that. */
int64_t ai_price_cost(const struct ai_price *price, const struct ai_usage *usage);

/* The most that so many tokens can cost, whichever kinds of input they turn out to be. */
int64_t ai_price_worst(const struct ai_price *price, int64_t input, int64_t output);

#endif
