/* http_socket.c - see http_socket.h */
#include "http/http_socket.h"

#include "base/auto.h"
#include "base/buf.h"
#include "base/clock.h"
#include "base/hash.h"
#include "base/rand.h"
#include "http/curl_library.h"
#include "http/http_frame.h"
#include "http/http_target.h"

#include <errno.h>
#include <poll.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

#define OPEN_MS 15000
#define PING_MS 20000
#define SILENT_MS 60000
#define CLOSE_MS 2000
#define READS_MOST 16			/* pieces in one turn */
#define PIECE ((size_t)16 << 10)

struct http_socket {
	CURL *easy;
	int fd;
	struct http_frame_reader reader;
	struct buf queue;
	size_t sent;			/* of the queue */
	struct buf early;		/* frames that came with the head */
	int64_t ping_ms, silent_ms, heard_at, pinged_at, closing_at;
	bool closing;			/* our close frame is queued */
	bool more;			/* there may be bytes that poll does not tell of */
};

void http_socket_free(struct http_socket **socket)
{
	struct http_socket *old = TAKE(*socket);

	if (!old)
		return;
	http_frame_reader_release(&old->reader);
	buf_release(&old->queue);
	buf_release(&old->early);
	if (old->easy)
		curl(curl_easy_cleanup)(old->easy);
	free(old);
}

/* --- the connection */

#define SET(option, value) (ok &= curl(curl_easy_setopt)(easy, option, value) == CURLE_OK)

static int connect_to(struct http_socket *socket, const struct http_socket_config *config,
		      struct err *err)
{
	CURL *easy = socket->easy = curl(curl_easy_init)();
	curl_socket_t fd = CURL_SOCKET_BAD;
	bool ok = easy != NULL;
	CURLcode code;

	if (!ok)
		return err_set(err, ERR_ENV, "no memory is left");
	SET(CURLOPT_CONNECT_ONLY, 1L);
	ok &= curl_library_restrict(easy, config->open_ms ? config->open_ms : OPEN_MS,
				    config->ca_file);
	if (!ok)
		return err_set(err, ERR_ENV, "libcurl lacks something that is needed");
	if (curl(curl_easy_setopt)(easy, CURLOPT_URL, config->url) != CURLE_OK)
		return err_set(err, ERR_INPUT, "an address that is none");
	code = curl(curl_easy_perform)(easy);
	if (code == CURLE_OK)
		curl(curl_easy_getinfo)(easy, CURLINFO_ACTIVESOCKET, &fd);
	if (code != CURLE_OK || fd == CURL_SOCKET_BAD)
		return err_set(err, ERR_ENV, "%s", curl(curl_easy_strerror)(code));
	socket->fd = fd;
	return 0;
}

/* Bytes read; 0: none now; -1: the connection is over. */
static ssize_t receive(struct http_socket *socket, char *data, size_t most)
{
	size_t got = 0;
	CURLcode code = curl(curl_easy_recv)(socket->easy, data, most, &got);

	if (code == CURLE_AGAIN)
		return 0;
	return code == CURLE_OK && got > 0 ? (ssize_t)got : -1;
}

/* As much as the peer takes now. */
static int send_queue(struct http_socket *socket)
{
	struct buf *queue = &socket->queue;

	while (socket->sent < queue->len) {
		size_t put = 0;
		CURLcode code = curl(curl_easy_send)(socket->easy, queue->data + socket->sent,
						     queue->len - socket->sent, &put);

		if (code == CURLE_AGAIN)
			break;
		if (code != CURLE_OK)
			return -1;
		socket->sent += put;
	}
	queue->len -= socket->sent;
	memmove(queue->data, queue->data + socket->sent, queue->len);
	socket->sent = 0;
	return 0;
}

/* --- the handshake */

static bool is_clean(const char *text)
{
	for (; *text; text++)
		if ((unsigned char)*text < 0x20 || *text == 0x7f)
			return false;
	return true;
}

static int write_request(struct http_socket *socket, const struct http_socket_config *config,
			 const char *key, struct err *err)
{
	const char *host = strstr(config->url, "://"), *path;
	struct buf *out = &socket->queue;

	if (!host || !is_clean(config->url) || strchr(config->url, ' '))
		return err_set(err, ERR_INPUT, "an address that is none");
	host += 3;
	path = host + strcspn(host, "/?#");
	buf_add_format(out, "GET %s HTTP/1.1\r\nHost: %.*s\r\nUpgrade: websocket\r\n"
			    "Connection: Upgrade\r\nSec-WebSocket-Version: 13\r\n"
			    "Sec-WebSocket-Key: %s\r\n",
		       *path == '/' ? path : "/", (int)(path - host), host, key);
	for (size_t i = 0; i < config->field_count; i++) {
		const struct http_field *field = &config->fields[i];

		if (!is_clean(field->name) || !is_clean(field->value))
			return err_set(err, ERR_INPUT, "a header that cannot be sent");
		buf_add_format(out, "%s: %s\r\n", field->name, field->value);
	}
	if (!buf_add_str(out, "\r\n"))
		return err_set(err, ERR_INPUT, "a request that is too long");
	return 0;
}

/* Until something can be done, or the time is up. */
static int wait_until(const struct http_socket *socket, int64_t until)
{
	struct pollfd fd = { .fd = socket->fd,
			     .events = POLLIN | (socket->queue.len ? POLLOUT : 0) };
	int64_t left = until - clock_steady();

	if (left <= 0)
		return -1;
	return poll(&fd, 1, (int)left) < 0 && errno != EINTR ? -1 : 0;
}

/* The head of the answer into `head`, ended by the empty line; what came behind it is kept. */
static int read_head(struct http_socket *socket, struct buf *head, int64_t until, struct err *err)
{
	char data[2048], *end = NULL;
	ssize_t got;

	while (!end) {
		got = send_queue(socket) < 0 ? -1 : receive(socket, data, sizeof(data));
		if (got < 0 || (got == 0 && wait_until(socket, until) < 0))
			return err_set(err, ERR_ENV, got < 0 ? "the connection was cut"
							     : "no answer came for too long");
		if (got > 0 && !buf_add(head, data, (size_t)got))
			return err_set(err, ERR_ENV, "the head of the answer is too long");
		/* a NUL is in no head: it ends the search for good */
		end = *buf_str(head) ? strstr(head->data, "\r\n\r\n") : NULL;
	}
	buf_add(&socket->early, end + 4, head->len - (size_t)(end + 4 - head->data));
	head->len = (size_t)(end + 2 - head->data);
	head->data[head->len] = '\0';
	return 0;
}

/* The value of a field that is there once; cuts the lines of `head` apart as it goes. NULL: it is
 * missing, or there is more than one. */
static const char *find_field(const struct buf *head, const char *name)
{
	const char *line = head->data, *found = NULL, *end;
	size_t len = strlen(name);

	for (; (end = strstr(line, "\r\n")); line = end + 2) {
		if ((size_t)(end - line) <= len || strncasecmp(line, name, len) != 0 ||
		    line[len] != ':')
			continue;
		if (found)
			return NULL;
		found = line + len + 1 + strspn(line + len + 1, " \t");
	}
	return found;
}

static bool field_is(const struct buf *head, const char *name, const char *wanted, bool list)
{
	const char *value = find_field(head, name);
	AUTO_FREE char *copy = value ? strndup(value, strcspn(value, "\r")) : NULL;

	if (!copy)
		return false;
	for (size_t len = strlen(copy); len && strchr(" \t", copy[len - 1]); len--)
		copy[len - 1] = '\0';
	return list ? http_target_list_has(copy, wanted) : strcmp(copy, wanted) == 0;
}

int http_socket_check_head(const struct buf *head, const char *key, int *ret_status,
			   struct err *err)
{
	AUTO_FREE char *accept = http_frame_accept(key);
	const char *text = head->data;
	int status;

	if (memchr(text, '\0', head->len) || strncmp(text, "HTTP/1.1 ", 9) != 0 ||
	    strspn(text + 9, "0123456789") != 3)
		return err_set(err, ERR_ENV, "the answer is no HTTP");
	status = (int)strtol(text + 9, NULL, 10);
	if (status != 101) {
		*ret_status = status;
		return err_set(err, status >= 500 || status == 429 ? ERR_ENV : ERR_STATE,
			       "the server answered %d instead of a websocket", status);
	}
	if (!field_is(head, "Upgrade", "websocket", true) ||
	    !field_is(head, "Connection", "upgrade", true) ||
	    !field_is(head, "Sec-WebSocket-Accept", accept, false) ||
	    find_field(head, "Sec-WebSocket-Extensions") ||
	    find_field(head, "Sec-WebSocket-Protocol"))
		return err_set(err, ERR_ENV, "the server does not speak websocket");
	return 0;
}

static int shake_hands(struct http_socket *socket, const struct http_socket_config *config,
		       int *ret_status, struct err *err)
{
	AUTO(buf_release) struct buf head = BUF_INIT(HTTP_SOCKET_HEAD_MAX);
	int64_t until = clock_steady() + (config->open_ms ? config->open_ms : OPEN_MS);
	AUTO_FREE char *key = NULL;
	uint8_t random[16];

	rand_bytes(random, sizeof(random));
	key = hash_base64(random, sizeof(random));
	if (write_request(socket, config, key, err) < 0 ||
	    read_head(socket, &head, until, err) < 0)
		return -1;
	return http_socket_check_head(&head, key, ret_status, err);
}

struct http_socket *http_socket_open(const struct http_socket_config *config, int *ret_status,
				     struct err *err)
{
	AUTO(http_socket_free) struct http_socket *socket = NULL;

	*ret_status = 0;
	if (curl_library_load(err) < 0)
		return NULL;
	socket = buf_alloc(sizeof(*socket));
	*socket = (struct http_socket){
		.fd = -1, .queue = BUF_INIT(HTTP_SOCKET_QUEUE_MAX + 1024),
		.early = BUF_INIT(HTTP_SOCKET_HEAD_MAX),
		.ping_ms = config->ping_ms ? config->ping_ms : PING_MS,
		.silent_ms = config->silent_ms ? config->silent_ms : SILENT_MS,
	};
	http_frame_reader_init(&socket->reader, HTTP_SOCKET_MESSAGE_MAX);
	socket->reader.of_server = true;
	if (connect_to(socket, config, err) < 0 ||
	    shake_hands(socket, config, ret_status, err) < 0)
		return NULL;
	socket->heard_at = socket->pinged_at = clock_steady();
	socket->more = true;
	return TAKE(socket);
}

/* --- sending */

static int queue_frame(struct http_socket *socket, enum http_frame_opcode opcode,
		       const void *data, size_t len)
{
	uint8_t mask[4];

	if (socket->closing ||
	    socket->queue.len + len + HTTP_FRAME_HEAD_MAX > HTTP_SOCKET_QUEUE_MAX)
		return -1;
	rand_bytes(mask, sizeof(mask));
	http_frame_add_masked(&socket->queue, opcode, mask, data, len);
	return 0;
}

int http_socket_send(struct http_socket *socket, bool binary, const void *data, size_t len)
{
	return queue_frame(socket, binary ? HTTP_FRAME_BINARY : HTTP_FRAME_TEXT, data, len);
}

size_t http_socket_queued(const struct http_socket *socket)
{
	return socket->queue.len;
}

void http_socket_close(struct http_socket *socket, int code)
{
	const uint8_t payload[2] = { (uint8_t)(code >> 8), (uint8_t)code };

	if (socket->closing)
		return;
	/* a queue that is full of what will never be read makes no difference */
	queue_frame(socket, HTTP_FRAME_CLOSE, payload, code == 1005 ? 0 : 2);
	socket->closing = true;
	socket->closing_at = clock_steady();
}

/* --- turns */

int http_socket_fd(const struct http_socket *socket)
{
	return socket->fd;
}

short http_socket_events(const struct http_socket *socket, bool more)
{
	return (short)((more ? POLLIN : 0) | (socket->queue.len ? POLLOUT : 0));
}

int http_socket_wait_ms(const struct http_socket *socket, bool more)
{
	int64_t now = clock_steady(), due;

	if (more && socket->more)
		return 0;
	if (socket->closing)
		due = socket->closing_at + CLOSE_MS;
	else
		due = (socket->heard_at > socket->pinged_at ? socket->heard_at
							    : socket->pinged_at) + socket->ping_ms;
	if (socket->heard_at + socket->silent_ms < due)
		due = socket->heard_at + socket->silent_ms;
	return due <= now ? 0 : (int)(due - now);
}

struct taking {
	struct http_socket *socket;
	http_socket_fn *fn;
	void *arg;
	int code;			/* of the peer's close frame; 0: none came */
};

static void take_frame(struct taking *taking)
{
	struct http_socket *socket = taking->socket;
	const struct http_frame_reader *frame = &socket->reader;

	if (frame->opcode == HTTP_FRAME_PING) {
		queue_frame(socket, HTTP_FRAME_PONG, frame->data, frame->len);
	} else if (frame->opcode == HTTP_FRAME_CLOSE) {
		taking->code = http_frame_close_code(frame->data, frame->len);
		http_socket_close(socket, taking->code);
	} else if (frame->opcode < HTTP_FRAME_CLOSE && !socket->closing) {
		taking->fn(taking->arg, frame->opcode == HTTP_FRAME_BINARY, frame->data,
			   frame->len);
	}
}

static int take_bytes(struct taking *taking, const char *data, size_t len, struct err *err)
{
	struct http_socket *socket = taking->socket;

	socket->heard_at = clock_steady();
	while (len > 0 && !taking->code) {
		size_t used;
		int found = http_frame_read(&socket->reader, data, len, &used);

		data += used;
		len -= used;
		if (found < 0) {
			http_socket_close(socket, socket->reader.fault);
			send_queue(socket);
			return err_set(err, ERR_ENV, "the server broke the rules of "
				       "websockets (%d)", socket->reader.fault);
		}
		if (found)
			take_frame(taking);
	}
	return 0;
}

/* 0: all that is there, or enough of it; 1: the connection is over. */
static int read_some(struct taking *taking, struct err *err)
{
	struct http_socket *socket = taking->socket;
	AUTO(buf_release) struct buf early = socket->early;
	char data[PIECE];

	socket->early = (struct buf){ 0 };
	if (early.len && take_bytes(taking, early.data, early.len, err) < 0)
		return -1;
	for (int i = 0; i < READS_MOST && !taking->code; i++) {
		ssize_t got = receive(socket, data, sizeof(data));

		socket->more = got > 0;
		if (got <= 0)
			return got < 0;
		if (take_bytes(taking, data, (size_t)got, err) < 0)
			return -1;
	}
	return 0;
}

static int keep_alive(struct http_socket *socket, struct err *err)
{
	int64_t now = clock_steady();

	if (now - socket->heard_at >= socket->silent_ms)
		return err_set(err, ERR_ENV, "the server was silent for too long");
	if (now - socket->heard_at >= socket->ping_ms &&
	    now - socket->pinged_at >= socket->ping_ms) {
		queue_frame(socket, HTTP_FRAME_PING, NULL, 0);
		socket->pinged_at = now;
	}
	return 0;
}

int http_socket_turn(struct http_socket *socket, bool more, http_socket_fn *fn, void *arg,
		     int *ret_code, struct err *err)
{
	struct taking taking = { .socket = socket, .fn = fn, .arg = arg };
	int over = more || socket->closing ? read_some(&taking, err) : 0;

	if (over < 0 || keep_alive(socket, err) < 0)
		return -1;
	*ret_code = taking.code ? taking.code : 1006;
	if (send_queue(socket) < 0 || over || taking.code ||
	    (socket->closing && clock_steady() - socket->closing_at >= CLOSE_MS)) {
		if (!taking.code && !socket->closing)
			return err_set(err, ERR_ENV, "the connection was cut");
		return 0;
	}
	return 1;
}
