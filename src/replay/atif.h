/* atif.h - the conversations of an assessment as an ATIF-v1.7 trajectory
 *
 * journal/foreign_atif.h has the format. Prompts become steps of the user, answers steps of the
 * agent with the tools that followed, notes steps of the system. */
#ifndef TALI_ATIF_H
#define TALI_ATIF_H

#include "store/assessment.h"

#include <stdio.h>

/* Prints it, one object on one line. `agent` is the name of the agent. ERR_NOT_FOUND when nobody
 * talked with an assistant. */
int atif_export(struct store *store, const struct assessment *assessment, const char *agent,
		FILE *out, struct err *err);

#endif
