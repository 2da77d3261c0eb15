/* exercism_unskip.c - see exercism_unskip.h */
#include "task/exercism_unskip.h"

#include <ctype.h>
#include <string.h>

static bool begins(const char *at, const char *end, const char *word)
{
	size_t len = strlen(word);

	return (size_t)(end - at) >= len && !memcmp(at, word, len);
}

static bool holds(const char *at, const char *end, const char *word)
{
	return memmem(at, (size_t)(end - at), word, strlen(word)) != NULL;
}

/* Whether the parentheses that the line opens are closed in it: else it is only the beginning of
 * what would have to go. */
static bool is_whole(const char *at, const char *end)
{
	int open = 0;

	for (; at < end; at++)
		open += (*at == '(') - (*at == ')');
	return open == 0;
}

/* A line without the spaces in front of it. */
static bool skips(const char *language, const char *at, const char *end)
{
	if (!strcmp(language, "bash"))
		return begins(at, end, "[[ $BATS_RUN_SKIPPED") && holds(at, end, "|| skip");
	if (!is_whole(at, end))
		return false;
	if (!strcmp(language, "c"))
		return begins(at, end, "TEST_IGNORE()") || begins(at, end, "TEST_IGNORE_MESSAGE(");
	if (!strcmp(language, "python"))
		return begins(at, end, "@unittest.skip(") ||
		       begins(at, end, "@pytest.mark.skip(") || begins(at, end, "@skip(");
	return !strcmp(language, "go") && begins(at, end, "t.Skip(");
}

static unsigned drop_lines(const char *language, const char *text, size_t len, struct buf *out)
{
	const char *end = text + len;
	unsigned count = 0;

	while (text < end) {
		const char *newline = memchr(text, '\n', (size_t)(end - text));
		const char *next = newline ? newline + 1 : end;
		const char *at = text;

		while (at < next && (*at == ' ' || *at == '\t'))
			at++;
		if (skips(language, at, next))
			count++;
		else
			buf_add(out, text, (size_t)(next - text));
		text = next;
	}
	return count;
}

/* --- JavaScript */

static const struct { const char *skipped, *run; } calls[] = {
	{ "xtest", "test" },	      { "xit", "it" },
	{ "xdescribe", "describe" },  { "test.skip", "test" },
	{ "it.skip", "it" },	      { "describe.skip", "describe" },
};

static bool is_word(char c)
{
	return isalnum((unsigned char)c) || c == '_' || c == '$' || c == '.';
}

/* The length of the call's name when one stands at `at` and is called or has a member. */
static size_t skipped_call(const char *at, const char *end, const char **ret_run)
{
	for (size_t i = 0; i < sizeof(calls) / sizeof(*calls); i++) {
		size_t len = strlen(calls[i].skipped);

		if (!begins(at, end, calls[i].skipped) || at + len == end ||
		    (at[len] != '(' && at[len] != '.'))
			continue;
		*ret_run = calls[i].run;
		return len;
	}
	return 0;
}

static unsigned rename_calls(const char *text, size_t len, struct buf *out)
{
	const char *start = text, *end = text + len, *run;
	unsigned count = 0;

	while (text < end) {
		bool inside = text > start && is_word(text[-1]);
		size_t name = inside ? 0 : skipped_call(text, end, &run);

		if (name) {
			buf_add_str(out, run);
			text += name;
			count++;
		} else {
			buf_add_byte(out, *text++);
		}
	}
	return count;
}

unsigned exercism_unskip(const char *language, const char *text, size_t len, struct buf *out)
{
	return strcmp(language, "javascript") ? drop_lines(language, text, len, out)
					      : rename_calls(text, len, out);
}
