/* exam.c - whole sessions at the same time, from the link to the receipt
 *
 *	exam PORT PROGRAM FOLDER <TOKENS
 *
 * TOKENS has a line for each candidate: the token of a link that was not opened yet. Each opens it,
 * has a stream and one connection more, waits until the workspace is there, types PROGRAM into its
 * file for half a minute, with a line of its own before, runs it twice, has it tested, and hands it
 * in. What each has typed is in FOLDER afterwards, in a file named by the assessment.
 *
 * Prints the row exam: the mean time to an answer in milliseconds, against the 50 that are the
 * limit. Its further members are worst, submit and submit_worst (also milliseconds), requests and
 * failures: candidates who got an answer that is none, or none at all. */
#include "api_load.h"
#include "measure.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define TYPED_FILE "wc.py"
#define TEXT_MOST 8192
#define BATCHES 15
#define PERIOD_MS 2000.0
#define KEYS 10			/* edits of a batch */
#define IDLE_MS 1500.0		/* an idle connection is closed: the server does soon, too */
#define MEAN_LIMIT_MS 50.0
#define END_MOST_MS 300000.0

enum step {
	OPENING, LISTENING, STARTING, READING_SESSION, READING_FILE, TYPING, RUNNING, TESTING,
	HANDING_IN, READING_RECEIPT, DONE, FAILED
};
static const char *const step_names[] = {
	"opening the link", "listening", "starting", "getting the session", "getting a file",
	"typing", "running", "testing", "handing in", "getting the receipt", "the end", "failing"
};

struct candidate {
	char token[API_LOAD_TOKEN], who[512];	/* lines of the head */
	enum step step;
	bool asked;		/* the answer of this step is still to come */
	bool told;		/* the event it needs, too, has come */
	bool ran;		/* the first run, amid typing */
	struct http_load_client *stream, *ask;
	struct api_load_file file;
	size_t start_len;	/* of the text that is there at first */
	int batches;
	double due, sent, answered;
	char text[TEXT_MOST], id[32];
};

static struct candidate *candidates;
static long count, failures, ended;
static struct http_load *load;
static struct measure_times all_times, step_times[DONE];

static void end(struct candidate *candidate, enum step step)
{
	candidate->step = step;
	http_load_close(candidate->stream);
	http_load_close(candidate->ask);
	if (++ended == count)
		http_load_stop(load);
}

static void fail(struct candidate *candidate, const char *what, size_t len)
{
	fprintf(stderr, "bench: %s: %.*s\n", step_names[candidate->step], (int)len, what);
	failures++;
	end(candidate, FAILED);
}

/* --- requests */

static void ask(struct candidate *candidate, enum step step, const char *method,
		const char *path, const char *body, size_t len)
{
	double now = measure_now();

	candidate->step = step;
	candidate->asked = true;
	candidate->told = false;
	candidate->sent = now;
	if (candidate->ask->fd < 0 || now - candidate->answered > IDLE_MS) {
		http_load_close(candidate->ask);
		candidate->ask = http_load_connect(load, candidate);
	}
	api_load_send(candidate->ask, candidate->who, method, path, body, len);
}

static void type(struct candidate *candidate)
{
	char body[TEXT_MOST];
	size_t all = strlen(candidate->text), i = (size_t)candidate->batches++;
	size_t from = all * i / BATCHES, to = all * (i + 1) / BATCHES;
	size_t len = api_load_batch(&candidate->file, KEYS, i ? 0 : candidate->start_len,
				    candidate->text + from, to - from, body, sizeof(body));

	ask(candidate, TYPING, "POST", "/api/v1/events", body, len);
}

static void run(struct candidate *candidate)
{
	candidate->ran = !candidate->ran;
	ask(candidate, RUNNING, "POST", "/api/v1/run", "{}", 2);
}

/* Half-way it is tried, and then they go on. */
static void go_on(struct candidate *candidate)
{
	if (candidate->batches == BATCHES / 2 && !candidate->ran)
		run(candidate);
	else if (candidate->batches < BATCHES)
		type(candidate);
	else if (candidate->ran)
		run(candidate);
	else
		ask(candidate, TESTING, "POST", "/api/v1/test", "{}", 2);
}

static void rest(struct candidate *candidate, double due)
{
	candidate->step = TYPING;
	candidate->due = due;
}

/* --- what comes */

static void keep_cookie(struct candidate *candidate)
{
	char cookie[300];

	http_load_header(candidate->ask, "Set-Cookie: ", ";", cookie, sizeof(cookie));
	snprintf(candidate->who, sizeof(candidate->who),
		 "Cookie: %s\r\nSec-Fetch-Site: same-origin\r\n", cookie);
}

static void listen_to(struct candidate *candidate)
{
	candidate->step = LISTENING;
	candidate->stream = http_load_connect(load, candidate);
	api_load_send(candidate->stream, candidate->who, "GET", "/api/v1/stream", "", 0);
}

static void read_session(struct candidate *candidate, const char *body, size_t len)
{
	const char *id = memmem(body, len, "\"id\":\"", 6);
	long rev = api_load_number(body, len, "\"path\":\"" TYPED_FILE "\",\"rev\":");

	if (!id || rev < 0) {
		fail(candidate, body, len);
		return;
	}
	candidate->file.rev = rev;
	snprintf(candidate->id, sizeof(candidate->id), "%.*s", (int)strcspn(id + 6, "\""), id + 6);
	ask(candidate, READING_FILE, "GET", "/api/v1/files/" TYPED_FILE, "", 0);
}

/* After the answer and the event of a step that has both. */
static void after_both(struct candidate *candidate)
{
	if (candidate->asked || !candidate->told)
		return;
	if (candidate->step == STARTING)
		ask(candidate, READING_SESSION, "GET", "/api/v1/session", "", 0);
	else if (candidate->step == TESTING)
		ask(candidate, HANDING_IN, "POST", "/api/v1/submit", "{}", 2);
	else if (candidate->step == RUNNING && candidate->ran)
		rest(candidate, candidate->due);
	else if (candidate->step == RUNNING)
		go_on(candidate);
}

static void take_answer(struct candidate *candidate, const char *body, size_t len)
{
	switch (candidate->step) {
	case OPENING:
		keep_cookie(candidate);
		listen_to(candidate);
		break;
	case READING_SESSION:
		read_session(candidate, body, len);
		break;
	case READING_FILE:
		candidate->start_len = candidate->file.length = len;
		rest(candidate, measure_now() + PERIOD_MS * (double)(rand() % 100) / 100);
		break;
	case TYPING:
		if (api_load_acknowledged(&candidate->file, body, len))
			rest(candidate, candidate->due + PERIOD_MS);
		else
			fail(candidate, body, len);
		break;
	case HANDING_IN:
		ask(candidate, READING_RECEIPT, "GET", "/api/v1/session", "", 0);
		break;
	case READING_RECEIPT:
		if (memmem(body, len, "\"receipt\":{\"commit\":", 20))
			end(candidate, DONE);
		else
			fail(candidate, body, len);
		break;
	default:
		after_both(candidate);
	}
}

static void answer(struct http_load_client *client, int status, const char *body, size_t len)
{
	struct candidate *candidate = client->user;

	candidate->asked = false;
	candidate->answered = measure_now();
	measure_note(&all_times, candidate->answered - candidate->sent);
	measure_note(&step_times[candidate->step], candidate->answered - candidate->sent);
	if (status != 200 && status != 202 && !(status == 303 && candidate->step == OPENING))
		fail(candidate, body, len);
	else
		take_answer(candidate, body, len);
}

static void hear(struct http_load_client *client, const char *event, const char *data)
{
	struct candidate *candidate = client->user;

	if (candidate->step == LISTENING && !strcmp(event, "session")) {
		ask(candidate, STARTING, "POST", "/api/v1/start", "{}", 2);
	} else if (candidate->step == STARTING && strstr(data, "\"status\":\"active\"")) {
		candidate->told = true;
		after_both(candidate);
	} else if (((candidate->step == RUNNING && !strcmp(event, "run")) ||
		    (candidate->step == TESTING && !strcmp(event, "test"))) &&
		   !strstr(data, "\"state\":\"running\"")) {
		candidate->told = strstr(data, "\"state\":\"done\"") &&
				  (candidate->step == RUNNING || strstr(data, "\"passed\":3"));
		if (candidate->told)
			after_both(candidate);
		else
			fail(candidate, data, strlen(data));
	}
}

static void closed(struct http_load_client *client)
{
	struct candidate *candidate = client->user;

	if (client == candidate->stream)
		fail(candidate, "the stream has ended", 20);
	else if (client == candidate->ask && candidate->asked)
		fail(candidate, "no answer", 9);
}

static void tick(void *arg)
{
	double now = measure_now();

	(void)arg;
	for (long i = 0; i < count; i++)
		if (candidates[i].step == TYPING && !candidates[i].asked &&
		    now >= candidates[i].due)
			go_on(&candidates[i]);
}

/* --- from start to end */

static void read_candidates(const char *program_path)
{
	char (*tokens)[API_LOAD_TOKEN] = api_load_tokens(&count), program[TEXT_MOST / 2];
	FILE *file = fopen(program_path, "re");
	size_t len = file ? fread(program, 1, sizeof(program), file) : 0;

	if (!len || len == sizeof(program))
		measure_fail("%s is not there, or too long", program_path);
	fclose(file);
	candidates = calloc((size_t)count, sizeof(*candidates));
	if (!candidates)
		measure_fail("out of memory");
	for (long i = 0; i < count; i++) {
		struct candidate *candidate = &candidates[i];

		memcpy(candidate->token, tokens[i], sizeof(candidate->token));
		candidate->file.name = TYPED_FILE;
		snprintf(candidate->text, sizeof(candidate->text), "# \"%ld\" \\ \n%.*s", i,
			 (int)len, program);
	}
	free(tokens);
}

static void open_link(struct candidate *candidate)
{
	char path[API_LOAD_TOKEN + 8];

	candidate->ask = candidate->stream = http_load_connect(load, candidate);
	candidate->answered = measure_now();
	snprintf(path, sizeof(path), "/t/%s", candidate->token);
	ask(candidate, OPENING, "GET", path, "", 0);
}

static void write_typed(const char *folder)
{
	char path[4096];

	for (long i = 0; i < count; i++) {
		FILE *file;

		if (candidates[i].step != DONE)
			continue;
		snprintf(path, sizeof(path), "%s/%s", folder, candidates[i].id);
		file = fopen(path, "we");
		if (!file || fputs(candidates[i].text, file) < 0 || fclose(file) != 0)
			measure_fail("cannot write %s", path);
	}
}

static void print(void)
{
	struct measure_times *submit = &step_times[HANDING_IN];
	double mean = measure_mean(&all_times);

	for (int i = 0; i < DONE; i++)
		if (step_times[i].count)
			fprintf(stderr, "bench: %s: mean %.1f ms, worst %.1f ms\n", step_names[i],
				measure_mean(&step_times[i]),
				measure_percentile(&step_times[i], 100));
	printf("{\"bench\":\"exam\",\"value\":%.3f,\"unit\":\"ms\",\"baseline\":%.3f,"
	       "\"ratio\":%.3f,\"worst\":%.3f,\"submit\":%.3f,\"submit_worst\":%.3f,"
	       "\"requests\":%zu,\"failures\":%ld}\n",
	       mean, MEAN_LIMIT_MS, mean / MEAN_LIMIT_MS, measure_percentile(&all_times, 100),
	       measure_mean(submit), measure_percentile(submit, 100),
	       all_times.count, failures);
}

int main(int argc, char **argv)
{
	const struct http_load_calls calls = { .answer = answer, .event = hear,
					       .closed = closed, .tick = tick };

	if (argc != 4) {
		fputs("usage: exam PORT PROGRAM FOLDER <TOKENS\n", stderr);
		return 2;
	}
	read_candidates(argv[2]);
	load = http_load_new((uint16_t)strtol(argv[1], NULL, 10), &calls);
	for (long i = 0; i < count; i++)
		open_link(&candidates[i]);
	http_load_run(load, measure_now() + END_MOST_MS, 5);
	for (long i = 0; i < count; i++)
		if (candidates[i].step < DONE)
			fail(&candidates[i], "this did not end", 16);
	write_typed(argv[3]);
	print();
	http_load_free(load);
	measure_forget(&all_times);
	for (int i = 0; i < DONE; i++)
		measure_forget(&step_times[i]);
	free(candidates);
	return failures > 0;
}
