/* metrics.c - see metrics.h */
#include "web/metrics.h"

#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define STATUS_MAX 16		/* different ones of one route */
#define BOUNDS (sizeof(bounds_us) / sizeof(*bounds_us))

static const int64_t bounds_us[] = { 250,   500,    1000,   2500,   5000,    10000,  25000,
				     50000, 100000, 250000, 500000, 1000000, 5000000 };

struct status_count {
	int status;
	uint64_t count;
};

/* One route and method. */
struct series {
	const char *route;
	char method[8];
	struct status_count statuses[STATUS_MAX];	/* the last one takes what has no place */
	unsigned status_count;
	uint64_t buckets[BOUNDS + 1];
	uint64_t timed;
	int64_t sum_us;
};

struct metrics {
	pthread_mutex_t lock;		/* of all below */
	struct series *series;
	size_t count;
};

struct metrics *metrics_new(void)
{
	struct metrics *metrics = buf_alloc(sizeof(*metrics));

	pthread_mutex_init(&metrics->lock, NULL);
	return metrics;
}

void metrics_free(struct metrics **metrics)
{
	struct metrics *old = *metrics;

	*metrics = NULL;
	if (!old)
		return;
	pthread_mutex_destroy(&old->lock);
	free(old->series);
	free(old);
}

static struct series *series_of(struct metrics *metrics, const struct http_log *line)
{
	const char *route = line->route ? line->route : "";
	struct series *one;

	for (size_t i = 0; i < metrics->count; i++) {
		one = &metrics->series[i];
		if (strcmp(one->route, route) == 0 && strcmp(one->method, line->method) == 0)
			return one;
	}
	metrics->series = buf_realloc(metrics->series, metrics->count + 1, sizeof(*one));
	one = &metrics->series[metrics->count++];
	memset(one, 0, sizeof(*one));
	one->route = route;
	snprintf(one->method, sizeof(one->method), "%s", line->method);
	return one;
}

static void count_status(struct series *one, int status)
{
	unsigned i = 0;

	while (i < one->status_count && one->statuses[i].status != status)
		i++;
	if (i == STATUS_MAX) {
		i--;
	} else if (i == one->status_count) {
		one->status_count++;
		one->statuses[i].status = status;
	}
	one->statuses[i].count++;
}

void metrics_count(struct metrics *metrics, const struct http_log *line)
{
	struct series *one;
	size_t bucket = 0;

	pthread_mutex_lock(&metrics->lock);
	one = series_of(metrics, line);
	count_status(one, line->status);
	if (!line->stream) {
		while (bucket < BOUNDS && line->duration_us > bounds_us[bucket])
			bucket++;
		one->buckets[bucket]++;
		one->timed++;
		one->sum_us += line->duration_us;
	}
	pthread_mutex_unlock(&metrics->lock);
}

static void write_requests(const struct metrics *metrics, struct buf *out)
{
	buf_add_str(out, "# HELP tali_requests_total Requests that ended.\n"
			 "# TYPE tali_requests_total counter\n");
	for (size_t i = 0; i < metrics->count; i++) {
		const struct series *one = &metrics->series[i];

		for (unsigned j = 0; j < one->status_count; j++)
			buf_add_format(out, "tali_requests_total{route=\"%s\",method=\"%s\","
				       "status=\"%d\"} %llu\n", one->route, one->method,
				       one->statuses[j].status,
				       (unsigned long long)one->statuses[j].count);
	}
}

static void write_times(const struct metrics *metrics, struct buf *out)
{
	buf_add_str(out, "# HELP tali_request_seconds From the head of a request to the end of its "
			 "answer; streams are not in it.\n"
			 "# TYPE tali_request_seconds histogram\n");
	for (size_t i = 0; i < metrics->count; i++) {
		const struct series *one = &metrics->series[i];
		uint64_t sum = 0;

		for (size_t j = 0; j < BOUNDS; j++) {
			sum += one->buckets[j];
			buf_add_format(out,
				       "tali_request_seconds_bucket{route=\"%s\",method=\"%s\","
				       "le=\"%g\"} %llu\n",
				       one->route, one->method, (double)bounds_us[j] / 1e6,
				       (unsigned long long)sum);
		}
		buf_add_format(out, "tali_request_seconds_bucket{route=\"%s\",method=\"%s\","
			       "le=\"+Inf\"} %llu\n", one->route, one->method,
			       (unsigned long long)one->timed);
		buf_add_format(out, "tali_request_seconds_sum{route=\"%s\",method=\"%s\"} %.6f\n",
			       one->route, one->method, (double)one->sum_us / 1e6);
		buf_add_format(out, "tali_request_seconds_count{route=\"%s\",method=\"%s\"} %llu\n",
			       one->route, one->method, (unsigned long long)one->timed);
	}
}

static void write_one(struct buf *out, const char *type, const char *name, const char *help,
		      uint64_t value)
{
	buf_add_format(out, "# HELP tali_%s %s\n# TYPE tali_%s %s\ntali_%s %llu\n", name, help,
		       name, type, name, (unsigned long long)value);
}

void metrics_write(struct metrics *metrics, const struct http_server_stats *http,
		   const struct worker_stats *workers, struct buf *out)
{
	pthread_mutex_lock(&metrics->lock);
	write_requests(metrics, out);
	write_times(metrics, out);
	pthread_mutex_unlock(&metrics->lock);
	write_one(out, "counter", "refused_total", "Requests refused before any handler.",
		  http->refused);
	write_one(out, "gauge", "connections", "Open connections.", http->connections);
	write_one(out, "gauge", "streams", "Open event streams.", http->streams);
	write_one(out, "gauge", "websockets", "Open websockets.", http->websockets);
	write_one(out, "gauge", "streams_max", "Most streams and websockets together.",
		  http->streams_max);
	write_one(out, "gauge", "threads", "Threads for connections.", http->threads);
	write_one(out, "gauge", "workers", "Threads for the work.", workers->threads);
	write_one(out, "gauge", "workers_busy", "Those that work.", workers->busy);
	write_one(out, "gauge", "workers_queued", "Requests that wait for one.", workers->queued);
	write_one(out, "counter", "workers_done_total", "Requests that workers did.",
		  workers->done);
	write_one(out, "counter", "workers_refused_total", "Requests for which the queue was full.",
		  workers->refused);
}
