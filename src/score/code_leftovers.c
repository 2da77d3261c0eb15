/* code_leftovers.c - see code_leftovers.h */
#include "score/code_leftovers.h"

#include <string.h>
#include <strings.h>

#define WORDS_MOST 40	/* tokens of a comment that are looked at */

/* --- TODO */

static bool is_word_byte(char c)
{
	return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') ||
	       c == '_' || (c & 0x80);
}

static bool has_word(const struct code_token *comment, const char *word)
{
	const char *at = comment->text, *end = at + comment->len;
	size_t len = strlen(word);

	while ((at = memmem(at, (size_t)(end - at), word, len))) {
		if ((at == comment->text || !is_word_byte(at[-1])) &&
		    (at + len == end || !is_word_byte(at[len])))
			return true;
		at += len;
	}
	return false;
}

static bool is_todo(const struct code_token *comment)
{
	return has_word(comment, "TODO") || has_word(comment, "FIXME") ||
	       has_word(comment, "XXX") || has_word(comment, "HACK");
}

/* --- code in comments */

/* The first tokens of a comment, without its marks. */
struct words {
	struct code_token tokens[WORDS_MOST];
	size_t count;
	bool more;
};

static void read_words(const struct code_text *text, const struct code_token *comment,
		       struct words *words)
{
	struct code_reader reader;
	struct code_token token;
	size_t marks = 0;

	words->count = 0;
	while (marks < comment->len && memchr("#/", comment->text[marks], 2))
		marks++;
	code_tokens_open(&reader, text->language, comment->text + marks, comment->len - marks);
	while (words->count < WORDS_MOST && code_tokens_next(&reader, &token))
		words->tokens[words->count++] = token;
	words->more = words->count == WORDS_MOST;
}

static bool is_at(const struct words *words, size_t index, const char *text)
{
	return index < words->count && code_tokens_is(&words->tokens[index], text);
}

/* Two names, or a name and a number, side by side are prose (or a declaration in C). */
static size_t count_prose(const struct words *words)
{
	size_t i, count = 0;

	for (i = 1; i < words->count; i++) {
		enum code_kind before = words->tokens[i - 1].kind, kind = words->tokens[i].kind;

		count += (before == CODE_NAME && (kind == CODE_NAME || kind == CODE_NUMBER)) ||
			 (before == CODE_KEYWORD && kind == CODE_KEYWORD);
	}
	return count;
}

static bool has_operator(const struct words *words)
{
	static const char *const operators[] = { "=", "(", "==", "!=", "<", ">", "+=", "[", "in" };
	size_t i, k;

	for (i = 0; i < words->count; i++)
		for (k = 0; k < sizeof operators / sizeof *operators; k++)
			if (is_at(words, i, operators[k]))
				return true;
	return false;
}

/* "x = …", "a.b = …", and heads that end with a colon. */
static bool reads_as_python(const struct words *words)
{
	size_t at = 0;

	if (words->tokens[0].kind == CODE_KEYWORD)
		return is_at(words, words->count - 1, ":") && words->count >= 4;
	while (at + 2 < words->count && words->tokens[at].kind == CODE_NAME &&
	       is_at(words, at + 1, "."))
		at += 2;
	if (words->tokens[at].kind != CODE_NAME)
		return false;
	return (is_at(words, at + 1, "=") && at + 2 < words->count) ||
	       (is_at(words, 0, "print") && is_at(words, 1, "(") &&
		is_at(words, words->count - 1, ")"));
}

static bool reads_as_braces(const struct words *words)
{
	return is_at(words, words->count - 1, ";") || is_at(words, words->count - 1, "{");
}

static bool is_code(const struct code_text *text, const struct code_token *comment)
{
	bool python = text->language->traits & CODE_INDENT;
	struct words words;

	/* a shell's commands are words like others */
	if (text->language->traits & CODE_SHELL || comment->len < 4 ||
	    (memcmp(comment->text, "//", 2) != 0 && comment->text[0] != '#') ||
	    memcmp(comment->text, "///", 3) == 0 || memcmp(comment->text, "//!", 3) == 0)
		return false;
	read_words(text, comment, &words);
	if (words.count < 3 || words.more || !has_operator(&words) ||
	    count_prose(&words) > (python ? 0 : 1))
		return false;
	return python ? reads_as_python(&words) : reads_as_braces(&words);
}

/* --- debug prints */

static bool is_marked(const struct code_token *token)
{
	static const char *const marks[] = { "debug", "here", "xxx", ">>>", "***" };
	size_t at = 0, i, end;

	if (token->kind != CODE_STRING)
		return false;
	while (at < token->len && is_word_byte(token->text[at]))
		at++;
	while (at < token->len && memchr("\"'`", token->text[at], 3))
		at++;
	for (i = 0; i < sizeof marks / sizeof *marks; i++) {
		end = at + strlen(marks[i]);
		if (token->len < end || strncasecmp(token->text + at, marks[i], end - at) != 0)
			continue;
		/* "here is what you asked for" is for people */
		while (*marks[i] == 'h' && end < token->len && token->text[end] == ' ')
			end++;
		return end == token->len || !is_word_byte(marks[i][0]) ||
		       !is_word_byte(token->text[end]);
	}
	return false;
}

/* Whether the dotted name `call` ends with token `at`. */
static bool ends_call(const struct code_text *text, size_t at, const char *call)
{
	const char *end = call + strlen(call);

	for (;;) {
		const struct code_token *token = &text->tokens[at];

		if (token->len > (size_t)(end - call) ||
		    memcmp(end - token->len, token->text, token->len) != 0)
			return false;
		end -= token->len;
		if (end == call)
			return true;
		if (at-- == 0)
			return false;
	}
}

static bool is_any_call(const struct code_text *text, size_t at, const char *const *calls)
{
	for (; *calls; calls++)
		if (ends_call(text, at, *calls))
			return true;
	return false;
}

static bool is_debug_print(const struct code_text *text, size_t at)
{
	size_t argument = at + 1;

	if (text->tokens[at].kind != CODE_NAME && text->tokens[at].kind != CODE_KEYWORD)
		return false;
	if (is_any_call(text, at, text->language->debugs))
		return text->tokens[at].kind == CODE_KEYWORD ||
		       code_text_is(text, at + 1, "(") || code_text_is(text, at + 1, "!");
	if (!is_any_call(text, at, text->language->prints))
		return false;
	while (argument < text->count && argument < at + 5 &&
	       (code_text_is(text, argument, "!") || code_text_is(text, argument, "(") ||
		code_text_is(text, argument, "<<") || code_text_is(text, argument, "stderr") ||
		code_text_is(text, argument, ",")))
		argument++;
	return argument < text->count && is_marked(&text->tokens[argument]);
}

/* --- all */

static void find_in_comments(const struct code_text *text,
			     void (*visit)(void *arg, enum code_leftover what, uint32_t line,
					   uint32_t lines),
			     void *arg)
{
	uint32_t first = 0, last = 0;	/* lines of code in comments, not told yet */
	size_t i;

	for (i = 0; i < text->comment_count; i++) {
		const struct code_token *comment = &text->comments[i];

		if (is_todo(comment))
			visit(arg, CODE_LEFTOVER_TODO, comment->line, 1);
		if (!comment->first || !is_code(text, comment))
			continue;
		if (first && comment->line > last + 1) {
			visit(arg, CODE_LEFTOVER_CODE, first, last - first + 1);
			first = 0;
		}
		first = first ? first : comment->line;
		last = comment->line;
	}
	if (first)
		visit(arg, CODE_LEFTOVER_CODE, first, last - first + 1);
}

void code_leftovers_find(const struct code_text *text,
			 void (*visit)(void *arg, enum code_leftover what, uint32_t line,
				       uint32_t lines),
			 void *arg)
{
	size_t i;

	find_in_comments(text, visit, arg);
	for (i = 0; i < text->count; i++)
		if (is_debug_print(text, i))
			visit(arg, CODE_LEFTOVER_DEBUG_PRINT, text->tokens[i].line, 1);
}
