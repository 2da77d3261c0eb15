/* ai_usage.c - see ai_usage.h */
#include "ai/ai_usage.h"

#include "ai/ai_json.h"
#include "base/utf8.h"

int64_t ai_usage_input(const struct ai_usage *usage)
{
	return usage->input + usage->cache_write + usage->cache_write_hour + usage->cache_read;
}

int64_t ai_usage_all(const struct ai_usage *usage)
{
	return ai_usage_input(usage) + usage->output;
}

/* The count, or 0; *known becomes false when it is none. */
static int64_t count(const json_t *value, bool *known)
{
	int64_t number = ai_json_count(value, AI_USAGE_MAX);

	if (number < 0 && known)
		*known = false;
	return number < 0 ? 0 : number;
}

/* A part of `whole` that is taken off it. */
static int64_t take_part(const json_t *value, int64_t *whole)
{
	int64_t part = count(value, NULL);

	if (part > *whole)
		part = *whole;
	*whole -= part;
	return part;
}

static int64_t least(int64_t a, int64_t b)
{
	return a < b ? a : b;
}

bool ai_usage_anthropic(const json_t *raw, struct ai_usage *ret)
{
	struct ai_usage usage = { 0 };
	bool known = true;

	usage.input = count(json_object_get(raw, "input_tokens"), &known);
	usage.cache_write = count(json_object_get(raw, "cache_creation_input_tokens"), NULL);
	usage.cache_write_hour = take_part(ai_json_at(raw, "cache_creation",
						      "ephemeral_1h_input_tokens"),
					   &usage.cache_write);
	usage.cache_read = count(json_object_get(raw, "cache_read_input_tokens"), NULL);
	usage.output = count(json_object_get(raw, "output_tokens"), &known);
	usage.reasoning = least(count(ai_json_at(raw, "output_tokens_details", "thinking_tokens"),
				      NULL),
				usage.output);
	*ret = usage;
	return known;
}

bool ai_usage_openai(const json_t *raw, struct ai_usage *ret)
{
	bool chat = json_object_get(raw, "prompt_tokens") != NULL;
	const char *of_input = chat ? "prompt_tokens_details" : "input_tokens_details";
	const char *of_output = chat ? "completion_tokens_details" : "output_tokens_details";
	struct ai_usage usage = { 0 };
	bool known = true;

	usage.input = count(json_object_get(raw, chat ? "prompt_tokens" : "input_tokens"), &known);
	usage.cache_read = take_part(ai_json_at(raw, of_input, "cached_tokens"), &usage.input);
	usage.cache_write = take_part(ai_json_at(raw, of_input, "cache_write_tokens"),
				      &usage.input);
	usage.output = count(json_object_get(raw, chat ? "completion_tokens" : "output_tokens"),
			     &known);
	usage.reasoning = least(count(ai_json_at(raw, of_output, "reasoning_tokens"), NULL),
				usage.output);
	*ret = usage;
	return known;
}

void ai_usage_merge(json_t *usage, const json_t *more)
{
	const char *key;
	json_t *value;

	json_object_foreach((json_t *)more, key, value)
		if (!json_is_null(value))
			json_object_set(usage, key, value);
}

int64_t ai_usage_floor(const char *text, size_t len)
{
	int64_t characters = 0;

	for (size_t i = 0; i < len; i++)
		characters += !utf8_inside(text[i]);
	return (characters + 3) / 4;
}
