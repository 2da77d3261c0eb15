/* ai_policy.c - see ai_policy.h */
#include "ai/ai_policy.h"

#include "base/json.h"

#include <fnmatch.h>
#include <string.h>

#define MICRO_OF_CENT 10000

static enum ai_policy_kind read_kind(const char *word)
{
	static const char *const words[] = {
		[AI_POLICY_OFF] = "off", [AI_POLICY_GUARDED] = "guarded",
		[AI_POLICY_FULL] = "full", [AI_POLICY_PLANTED] = "planted",
	};

	for (int kind = AI_POLICY_OFF; kind <= AI_POLICY_PLANTED; kind++)
		if (strcmp(words[kind], word) == 0)
			return (enum ai_policy_kind)kind;
	return AI_POLICY_OFF;
}

struct ai_policy ai_policy_of(const json_t *ai)
{
	enum ai_policy_kind kind = read_kind(json_str(ai, "policy", "off"));

	return (struct ai_policy){
		.kind = kind,
		.tools = kind == AI_POLICY_FULL && !json_is_false(json_object_get(ai, "tools")),
		.models = json_object_get(ai, "models"),
		.limits = {
			.tokens = json_int(ai, "max_tokens", 0),
			.cost = json_int(ai, "max_cost_cents", 0) * MICRO_OF_CENT,
			.messages = json_int(ai, "max_messages", 0),
			.requests_per_minute = json_int(ai, "max_requests_per_minute", 0),
		},
	};
}

const char *ai_policy_told(const struct ai_policy *policy)
{
	static const char *const words[] = {
		[AI_POLICY_OFF] = "off", [AI_POLICY_GUARDED] = "guarded",
		[AI_POLICY_FULL] = "full", [AI_POLICY_PLANTED] = "full",
	};

	return words[policy->kind];
}

bool ai_policy_allows(const struct ai_policy *policy, const char *model)
{
	const json_t *pattern;
	size_t i;

	if (policy->kind == AI_POLICY_OFF)
		return false;
	if (!policy->models)
		return true;
	json_array_foreach(policy->models, i, pattern)
		if (fnmatch(json_string_value(pattern), model, 0) == 0)
			return true;
	return false;
}
