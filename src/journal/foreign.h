/* foreign.h - recordings of other programs, read as events of a journal
 *
 * A reader gets the whole file, in memory and of at most FOREIGN_FILE_MAX bytes, believes nothing
 * of it, and gives events to a sink, in order. Each event fits into a journal (64 KiB, its schema);
 * large texts become payloads. What a reader refuses is ERR_INPUT, with the line or place.
 *
 * Instants are milliseconds since the epoch, or since the beginning of the recording when that
 * does not tell when it was (foreign_recording.absolute); FOREIGN_NO_TIME where nothing is told: as
 * the event before. They may run backwards; the sink puts that right. */
#ifndef TALI_FOREIGN_H
#define TALI_FOREIGN_H

#include "base/buf.h"
#include "base/err.h"

#include <jansson.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#define FOREIGN_FILE_MAX (64u << 20)	/* most bytes of a recording, inflated */
#define FOREIGN_INLINE 4096		/* a text of more bytes becomes a payload */
#define FOREIGN_WORD 256		/* most bytes of a name in an event; the rest is cut */
#define FOREIGN_NO_TIME INT64_MIN
#define FOREIGN_TIME_MAX 32503680000000LL	/* the year 3000 */
#define FOREIGN_TIME_MIN 315532800000LL		/* 1980: what lies before was no clock that runs */

struct foreign_sink {
	void *arg;
	/* Takes data. */
	int (*event)(void *arg, int64_t instant, const char *actor, const char *kind, json_t *data,
		     struct err *err);
	/* {"blob": HASH, "size": BYTES}, the caller's; NULL on error. */
	json_t *(*payload)(void *arg, const void *data, size_t len, struct err *err);
};

enum foreign_positions { FOREIGN_CODE_POINTS, FOREIGN_UTF16, FOREIGN_BYTES };

struct foreign_options {
	enum foreign_positions positions;	/* of an editing trace */
	const char *file;	/* name of the file that an editing trace is about */
};

/* What is told of the whole; texts are yours (foreign_recording_release). */
struct foreign_recording {
	bool absolute;		/* instants are since the epoch */
	char *title;		/* or NULL */
	char *start, *end;	/* texts of the file before and after, or NULL; may hold NUL */
	size_t start_len, end_len;
};

void foreign_recording_release(struct foreign_recording *recording);

typedef int foreign_reader(const char *text, size_t len, const struct foreign_options *options,
			   const struct foreign_sink *sink, struct foreign_recording *ret,
			   struct err *err);

/* "editing-trace", "asciicast", "atif", "claude-code", "codex"; NULL when it is none of them. */
foreign_reader *foreign_find(const char *name);
/* "code-points", "utf16", "bytes". ERR_USAGE. */
int foreign_positions_read(const char *name, enum foreign_positions *ret, struct err *err);

/* --- for the readers */

/* Parses JSON in which strings may hold NUL. ERR_INPUT "line N: what". */
json_t *foreign_parse(const char *text, size_t len, long line, struct err *err);

/* Calls visit for the JSON object of each line that is not empty; `comments`: nor begins with '#'.
 * ERR_INPUT "line N: ...". */
int foreign_each_line(const char *text, size_t len, bool comments,
		      int (*visit)(void *arg, long number, json_t *line, struct err *err),
		      void *arg, struct err *err);

/* The string, or a payload when it is long or holds NUL; yours. NULL on error. */
json_t *foreign_text(const struct foreign_sink *sink, const char *text, size_t len,
		     struct err *err);

/* A string member cut to FOREIGN_WORD bytes between characters; NULL when it is not there, is empty
 * or holds NUL. Yours. */
json_t *foreign_word(const json_t *object, const char *key);

/* How many bytes, at most `most`, end between characters. */
size_t foreign_cut(const char *text, size_t len, size_t most);

/* Time by RFC 3339 with its milliseconds; FOREIGN_NO_TIME when it is none from 1980 to 3000. */
int64_t foreign_time(const json_t *value);

/* Seconds as ms; ERR_INPUT unless 0 to 10 years. */
int foreign_seconds(const json_t *value, double *ret, struct err *err);

/* A remark; a long one in several. */
int foreign_note(const struct foreign_sink *sink, int64_t instant, const char *actor,
		 const char *text, size_t len, struct err *err);

#endif
