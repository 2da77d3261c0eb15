/* fuzz_ai_guard.c - streams of any bytes: what is shown is a beginning, and the same in any pieces
 *
 * The first line is a canary, the second a secret text, the rest the stream. */
#include "ai/ai_guard.h"

#include <stdint.h>
#include <stdlib.h>
#include <string.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void demand(bool holds)
{
	if (!holds)
		abort();
}

/* Whether it ran to its end without a hit. */
static bool play(const struct ai_guard *guard, const char *text, size_t len, size_t piece)
{
	struct ai_guard_stream *stream = ai_guard_stream_new(guard);
	struct buf out = BUF_INIT(len + 1);
	bool well = true;

	for (size_t at = 0; at < len && well; at += piece)
		well = ai_guard_stream_add(stream, text + at, len - at < piece ? len - at : piece,
					   &out);
	demand(ai_guard_stream_end(stream, &out) == well || well);
	demand(out.len <= len && memcmp(buf_str(&out), text, out.len) == 0);
	if (ai_guard_hits(guard, text, len))
		demand(!ai_guard_stream_add(stream, "x", 1, &out));
	else
		demand(well && out.len == len);
	ai_guard_stream_free(&stream);
	buf_release(&out);
	return well;
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct ai_guard *guard;
	char *text, *secret, *rest;

	if (size > 16384)
		return 0;
	text = buf_alloc(size + 1);
	if (size)
		memcpy(text, data, size);
	secret = memchr(text, '\n', size);
	rest = secret ? memchr(secret + 1, '\n', size - (size_t)(secret + 1 - text)) : NULL;
	if (rest) {
		guard = ai_guard_new();
		*secret++ = '\0';
		ai_guard_add_canary(guard, text);
		ai_guard_add_secret(guard, secret, (size_t)(rest - secret));
		rest++;
		for (size_t piece = 1; piece < 5; piece++)
			play(guard, rest, size - (size_t)(rest - text), piece * piece * piece);
		ai_guard_free(&guard);
	}
	free(text);
	return 0;
}
