/* terminal_log.c - see terminal_log.h */
#include "assess/terminal_log.h"

#include "base/auto.h"
#include "base/hash.h"
#include "base/utf8.h"

#include <stdlib.h>
#include <string.h>

#define COST_MOST (36 * 1024)	/* of 64 KiB that an event's data may have */
#define CHUNK_COST 48

void terminal_log_release(struct terminal_log *log)
{
	buf_release(&log->bytes);
	free(log->chunks);
	*log = (struct terminal_log)TERMINAL_LOG_INIT;
}

/* Bytes at the end that may become a character when more come. */
static size_t unfinished(const char *data, size_t len)
{
	for (size_t back = 1; back <= 3 && back <= len; back++) {
		unsigned char byte = (unsigned char)data[len - back];
		size_t want = byte >= 0xf0 ? 4 : byte >= 0xe0 ? 3 : byte >= 0xc0 ? 2 : 1;

		if (!utf8_inside((char)byte))
			return want > back ? back : 0;
	}
	return 0;
}

static size_t text_cost(const char *data, size_t len)
{
	size_t cost = len;

	for (size_t i = 0; i < len; i++)
		cost += (unsigned char)data[i] < 0x20 ? 5 : data[i] == '"' || data[i] == '\\';
	return cost;
}

/* NUL has no place in a string of JSON that C reads. */
static bool is_text(const char *data, size_t len)
{
	return !memchr(data, 0, len) && utf8_valid(data, len);
}

/* The last `len` bytes, which are held. */
static void add_chunk(struct terminal_log *log, size_t len, int64_t at)
{
	const char *data = log->bytes.data + log->bytes.len - log->held;
	struct terminal_chunk *last = log->count ? &log->chunks[log->count - 1] : NULL;
	bool text = is_text(data, len);

	log->held -= len;
	log->cost += text ? text_cost(data, len) : len + len / 3 + 4;
	if (last && last->text == text && at - last->at <= TERMINAL_LOG_MERGE_MS) {
		last->len += len;
		return;
	}
	if (log->count == log->size) {
		log->size = log->size ? 2 * log->size : 64;
		log->chunks = buf_realloc(log->chunks, log->size, sizeof(*log->chunks));
	}
	log->cost += CHUNK_COST;
	log->chunks[log->count++] = (struct terminal_chunk){ .at = at, .len = len, .text = text };
}

void terminal_log_add(struct terminal_log *log, const void *data, size_t len, int64_t at)
{
	size_t whole;

	if (log->last < at)
		log->last = at;
	buf_add(&log->bytes, data, len);
	log->held += len;
	whole = log->held - unfinished(log->bytes.data + log->bytes.len - log->held, log->held);
	if (whole > 0)
		add_chunk(log, whole, log->last);
}

bool terminal_log_is_full(const struct terminal_log *log)
{
	return log->bytes.len >= TERMINAL_LOG_BYTES || log->cost >= COST_MOST;
}

int64_t terminal_log_first(const struct terminal_log *log)
{
	return log->count ? log->chunks[0].at : -1;
}

static json_t *chunk_json(const struct terminal_chunk *chunk, const char *data, int64_t first)
{
	AUTO_FREE char *base64 = chunk->text ? NULL : hash_base64(data, chunk->len);

	if (chunk->text)
		return json_pack("{s:I, s:o}", "ms", (json_int_t)(chunk->at - first), "text",
				 json_stringn(data, chunk->len));
	return json_pack("{s:I, s:s}", "ms", (json_int_t)(chunk->at - first), "base64", base64);
}

json_t *terminal_log_take(struct terminal_log *log, const char *terminal, bool all)
{
	json_t *chunks;
	size_t done = 0;
	int64_t first;

	if (all && log->held > 0)
		add_chunk(log, log->held, log->last);
	if (log->count == 0)
		return NULL;
	first = log->chunks[0].at;
	chunks = json_array();
	for (size_t i = 0; i < log->count; i++) {
		json_array_append_new(chunks,
				      chunk_json(&log->chunks[i], log->bytes.data + done, first));
		done += log->chunks[i].len;
	}
	memmove(log->bytes.data, log->bytes.data + done, log->held);
	log->bytes.len = log->held;
	log->count = log->cost = 0;
	return json_pack("{s:s, s:o}", "terminal", terminal, "chunks", chunks);
}
