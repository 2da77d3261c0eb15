/* live.c - candidates at work on a server: a stream each, keystrokes every two seconds
 *
 *	live PORT PID SECONDS <TOKENS
 *
 * TOKENS has a line for each candidate: the token of a link that was not opened yet. All begin,
 * make a file, and type into it for so long. Prints the row live (99th percentile of the time from
 * a batch to its acknowledgement, against the 100 ms that are the limit) and live-memory (resident
 * memory of the server at the end, against 150 MB). A batch that is not acknowledged, or a stream
 * that ends, is a failure. */
#include "http_load.h"
#include "measure.h"

#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define PERIOD_MS 2000
#define KEYS 10		/* of a batch */
#define LIMIT_MS 100.0
#define LIMIT_MIB 150.0
#define BEGIN_MOST_MS 180000.0

enum state { STARTING, SETTING_UP, MAKING, RESTING, TYPING };

struct candidate {
	char token[64];
	enum state state;
	struct http_load_client *stream, *ask;
	long rev, seq, length;
	double due, sent;
};

static struct candidate *candidates;
static long count, working;
static struct http_load *load;
static double *times, type_until;
static long time_count, time_size;
static uint16_t port;

static void fail(const char *format, ...)
{
	va_list args;

	va_start(args, format);
	fputs("bench: ", stderr);
	vfprintf(stderr, format, args);
	fputc('\n', stderr);
	va_end(args);
	exit(1);
}

/* --- requests */

static void send_request(struct http_load_client *client, const struct candidate *candidate,
			 const char *method, const char *path, const char *body)
{
	char head[512];
	int len = snprintf(head, sizeof(head), "%s /api/v1/%s HTTP/1.1\r\nHost: 127.0.0.1:%u\r\n"
			   "Authorization: Bearer %s\r\nContent-Length: %zu\r\n\r\n", method, path,
			   port, candidate->token, strlen(body));

	http_load_send(client, head, (size_t)len);
	http_load_send(client, body, strlen(body));
}

static void ask(struct candidate *candidate, const char *method, const char *path,
		const char *body)
{
	if (!candidate->ask)
		candidate->ask = http_load_connect(load, candidate);
	send_request(candidate->ask, candidate, method, path, body);
}

static void type(struct candidate *candidate)
{
	char body[8192];
	int len = snprintf(body, sizeof(body), "{\"schema\":\"tali.batch/1\",\"client\":\"bench\","
			   "\"sent\":1,\"base\":{\"typed.txt\":%ld},\"events\":[", candidate->rev);

	for (int i = 0; i < KEYS; i++)
		len += snprintf(body + len, sizeof(body) - (size_t)len,
				"%s{\"seq\":%ld,\"time\":1,\"kind\":\"edit\",\"data\":{\"edits\":"
				"[{\"file\":\"typed.txt\",\"at\":%ld,\"del\":0,\"ins\":\"x\"}]}}",
				i ? "," : "", ++candidate->seq, candidate->length++);
	snprintf(body + len, sizeof(body) - (size_t)len, "]}");
	candidate->state = TYPING;
	candidate->sent = measure_now();
	ask(candidate, "POST", "events", body);
}

/* --- answers */

/* The number behind the last `"name":` of an answer. */
static long number(const char *body, size_t len, const char *name)
{
	char text[4096], *at;

	snprintf(text, sizeof(text), "%.*s", (int)len, body);
	at = strstr(text, name);
	if (!at)
		fail("there is no %s in %s", name, text);
	return strtol(at + strlen(name), NULL, 10);
}

static void note_time(double ms)
{
	if (time_count == time_size) {
		time_size = time_size ? 2 * time_size : 65536;
		times = realloc(times, (size_t)time_size * sizeof(*times));
		if (!times)
			fail("out of memory");
	}
	times[time_count++] = ms;
}

static void rest(struct candidate *candidate, double due)
{
	candidate->state = RESTING;
	candidate->due = due;
}

static void answer(struct http_load_client *client, int status, const char *body, size_t len)
{
	struct candidate *candidate = client->user;

	if (status != 200 && status != 202)
		fail("status %d: %.*s", status, (int)len, body);
	if (candidate->state == STARTING) {
		candidate->state = SETTING_UP;
	} else if (candidate->state == MAKING) {
		candidate->rev = number(body, len, "\"rev\":");
		working++;
		rest(candidate, 0);
	} else if (candidate->state == TYPING) {
		if (number(body, len, "\"acknowledged\":") != candidate->seq)
			fail("a batch is not acknowledged: %.*s", (int)len, body);
		candidate->rev = number(body, len, "\"typed.txt\":");
		note_time(measure_now() - candidate->sent);
		rest(candidate, candidate->due + PERIOD_MS);
	}
}

static void hear(struct http_load_client *client, const char *data, size_t len)
{
	struct candidate *candidate = client->user;

	if (candidate->state > SETTING_UP || !memmem(data, len, "\"status\":\"active\"", 17))
		return;
	candidate->state = MAKING;
	ask(candidate, "PUT", "files/typed.txt", "");
}

/* The server keeps no connection for long; a stream stays. */
static void closed(struct http_load_client *client)
{
	struct candidate *candidate = client->user;

	if (client == candidate->stream)
		fail("a stream has ended");
	if (candidate->state == TYPING || candidate->state == MAKING)
		fail("an answer is missing");
	candidate->ask = NULL;
}

/* --- time */

static void tick(void *arg)
{
	double now = measure_now();

	(void)arg;
	if (working < count)
		return;
	if (type_until == 0) {
		http_load_stop(load);
		return;
	}
	for (long i = 0; i < count; i++)
		if (candidates[i].state == RESTING && now >= candidates[i].due && now < type_until)
			type(&candidates[i]);
}

static void read_candidates(void)
{
	char line[64];

	while (fgets(line, sizeof(line), stdin)) {
		candidates = realloc(candidates, (size_t)(count + 1) * sizeof(*candidates));
		if (!candidates)
			fail("out of memory");
		memset(&candidates[count], 0, sizeof(*candidates));
		snprintf(candidates[count].token, sizeof(candidates[count].token), "%.*s",
			 (int)strcspn(line, "\n"), line);
		count++;
	}
}

static void begin(void)
{
	for (long i = 0; i < count; i++) {
		struct candidate *candidate = &candidates[i];

		candidate->stream = http_load_connect(load, candidate);
		send_request(candidate->stream, candidate, "GET", "stream", "");
		ask(candidate, "POST", "start", "{}");
	}
	http_load_run(load, measure_now() + BEGIN_MOST_MS, 10);
	if (working < count)
		fail("only %ld of %ld have begun", working, count);
}

static int by_value(const void *a, const void *b)
{
	double x = *(const double *)a, y = *(const double *)b;

	return (x > y) - (x < y);
}

static double resident_mib(const char *pid)
{
	char path[64], line[256];
	double kib = 0;
	FILE *file;

	snprintf(path, sizeof(path), "/proc/%s/status", pid);
	file = fopen(path, "re");
	while (file && fgets(line, sizeof(line), file))
		if (!strncmp(line, "VmRSS:", 6))
			kib = strtod(line + 6, NULL);
	if (file)
		fclose(file);
	return kib / 1024;
}

static void print(const char *bench, double value, const char *unit, double limit)
{
	printf("{\"bench\":\"%s\",\"value\":%.3f,\"unit\":\"%s\",\"baseline\":%.3f,"
	       "\"ratio\":%.3f}\n", bench, value, unit, limit, value / limit);
}

int main(int argc, char **argv)
{
	const struct http_load_calls calls = { .answer = answer, .stream = hear,
					       .closed = closed, .tick = tick };
	double start;

	if (argc != 4) {
		fputs("usage: live PORT PID SECONDS <TOKENS\n", stderr);
		return 2;
	}
	port = (uint16_t)strtol(argv[1], NULL, 10);
	read_candidates();
	load = http_load_new(port, &calls);
	begin();
	start = measure_now();
	type_until = start + 1e3 * strtod(argv[3], NULL);
	for (long i = 0; i < count; i++)
		rest(&candidates[i], start + (double)PERIOD_MS * (double)i / (double)count);
	http_load_run(load, type_until + PERIOD_MS, 5);
	for (long i = 0; i < count; i++)
		if (candidates[i].state != RESTING)
			fail("a batch was not acknowledged in time");
	qsort(times, (size_t)time_count, sizeof(*times), by_value);
	fprintf(stderr, "bench: %ld batches of %d keys, median %.1f ms\n", time_count, KEYS,
		times[time_count / 2]);
	print("live", times[time_count * 99 / 100], "ms", LIMIT_MS);
	print("live-memory", resident_mib(argv[2]), "MiB", LIMIT_MIB);
	http_load_free(load);
	return 0;
}
