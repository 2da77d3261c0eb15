/* event_print.h - what commands share that add one event: with --json they print it */
#ifndef TALI_EVENT_PRINT_H
#define TALI_EVENT_PRINT_H

#include "cmd.h"

/* Prints the event, tali.event/1, when JSON is wanted, else nothing; says so when it only waits to
 * be sent. Takes `event`; NULL gives -1, with the error that is there. */
int event_print(const struct cmd_ctx *ctx, json_t *event, struct err *err);

#endif
