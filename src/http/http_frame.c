/* http_frame.c - see http_frame.h */
#include "http/http_frame.h"

#include "base/hash.h"
#include "base/utf8.h"
#include "http/sha1.h"

#include <stdio.h>
#include <string.h>

#define CODE_PROTOCOL 1002
#define CODE_NOT_UTF8 1007
#define CODE_TOO_BIG 1009

void http_frame_reader_init(struct http_frame_reader *reader, size_t message_max)
{
	memset(reader, 0, sizeof(*reader));
	reader->message_max = message_max;
	reader->message.limit = message_max;
}

void http_frame_reader_release(struct http_frame_reader *reader)
{
	buf_release(&reader->message);
}

static int broken(struct http_frame_reader *reader, int code)
{
	reader->fault = code;
	return -1;
}

static enum http_frame_opcode opcode_of(const struct http_frame_reader *reader)
{
	return (enum http_frame_opcode)(reader->head[0] & 0x0f);
}

static bool is_control(const struct http_frame_reader *reader)
{
	return reader->head[0] & 0x08;
}

static bool is_last(const struct http_frame_reader *reader)
{
	return reader->head[0] & 0x80;
}

/* What the first two bytes say by themselves. */
static int check_beginning(struct http_frame_reader *reader)
{
	enum http_frame_opcode opcode = opcode_of(reader);
	unsigned len = reader->head[1] & 0x7f;

	bool masked = reader->head[1] & 0x80;

	if (reader->head[0] & 0x70 || masked == reader->of_server)
		return broken(reader, CODE_PROTOCOL);
	if (is_control(reader)) {
		if (opcode > HTTP_FRAME_PONG || !is_last(reader) || len > HTTP_FRAME_CONTROL_MAX)
			return broken(reader, CODE_PROTOCOL);
	} else if (opcode > HTTP_FRAME_BINARY ||
		   reader->in_message != (opcode == HTTP_FRAME_CONTINUATION)) {
		return broken(reader, CODE_PROTOCOL);
	}
	reader->head_need = 2 + (len == 126 ? 2 : len == 127 ? 8 : 0) + (masked ? 4 : 0);
	return 0;
}

static int end_head(struct http_frame_reader *reader)
{
	unsigned len = reader->head[1] & 0x7f;
	size_t more = len == 126 ? 2 : len == 127 ? 8 : 0;

	reader->left = more ? 0 : len;
	for (size_t i = 0; i < more; i++)
		reader->left = reader->left << 8 | reader->head[2 + i];
	if ((len == 126 && reader->left < 126) || (len == 127 && reader->left < 65536))
		return broken(reader, CODE_PROTOCOL);
	reader->masked = 0;
	reader->frames++;
	if (is_control(reader)) {
		reader->control_len = 0;
		return 0;
	}
	if (reader->left > reader->message_max - reader->message.len)
		return broken(reader, CODE_TOO_BIG);
	if (!reader->in_message)
		reader->message_opcode = opcode_of(reader);
	reader->in_message = true;
	return 0;
}

static int read_head(struct http_frame_reader *reader, const uint8_t *data, size_t len,
		     size_t *ret_used)
{
	while (*ret_used < len && (!reader->head_need || reader->head_len < reader->head_need)) {
		reader->head[reader->head_len++] = data[(*ret_used)++];
		if (reader->head_len == 2 && check_beginning(reader) < 0)
			return -1;
	}
	if (!reader->head_need || reader->head_len < reader->head_need)
		return 0;
	return end_head(reader);
}

static void read_payload(struct http_frame_reader *reader, const uint8_t *data, size_t len)
{
	const uint8_t *mask = reader->head + reader->head_need - 4;
	char *to;

	if (is_control(reader)) {
		to = reader->control + reader->control_len;
		memcpy(to, data, len);
		reader->control_len += len;
	} else {
		buf_add(&reader->message, data, len);
		to = reader->message.data + reader->message.len - len;
	}
	for (size_t i = 0; i < len && !reader->of_server; i++)
		to[i] = (char)((uint8_t)to[i] ^ mask[(reader->masked + i) & 3]);
	reader->masked += len;
	reader->left -= len;
}

/* The frame is complete: 1 when a message or a control frame is. */
static int end_frame(struct http_frame_reader *reader)
{
	reader->head_len = reader->head_need = 0;
	if (is_control(reader)) {
		reader->opcode = opcode_of(reader);
		reader->data = reader->control;
		reader->len = reader->control_len;
		return 1;
	}
	if (!is_last(reader))
		return 0;
	reader->in_message = false;
	reader->opcode = reader->message_opcode;
	reader->data = buf_str(&reader->message);
	reader->len = reader->message.len;
	if (reader->opcode == HTTP_FRAME_TEXT && !utf8_valid(reader->data, reader->len))
		return broken(reader, CODE_NOT_UTF8);
	return 1;
}

int http_frame_read(struct http_frame_reader *reader, const void *data, size_t len,
		    size_t *ret_used)
{
	const uint8_t *bytes = data;
	int result = 0;

	*ret_used = 0;
	if (reader->fault)
		return -1;
	/* the message that the last call gave is over */
	if (!reader->in_message)
		buf_clear(&reader->message);
	while (result == 0 && *ret_used < len) {
		size_t part = len - *ret_used;

		if (!reader->head_need || reader->head_len < reader->head_need) {
			if (read_head(reader, bytes, len, ret_used) < 0)
				return -1;
			if (!reader->head_need || reader->head_len < reader->head_need)
				return 0;
			part = len - *ret_used;
		}
		if (part > reader->left)
			part = (size_t)reader->left;
		if (part)
			read_payload(reader, bytes + *ret_used, part);
		*ret_used += part;
		if (reader->left == 0)
			result = end_frame(reader);
	}
	return result;
}

int http_frame_close_code(const char *data, size_t len)
{
	int code;

	if (len == 0)
		return 1005;
	if (len == 1 || !utf8_valid(data + 2, len - 2))
		return CODE_PROTOCOL;
	code = (uint8_t)data[0] << 8 | (uint8_t)data[1];
	if ((code >= 1000 && code <= 1014 && code != 1004 && code != 1005 && code != 1006) ||
	    (code >= 3000 && code <= 4999))
		return code;
	return CODE_PROTOCOL;
}

static void add_head(struct buf *out, enum http_frame_opcode opcode, uint8_t masked, size_t len)
{
	uint8_t head[10] = { (uint8_t)(0x80 | opcode) };
	size_t head_len = 2;

	if (len < 126) {
		head[1] = (uint8_t)(masked | len);
	} else {
		size_t more = len < 65536 ? 2 : 8;

		head[1] = masked | (more == 2 ? 126 : 127);
		for (size_t i = 0; i < more; i++)
			head[2 + i] = (uint8_t)((uint64_t)len >> 8 * (more - 1 - i));
		head_len += more;
	}
	buf_add(out, head, head_len);
}

void http_frame_add(struct buf *out, enum http_frame_opcode opcode, const void *data, size_t len)
{
	add_head(out, opcode, 0, len);
	if (len)
		buf_add(out, data, len);
}

void http_frame_add_masked(struct buf *out, enum http_frame_opcode opcode, const uint8_t mask[4],
			   const void *data, size_t len)
{
	const uint8_t *bytes = data;

	add_head(out, opcode, 0x80, len);
	buf_add(out, mask, 4);
	for (size_t i = 0; i < len; i++)
		buf_add_byte(out, (char)(bytes[i] ^ mask[i & 3]));
}

char *http_frame_accept(const char *key)
{
	uint8_t digest[SHA1_SIZE];
	char text[112];
	int len = snprintf(text, sizeof(text), "%.64s258EAFA5-E914-47DA-95CA-C5AB0DC85B11", key);

	sha1_short(text, (size_t)len, digest);
	return hash_base64(digest, sizeof(digest));
}
