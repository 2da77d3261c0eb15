/* ai_policy.h - what a task says of models: "ai" of its manifest */
#ifndef TALI_AI_POLICY_H
#define TALI_AI_POLICY_H

#include "ai/ai_budget.h"

#include <jansson.h>
#include <stdbool.h>

enum ai_policy_kind {
	AI_POLICY_OFF,		/* no assistant; also where the manifest says nothing */
	AI_POLICY_GUARDED,	/* it explains and does not solve */
	AI_POLICY_FULL,		/* it helps with everything */
	AI_POLICY_PLANTED,	/* it makes a known mistake at a recorded point */
};

struct ai_policy {
	enum ai_policy_kind kind;
	/* Whether the candidate's own tools may speak with the models. Not where the assistant is
	 * guarded or planted, which only one of ours can be; a full one says. */
	bool tools;
	const json_t *models;	/* patterns, borrowed; NULL: those of the store */
	struct ai_limits limits;
};

/* Reads the member `ai` of a manifest that was checked; NULL: there is none. A word that is not
 * known is off. */
struct ai_policy ai_policy_of(const json_t *ai);

/* How the candidate is told of it: "off", "guarded" or "full"; that a mistake is planted is not
 * for them to know. */
const char *ai_policy_told(const struct ai_policy *policy);

bool ai_policy_allows(const struct ai_policy *policy, const char *model);

#endif
