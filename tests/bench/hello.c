/* hello.c - the least that civetweb can do: the same bytes for every request
 *
 * Prints its port and serves until standard input ends. */
#include <civetweb.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

static const char answer[] =
	"HTTP/1.1 200 OK\r\nContent-Type: application/json\r\n"
	"Content-Length: 15\r\nConnection: keep-alive\r\n\r\n{\"status\":\"ok\"}";

static int say_hello(struct mg_connection *connection)
{
	mg_write(connection, answer, sizeof(answer) - 1);
	return 200;
}

int main(void)
{
	static const struct mg_callbacks callbacks = { .begin_request = say_hello };
	static const char *options[] = { "listening_ports",
					 "127.0.0.1:0",
					 "num_threads",
					 "64",
					 "enable_keep_alive",
					 "yes",
					 "keep_alive_timeout_ms",
					 "2000",
					 "tcp_nodelay",
					 "1",
					 NULL };
	struct mg_server_port port;
	struct mg_context *context;
	char byte;

	mg_init_library(0);
	context = mg_start(&callbacks, NULL, options);
	if (!context || mg_get_server_ports(context, 1, &port) != 1)
		return 1;
	printf("%d\n", port.port);
	fflush(stdout);
	while (read(STDIN_FILENO, &byte, 1) > 0)
		continue;
	mg_stop(context);
	return 0;
}
