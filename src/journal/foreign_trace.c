/* foreign_trace.c - see foreign_trace.h */
#include "journal/foreign_trace.h"

#include "base/auto.h"
#include "base/json.h"
#include "journal/text_positions.h"

#include <string.h>

#define EDITS_MOST 256			/* in one event */
#define EDITS_BYTES (40 * 1024)		/* of one event, about */
#define EDIT_FRAME 128			/* bytes of an edit without its texts */

struct trace {
	const struct foreign_options *options;
	const struct foreign_sink *sink;
	struct text_positions *text;
	/* edits of one instant, not given yet */
	json_t *edits;
	size_t edits_bytes;
	int64_t instant;
};

static void trace_release(struct trace *trace)
{
	text_positions_free(&trace->text);
	json_decref(trace->edits);
}

static int flush(struct trace *trace, struct err *err)
{
	json_t *data;

	if (!trace->edits)
		return 0;
	data = json_pack("{s:o}", "edits", TAKE(trace->edits));
	trace->edits_bytes = 0;
	return trace->sink->event(trace->sink->arg, trace->instant, "candidate", "edit", data, err);
}

static int add_edit(struct trace *trace, size_t at, size_t deleted, const json_t *inserted,
		    struct err *err)
{
	const char *file = trace->options->file;
	size_t len = json_string_length(inserted);
	json_t *text = foreign_text(trace->sink, json_string_value(inserted), len, err);
	size_t bytes = EDIT_FRAME + 6 * strlen(file) + 6 * (len > FOREIGN_INLINE ? 0 : len);

	if (!text)
		return -1;
	if (trace->edits && (json_array_size(trace->edits) == EDITS_MOST ||
			     trace->edits_bytes + bytes > EDITS_BYTES) && flush(trace, err) < 0) {
		json_decref(text);
		return -1;
	}
	if (!trace->edits)
		trace->edits = json_array();
	trace->edits_bytes += bytes;
	json_array_append_new(trace->edits,
			      json_pack("{s:s, s:I, s:I, s:o}", "file", file, "at", (json_int_t)at,
					"del", (json_int_t)deleted, "ins", text));
	return 0;
}

static int read_patch(struct trace *trace, const json_t *patch, struct err *err)
{
	const json_t *at = json_array_get(patch, 0), *deleted = json_array_get(patch, 1);
	const json_t *inserted = json_array_get(patch, 2);
	size_t byte, bytes;

	if (json_array_size(patch) != 3 || !json_is_integer(at) || !json_is_integer(deleted) ||
	    !json_is_string(inserted) || json_integer_value(at) < 0 ||
	    json_integer_value(deleted) < 0)
		return err_set(err, ERR_INPUT, "must be [position, deleted, \"inserted\"]");
	if (text_positions_edit(trace->text, (size_t)json_integer_value(at),
				(size_t)json_integer_value(deleted), json_string_value(inserted),
				json_string_length(inserted), &byte, &bytes, err) < 0)
		return -1;
	if (!bytes && !json_string_length(inserted))
		return 0;
	return add_edit(trace, byte, bytes, inserted, err);
}

static int read_transaction(struct trace *trace, const json_t *transaction, size_t number,
			    struct err *err)
{
	const json_t *patches = json_object_get(transaction, "patches"), *patch;
	int64_t instant = foreign_time(json_object_get(transaction, "time"));
	size_t i;

	if (!json_is_array(patches))
		return err_set(err, ERR_INPUT, "transaction %zu has no patches", number);
	if (instant != FOREIGN_NO_TIME && instant != trace->instant) {
		if (flush(trace, err) < 0)
			return -1;
		trace->instant = instant;
	}
	json_array_foreach(patches, i, patch)
		if (read_patch(trace, patch, err) < 0)
			return err_wrap(err, "transaction %zu, patch %zu", number, i);
	return 0;
}

/* The one check that is about the recording itself, and not its form. */
static int check_end(const struct trace *trace, const struct foreign_recording *recording,
		     struct err *err)
{
	AUTO(buf_release) struct buf end = BUF_INIT(FOREIGN_FILE_MAX);
	size_t at = 0, shorter;

	text_positions_copy(trace->text, &end);
	shorter = end.len < recording->end_len ? end.len : recording->end_len;
	while (at < shorter && end.data[at] == recording->end[at])
		at++;
	if (at < shorter || end.len != recording->end_len)
		return err_set(err, ERR_INTEGRITY, "the patches do not end in endContent: byte %zu "
			       "is another (try --positions)", at);
	return 0;
}

static int read_text(const json_t *root, const char *key, char **ret, size_t *ret_len,
		     struct err *err)
{
	const json_t *value = json_object_get(root, key);

	if (!json_is_string(value))
		return err_set(err, ERR_INPUT, "not an editing trace: it has no %s", key);
	*ret_len = json_string_length(value);
	*ret = buf_alloc(*ret_len + 1);
	memcpy(*ret, json_string_value(value), *ret_len);
	return 0;
}

static int64_t first_time(const json_t *transactions)
{
	const json_t *transaction;
	size_t i;

	json_array_foreach(transactions, i, transaction) {
		int64_t instant = foreign_time(json_object_get(transaction, "time"));

		if (instant != FOREIGN_NO_TIME)
			return instant;
	}
	return FOREIGN_NO_TIME;
}

int foreign_trace_read(const char *text, size_t len, const struct foreign_options *options,
		       const struct foreign_sink *sink, struct foreign_recording *ret,
		       struct err *err)
{
	AUTO_JSON json_t *root = foreign_parse(text, len, 1, err);
	AUTO(trace_release) struct trace trace = { .options = options, .sink = sink };
	const json_t *transactions = json_object_get(root, "txns"), *transaction;
	size_t i;

	if (!root || read_text(root, "startContent", &ret->start, &ret->start_len, err) < 0 ||
	    read_text(root, "endContent", &ret->end, &ret->end_len, err) < 0)
		return -1;
	if (!json_is_array(transactions))
		return err_set(err, ERR_INPUT, "not an editing trace: it has no txns");
	trace.instant = first_time(transactions);
	ret->absolute = trace.instant != FOREIGN_NO_TIME;
	trace.text = text_positions_new(ret->start, ret->start_len, options->positions);
	if (sink->event(sink->arg, trace.instant, "candidate", "open",
			json_pack("{s:s, s:s}", "action", "open", "file", options->file), err) < 0)
		return -1;
	json_array_foreach(transactions, i, transaction)
		if (read_transaction(&trace, transaction, i, err) < 0)
			return -1;
	return flush(&trace, err) < 0 ? -1 : check_end(&trace, ret, err);
}
