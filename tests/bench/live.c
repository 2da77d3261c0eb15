/* live.c - candidates at work on a server: a stream each, keystrokes every two seconds
 *
 *	live PORT PID SECONDS [TERMINALS OUTPUT] <TOKENS
 *
 * TOKENS has a line for each candidate: the token of a link that was not opened yet. All begin,
 * make a file, and type into it for so long; so many of them have a terminal too, where the command
 * line OUTPUT runs all the time. Prints the row live (99th percentile of the time from
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
#define IDLE_MS 1500.0		/* an idle connection is closed: the server does soon, too */
#define LIMIT_MS 100.0
#define LIMIT_MIB 150.0
#define BEGIN_MOST_MS 180000.0
#define BEGIN_AT_ONCE 64	/* the server lets 256 requests wait */

enum state { STARTING, SETTING_UP, MAKING, RESTING, TYPING };

struct candidate {
	char who[API_LOAD_TOKEN + 32];	/* a line of the head */
	enum state state;
	struct http_load_client *stream, *ask, *terminal;
	bool has_terminal, typed_command;
	struct api_load_file file;
	double due, sent, answered;
};

static struct candidate *candidates;
static long count, begun, working;
static struct http_load *load;
static struct measure_times times;
static double type_until;
static long terminals, showing;		/* wanted, and those with output by now */
static const char *output_command = "";
static double output_bytes;

/* --- requests */

static void ask(struct candidate *candidate, const char *method, const char *path,
		const char *body, size_t len)
{
	double now = measure_now();

	if (candidate->ask && now - candidate->answered > IDLE_MS)
		http_load_close(candidate->ask);
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

/* --- terminals */

static void open_terminal(struct candidate *candidate)
{
	char head[1024];
	int len = snprintf(head, sizeof(head),
			   "GET /api/v1/terminal HTTP/1.1\r\nHost: 127.0.0.1\r\n%s"
			   "Connection: Upgrade\r\nUpgrade: websocket\r\n"
			   "Sec-WebSocket-Version: 13\r\n"
			   "Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\n\r\n", candidate->who);

	candidate->terminal = http_load_connect(load, candidate);
	http_load_send(candidate->terminal, head, (size_t)len);
}

/* The prompt is answered with the command; what comes then is its output. */
static void show(struct http_load_client *client, const char *data, size_t len)
{
	struct candidate *candidate = client->user;
	char typed[126];
	int typed_len;

	if (!len || data[0] != '0')
		return;
	output_bytes += (double)len - 1;
	if (!candidate->typed_command && memmem(data, len, "$ ", 2)) {
		candidate->typed_command = true;
		typed_len = snprintf(typed, sizeof(typed), "0%s\n", output_command);
		http_load_message(client, typed, (size_t)typed_len);
	} else if (candidate->typed_command && !candidate->has_terminal && len > 512) {
		candidate->has_terminal = true;
		showing++;
	}
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

	candidate->answered = measure_now();
	if (status != 200 && status != 202)
		measure_fail("status %d: %.*s", status, (int)len, body);
	if (candidate->state == STARTING) {
		candidate->state = SETTING_UP;
	} else if (candidate->state == MAKING) {
		candidate->file.rev = api_load_number(body, len, "\"rev\":");
		if (working++ < terminals)
			open_terminal(candidate);
		rest(candidate, 0);
	} else if (candidate->state == TYPING) {
		if (!api_load_acknowledged(&candidate->file, body, len))
			measure_fail("a batch is not acknowledged: %.*s", (int)len, body);
		measure_note(&times, candidate->answered - candidate->sent);
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
	if (client == candidate->terminal)
		measure_fail("a terminal has ended");
	if (candidate->state == TYPING || candidate->state == MAKING)
		measure_fail("an answer is missing");
}

/* --- time */

static void begin_one(struct candidate *candidate)
{
	candidate->stream = http_load_connect(load, candidate);
	api_load_send(candidate->stream, candidate->who, "GET", "/api/v1/stream", "", 0);
	ask(candidate, "POST", "/api/v1/start", "{}", 2);
}

static void tick(void *arg)
{
	double now = measure_now();

	(void)arg;
	while (begun < count && begun - working < BEGIN_AT_ONCE)
		begin_one(&candidates[begun++]);
	if (working < count || showing < terminals)
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
	http_load_run(load, measure_now() + BEGIN_MOST_MS, 10);
	if (working < count)
		measure_fail("only %ld of %ld have begun", working, count);
	if (showing < terminals)
		measure_fail("only %ld of %ld terminals show something", showing, terminals);
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
	const struct http_load_calls calls = { .answer = answer, .event = hear, .message = show,
					       .closed = closed, .tick = tick };
	double start;

	if (argc != 4 && argc != 6) {
		fputs("usage: live PORT PID SECONDS [TERMINALS OUTPUT] <TOKENS\n", stderr);
		return 2;
	}
	if (argc == 6) {
		terminals = strtol(argv[4], NULL, 10);
		output_command = argv[5];
	}
	read_candidates();
	load = http_load_new((uint16_t)strtol(argv[1], NULL, 10), &calls);
	begin();
	output_bytes = 0;
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
	if (terminals)
		fprintf(stderr, "bench: %ld terminals have shown %.1f KiB/s each\n", terminals,
			output_bytes / 1024 / (double)terminals / strtod(argv[3], NULL));
	measure_print_limit("live", measure_percentile(&times, 99), "ms", LIMIT_MS);
	measure_print_limit("live-memory", resident_mib(argv[2]), "MiB", LIMIT_MIB);
	measure_forget(&times);
	http_load_free(load);
	free(candidates);
	return 0;
}
