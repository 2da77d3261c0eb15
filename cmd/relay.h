/* relay.h - what commands share that run one program for their user: its input, its exit status */
#ifndef TALI_RELAY_H
#define TALI_RELAY_H

#include "base/err.h"
#include "sandbox/run_report.h"

/* What a program reads: `file`, or when that is NULL or "-" the reading end of a pipe that a thread
 * fills from our standard input for as long as we live: a program in the sandbox never gets a
 * terminal or a file of ours itself. Yours; -1 on error. */
int relay_input(const char *file, struct err *err);

/* As a shell would: status, or 128 and the signal; 137 for what we stopped. */
int relay_exit_status(const struct run_report *report);

#endif
