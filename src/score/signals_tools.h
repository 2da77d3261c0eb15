/* signals_tools.h - the signals of tool_orchestration: tool_selection, multi_tool_coordination,
 * workflow_efficiency, resource_utilization (tali-scoring(7) says what each is) */
#ifndef TALI_SIGNALS_TOOLS_H
#define TALI_SIGNALS_TOOLS_H

#include "score/signal.h"

/* Adds them, also those that have too little to go by. */
void signals_tools(const struct signal_evidence *evidence, struct signals *signals);

#endif
