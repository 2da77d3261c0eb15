/* live.c - candidates at work on a server: a stream each, keystrokes every two seconds
 *
 *	live PORT PID SECONDS <TOKENS
 *
 * TOKENS has a line for each candidate: the token of a link that was not opened yet. All begin,
 * make a file, and type into it for so long. Prints the row live (99th percentile of the time from
 * a batch to its acknowledgement, against the 100 ms that are the limit) and live-memory (resident
 * memory of the server at the end, against 150 MB). A batch that is not acknowledged, or a stream
 * that ends, is a failure. */
#include "api_load.h"
#include "measure.h"

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
	char who[API_LOAD_TOKEN + 32];	/* a line of the head */
	enum state state;
	struct http_load_client *stream, *ask;
	struct api_load_file file;
	double due, sent;
};

static struct candidate *candidates;
static long count, working;
static struct http_load *load;
static struct measure_times times;
static double type_until;

/* --- requests */

static void ask(struct candidate *candidate, const char *method, const char *path,
		const char *body, size_t len)
{
	if (!candidate->ask || candidate->ask->fd < 0)
		candidate->ask = http_load_connect(load, candidate);
	api_load_send(candidate->ask, candidate->who, method, path, body, len);
}

static void type(struct candidate *candidate)
{
	char body[8192];
	size_t len = api_load_batch(&candidate->file, KEYS, 0, "xxxxxxxxxx", KEYS, body,
				    sizeof(body));

	candidate->state = TYPING;
	candidate->sent = measure_now();
	ask(candidate, "POST", "/api/v1/events", body, len);
}

/* --- answers */

static void rest(struct candidate *candidate, double due)
{
	candidate->state = RESTING;
	candidate->due = due;
}

static void answer(struct http_load_client *client, int status, const char *body, size_t len)
{
	struct candidate *candidate = client->user;

	if (status != 200 && status != 202)
		measure_fail("status %d: %.*s", status, (int)len, body);
	if (candidate->state == STARTING) {
		candidate->state = SETTING_UP;
	} else if (candidate->state == MAKING) {
		candidate->file.rev = api_load_number(body, len, "\"rev\":");
		working++;
		rest(candidate, 0);
	} else if (candidate->state == TYPING) {
		if (!api_load_acknowledged(&candidate->file, body, len))
			measure_fail("a batch is not acknowledged: %.*s", (int)len, body);
		measure_note(&times, measure_now() - candidate->sent);
		rest(candidate, candidate->due + PERIOD_MS);
	}
}

static void hear(struct http_load_client *client, const char *event, const char *data)
{
	struct candidate *candidate = client->user;

	(void)event;
	if (candidate->state > SETTING_UP || !strstr(data, "\"status\":\"active\""))
		return;
	candidate->state = MAKING;
	ask(candidate, "PUT", "/api/v1/files/typed.txt", "", 0);
}

/* The server keeps no connection for long; a stream stays. */
static void closed(struct http_load_client *client)
{
	struct candidate *candidate = client->user;

	if (client == candidate->stream)
		measure_fail("a stream has ended");
	if (candidate->state == TYPING || candidate->state == MAKING)
		measure_fail("an answer is missing");
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
	char (*tokens)[API_LOAD_TOKEN] = api_load_tokens(&count);

	candidates = calloc((size_t)count, sizeof(*candidates));
	if (!candidates)
		measure_fail("out of memory");
	for (long i = 0; i < count; i++) {
		snprintf(candidates[i].who, sizeof(candidates[i].who),
			 "Authorization: Bearer %s\r\n", tokens[i]);
		candidates[i].file.name = "typed.txt";
	}
	free(tokens);
}

static void begin(void)
{
	for (long i = 0; i < count; i++) {
		struct candidate *candidate = &candidates[i];

		candidate->stream = http_load_connect(load, candidate);
		api_load_send(candidate->stream, candidate->who, "GET", "/api/v1/stream", "", 0);
		ask(candidate, "POST", "/api/v1/start", "{}", 2);
	}
	http_load_run(load, measure_now() + BEGIN_MOST_MS, 10);
	if (working < count)
		measure_fail("only %ld of %ld have begun", working, count);
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

int main(int argc, char **argv)
{
	const struct http_load_calls calls = { .answer = answer, .event = hear,
					       .closed = closed, .tick = tick };
	double start;

	if (argc != 4) {
		fputs("usage: live PORT PID SECONDS <TOKENS\n", stderr);
		return 2;
	}
	read_candidates();
	load = http_load_new((uint16_t)strtol(argv[1], NULL, 10), &calls);
	begin();
	start = measure_now();
	type_until = start + 1e3 * strtod(argv[3], NULL);
	for (long i = 0; i < count; i++)
		rest(&candidates[i], start + (double)PERIOD_MS * (double)i / (double)count);
	http_load_run(load, type_until + PERIOD_MS, 5);
	for (long i = 0; i < count; i++)
		if (candidates[i].state != RESTING)
			measure_fail("a batch was not acknowledged in time");
	fprintf(stderr, "bench: %zu batches of %d keys, median %.1f ms\n", times.count, KEYS,
		measure_percentile(&times, 50));
	measure_print_limit("live", measure_percentile(&times, 99), "ms", LIMIT_MS);
	measure_print_limit("live-memory", resident_mib(argv[2]), "MiB", LIMIT_MIB);
	measure_forget(&times);
	http_load_free(load);
	free(candidates);
	return 0;
}
