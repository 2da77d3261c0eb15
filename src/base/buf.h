/* buf.h - a growing byte buffer that always ends in a NUL byte and never outgrows its limit */
#ifndef TALI_BUF_H
#define TALI_BUF_H

#include <stdbool.h>
#include <stddef.h>

struct buf {
	char *data;	/* never NULL after the first add; data[len] is NUL */
	size_t len;
	size_t size;	/* allocated bytes */
	size_t limit;	/* most bytes it may hold; adding past it sets `full` and drops the rest */
	bool full;
};

#define BUF_INIT(most) { .limit = (most) }

void buf_release(struct buf *buf);
/* Empties it and keeps the memory. */
void buf_clear(struct buf *buf);
/* Appends; false once the limit is reached (then `full` is set and what fits was kept). */
bool buf_add(struct buf *buf, const void *data, size_t len);
/* Appends, and drops of the beginning what is too much: at least half the limit is kept of the end,
 * and it is moved only now and then. */
void buf_add_end(struct buf *buf, const void *data, size_t len);
bool buf_add_str(struct buf *buf, const char *text);
bool buf_add_byte(struct buf *buf, char byte);
bool buf_add_format(struct buf *buf, const char *format, ...)
	__attribute__((format(printf, 2, 3)));
/* The text; yours to free. The buffer is empty afterwards. Never NULL. */
char *buf_take(struct buf *buf);
/* The text, borrowed until the next change; "" when empty. */
const char *buf_str(const struct buf *buf);

/* malloc family that aborts when memory is out (style: what comes from outside is limited
 * first). */
void *buf_alloc(size_t size);			/* zeroed */
void *buf_realloc(void *p, size_t count, size_t size);
char *buf_strdup(const char *text);		/* NULL gives NULL */
char *buf_format(const char *format, ...) __attribute__((format(printf, 1, 2)));	/* yours */

#endif
