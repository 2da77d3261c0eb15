/* serve.c - requests a second of the server, against those of a bare civetweb
 *
 *	serve NAME ROUNDS MS CONNECTIONS PATH PORT BASELINE-PORT [HEADER]
 *
 * Each connection asks again as soon as it has its answer, for MS milliseconds; the two servers
 * take turns. Prints the row NAME. */
#include "http_load.h"
#include "measure.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static char request[512];
static size_t request_len;
static uint64_t answers;

static void ask_again(struct http_load_client *client, int status, const char *body, size_t len)
{
	(void)body, (void)len;
	if (status != 200) {
		fprintf(stderr, "bench: status %d\n", status);
		exit(1);
	}
	answers++;
	http_load_send(client, request, request_len);
}

/* Answers a second; the first tenth of the time is for warming up. */
static double measure(uint16_t port, long connections, long ms)
{
	struct http_load_calls calls = { .answer = ask_again };
	struct http_load *load = http_load_new(port, &calls);
	double start;

	for (long i = 0; i < connections; i++)
		http_load_send(http_load_connect(load, NULL), request, request_len);
	http_load_run(load, measure_now() + (double)ms / 10, 0);
	answers = 0;
	start = measure_now();
	http_load_run(load, start + (double)ms, 0);
	start = (double)answers / (measure_now() - start) * 1e3;
	http_load_free(load);
	return start;
}

int main(int argc, char **argv)
{
	static double value[MEASURE_MOST_ROUNDS], base[MEASURE_MOST_ROUNDS];
	long numbers[5];

	if (argc != 8 && argc != 9) {
		fputs("usage: serve NAME ROUNDS MS CONNECTIONS PATH PORT BASELINE-PORT [HEADER]\n",
		      stderr);
		return 2;
	}
	for (int i = 0; i < 3; i++)
		numbers[i] = strtol(argv[2 + i], NULL, 10);
	numbers[3] = strtol(argv[6], NULL, 10);
	numbers[4] = strtol(argv[7], NULL, 10);
	if (numbers[0] < 1 || numbers[0] > MEASURE_MOST_ROUNDS || numbers[1] < 10 ||
	    numbers[2] < 1 || numbers[2] > 1000)
		return 2;
	request_len = (size_t)snprintf(request, sizeof(request),
				       "GET %s HTTP/1.1\r\nHost: localhost\r\n%s%s\r\n", argv[5],
				       argc == 9 ? argv[8] : "", argc == 9 ? "\r\n" : "");
	if (request_len >= sizeof(request))
		return 2;
	for (long i = 0; i < numbers[0]; i++) {
		value[i] = measure((uint16_t)numbers[3], numbers[2], numbers[1]);
		base[i] = measure((uint16_t)numbers[4], numbers[2], numbers[1]);
	}
	measure_print_rate(argv[1], value, base, numbers[0]);
	return 0;
}
