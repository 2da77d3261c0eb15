/* signals_prompts.h - the signals of prompt_engineering: clarity_specificity, context_management,
 * iteration_efficiency, error_recovery (tali-scoring(7) says what each is) */
#ifndef TALI_SIGNALS_PROMPTS_H
#define TALI_SIGNALS_PROMPTS_H

#include "score/signal.h"

/* Adds them, also those that have too little to go by. */
void signals_prompts(const struct signal_evidence *evidence, struct signals *signals);

#endif
