/* ai_usage.h - the tokens of one exchange, whatever the protocol calls them */
#ifndef TALI_AI_USAGE_H
#define TALI_AI_USAGE_H

#include <jansson.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#define AI_USAGE_MAX ((int64_t)1000000000)	/* tokens of one kind; more is no count */

/* The four kinds of input are disjoint: their sum is all that was read. */
struct ai_usage {
	int64_t input;			/* neither from the cache nor into it */
	int64_t cache_write;		/* into the cache, for five minutes or so */
	int64_t cache_write_hour;	/* into the cache for an hour */
	int64_t cache_read;
	int64_t output;			/* with what was thought */
	int64_t reasoning;		/* of the output; 0 when not said */
};

/* All input tokens, and all tokens. */
int64_t ai_usage_input(const struct ai_usage *usage);
int64_t ai_usage_all(const struct ai_usage *usage);

/* The usage object of Anthropic (its kinds of input are disjoint), and of OpenAI (both APIs; cached
 * tokens are a part of its input). What is missing or no count is 0; false when input or output is
 * not said. A part of more tokens than the whole is cut to the whole. */
bool ai_usage_anthropic(const json_t *raw, struct ai_usage *ret);
bool ai_usage_openai(const json_t *raw, struct ai_usage *ret);

/* Puts the members of `more` that are not null over those of `usage`: counts of a stream are
 * cumulative, the last one wins. */
void ai_usage_merge(json_t *usage, const json_t *more);

/* The floor for text whose tokens nobody counted: four characters each, rounded up. Characters are
 * those of UTF-8. */
int64_t ai_usage_floor(const char *text, size_t len);

#endif
