/* buf.c - see buf.h */
#include "base/buf.h"

#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

void *buf_alloc(size_t size)
{
	void *p = calloc(1, size ? size : 1);

	if (!p)
		abort();
	return p;
}

void *buf_realloc(void *p, size_t count, size_t size)
{
	void *grown = reallocarray(p, count ? count : 1, size);

	if (!grown)
		abort();
	return grown;
}

char *buf_strdup(const char *text)
{
	char *copy;

	if (!text)
		return NULL;
	copy = strdup(text);
	if (!copy)
		abort();
	return copy;
}

char *buf_format(const char *format, ...)
{
	va_list args;
	char *text;

	va_start(args, format);
	if (vasprintf(&text, format, args) < 0)
		abort();
	va_end(args);
	return text;
}

void buf_release(struct buf *buf)
{
	free(buf->data);
	buf->data = NULL;
	buf->len = buf->size = 0;
}

void buf_clear(struct buf *buf)
{
	buf->len = 0;
	buf->full = false;
	if (buf->data)
		buf->data[0] = '\0';
}

static void reserve(struct buf *buf, size_t more)
{
	size_t need = buf->len + more + 1;
	size_t size = buf->size ? buf->size : 64;

	if (need <= buf->size)
		return;
	while (size < need)
		size *= 2;
	buf->data = buf_realloc(buf->data, size, 1);
	buf->size = size;
}

bool buf_add(struct buf *buf, const void *data, size_t len)
{
	size_t room = buf->limit - buf->len;

	if (len > room) {
		buf->full = true;
		len = room;
	}
	reserve(buf, len);
	if (len)
		memcpy(buf->data + buf->len, data, len);
	buf->len += len;
	buf->data[buf->len] = '\0';
	return !buf->full;
}

void buf_add_end(struct buf *buf, const void *data, size_t len)
{
	const size_t half = buf->limit / 2;
	const char *end = data;
	size_t over;

	if (len > half) {
		end += len - half;
		len = half;
	}
	over = buf->len + len > buf->limit ? buf->len + len - half : 0;
	if (over) {
		buf->len -= over;
		memmove(buf->data, buf->data + over, buf->len);
	}
	buf_add(buf, end, len);
}

bool buf_add_str(struct buf *buf, const char *text)
{
	return buf_add(buf, text, strlen(text));
}

bool buf_add_byte(struct buf *buf, char byte)
{
	return buf_add(buf, &byte, 1);
}

bool buf_add_format(struct buf *buf, const char *format, ...)
{
	va_list args;
	char *text;
	int len;
	bool fits;

	va_start(args, format);
	len = vasprintf(&text, format, args);
	va_end(args);
	if (len < 0)
		abort();
	fits = buf_add(buf, text, (size_t)len);
	free(text);
	return fits;
}

char *buf_take(struct buf *buf)
{
	char *text;

	reserve(buf, 0);
	buf->data[buf->len] = '\0';
	text = buf->data;
	buf->data = NULL;
	buf->len = buf->size = 0;
	return text;
}

const char *buf_str(const struct buf *buf)
{
	return buf->data ? buf->data : "";
}
