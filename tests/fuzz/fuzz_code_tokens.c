/* fuzz_code_tokens.c - any bytes as source text in each language: tokens without gaps, in order */
#include "score/code_tokens.h"

#include <stdlib.h>
#include <string.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void demand(bool fact)
{
	if (!fact)
		abort();
}

static void demand_space(const char *from, const char *to)
{
	for (; from < to; from++)
		demand(memchr(" \t\n\v\f\r\\", *from, 7) != NULL);
}

static void read_all(const struct code_language *language, const char *text, size_t len)
{
	struct code_reader reader;
	struct code_token token;
	const char *at = text;
	uint32_t line = 1;

	code_tokens_open(&reader, language, text, len);
	while (code_tokens_next(&reader, &token)) {
		demand(token.len && token.text >= at);
		demand(token.len <= (size_t)(text + len - token.text));
		demand(token.kind < CODE_KINDS && token.line >= line);
		demand((token.kind == CODE_KEYWORD) == (token.word != CODE_WORD_NAME));
		demand_space(at, token.text);
		line = token.line;
		at = token.text + token.len;
	}
	demand_space(at, text + len);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	const struct code_language *language;
	size_t i;

	for (i = 0; (language = code_language_at(i)); i++)
		read_all(language, (const char *)data, size);
	return 0;
}
