/* gateway.c - what the gateway adds to a provider of models, recording on
 *
 *	gateway ROUNDS REQUESTS CONNECTIONS PORT PROVIDER-PORT TOKEN SERVER-PID
 *
 * All requests are streams of the Messages API, each a conversation of its own. Rows:
 *	gateway, gateway-p99	time to the first byte, minus that of the provider asked directly,
 *				which takes 50 ms to begin, as no real one is faster
 *	gateway-at-once		the same where the provider begins at once: then the record, which
 *				must be on disk first, is waited for
 *	gateway-rate		requests a second over so many connections, against the provider's:
 *				this one does nothing but answer, on the same processors
 *	gateway-rate-50		the same where the provider takes 50 ms to begin
 *	gateway-streams		100 answers side by side, each of which takes a second: the slowest
 *	gateway-memory		what REQUESTS more requests leave in the server's memory */
#include "measure.h"

#include <arpa/inet.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <pthread.h>
#include <stdatomic.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#define CONNECTIONS_MOST 1000
#define STREAMS 100
#define LIMIT_P50_MS 0.3
#define LIMIT_P99_MS 2.0
#define LIMIT_AT_ONCE_MS 20.0	/* a group commit, and the disk */
#define LIMIT_STREAM_MS 2000.0
#define LIMIT_MIB 8.0

struct target {
	uint16_t port;
	const char *path, *key;
};

static atomic_long number;	/* of the conversation */

/* --- one request */

static int connect_to(const struct target *target)
{
	struct sockaddr_in address = { .sin_family = AF_INET, .sin_port = htons(target->port),
				       .sin_addr.s_addr = htonl(INADDR_LOOPBACK) };
	int fd = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0), one = 1;

	if (fd < 0 || connect(fd, (struct sockaddr *)&address, sizeof(address)) < 0)
		measure_fail("cannot connect to port %u", target->port);
	setsockopt(fd, IPPROTO_TCP, TCP_NODELAY, &one, sizeof(one));
	return fd;
}

static void send_request(int fd, const struct target *target, const char *model)
{
	char body[256], text[1024];
	int len = snprintf(body, sizeof(body),
			   "{\"model\":\"%s\",\"stream\":true,\"max_tokens\":1000,\"messages\":["
			   "{\"role\":\"user\",\"content\":\"Question %ld, please.\"}]}",
			   model, atomic_fetch_add(&number, 1));
	int all = snprintf(text, sizeof(text),
			   "POST %s HTTP/1.1\r\nHost: localhost\r\nx-api-key: %s\r\n"
			   "anthropic-version: 2023-06-01\r\nContent-Type: application/json\r\n"
			   "Content-Length: %d\r\n\r\n%s", target->path, target->key, len, body);

	if (send(fd, text, (size_t)all, MSG_NOSIGNAL) != all)
		measure_fail("a request cannot be sent");
}

/* The answer to its end, that of chunks; the time when its first byte came. */
static double read_answer(int fd)
{
	static const char end[] = "\r\n0\r\n\r\n";
	static _Thread_local char text[1 << 16];
	size_t len = 0;
	double first = 0;
	const char *head;

	do {
		ssize_t got = recv(fd, text + len, sizeof(text) - 1 - len, 0);

		if (got <= 0)
			measure_fail("an answer was cut");
		len += (size_t)got;
		text[len] = '\0';
		head = strstr(text, "\r\n\r\n");
		if (!first && head && head[4])
			first = measure_now();
	} while (len < sizeof(end) || memcmp(text + len - (sizeof(end) - 1), end,
					     sizeof(end) - 1) != 0);
	if (strncmp(text, "HTTP/1.1 200 ", 13) != 0)
		measure_fail("%.*s", 200, text);
	return first;
}

/* --- time to the first byte */

static void time_first(const struct target *target, const char *model, long requests,
		       struct measure_times *times)
{
	int fd = connect_to(target);

	for (long i = -requests / 10; i < requests; i++) {
		double begun = measure_now(), first;

		send_request(fd, target, model);
		first = read_answer(fd);
		if (i >= 0)	/* the first ones warm up */
			measure_note(times, first - begun);
	}
	close(fd);
}

static void bench_first(const struct target *gateway, const struct target *provider, long rounds,
			long requests, const char *model, bool at_once)
{
	struct measure_times added = { 0 }, direct = { 0 };

	for (long i = 0; i < rounds; i++) {
		time_first(gateway, model, requests, &added);
		time_first(provider, model, requests, &direct);
	}
	measure_print_limit(at_once ? "gateway-at-once" : "gateway",
			    measure_percentile(&added, 50) - measure_percentile(&direct, 50), "ms",
			    at_once ? LIMIT_AT_ONCE_MS : LIMIT_P50_MS);
	if (!at_once)
		measure_print_limit("gateway-p99", measure_percentile(&added, 99) -
				    measure_percentile(&direct, 99), "ms", LIMIT_P99_MS);
	measure_forget(&added);
	measure_forget(&direct);
}

/* --- many at once */

struct crowd {
	const struct target *target;
	const char *model;
	atomic_long left;	/* requests that nobody has taken yet */
};

static void *ask_on(void *arg)
{
	struct crowd *crowd = arg;
	int fd = connect_to(crowd->target);

	while (atomic_fetch_sub(&crowd->left, 1) > 0) {
		send_request(fd, crowd->target, crowd->model);
		read_answer(fd);
	}
	close(fd);
	return NULL;
}

/* The milliseconds that all of them took. */
static double run_crowd(const struct target *target, const char *model, long connections,
			long requests)
{
	struct crowd crowd = { .target = target, .model = model, .left = requests };
	pthread_t threads[CONNECTIONS_MOST];
	double begun = measure_now();

	for (long i = 0; i < connections; i++)
		if (pthread_create(&threads[i], NULL, ask_on, &crowd) != 0)
			measure_fail("no thread");
	for (long i = 0; i < connections; i++)
		pthread_join(threads[i], NULL);
	return measure_now() - begun;
}

static void bench_rate(const char *name, const struct target *gateway,
		       const struct target *provider, const char *model, long rounds,
		       long requests, long connections)
{
	static double value[MEASURE_MOST_ROUNDS], base[MEASURE_MOST_ROUNDS];

	for (long i = 0; i < rounds; i++) {
		value[i] = (double)requests * 1e3 /
			   run_crowd(gateway, model, connections, requests);
		base[i] = (double)requests * 1e3 /
			  run_crowd(provider, model, connections, requests);
	}
	measure_print_rate(name, value, base, rounds);
}

/* --- memory */

static double resident_mib(const char *pid)
{
	char path[64];
	long pages = 0;
	FILE *file;

	snprintf(path, sizeof(path), "/proc/%s/statm", pid);
	file = fopen(path, "re");
	if (!file || fscanf(file, "%*d %ld", &pages) != 1)
		measure_fail("cannot read %s", path);
	fclose(file);
	return (double)pages * (double)sysconf(_SC_PAGESIZE) / (1 << 20);
}

static void bench_memory(const struct target *gateway, long requests, long connections,
			 const char *pid)
{
	double before;

	/* the caches of the database have a limit, and are to be full before */
	run_crowd(gateway, "fake", connections, requests / 2 * 5);
	before = resident_mib(pid);
	run_crowd(gateway, "fake", connections, requests);
	measure_print_limit("gateway-memory", resident_mib(pid) - before, "MiB", LIMIT_MIB);
}

int main(int argc, char **argv)
{
	struct target gateway = { .path = "/ai/anthropic/v1/messages" };
	struct target provider = { .path = "/v1/messages", .key = "KEY" };
	long rounds, requests, connections;

	if (argc != 8) {
		fputs("usage: gateway ROUNDS REQUESTS CONNECTIONS PORT PROVIDER-PORT TOKEN PID\n",
		      stderr);
		return 2;
	}
	rounds = strtol(argv[1], NULL, 10);
	requests = strtol(argv[2], NULL, 10);
	connections = strtol(argv[3], NULL, 10);
	gateway.port = (uint16_t)strtol(argv[4], NULL, 10);
	provider.port = (uint16_t)strtol(argv[5], NULL, 10);
	gateway.key = argv[6];
	if (rounds < 1 || rounds > MEASURE_MOST_ROUNDS || requests < 10 || connections < 1 ||
	    connections > CONNECTIONS_MOST)
		return 2;
	bench_first(&gateway, &provider, rounds, 20, "fake.delay-50", false);
	bench_first(&gateway, &provider, rounds, 20, "fake", true);
	bench_rate("gateway-rate", &gateway, &provider, "fake", rounds, requests / 20, connections);
	bench_rate("gateway-rate-50", &gateway, &provider, "fake.delay-50", rounds, requests / 20,
		   connections);
	measure_print_limit("gateway-streams",
			    run_crowd(&gateway, "fake.gap-200", STREAMS, STREAMS), "ms",
			    LIMIT_STREAM_MS);
	bench_memory(&gateway, requests, connections, argv[7]);
	return 0;
}
