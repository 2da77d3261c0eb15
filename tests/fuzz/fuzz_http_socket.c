/* fuzz_http_socket.c - any bytes as what a server answers to the handshake of a websocket */
#include "base/hash.h"
#include "http/http_frame.h"
#include "http/http_socket.h"

#include <stdlib.h>
#include <string.h>
#include <strings.h>

#define KEY "dGhlIHNhbXBsZSBub25jZQ=="

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void demand(bool holds)
{
	if (!holds)
		abort();
}

/* How many lines have the field; the last of them. */
static int count_field(const char *head, const char *name, const char **ret_value)
{
	int found = 0;

	for (const char *line = strstr(head, "\r\n"); line; line = strstr(line + 2, "\r\n")) {
		if (strncasecmp(line + 2, name, strlen(name)) != 0)
			continue;
		found++;
		*ret_value = line + 2 + strlen(name);
	}
	return found;
}

static void check_taken(const char *head)
{
	char *accept = http_frame_accept(KEY);
	const char *value = "";

	demand(!strncmp(head, "HTTP/1.1 101", 12));
	demand(count_field(head, "Upgrade:", &value) == 1);
	demand(count_field(head, "Connection:", &value) == 1);
	demand(count_field(head, "Sec-WebSocket-Extensions:", &value) == 0);
	demand(count_field(head, "Sec-WebSocket-Accept:", &value) == 1);
	value += strspn(value, " \t");
	demand(!strncmp(value, accept, strlen(accept)));
	free(accept);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct buf head = BUF_INIT(HTTP_SOCKET_HEAD_MAX);
	struct err err = ERR_INIT;
	int status = 0, refused;

	if (size < 2 || memcmp(data + size - 2, "\r\n", 2) != 0 || !buf_add(&head, data, size))
		return 0;
	refused = http_socket_check_head(&head, KEY, &status, &err);
	demand(refused == 0 || err.code == ERR_ENV || err.code == ERR_STATE);
	demand(status == 0 || (refused && status < 1000 && status != 101));
	if (refused == 0)
		check_taken(buf_str(&head));
	buf_release(&head);
	return 0;
}
