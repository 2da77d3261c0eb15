/* foreign_cast.c - see foreign_cast.h */
#include "journal/foreign_cast.h"

#include "base/auto.h"
#include "base/json.h"

#include <math.h>
#include <stdio.h>
#include <string.h>

#define TERMINAL "1"
#define SIDE_MOST 1000
#define CHUNKS_MOST 256
#define CHUNKS_BYTES (40 * 1024)
#define CHUNK_FRAME 32

struct cast {
	const struct foreign_sink *sink;
	struct foreign_recording *recording;
	long version;			/* 0 before the header */
	double seconds;			/* since the beginning */
	int64_t start, instant;
	bool ended;
	/* chunks of one instant and kind, not given yet */
	const char *kind;
	json_t *chunks;
	size_t bytes;
};

static void cast_release(struct cast *cast)
{
	json_decref(cast->chunks);
}

static int flush(struct cast *cast, struct err *err)
{
	json_t *data;

	if (!cast->chunks)
		return 0;
	data = json_pack("{s:s, s:o}", "terminal", TERMINAL, "chunks", TAKE(cast->chunks));
	cast->bytes = 0;
	return cast->sink->event(cast->sink->arg, cast->instant, "candidate", cast->kind, data,
				 err);
}

static json_t *make_chunk(const struct cast *cast, const json_t *data, struct err *err)
{
	json_t *text = foreign_text(cast->sink, json_string_value(data), json_string_length(data),
				    err);

	if (!text)
		return NULL;
	if (json_is_string(text))
		return json_pack("{s:i, s:o}", "ms", 0, "text", text);
	json_object_set_new(text, "ms", json_integer(0));
	return text;
}

static int add_chunk(struct cast *cast, int64_t instant, const char *kind, const json_t *data,
		     struct err *err)
{
	size_t len = json_string_length(data);
	size_t bytes = CHUNK_FRAME + (len > FOREIGN_INLINE ? 100 : 6 * len);
	bool other = instant != cast->instant || cast->kind != kind;
	json_t *chunk;

	if (!len)
		return 0;
	if ((other || cast->bytes + bytes > CHUNKS_BYTES ||
	     json_array_size(cast->chunks) == CHUNKS_MOST) && flush(cast, err) < 0)
		return -1;
	cast->instant = instant;
	cast->kind = kind;
	chunk = make_chunk(cast, data, err);
	if (!chunk)
		return -1;
	if (!cast->chunks)
		cast->chunks = json_array();
	cast->bytes += bytes;
	return json_array_append_new(cast->chunks, chunk);
}

static int give(struct cast *cast, int64_t instant, const char *kind, json_t *data, struct err *err)
{
	if (flush(cast, err) < 0) {
		json_decref(data);
		return -1;
	}
	cast->instant = instant;
	return cast->sink->event(cast->sink->arg, instant, "candidate", kind, data, err);
}

static int check_size(long columns, long rows, struct err *err)
{
	if (columns < 1 || columns > SIDE_MOST || rows < 1 || rows > SIDE_MOST)
		return err_set(err, ERR_INPUT, "a terminal has 1 to %d columns and rows, not %ld, "
			       "%ld", SIDE_MOST, columns, rows);
	return 0;
}

static int read_header(struct cast *cast, const json_t *header, struct err *err)
{
	const json_t *term = json_object_get(header, "term");
	long version = (long)json_int(header, "version", 0);
	json_int_t stamp = json_int(header, "timestamp", -1);
	bool third = version == 3;
	json_int_t columns = json_int(third ? term : header, third ? "cols" : "width", 0);
	json_int_t rows = json_int(third ? term : header, third ? "rows" : "height", 0);
	json_t *command = foreign_word(header, "command"), *data;
	AUTO_JSON json_t *title = foreign_word(header, "title");

	data = json_pack("{s:s, s:s, s:I, s:I}", "terminal", TERMINAL, "action", "start", "columns",
			 columns, "rows", rows);
	if (command)
		json_object_set_new(data, "argv", json_pack("[o]", command));
	if ((version != 2 && version != 3) || check_size((long)columns, (long)rows, err) < 0) {
		json_decref(data);
		return version == 2 || version == 3 ? -1
		       : err_set(err, ERR_INPUT, "not an asciicast of version 2 or 3");
	}
	cast->version = version;
	cast->recording->absolute = stamp >= FOREIGN_TIME_MIN / 1000 &&
				    stamp <= FOREIGN_TIME_MAX / 1000;
	cast->start = cast->instant = cast->recording->absolute ? stamp * 1000 : 0;
	cast->recording->title = buf_strdup(json_string_value(title));
	return give(cast, cast->start, "terminal", data, err);
}

static int read_resize(struct cast *cast, int64_t instant, const char *text, struct err *err)
{
	long columns, rows;
	int end = 0;

	if (strlen(text) > 20 || sscanf(text, "%5ldx%5ld%n", &columns, &rows, &end) != 2 ||
	    text[end])
		return err_set(err, ERR_INPUT, "'%.20s' is not a size as 80x24", text);
	if (check_size(columns, rows, err) < 0)
		return -1;
	return give(cast, instant, "terminal_resize",
		    json_pack("{s:s, s:i, s:i}", "terminal", TERMINAL, "columns", (int)columns,
			      "rows", (int)rows), err);
}

static int give_end(struct cast *cast, int64_t instant, const json_t *status, struct err *err)
{
	json_t *data = json_pack("{s:s, s:s}", "terminal", TERMINAL, "action", "end");
	char *end = NULL;
	long code = status ? strtol(json_string_value(status), &end, 10) : 0;

	if (status && *json_string_value(status) && !*end && code >= 0 && code <= 255)
		json_object_set_new(data, "exit_status", json_integer(code));
	cast->ended = true;
	return give(cast, instant, "terminal", data, err);
}

static int read_time(struct cast *cast, const json_t *value, int64_t *ret, struct err *err)
{
	double seconds;

	if (foreign_seconds(value, &seconds, err) < 0)
		return -1;
	cast->seconds = cast->version == 3 ? cast->seconds + seconds : seconds;
	if (cast->seconds > FOREIGN_TIME_MAX / 1000.0)
		return err_set(err, ERR_INPUT, "the recording is too long");
	*ret = cast->start + llround(cast->seconds * 1000);
	return 0;
}

/* Codes that this version does not know are passed over, as the format wants it. */
static int read_event(struct cast *cast, const json_t *line, struct err *err)
{
	const json_t *data = json_array_get(line, 2);
	const char *code = json_string_value(json_array_get(line, 1));
	int64_t instant = 0;

	if (json_array_size(line) != 3 || !code || !json_is_string(data))
		return err_set(err, ERR_INPUT, "must be [seconds, \"code\", \"data\"]");
	if (read_time(cast, json_array_get(line, 0), &instant, err) < 0)
		return -1;
	if (cast->ended)
		return 0;
	switch (code[0] && !code[1] ? code[0] : '\0') {
	case 'o': return add_chunk(cast, instant, "terminal_out", data, err);
	case 'i': return add_chunk(cast, instant, "terminal_in", data, err);
	case 'r': return read_resize(cast, instant, json_string_value(data), err);
	case 'x': return give_end(cast, instant, data, err);
	case 'm':
		return flush(cast, err) < 0 ? -1
		       : foreign_note(cast->sink, instant, "candidate", json_string_value(data),
				      json_string_length(data), err);
	default: return 0;
	}
}

static int read_line(void *arg, long number, json_t *line, struct err *err)
{
	struct cast *cast = arg;

	(void)number;
	return cast->version ? read_event(cast, line, err) : read_header(cast, line, err);
}

int foreign_cast_read(const char *text, size_t len, const struct foreign_options *options,
		      const struct foreign_sink *sink, struct foreign_recording *ret,
		      struct err *err)
{
	AUTO(cast_release) struct cast cast = { .sink = sink, .recording = ret };

	(void)options;
	if (foreign_each_line(text, len, true, read_line, &cast, err) < 0)
		return -1;
	if (!cast.version)
		return err_set(err, ERR_INPUT, "not an asciicast: it has no header");
	if (flush(&cast, err) < 0)
		return -1;
	return cast.ended ? 0 : give_end(&cast, cast.instant, NULL, err);
}
