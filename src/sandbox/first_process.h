/* first_process.h - pid 1 of a sandbox, from its first instruction to its last (container.h) */
#ifndef TALI_FIRST_PROCESS_H
#define TALI_FIRST_PROCESS_H

#include "sandbox/container.h"

/* `channel` is its end of the container's channel. */
void first_process_run(const struct container_setup *setup, int channel) __attribute__((noreturn));

#endif
