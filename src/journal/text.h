/* text.h - one text while it is being edited, and of each of its bytes where it came from
 *
 * Positions and lengths are bytes of UTF-8. A gap buffer: an edit near the last one costs what it
 * changes; one elsewhere moves the bytes between. Beside each byte stands a mark: its origin and
 * the event that brought it. */
#ifndef TALI_TEXT_H
#define TALI_TEXT_H

#include "base/buf.h"
#include "base/err.h"
#include "base/hash.h"
#include "base/pack.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#define TEXT_MAX (16u << 20)	/* bytes of one text */

enum text_origin {
	TEXT_STARTER,	/* was there when the candidate began */
	TEXT_TYPED,
	TEXT_PASTE,
	TEXT_AI,
	TEXT_SAVED,	/* found changed on disk: by an own editor, a program ... */
	TEXT_ORIGINS
};

/* "starter", "typed", ... ; borrowed for good. */
const char *text_origin_name(enum text_origin origin);
/* -1 when it is none. */
int text_origin_find(const char *name);

struct text;

/* An empty text. */
struct text *text_new(void);
void text_free(struct text **text);	/* NULL inside is fine */

size_t text_len(const struct text *text);

/* Removes `del` bytes at `at` and puts `len` bytes there with that origin and event number.
 * Nothing is changed on error: ERR_INPUT when it reaches past the end or begins or ends inside a
 * character, when `ins` is not UTF-8, or when the text would be larger than TEXT_MAX. */
int text_edit(struct text *text, size_t at, size_t del, const char *ins, size_t len,
	      enum text_origin origin, int64_t seq, struct err *err);

/* All of it in one piece, NUL added; borrowed until the next call with this text. */
const char *text_bytes(struct text *text);

/* Copies bytes [at, at + len), which must lie in it. */
void text_copy(const struct text *text, size_t at, size_t len, char *out);

/* SHA-256 in hex of the bytes. */
const char *text_hash(const struct text *text, char hex[HASH_HEX_SIZE]);
/* Whether it is exactly these bytes. */
bool text_equal(const struct text *text, const char *bytes, size_t len);

/* The longest pieces of one origin and event, in order and without gaps. A visit that returns
 * non-zero ends it, and that is given back. */
struct text_run {
	size_t at, len;
	enum text_origin origin;
	int64_t seq;
};
int text_each_run(const struct text *text, int (*visit)(void *arg, const struct text_run *run),
		  void *arg);

/* Adds the number of bytes of each origin. */
void text_count(const struct text *text, uint64_t bytes[TEXT_ORIGINS]);

/* The offset in bytes of the character number `character`, from 0; its length gives the length.
 * -1 when there are not so many. For foreign traces; it looks at everything before. */
int64_t text_offset(const struct text *text, size_t character);

/* For checkpoints. Packing appends; the same text and marks always give the same bytes, and a
 * change shows only near its place. Unpacked is yours; NULL when bad. */
void text_pack(const struct text *text, struct buf *out);
struct text *text_unpack(struct unpack *in);

#endif
