/* live_bench.h - a workbench over a live session of a server: its files are the fold, who listens
 * is told of each change */
#ifndef TALI_LIVE_BENCH_H
#define TALI_LIVE_BENCH_H

#include "assess/live.h"
#include "assess/workbench.h"

/* Keeps the session until it is released. NULL: ERR_ENV. */
struct workbench *live_bench_new(struct live *live, struct err *err);

#endif
