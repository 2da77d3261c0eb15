/* code_head.c - see code_head.h */
#include "score/code_head.h"

#include "base/utf8.h"

#include <string.h>

#define LOOK 60		/* tokens of a head that are looked at */
#define NONE CODE_TEXT_NONE

static bool has(const struct code_text *text, unsigned trait)
{
	return text->language->traits & trait;
}

static const struct code_token *token_at(const struct code_text *text, size_t index)
{
	static const struct code_token nothing = { .kind = CODE_KINDS, .text = "\n", .len = 1 };

	return index < text->count ? &text->tokens[index] : &nothing;
}

static bool is(const struct code_text *text, size_t index, const char *word)
{
	return code_text_is(text, index, word);
}

static bool is_name(const struct code_text *text, size_t index)
{
	return token_at(text, index)->kind == CODE_NAME;
}

static size_t partner(const struct code_text *text, size_t index)
{
	return index < text->count ? text->partners[index] : NONE;
}

/* --- what a head says */

/* First token of the line that a token is on. */
static size_t line_start(const struct code_text *text, size_t at)
{
	while (at > 0 && !token_at(text, at)->first)
		at--;
	return at;
}

/* Where the statement begins that holds token `at`: with its decorators, annotations, modifiers. */
static size_t statement_start(const struct code_text *text, size_t at)
{
	size_t i;

	if (has(text, CODE_INDENT)) {
		at = line_start(text, at);
		while (at > 0 && is(text, line_start(text, at - 1), "@"))
			at = line_start(text, at - 1);
		return at;
	}
	for (i = 0; i < LOOK && at > 0; i++, at--) {
		static const char *const ends[] = { ";", "{", "}", NULL };

		if (code_text_is_any(text, at - 1, ends) ||
		    (token_at(text, at)->first &&
		     has(text, CODE_TEMPLATE | CODE_SHELL | CODE_BACKTICK)) ||
		    text->comments_before[at] != text->comments_before[at - 1])
			break;
	}
	return at;
}

static bool comment_above(const struct code_text *text, size_t start)
{
	uint32_t before = text->comments_before[start];
	const struct code_token *comment = before ? &text->comments[before - 1] : NULL;

	if (!comment || !comment->first || comment->len < 2 || !memcmp(comment->text, "#!", 2) ||
	    (start && text->comments_before[start - 1] == before))
		return false;
	return code_text_last_line(comment) + 1 >= token_at(text, start)->line;
}

static bool any_word(const struct code_text *text, size_t from, size_t to, enum code_word word)
{
	for (; from < to; from++)
		if (token_at(text, from)->word == word)
			return true;
	return false;
}

static bool judge_public(const struct code_text *text, size_t start, size_t at, const char *name)
{
	const char *language = text->language->name;

	if (!name[0] || any_word(text, start, at, CODE_WORD_HIDDEN))
		return false;
	if (!strcmp(language, "go"))
		return name[0] >= 'A' && name[0] <= 'Z';
	if (!strcmp(language, "java") || !strcmp(language, "rust"))
		return any_word(text, start, at, CODE_WORD_PUBLIC);
	return name[0] != '_' && name[0] != '#';
}

static uint32_t count_parameters(const struct code_text *text, size_t open)
{
	size_t close = partner(text, open);
	uint32_t count = 0;
	size_t i;

	if (close == NONE || close <= open + 1)
		return 0;
	for (i = open + 1; i < close; i++) {
		if (is(text, i, ","))
			count += i + 1 < close;
		else if (partner(text, i) != NONE && partner(text, i) > i)
			i = partner(text, i);
	}
	count++;
	if (is(text, open + 1, "self") || is(text, open + 1, "cls") ||
	    (is(text, open + 1, "&") && is(text, open + 2, "self")) ||
	    (close == open + 2 && is(text, open + 1, "void")))
		count--;
	return count;
}

static void copy_name(const struct code_token *token, char name[CODE_HEAD_NAME])
{
	size_t len = token->len < CODE_HEAD_NAME ? token->len : CODE_HEAD_NAME - 1;

	while (len < token->len && len && utf8_inside(token->text[len]))
		len--;
	memcpy(name, token->text, len);
}

/* `name` and `open` (of the parameters) may be NONE. */
static void fill_head(const struct code_text *text, size_t at, size_t name, size_t open,
		      struct code_head *ret)
{
	size_t start = statement_start(text, at);

	*ret = (struct code_head){ .line = token_at(text, start)->line, .body = NONE };
	if (is_name(text, name))
		copy_name(token_at(text, name), ret->name);
	ret->parameters = count_parameters(text, open);
	ret->documented = comment_above(text, start);
	ret->is_public = judge_public(text, start, at, ret->name);
}

/* --- where heads are */

/* After the name of a function: the parenthesis of its parameters, past what stands in < > or
 * [ ]. */
static size_t parameters_after(const struct code_text *text, size_t at)
{
	static const char *const ends[] = { ";", "{", "}", ")", NULL };
	size_t end = at + LOOK, angles = 0;

	for (; at < end && at < text->count && !code_text_is_any(text, at, ends); at++) {
		bool bracket = is(text, at, "(") || is(text, at, "[");

		if (is(text, at, "(") && !angles)
			return at;
		if (bracket && partner(text, at) != NONE)
			at = partner(text, at);
		angles += is(text, at, "<");
		angles -= angles && is(text, at, ">");
	}
	return NONE;
}

/* After the parameters: the brace of the body. An `interface{}` of a result is passed over. */
static size_t body_after(const struct code_text *text, size_t at)
{
	size_t end = at + LOOK;

	for (; at < end && at < text->count; at++) {
		if (is(text, at, ";") || is(text, at, "}") ||
		    (token_at(text, at)->first && token_at(text, at)->word == CODE_WORD_FUNCTION))
			break;
		if (is(text, at, "{") && token_at(text, at - 1)->word != CODE_WORD_TYPE)
			return at;
		if (partner(text, at) != NONE && partner(text, at) > at)
			at = partner(text, at);
	}
	return NONE;
}

bool code_head_word(const struct code_text *text, size_t at, struct code_head *ret)
{
	size_t name = at + 1, open;

	if (token_at(text, at)->word != CODE_WORD_FUNCTION || has(text, CODE_BARE_FUNCTIONS))
		return false;
	if (has(text, CODE_INDENT) && !token_at(text, at)->first &&
	    !(is(text, at - 1, "async") && token_at(text, at - 1)->first))
		return false;
	/* a receiver, or a literal without a name */
	if (is(text, name, "(") && partner(text, name) != NONE &&
	    is_name(text, partner(text, name) + 1) && is(text, partner(text, name) + 2, "("))
		name = partner(text, name) + 1;
	open = parameters_after(text, is_name(text, name) ? name + 1 : name);
	fill_head(text, at, is_name(text, name) ? name : NONE, open, ret);
	if (!has(text, CODE_INDENT) && partner(text, open) != NONE)
		ret->body = body_after(text, partner(text, open) + 1);
	return has(text, CODE_INDENT) || ret->body != NONE;
}

/* What a name is given: "f = (a) => {", "f: (a) => {", with `at` what stands after = or :. */
static size_t name_given(const struct code_text *text, size_t at)
{
	if (at && is(text, at - 1, "async"))
		at--;
	if (at >= 2 && (is(text, at - 1, "=") || is(text, at - 1, ":")) && is_name(text, at - 2))
		return at - 2;
	return NONE;
}

/* The parenthesis that closes the parameters of a head that ends before a brace, or NONE. */
static size_t close_before(const struct code_text *text, size_t brace)
{
	static const char *const ends[] = { ";", "{", "}", "=", "(", NULL };
	static const char *const after[] = {
		"{", ":", "->", "const", "noexcept", "override", "final", "throws", "&", "&&", NULL,
	};
	size_t at = brace, i;

	for (i = 0; i < LOOK && at > 0; i++, at--) {
		if (is(text, at - 1, ")"))
			return code_text_is_any(text, at, after) ? at - 1 : NONE;
		if (code_text_is_any(text, at - 1, ends))
			break;
	}
	return NONE;
}

/* Back over <…> that stands before `at`. */
static size_t before_generics(const struct code_text *text, size_t at)
{
	size_t i = at;

	if (!is(text, at - 1, ">"))
		return at;
	while (i > 0 && at - i < LOOK && !is(text, i - 1, "<"))
		i--;
	return i > 0 ? i - 1 : at;
}

/* "f = (a) => {", "f = <T>(a): Promise<T> => {" */
static bool arrow_head(const struct code_text *text, size_t brace, struct code_head *ret)
{
	size_t end = brace - 2, open = NONE, begin = end, name;

	if (!is(text, end, ")") && close_before(text, brace - 1) != NONE)
		end = close_before(text, brace - 1);
	if (is(text, end, ")") && partner(text, end) != NONE) {
		open = partner(text, end);
		begin = before_generics(text, open);
	}
	name = name_given(text, begin);
	fill_head(text, name != NONE ? name : begin, name, open, ret);
	if (open == NONE)
		ret->parameters = is_name(text, end);
	return true;
}

bool code_head_bare(const struct code_text *text, size_t brace, bool inside, struct code_head *ret)
{
	static const char *const uses[] = { "new", ".", "=", "return", NULL };
	bool script = has(text, CODE_TEMPLATE);
	size_t close, open, name;

	if (!has(text, CODE_BARE_FUNCTIONS) || brace < 2)
		return false;
	if (script && is(text, brace - 1, "=>"))
		return arrow_head(text, brace, ret);
	if (token_at(text, brace - 2)->word == CODE_WORD_FUNCTION) {
		fill_head(text, brace - 2, brace - 1, NONE, ret);
		return true;
	}
	close = close_before(text, brace);
	open = close == NONE ? NONE : partner(text, close);
	if (open == NONE || open == 0 || !is(text, open, "("))
		return false;
	name = before_generics(text, open) - 1;
	if (token_at(text, name)->word == CODE_WORD_FUNCTION) {
		fill_head(text, name, name_given(text, name), open, ret);
		return true;
	}
	if (!is_name(text, name) || (inside && !script) ||
	    (name && (code_text_is_any(text, name - 1, uses) ||
		      token_at(text, name - 1)->word == CODE_WORD_TYPE)))
		return false;
	fill_head(text, name, name, open, ret);
	return true;
}
