/* http_frame.h - frames of a websocket (RFC 6455, section 5), a client's and a server's
 *
 *	byte 0   0x80 the last of its message, 0x70 reserved, 0x0f opcode
 *	byte 1   0x80 masked, 0x7f length; 126: two more bytes, 127: eight more
 *	then     four bytes of mask, then the payload, each byte xor the mask's */
#ifndef TALI_HTTP_FRAME_H
#define TALI_HTTP_FRAME_H

#include "base/buf.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#define HTTP_FRAME_HEAD_MAX 14
#define HTTP_FRAME_CONTROL_MAX 125

enum http_frame_opcode {
	HTTP_FRAME_CONTINUATION = 0,
	HTTP_FRAME_TEXT = 1,
	HTTP_FRAME_BINARY = 2,
	HTTP_FRAME_CLOSE = 8,
	HTTP_FRAME_PING = 9,
	HTTP_FRAME_PONG = 10
};

struct http_frame_reader {
	/* what http_frame_read gave: a whole message or a control frame, until the next call */
	enum http_frame_opcode opcode;
	const char *data;
	size_t len;
	int fault;			/* after -1: the code to close with */

	bool of_server;			/* set after init: frames come without a mask */
	size_t message_max;
	uint64_t frames;		/* heads that were read */
	uint8_t head[HTTP_FRAME_HEAD_MAX];
	size_t head_len, head_need;	/* need 0: not known yet */
	uint64_t left;			/* payload bytes of this frame still to come */
	size_t masked;			/* of it unmasked already */
	bool in_message;		/* fragments came, and the last is missing */
	enum http_frame_opcode message_opcode;
	struct buf message;
	char control[HTTP_FRAME_CONTROL_MAX];
	size_t control_len;
};

void http_frame_reader_init(struct http_frame_reader *reader, size_t message_max);
void http_frame_reader_release(struct http_frame_reader *reader);

/* Takes bytes up to the end of the next message or control frame; *ret_used says how many. 1: there
 * is one, 0: all bytes were used and it is not complete, -1: the protocol is broken
 * (reader->fault). Nothing is allocated for what is only announced. */
int http_frame_read(struct http_frame_reader *reader, const void *data, size_t len,
		    size_t *ret_used);

/* The code in the payload of a close frame; 1005 when there is none, 1002 when it is not valid. */
int http_frame_close_code(const char *data, size_t len);

/* Adds a whole frame as a server sends it, without mask. */
void http_frame_add(struct buf *out, enum http_frame_opcode opcode, const void *data, size_t len);
/* As a client sends it; the mask should be new and random for each frame. */
void http_frame_add_masked(struct buf *out, enum http_frame_opcode opcode, const uint8_t mask[4],
			   const void *data, size_t len);

/* What a server answers to a client's Sec-WebSocket-Key, of 64 bytes at most (section 4.2.2).
 * Yours. */
char *http_frame_accept(const char *key);

#endif
