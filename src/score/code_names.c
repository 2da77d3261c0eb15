/* code_names.c - see code_names.h */
#include "score/code_names.h"

#include "base/auto.h"
#include "score/number_map.h"

#include <string.h>

/* Whether types stand before names. */
static bool is_typed(const struct code_text *text)
{
	return text->language->traits & CODE_BARE_FUNCTIONS &&
	       !(text->language->traits & (CODE_TEMPLATE | CODE_SHELL));
}

/* "int x;", "Type x =", "Type *x)" */
static bool is_declared(const struct code_text *text, size_t at)
{
	static const char *const after[] = { ";", "=", ",", ")", "[", ":", NULL };
	static const char *const no_types[] = {
		"return", "new", "throw", "throws", "case", "goto", "else", "sizeof", "delete",
		"import", "package", "using", "extends", "implements", "instanceof", "typename",
		"default", "break", "continue", "not", NULL,
	};
	const struct code_token *before = &text->tokens[at - 1];

	if (!is_typed(text) || !code_text_is_any(text, at + 1, after))
		return false;
	if (code_text_is(text, at - 1, "*") && at >= 2)
		before--;
	return (before->kind == CODE_NAME || before->kind == CODE_KEYWORD) &&
	       !code_text_is_any(text, (size_t)(before - text->tokens), no_types);
}

/* `inside`: within parentheses. */
static bool is_given(const struct code_text *text, size_t at, bool inside)
{
	static const char *const lets[] = {
		"let", "const", "var", "mut", "for", "def", "fn", "func", "function", "local", NULL,
	};
	static const char *const members[] = { ".", "->", "::", "?.", NULL };

	if (text->tokens[at].kind != CODE_NAME || (at && code_text_is_any(text, at - 1, members)))
		return false;
	if (code_text_is(text, at + 1, ":="))
		return true;
	if (code_text_is(text, at + 1, "=") && !(inside && text->language->traits & CODE_INDENT))
		return true;
	return at && (code_text_is_any(text, at - 1, lets) || is_declared(text, at));
}

static bool is_short(const struct code_token *name)
{
	return name->len == 1 && !strchr("ijkmnxyzef_", name->text[0]);
}

enum style { STYLE_NONE, STYLE_SNAKE, STYLE_CAMEL };

static enum style style_of(const struct code_token *name)
{
	bool upper = false, lower = false, line = false;
	size_t i;

	for (i = 0; i < name->len; i++) {
		upper |= name->text[i] >= 'A' && name->text[i] <= 'Z';
		lower |= name->text[i] >= 'a' && name->text[i] <= 'z';
		line |= name->text[i] == '_' && i > 0 && i + 1 < name->len;
	}
	if (!lower || (upper && line) || (name->text[0] >= 'A' && name->text[0] <= 'Z'))
		return STYLE_NONE;
	return line ? STYLE_SNAKE : upper ? STYLE_CAMEL : STYLE_NONE;
}

void code_names_count(const struct code_text *text, const bool *wanted, struct code_names *ret)
{
	AUTO(number_map_release) struct number_map seen = NUMBER_MAP_INIT;
	uint32_t styles[3] = { 0 };
	size_t i, inside_until = 0;

	*ret = (struct code_names){ .names = 0 };
	for (i = 0; i < text->count; i++) {
		const struct code_token *token = &text->tokens[i];
		bool is_new = false;

		if (i >= inside_until && code_text_is(text, i, "(") &&
		    text->partners[i] != CODE_TEXT_NONE)
			inside_until = text->partners[i];
		if ((wanted && !wanted[token->line]) || !is_given(text, i, i < inside_until))
			continue;
		number_map_place(&seen, number_map_hash(NUMBER_MAP_SEED, token->text, token->len),
				 &is_new);
		if (!is_new)
			continue;
		ret->names++;
		ret->short_names += is_short(token);
		styles[style_of(token)]++;
	}
	ret->odd_names = styles[STYLE_SNAKE] < styles[STYLE_CAMEL] ? styles[STYLE_SNAKE]
								   : styles[STYLE_CAMEL];
}
