/* prompt_quality.c - see prompt_quality.h */
#include "score/prompt_quality.h"

#include "score/wording.h"

#include <string.h>

#define PATHS_MOST 300		/* that are looked for in a prompt */
#define TEXT_MOST (32u << 10)	/* bytes of a prompt that are looked at */

const char *prompt_quality_part_name(enum prompt_part part)
{
	static const char *const names[PROMPT_PARTS] = {
		[PROMPT_PLACE] = "place",	[PROMPT_EXPECTED] = "expected",
		[PROMPT_CONSTRAINTS] = "constraints", [PROMPT_EVIDENCE] = "evidence",
		[PROMPT_LENGTH] = "length",	[PROMPT_NOT_BARE] = "not_bare",
	};

	return names[part];
}

/* How many of the words stand in the text. */
static int count_words(const char *text, size_t len, const char *const *words)
{
	int count = 0;

	for (; *words; words++)
		count += wording_has(text, len, *words);
	return count;
}

static bool has(const char *text, size_t len, const char *part)
{
	return memmem(text, len, part, strlen(part)) != NULL;
}

int64_t prompt_quality_path(const struct facts *facts, const char *text, size_t len, size_t from)
{
	for (size_t i = from; i < facts->path_count && i < PATHS_MOST; i++) {
		const char *path = facts->paths[i].path;
		const char *name = strrchr(path, '/') ? strrchr(path, '/') + 1 : path;

		if (has(text, len, name) && wording_has(text, len, name))
			return (int64_t)i;
	}
	return -1;
}

static bool is_digit(char c)
{
	return c >= '0' && c <= '9';
}

/* "line 12", "Zeile 12", ... */
static bool names_a_line(const char *text, size_t len)
{
	static const char *const words[] = { "line", "lines", "Zeile", "ligne", "l\xc3\xadnea",
					     NULL };
	const char *word;
	size_t at = 0, word_len;
	bool before = false;

	while (wording_next(text, len, &at, &word, &word_len)) {
		if (before && is_digit(*word))
			return true;
		before = count_words(word, word_len, words) > 0;
	}
	return false;
}

static int place(const struct facts *facts, const char *text, size_t len)
{
	if (prompt_quality_path(facts, text, len, 0) >= 0)
		return 2;
	return has(text, len, "`") || has(text, len, "()") || names_a_line(text, len);
}

static int expected(const char *text, size_t len)
{
	static const char *const words[] = {
		"should", "must", "expected", "expect", "expects", "returns", "return", "want",
		"needs", "so that", "instead", "example", "when", "soll", "sollte", "muss",
		"erwartet", "statt", "wenn", "doit", "attendu", "quand", "debe", "esperado",
		"cuando", NULL
	};
	int marks = count_words(text, len, words) + has(text, len, "->") + has(text, len, "=>") +
		    has(text, len, "==");

	return marks > 2 ? 2 : marks;
}

static int constraints(const char *text, size_t len)
{
	static const char *const words[] = {
		"only", "without", "not", "never", "don", "keep", "at most", "at least", "no",
		"avoid", "nur", "ohne", "nicht", "kein", "keine", "nie", "mindestens",
		"h\xc3\xb6" "chstens", "sans", "pas", "jamais", "sin", "nunca", "solo", NULL
	};

	return count_words(text, len, words) > 0 || has(text, len, "O(");
}

static int evidence(const char *text, size_t len)
{
	static const char *const marks[] = { "Error", "error:", "Traceback", "Exception", "FAIL",
					     "assert", "panic", "Segmentation", "not ok",
					     "expected", "undefined", "warning:" };
	bool output = false;

	for (size_t i = 0; i < sizeof(marks) / sizeof(*marks); i++)
		output |= has(text, len, marks[i]);
	return output + (has(text, len, "```") || has(text, len, "\n    ") ||
			 has(text, len, "\n\t") || has(text, len, ";\n"));
}

static int length(uint32_t words)
{
	if (words >= 15 && words <= 400)
		return 2;
	return words >= 8 && words <= 1000;
}

/* At least five that differ from all before. */
static int not_bare(const char *text, size_t len)
{
	const char *word, *seen[5];
	size_t at = 0, word_len, lens[5];
	int count = 0;

	while (count < 5 && wording_next(text, len, &at, &word, &word_len)) {
		int i = 0;

		while (i < count && (lens[i] != word_len || memcmp(seen[i], word, word_len) != 0))
			i++;
		if (i < count)
			continue;
		seen[count] = word;
		lens[count++] = word_len;
	}
	return count == 5;
}

struct prompt_quality prompt_quality(const struct facts *facts, const char *text, size_t len)
{
	struct prompt_quality quality;

	if (len > TEXT_MOST)
		len = TEXT_MOST;
	quality = (struct prompt_quality){ .parts = {
		[PROMPT_PLACE] = place(facts, text, len),
		[PROMPT_EXPECTED] = expected(text, len),
		[PROMPT_CONSTRAINTS] = constraints(text, len),
		[PROMPT_EVIDENCE] = evidence(text, len),
		[PROMPT_LENGTH] = length(wording_count(text, len)),
		[PROMPT_NOT_BARE] = not_bare(text, len),
	} };

	for (int i = 0; i < PROMPT_PARTS; i++)
		quality.value += quality.parts[i];
	return quality;
}
