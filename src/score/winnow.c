/* winnow.c - see winnow.h */
#include "score/winnow.h"

#include "base/buf.h"
#include "score/code_tokens.h"

#include <stdlib.h>

#define BASE UINT64_C(0x9e3779b97f4a7c15)	/* odd: of the rolling hash, modulo 2^64 */

enum { SYMBOL_NAME = 1, SYMBOL_VALUE = 2 };	/* no word hashes to them: hashes have bit 31 set */

void winnow_release(struct winnow_symbols *symbols)
{
	uint32_t i;

	for (i = 0; i < symbols->file_count; i++)
		free(symbols->files[i].path);
	free(symbols->files);
	free(symbols->symbols);
	free(symbols->lines);
	*symbols = (struct winnow_symbols)WINNOW_SYMBOLS_INIT(symbols->most);
}

/* 0: none. A string that begins a line of python is a docstring, or as good as one. */
static uint32_t symbol_of(const struct code_language *language, const struct code_token *token)
{
	switch (token->kind) {
	case CODE_COMMENT:
		return 0;
	case CODE_NAME:
		return SYMBOL_NAME;
	case CODE_STRING:
		if (token->first && language->traits & CODE_INDENT)
			return 0;
		return SYMBOL_VALUE;
	case CODE_NUMBER:
		return SYMBOL_VALUE;
	default:
		return (uint32_t)number_map_hash(NUMBER_MAP_SEED, token->text, token->len) |
		       1u << 31;
	}
}

static void add_symbol(struct winnow_symbols *symbols, uint32_t symbol, uint32_t line)
{
	if ((symbols->count & (symbols->count - 1)) == 0) {
		size_t size = symbols->count ? (size_t)symbols->count * 2 : 1;

		symbols->symbols = buf_realloc(symbols->symbols, size, sizeof(uint32_t));
		symbols->lines = buf_realloc(symbols->lines, size, sizeof(uint32_t));
	}
	symbols->symbols[symbols->count] = symbol;
	symbols->lines[symbols->count++] = line;
}

void winnow_add(struct winnow_symbols *symbols, const struct code_language *language,
		const char *path, const char *text, size_t len)
{
	struct code_reader reader;
	struct code_token token;

	symbols->files = buf_realloc(symbols->files, symbols->file_count + 1,
				     sizeof *symbols->files);
	symbols->files[symbols->file_count++] = (struct winnow_file){
		.path = buf_strdup(path), .first = symbols->count,
	};
	code_tokens_open(&reader, language, text, len);
	while (code_tokens_next(&reader, &token)) {
		uint32_t symbol = symbol_of(language, &token);

		if (symbol && symbols->count == symbols->most) {
			symbols->full = true;
			return;
		}
		if (symbol)
			add_symbol(symbols, symbol, token.line);
	}
}

/* Grams of the symbols [first, end) of one file. */
static void hash_file(const struct winnow_symbols *symbols, uint32_t first, uint32_t end,
		      uint64_t *grams)
{
	uint64_t hash = 0, power = 1;
	uint32_t i;

	for (i = 0; i < WINNOW_GRAM - 1; i++)
		power *= BASE;
	for (i = first; i < end; i++) {
		grams[i] = WINNOW_NONE;
		if (i - first >= WINNOW_GRAM)
			hash -= power * symbols->symbols[i - WINNOW_GRAM];
		hash = hash * BASE + symbols->symbols[i];
		if (i - first + 1 >= WINNOW_GRAM) {
			uint64_t mixed = number_map_mix(hash);

			grams[i + 1 - WINNOW_GRAM] = mixed == WINNOW_NONE ? 0 : mixed;
		}
	}
}

uint64_t *winnow_grams(const struct winnow_symbols *symbols)
{
	uint64_t *grams = buf_alloc(((size_t)symbols->count + 1) * sizeof *grams);
	uint32_t i;

	for (i = 0; i < symbols->file_count; i++)
		hash_file(symbols, symbols->files[i].first,
			  i + 1 < symbols->file_count ? symbols->files[i + 1].first
						      : symbols->count, grams);
	return grams;
}

/* The place of the least hash in [from, end), the last of equals. */
static uint32_t least(const uint64_t *grams, uint32_t from, uint32_t end)
{
	uint32_t best = from;

	for (; from < end; from++)
		if (grams[from] <= grams[best])
			best = from;
	return best;
}

void winnow_select(const uint64_t *grams, uint32_t count,
		   void (*visit)(void *arg, uint64_t hash, uint32_t at), void *arg)
{
	uint32_t window = count < WINNOW_WINDOW ? count : WINNOW_WINDOW, end, best = 0;
	bool told = false;

	for (end = window; count && end <= count; end++) {
		uint32_t now = best;

		if (end == window || best < end - window)
			now = least(grams, end - window, end);
		else if (grams[end - 1] <= grams[best])
			now = end - 1;
		if ((now != best || !told) && grams[now] != WINNOW_NONE) {
			visit(arg, grams[now], now);
			told = true;
		}
		best = now;
	}
}

const struct winnow_file *winnow_file_at(const struct winnow_symbols *symbols, uint32_t at)
{
	uint32_t low = 0, high = symbols->file_count;

	while (high - low > 1) {
		uint32_t middle = low + (high - low) / 2;

		if (symbols->files[middle].first <= at)
			low = middle;
		else
			high = middle;
	}
	return &symbols->files[low];
}
