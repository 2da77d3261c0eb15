/* code_text.c - see code_text.h */
#include "score/code_text.h"

#include "base/buf.h"

#include <stdlib.h>
#include <string.h>

void code_text_release(struct code_text *text)
{
	free(text->tokens);
	free(text->partners);
	free(text->comments_before);
	free(text->comments);
	free(text->holds);
	*text = (struct code_text)CODE_TEXT_INIT;
}

bool code_text_is(const struct code_text *text, size_t index, const char *word)
{
	return index < text->count && code_tokens_is(&text->tokens[index], word);
}

bool code_text_is_any(const struct code_text *text, size_t index, const char *const *words)
{
	for (; *words; words++)
		if (code_text_is(text, index, *words))
			return true;
	return false;
}

uint32_t code_text_last_line(const struct code_token *token)
{
	const char *at = token->text, *end = token->text + token->len;
	uint32_t line = token->line;

	while ((at = memchr(at, '\n', (size_t)(end - at)))) {
		line++;
		at++;
	}
	return line;
}

static struct code_token *add(struct code_token **list, size_t *count,
			      const struct code_token *token)
{
	if ((*count & (*count - 1)) == 0)
		*list = buf_realloc(*list, *count ? *count * 2 : 1, sizeof **list);
	(*list)[*count] = *token;
	return &(*list)[(*count)++];
}

static void mark_lines(struct code_text *text, const struct code_token *token, enum code_line what)
{
	uint32_t line, last = code_text_last_line(token);

	for (line = token->line; line <= last && line <= text->lines; line++)
		text->holds[line] |= what;
}

static void add_comment(struct code_text *text, const struct code_token *token)
{
	add(&text->comments, &text->comment_count, token);
	mark_lines(text, token, CODE_LINE_COMMENT);
}

/* --- what is code, and what only looks so */

struct sorting {
	struct code_text *text;
	uint32_t open;			/* brackets, never below 0 */
	bool directive;			/* on a line of the preprocessor */
	struct code_token string;	/* len 0, or a string that may be a docstring */
	size_t comments_before_tokens;	/* room in text->comments_before */
};

static void add_token(struct sorting *sorting, const struct code_token *token)
{
	struct code_text *text = sorting->text;

	if ((text->count & (text->count - 1)) == 0)
		text->comments_before = buf_realloc(text->comments_before,
						    text->count ? text->count * 2 : 1,
						    sizeof *text->comments_before);
	text->comments_before[text->count] = (uint32_t)text->comment_count;
	add(&text->tokens, &text->count, token);
	mark_lines(text, token, CODE_LINE_CODE);
	if (token->kind == CODE_OPERATOR && strchr("([{", token->text[0]))
		sorting->open++;
	else if (token->kind == CODE_OPERATOR && strchr(")]}", token->text[0]) && sorting->open)
		sorting->open--;
}

/* A string alone on its line is known to be a statement when the next line begins. */
static void settle_string(struct sorting *sorting, bool statement)
{
	struct code_token string = sorting->string;

	sorting->string.len = 0;
	if (string.len && statement)
		add_comment(sorting->text, &string);
	else if (string.len)
		add_token(sorting, &string);
}

static void sort_token(struct sorting *sorting, const struct code_token *token)
{
	settle_string(sorting, token->first || token->kind == CODE_COMMENT);
	if (token->first)
		sorting->directive = token->kind == CODE_DIRECTIVE;
	if (token->kind == CODE_COMMENT)
		add_comment(sorting->text, token);
	else if (sorting->directive)
		mark_lines(sorting->text, token, CODE_LINE_CODE);
	else if (token->kind == CODE_STRING && token->first && !sorting->open &&
		 sorting->text->language->traits & CODE_INDENT)
		sorting->string = *token;
	else
		add_token(sorting, token);
}

/* --- brackets */

/* "$(" and "${" of a shell open too. */
static char opens(const struct code_token *token)
{
	char last = token->text[token->len - 1];

	return token->kind == CODE_OPERATOR && strchr("([{", last) ? last : 0;
}

static char closes(const struct code_token *token)
{
	static const char pairs[] = ")(]["
				    "}{";
	const char *found = token->kind == CODE_OPERATOR && token->text[0]
			  ? strchr(pairs, token->text[0]) : NULL;

	return found && (found - pairs) % 2 == 0 ? found[1] : 0;
}

/* A brace closes all that is open within it; another bracket that has no partner is passed over. */
static void pair_brackets(struct code_text *text)
{
	uint32_t *stack = buf_alloc((text->count + 1) * sizeof *stack);
	size_t depth = 0, braces = 0, i;

	for (i = 0; i < text->count; i++) {
		char opener = opens(&text->tokens[i]), wanted = closes(&text->tokens[i]);

		text->partners[i] = CODE_TEXT_NONE;
		if (opener) {
			stack[depth++] = (uint32_t)i;
			braces += opener == '{';
		}
		if (!wanted || !depth || (wanted == '{' && !braces))
			continue;
		while (wanted == '{' && opens(&text->tokens[stack[depth - 1]]) != '{')
			depth--;
		if (opens(&text->tokens[stack[depth - 1]]) != wanted)
			continue;
		braces -= wanted == '{';
		depth--;
		text->partners[i] = stack[depth];
		text->partners[stack[depth]] = (uint32_t)i;
	}
	free(stack);
}

static uint32_t count_lines(const char *bytes, size_t len)
{
	const char *at = bytes, *end = bytes + len;
	uint32_t lines = 1;

	while (at < end && (at = memchr(at, '\n', (size_t)(end - at)))) {
		lines++;
		at++;
	}
	return lines;
}

void code_text_read(struct code_text *text, const struct code_language *language,
		    const char *bytes, size_t len)
{
	struct sorting sorting = { .text = text };
	struct code_reader reader;
	struct code_token token;

	text->language = language;
	text->bytes = bytes;
	text->len = len;
	text->lines = count_lines(bytes, len);
	text->holds = buf_alloc(text->lines + 1);
	code_tokens_open(&reader, language, bytes, len);
	while (code_tokens_next(&reader, &token))
		sort_token(&sorting, &token);
	settle_string(&sorting, true);
	text->partners = buf_alloc((text->count + 1) * sizeof *text->partners);
	pair_brackets(text);
}
