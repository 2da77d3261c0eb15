/* wording.c - see wording.h */
#include "score/wording.h"

#include "base/auto.h"
#include "base/buf.h"

#include <stdlib.h>
#include <string.h>

#define TERM_MOST 64	/* bytes of one */

static bool is_digit(unsigned char c)
{
	return c >= '0' && c <= '9';
}

static bool is_word(unsigned char c)
{
	return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || is_digit(c) || c == '_' ||
	       c >= 0x80;
}

static unsigned char lower(unsigned char c)
{
	return c >= 'A' && c <= 'Z' ? (unsigned char)(c - 'A' + 'a') : c;
}

/* --- lists */

/* The length of a mark at the beginning of a line with its space, or 0. */
static size_t mark_len(const char *line, size_t len)
{
	size_t i = 0;

	while (i < len && i < 3 && is_digit((unsigned char)line[i]))
		i++;
	if (i > 0)
		return i + 1 < len && (line[i] == '.' || line[i] == ')') && line[i + 1] == ' '
			       ? i + 2
			       : 0;
	if (len > 3 && line[0] == '[' && line[2] == ']')
		return 3;
	return len > 2 && strchr("-*+", line[0]) && line[1] == ' ' ? 2 : 0;
}

static bool is_item(const char *line, size_t len)
{
	size_t mark = len > 0 ? mark_len(line, len) : 0;

	for (size_t i = mark; mark && i < len; i++)
		if (is_word((unsigned char)line[i]))
			return true;
	return false;
}

/* "```", "```c"; but not "```x```", which is code within a line. */
static bool is_fence(const char *line, size_t len)
{
	size_t ticks = 0;

	while (ticks < len && line[ticks] == '`')
		ticks++;
	return ticks >= 3 && !memchr(line + ticks, '`', len - ticks);
}

uint32_t wording_items(const char *text, size_t len)
{
	uint32_t items = 0;
	bool fenced = false;

	while (len > 0) {
		const char *end = memchr(text, '\n', len);
		size_t line = end ? (size_t)(end - text) : len, at = 0;

		while (at < line && (text[at] == ' ' || text[at] == '\t'))
			at++;
		if (is_fence(text + at, line - at))
			fenced = !fenced;
		else if (!fenced)
			items += is_item(text + at, line - at);
		text += line + (end != NULL);
		len -= line + (end != NULL);
	}
	return items;
}

/* --- words */

bool wording_next(const char *text, size_t len, size_t *at, const char **ret, size_t *ret_len)
{
	size_t from;

	while (*at < len && !is_word((unsigned char)text[*at]))
		++*at;
	from = *at;
	while (*at < len && is_word((unsigned char)text[*at]))
		++*at;
	*ret = text + from;
	*ret_len = *at - from;
	return *ret_len > 0;
}

uint32_t wording_count(const char *text, size_t len)
{
	uint32_t count = 0;
	const char *word;
	size_t at = 0, word_len;

	while (wording_next(text, len, &at, &word, &word_len))
		count++;
	return count;
}

bool wording_same(const char *a, const char *b, size_t len)
{
	for (size_t i = 0; i < len; i++)
		if (lower((unsigned char)a[i]) != lower((unsigned char)b[i]))
			return false;
	return true;
}

bool wording_has(const char *text, size_t len, const char *word)
{
	size_t wanted = strlen(word);
	const char first[3] = { (char)lower((unsigned char)*word), *word >= 'a' && *word <= 'z'
								   ? (char)(*word - 'a' + 'A')
								   : *word, '\0' };

	for (size_t i = 0; wanted && i + wanted <= len; i++) {
		if ((text[i] != first[0] && text[i] != first[1]) ||
		    (i > 0 && is_word((unsigned char)text[i - 1])))
			continue;
		if (wording_same(text + i, word, wanted) &&
		    (i + wanted == len || !is_word((unsigned char)text[i + wanted])))
			return true;
	}
	return false;
}

/* --- terms */

/* Words that say what to do, not what with. */
static bool is_common(const char *word)
{
	static const char *const common[] = {
		"and", "answer", "because", "before", "between", "candidate", "change", "cases",
		"content", "correct", "every", "example", "examples", "exactly", "false", "file",
		"files", "folder", "following", "function", "functions", "given", "hidden",
		"implement", "include", "input", "instead", "length", "line", "lines", "must",
		"none", "null", "number", "numbers", "output", "passes", "please", "print",
		"program",
		"python", "python3", "read", "return", "returns", "should", "solution", "start",
		"string", "strings", "task", "test", "tests", "their", "there", "these", "those",
		"true", "value", "values", "what", "which", "without", "write", "written", "your",
	};

	for (size_t i = 0; i < sizeof(common) / sizeof(*common); i++)
		if (!strcmp(common[i], word))
			return true;
	return false;
}

struct terms {
	char (*seen)[TERM_MOST];
	size_t count, most;
};

static bool add_term(struct terms *terms, const char *word, size_t len)
{
	char *term = terms->seen[terms->count];

	if (terms->count == terms->most || len < 3 || len >= TERM_MOST ||
	    is_digit((unsigned char)*word))
		return false;
	for (size_t i = 0; i < len; i++)
		term[i] = (char)lower((unsigned char)word[i]);
	term[len] = '\0';
	if (is_common(term))
		return false;
	for (size_t i = 0; i < terms->count; i++)
		if (!strcmp(terms->seen[i], term))
			return false;
	terms->count++;
	return true;
}

/* Words between backticks; the fences of a block are backticks like others. */
static void add_code_words(struct terms *terms, const char *text, size_t len)
{
	const char *word;
	size_t at = 0, word_len, until = 0;
	bool inside = false;

	for (size_t i = 0; i <= len; i++) {
		if (i < len && text[i] != '`')
			continue;
		for (at = until; inside && wording_next(text, i, &at, &word, &word_len);)
			add_term(terms, word, word_len);
		while (i + 1 < len && text[i + 1] == '`')
			i++;
		until = i + 1;
		inside = !inside;
	}
}

static void add_repeated_words(struct terms *terms, const char *text, size_t len)
{
	const char *word;
	size_t at = 0, word_len;

	while (wording_next(text, len, &at, &word, &word_len)) {
		char copy[TERM_MOST];

		if (word_len < 6 || word_len >= TERM_MOST)
			continue;
		memcpy(copy, word, word_len);
		copy[word_len] = '\0';
		if (wording_has(text + at, len - at, copy))
			add_term(terms, word, word_len);
	}
}

#define STATEMENT_MOST 65536	/* bytes that are looked at */

void wording_terms(const char *statement, size_t most, void (*visit)(void *arg, const char *term),
		   void *arg)
{
	struct terms terms = { .most = most };
	size_t len = strnlen(statement, STATEMENT_MOST);

	terms.seen = buf_alloc((most + 1) * sizeof(*terms.seen));
	add_code_words(&terms, statement, len);
	add_repeated_words(&terms, statement, len);
	for (size_t i = 0; i < terms.count; i++)
		visit(arg, terms.seen[i]);
	free(terms.seen);
}

/* --- repetitions */

/* FNV-1a, 64 bits. */
uint64_t wording_hash(const char *word, size_t len)
{
	uint64_t hash = 14695981039346656037u;

	for (size_t i = 0; i < len; i++)
		hash = (hash ^ lower((unsigned char)word[i])) * 1099511628211u;
	return hash;
}

uint64_t *wording_shingles(const char *text, size_t len, size_t *ret_count)
{
	size_t words = wording_count(text, len), at = 0, word_len, count = 0;
	uint64_t *hashes = buf_alloc((words + 1) * sizeof(*hashes));
	const char *word;

	while (wording_next(text, len, &at, &word, &word_len))
		hashes[count++] = wording_hash(word, word_len);
	*ret_count = count < WORDING_SHINGLE ? 0 : count - WORDING_SHINGLE + 1;
	for (size_t i = 0; i < *ret_count; i++) {
		uint64_t sum = 0;

		for (size_t k = 0; k < WORDING_SHINGLE; k++)
			sum = (sum ^ hashes[i + k]) * 1099511628211u + k;
		hashes[i] = sum;
	}
	return hashes;
}

char *wording_own(const char *text, size_t len, const struct number_map *known)
{
	size_t count, at = 0, word_len, until = 0;
	AUTO_FREE uint64_t *hashes = wording_shingles(text, len, &count);
	char *own = buf_alloc(len + 1);
	const char *word;

	memcpy(own, text, len);
	for (size_t i = 0; wording_next(text, len, &at, &word, &word_len); i++) {
		if (i < count && number_map_find(known, hashes[i]))
			until = i + WORDING_SHINGLE;
		if (i < until)
			memset(own + (word - text), ' ', word_len);
	}
	return own;
}
