/* ai-provider-judge.h - answers as a judge gives them, to what score/judge_ask.h asks */
#ifndef TALI_AI_PROVIDER_JUDGE_H
#define TALI_AI_PROVIDER_JUDGE_H

#include "ai-provider-ask.h"
#include "ai-provider-plan.h"

/* The answer to request `number`, by the words judge, invent, obey and wordy of the plan. Yours. */
char *judge_say(const struct ask *ask, const struct plan *plan, unsigned long number);

#endif
