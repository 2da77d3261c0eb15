/* signals_outcome.h - the signals of outcome_quality: correctness, edge_case_handling,
 * code_quality, documentation (tali-scoring(7) says what each is) */
#ifndef TALI_SIGNALS_OUTCOME_H
#define TALI_SIGNALS_OUTCOME_H

#include "score/signal.h"

/* Adds them, also those that have too little to go by. These need no journal. */
void signals_outcome(const struct signal_evidence *evidence, struct signals *signals);

#endif
