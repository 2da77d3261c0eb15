/* metrics.h - counts and times of requests by route, in the text format of Prometheus */
#ifndef TALI_METRICS_H
#define TALI_METRICS_H

#include "base/buf.h"
#include "http/http_server.h"
#include "http/worker.h"

struct metrics;

struct metrics *metrics_new(void);
void metrics_free(struct metrics **metrics);

/* Counts one request. Its route must be a string that is never freed. Any thread. */
void metrics_count(struct metrics *metrics, const struct http_log *line);

/* Adds all as text; `http` and `workers` are what they are now. */
void metrics_write(struct metrics *metrics, const struct http_server_stats *http,
		   const struct worker_stats *workers, struct buf *out);

#endif
