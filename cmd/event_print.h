/* event_print.h - what commands share that add one event: with --json they print it */
#ifndef TALI_EVENT_PRINT_H
#define TALI_EVENT_PRINT_H

#include "cmd.h"

/* Prints the event as tali.event/1 when JSON is wanted, else nothing. */
int event_print(const struct cmd_ctx *ctx, int64_t seq, struct err *err);

#endif
