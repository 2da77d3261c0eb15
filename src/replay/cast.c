/* cast.c - see cast.h */
#include "replay/cast.h"

#include "base/auto.h"
#include "base/buf.h"
#include "base/json.h"
#include "replay/escape_filter.h"
#include "replay/payload_text.h"
#include "store/event.h"

#include <inttypes.h>
#include <string.h>

#define COLUMNS 80
#define ROWS 24
#define LETTERS "@ABCDEFGHIJKLMPSTXZ`abdefhlmrsu"	/* that end a sequence of escape_filter */

struct cast {
	struct store *store;
	const struct cast_request *request;
	FILE *out;
	char terminal[65];		/* "" until one was opened */
	bool ended;
	int64_t last;			/* instant of what was printed last */
	struct escape_filter output, input;
};

static int64_t instant_of(const struct event *event)
{
	return event->client_time ? event->client_time : event->time;
}

/* [seconds since the last, code, text] */
static int print(struct cast *cast, int64_t instant, char code, const char *text, size_t len,
		 struct err *err)
{
	AUTO_JSON json_t *value = json_stringn(len ? text : "", len);
	AUTO_FREE char *quoted = json_dumps(value, JSON_ENCODE_ANY);
	int64_t ms = instant > cast->last ? instant - cast->last : 0;

	cast->last += ms;
	if (fprintf(cast->out, "[%" PRId64 ".%03d, \"%c\", %s]\n", ms / 1000, (int)(ms % 1000),
		    code, quoted) < 0)
		return err_sys(err, "cannot write");
	return 0;
}

/* A text of one line with no control characters. */
static char *plain(const char *text, size_t len)
{
	struct escape_filter filter = ESCAPE_FILTER_INIT;
	struct buf safe = BUF_INIT(PAYLOAD_TEXT_MAX);
	size_t i, kept = 0;

	escape_filter_feed(&filter, text, len, &safe);
	for (i = 0; i < safe.len; i++) {
		if (safe.data[i] == '\033')	/* what is left of styles is noise here */
			i += safe.data[i + 1] == '[' ? strcspn(safe.data + i + 2, LETTERS) + 2 : 1;
		else
			safe.data[kept++] = (unsigned char)safe.data[i] < 0x20 ? ' ' : safe.data[i];
	}
	if (safe.data)
		safe.data[kept] = '\0';
	return buf_take(&safe);
}

static int print_header(struct cast *cast, int64_t instant, const json_t *data, struct err *err)
{
	json_t *term = json_pack("{s:I, s:I}", "cols", json_int(data, "columns", COLUMNS), "rows",
				 json_int(data, "rows", ROWS));
	AUTO_FREE char *title = plain(cast->request->title, strlen(cast->request->title));
	AUTO_JSON json_t *header = json_pack("{s:i, s:o, s:I, s:s}", "version", 3, "term", term,
					     "timestamp", (json_int_t)(instant / 1000), "title",
					     title);
	AUTO(buf_release) struct buf command = BUF_INIT(4096);
	AUTO_FREE char *words = NULL;
	AUTO_FREE char *text = NULL;
	const json_t *word;
	size_t i;

	json_array_foreach(json_object_get(data, "argv"), i, word)
		buf_add_format(&command, "%s%s", i ? " " : "", json_string_value(word));
	words = plain(buf_str(&command), command.len);
	if (*words && !command.full)
		json_object_set_new(header, "command", json_string(words));
	text = json_dumps(header, 0);
	cast->last = instant / 1000 * 1000;
	return fprintf(cast->out, "%s\n", text) < 0 ? err_sys(err, "cannot write") : 0;
}

static int print_chunks(struct cast *cast, int64_t instant, const json_t *data, char code,
			struct err *err)
{
	struct escape_filter *filter = code == 'o' ? &cast->output : &cast->input;
	const json_t *chunk;
	size_t i;

	json_array_foreach(json_object_get(data, "chunks"), i, chunk) {
		AUTO(buf_release) struct buf raw = BUF_INIT(PAYLOAD_TEXT_MAX);
		AUTO(buf_release) struct buf safe = BUF_INIT(4 * PAYLOAD_TEXT_MAX);

		if (payload_text_add(cast->store, chunk, &raw, err) < 0)
			return -1;
		escape_filter_feed(filter, buf_str(&raw), raw.len, &safe);
		if (safe.len && print(cast, instant + json_int(chunk, "ms", 0), code,
				      buf_str(&safe), safe.len, err) < 0)
			return -1;
	}
	return 0;
}

static int print_end(struct cast *cast, int64_t instant, const json_t *data, struct err *err)
{
	json_int_t status = json_int(data, "exit_status", -1), number = json_int(data, "signal", 0);
	char text[24];

	cast->ended = true;
	if (status < 0 && number <= 0)
		return 0;
	snprintf(text, sizeof(text), "%lld", (long long)(status < 0 ? 128 + number : status));
	return print(cast, instant, 'x', text, strlen(text), err);
}

static int print_marker(struct cast *cast, int64_t instant, const json_t *data, struct err *err)
{
	const json_t *text = json_object_get(data, "text");
	AUTO_FREE char *label = plain(json_string_value(text), json_string_length(text));

	return print(cast, instant, 'm', label, strlen(label), err);
}

/* The first event of a terminal begins the recording. */
static int begin(struct cast *cast, const struct event *event, const json_t *data, struct err *err)
{
	const char *wanted = cast->request->terminal, *id = json_str(data, "terminal", "");

	if (strcmp(event->kind, "terminal") != 0 || (wanted && strcmp(wanted, id) != 0) ||
	    strcmp(json_str(data, "action", ""), "start") != 0)
		return 0;
	snprintf(cast->terminal, sizeof(cast->terminal), "%s", id);
	return print_header(cast, instant_of(event), data, err);
}

static int go_on(struct cast *cast, const struct event *event, const json_t *data, struct err *err)
{
	int64_t instant = instant_of(event);
	char size[48];

	if (!strcmp(event->kind, "note"))
		return print_marker(cast, instant, data, err);
	if (strcmp(json_str(data, "terminal", ""), cast->terminal) != 0)
		return 0;
	if (!strcmp(event->kind, "terminal_out"))
		return print_chunks(cast, instant, data, 'o', err);
	if (!strcmp(event->kind, "terminal_in"))
		return cast->request->input ? print_chunks(cast, instant, data, 'i', err) : 0;
	if (!strcmp(event->kind, "terminal_resize")) {
		snprintf(size, sizeof(size), "%lldx%lld", (long long)json_int(data, "columns", 0),
			 (long long)json_int(data, "rows", 0));
		return print(cast, instant, 'r', size, strlen(size), err);
	}
	return strcmp(json_str(data, "action", ""), "end") ? 0
							   : print_end(cast, instant, data, err);
}

static int visit(void *arg, const struct event *event, struct err *err)
{
	struct cast *cast = arg;
	AUTO_JSON json_t *data = NULL;

	if (cast->ended ||
	    (strncmp(event->kind, "terminal", 8) != 0 && strcmp(event->kind, "note") != 0))
		return 0;
	data = json_parse(event->data, strlen(event->data), "data", err);
	if (!data || (*cast->terminal ? go_on : begin)(cast, event, data, err) < 0)
		return err_wrap(err, "event %" PRId64, event->seq);
	return 0;
}

int cast_export(struct store *store, const struct assessment *assessment,
		const struct cast_request *request, FILE *out, struct err *err)
{
	struct cast cast = { .store = store, .request = request, .out = out };

	if (event_each(store, assessment->id, 0, visit, &cast, err) < 0)
		return -1;
	if (!*cast.terminal && request->terminal)
		return err_set(err, ERR_NOT_FOUND, "no terminal '%s' was recorded",
			       request->terminal);
	if (!*cast.terminal)
		return err_set(err, ERR_NOT_FOUND, "no terminal was recorded");
	return fflush(out) != 0 ? err_sys(err, "cannot write") : 0;
}
