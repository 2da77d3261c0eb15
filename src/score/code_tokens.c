/* code_tokens.c - see code_tokens.h */
#include "score/code_tokens.h"

#include <string.h>

#define RAW_DELIMITER 16	/* most characters between R" and ( in C++ */

static bool has(const struct code_reader *reader, unsigned trait)
{
	return reader->language->traits & trait;
}

/* The byte so far from here, 0 past the end. */
static char peek(const struct code_reader *reader, size_t ahead)
{
	return reader->at + ahead < reader->len ? reader->text[reader->at + ahead] : 0;
}

static bool is_digit(char c)
{
	return c >= '0' && c <= '9';
}

/* What a name may begin with. Bytes past ASCII are letters, valid or not. */
static bool is_letter(char c)
{
	return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || c == '_' || (c & 0x80);
}

static bool is_space(char c)
{
	return c == ' ' || c == '\n' || (c >= '\t' && c <= '\r');
}

void code_tokens_open(struct code_reader *reader, const struct code_language *language,
		      const char *text, size_t len)
{
	*reader = (struct code_reader){
		.language = language, .text = text, .len = len,
		.line = 1, .fresh = true, .operand = true,
	};
}

/* Moves to `end`, and keeps line and column. */
static void advance(struct code_reader *reader, size_t end)
{
	for (; reader->at < end; reader->at++) {
		if (reader->text[reader->at] == '\n') {
			reader->line++;
			reader->column = 0;
		} else if (reader->text[reader->at] == '\t') {
			reader->column = (reader->column | 7) + 1;
		} else {
			reader->column++;
		}
	}
}

/* The end of the line that `at` is on: its newline, or the end of the text. */
static size_t line_end(const struct code_reader *reader, size_t at)
{
	const char *found = memchr(reader->text + at, '\n', reader->len - at);

	return found ? (size_t)(found - reader->text) : reader->len;
}

/* --- comments */

static size_t block_comment_end(const struct code_reader *reader)
{
	const char *text = reader->text;
	size_t at = reader->at + 2, depth = 1;

	while (at + 1 < reader->len) {
		if (text[at] == '*' && text[at + 1] == '/') {
			at += 2;
			if (--depth == 0)
				return at;
		} else if (has(reader, CODE_NESTED_COMMENT) && text[at] == '/' &&
			   text[at + 1] == '*') {
			at += 2;
			depth++;
		} else {
			at++;
		}
	}
	return reader->len;
}

/* In a shell, # within a word is no comment. */
static bool hash_begins_comment(const struct code_reader *reader)
{
	char before = reader->at ? reader->text[reader->at - 1] : '\n';

	return !has(reader, CODE_SHELL) || is_space(before) || strchr(";|&()", before);
}

/* 0 when none begins here. */
static size_t comment_end(const struct code_reader *reader)
{
	char c = peek(reader, 0), next = peek(reader, 1);

	if (c == '#' && ((has(reader, CODE_HASH_COMMENT) && hash_begins_comment(reader)) ||
			 (reader->at == 0 && next == '!')))
		return line_end(reader, reader->at);
	if (c != '/' || !has(reader, CODE_SLASH_COMMENT))
		return 0;
	if (next == '/')
		return line_end(reader, reader->at);
	return next == '*' ? block_comment_end(reader) : 0;
}

/* --- strings; each gives the end of one whose opening quote is at `at` */

static size_t quoted_end(const struct code_reader *reader, size_t at, bool lines, bool escapes)
{
	char quote = reader->text[at++];

	for (; at < reader->len; at++) {
		if (reader->text[at] == quote)
			return at + 1;
		if (escapes && reader->text[at] == '\\' && at + 1 < reader->len)
			at++;
		else if (reader->text[at] == '\n' && !lines)
			return at;
	}
	return reader->len;
}

static size_t triple_end(const struct code_reader *reader, size_t at)
{
	const char *text = reader->text;
	char quote = text[at];

	for (at += 3; at < reader->len; at++) {
		if (text[at] == '\\')
			at++;
		else if (reader->len - at >= 3 && text[at] == quote && text[at + 1] == quote &&
			 text[at + 2] == quote)
			return at + 3;
	}
	return reader->len;
}

/* Code within ${} is passed over by its braces alone; so is a template within it. */
static size_t template_end(const struct code_reader *reader, size_t at)
{
	const char *text = reader->text;
	size_t depth = 0;

	for (at++; at < reader->len; at++) {
		if (text[at] == '\\') {
			at++;
		} else if (text[at] == '`' && !depth) {
			return at + 1;
		} else if (text[at] == '{' && (depth || text[at - 1] == '$')) {
			depth++;
		} else if (text[at] == '}' && depth) {
			depth--;
		}
	}
	return reader->len;
}

/* `close` of `len` bytes ends it. */
static size_t raw_end(const struct code_reader *reader, size_t at, const char *close, size_t len)
{
	const char *found = at < reader->len
			  ? memmem(reader->text + at, reader->len - at, close, len) : NULL;

	return found ? (size_t)(found - reader->text) + len : reader->len;
}

/* R"x( ... )x"; `at` is that of the quote. */
static size_t raw_cpp_end(const struct code_reader *reader, size_t at)
{
	char close[RAW_DELIMITER + 2] = ")";
	size_t len = 1, from = at + 1;

	while (from < reader->len && reader->text[from] != '(' && len <= RAW_DELIMITER &&
	       !is_space(reader->text[from]))
		close[len++] = reader->text[from++];
	if (from == reader->len || reader->text[from] != '(')
		return quoted_end(reader, at, false, true);
	close[len++] = '"';
	return raw_end(reader, from + 1, close, len);
}

/* #...#" of a raw string in rust, `at` that of the first # or of the quote; 0 when it is none. */
static size_t raw_rust_end(const struct code_reader *reader, size_t at)
{
	char close[RAW_DELIMITER + 1] = "\"";
	size_t len = 1;

	while (at < reader->len && reader->text[at] == '#' && len < RAW_DELIMITER) {
		close[len++] = '#';
		at++;
	}
	if (at == reader->len || reader->text[at] != '"')
		return 0;
	return raw_end(reader, at + 1, close, len);
}

static size_t any_quote_end(const struct code_reader *reader, size_t at)
{
	const char *text = reader->text;
	char quote = text[at];

	if (has(reader, CODE_TRIPLE_QUOTES) && reader->len - at >= 3 && text[at + 1] == quote &&
	    text[at + 2] == quote)
		return triple_end(reader, at);
	if (quote == '`')
		return has(reader, CODE_TEMPLATE) ? template_end(reader, at)
						  : quoted_end(reader, at, true, false);
	return quoted_end(reader, at,
			  has(reader, CODE_SHELL) || (has(reader, CODE_RUST) && quote == '"'),
			  !has(reader, CODE_SHELL) || quote == '"');
}

static bool is_quote(const struct code_reader *reader, char c)
{
	return c == '"' || c == '\'' ||
	       (c == '`' && has(reader, CODE_BACKTICK | CODE_TEMPLATE));
}

/* A string that a name of `len` bytes stands right before, or 0. */
static size_t prefixed_end(const struct code_reader *reader, size_t len)
{
	const char *name = reader->text + reader->at;
	size_t at = reader->at + len, i;
	char next = peek(reader, len);

	if (!has(reader, CODE_PREFIXES) || len > 3 || (next != '"' && next != '\'' && next != '#'))
		return 0;
	for (i = 0; i < len; i++)
		if (!strchr("bBfFrRuULtT8c", name[i]))
			return 0;
	if (has(reader, CODE_RUST) && name[len - 1] == 'r' && next != '\'')
		return raw_rust_end(reader, at);
	if (next == '#')
		return 0;
	if (has(reader, CODE_RAW_CPP) && name[len - 1] == 'R' && next == '"')
		return raw_cpp_end(reader, at);
	return any_quote_end(reader, at);
}

/* Whether the quote here belongs to the name of a lifetime: 'a, and not 'a'. */
static bool is_lifetime(const struct code_reader *reader)
{
	return has(reader, CODE_RUST) && peek(reader, 0) == '\'' &&
	       (is_letter(peek(reader, 1)) && !(peek(reader, 1) & 0x80)) && peek(reader, 2) != '\'';
}

/* From `/` to its end on the line; a bracketed set may hold a `/`. */
static size_t regex_end(const struct code_reader *reader)
{
	size_t at = reader->at + 1;
	bool set = false;

	for (; at < reader->len && reader->text[at] != '\n'; at++) {
		char c = reader->text[at];

		if (c == '\\' && at + 1 < reader->len && reader->text[at + 1] != '\n')
			at++;
		else if (c == '[')
			set = true;
		else if (c == ']')
			set = false;
		else if (c == '/' && !set)
			break;
	}
	if (at < reader->len && reader->text[at] == '/')
		at++;
	while (at < reader->len && is_letter(reader->text[at]))
		at++;
	return at;
}

/* --- here-documents */

/* After `<<`: which word will end it. */
static void await_heredoc(struct code_reader *reader, size_t at)
{
	size_t begin;
	char quote = 0;

	if (at < reader->len && reader->text[at] == '-')
		at++;
	while (at < reader->len && (reader->text[at] == ' ' || reader->text[at] == '\t'))
		at++;
	if (at < reader->len && strchr("'\"\\", reader->text[at]))
		quote = reader->text[at++];
	for (begin = at; at < reader->len && reader->text[at] != '\n'; at++)
		if (quote == '"' || quote == '\'' ? reader->text[at] == quote
						 : is_space(reader->text[at]) ||
						   strchr(";|&()<>", reader->text[at]))
			break;
	reader->heredoc_at = begin;
	reader->heredoc_len = at - begin;
}

/* The body begins here, at the beginning of a line: the end of the line that closes it. */
static size_t heredoc_end(struct code_reader *reader)
{
	const char *word = reader->text + reader->heredoc_at;
	size_t at = reader->at, len = reader->heredoc_len;

	reader->heredoc_len = 0;
	while (at < reader->len) {
		size_t end = line_end(reader, at);

		while (at < end && reader->text[at] == '\t')
			at++;
		if (end - at == len && !memcmp(reader->text + at, word, len))
			return end;
		at = end < reader->len ? end + 1 : end;
	}
	return reader->len;
}

/* --- the rest */

static size_t number_end(const struct code_reader *reader)
{
	size_t at = reader->at;

	for (; at < reader->len; at++) {
		char c = reader->text[at], next = at + 1 < reader->len ? reader->text[at + 1] : 0;

		if (is_digit(c) || is_letter(c)) {
			if (strchr("eEpP", c) && (next == '+' || next == '-') &&
			    at + 2 < reader->len && is_digit(reader->text[at + 2]))
				at++;
		} else if (c == '.' && at > reader->at && (next == '.' || is_letter(next))) {
			break;
		} else if (c != '.' && !(c == '\'' && has(reader, CODE_RAW_CPP) &&
					 is_digit(next))) {
			break;
		}
	}
	return at;
}

static bool begins_name(const struct code_reader *reader)
{
	char c = peek(reader, 0);

	return is_letter(c) || (c == '$' && !has(reader, CODE_SHELL)) || is_lifetime(reader) ||
	       (c == '$' && peek(reader, 1) && !is_space(peek(reader, 1)) &&
		!strchr("({'\"", peek(reader, 1)));
}

static size_t name_end(const struct code_reader *reader)
{
	size_t at = reader->at + 1;

	/* $1, $?, $$ */
	if (has(reader, CODE_SHELL) && peek(reader, 0) == '$' && !is_letter(peek(reader, 1)))
		return at + 1;
	while (at < reader->len && (is_letter(reader->text[at]) || is_digit(reader->text[at]) ||
				    (reader->text[at] == '$' && has(reader, CODE_TEMPLATE))))
		at++;
	return at;
}

static size_t directive_end(const struct code_reader *reader)
{
	size_t at = reader->at + 1;

	while (at < reader->len && (reader->text[at] == ' ' || reader->text[at] == '\t'))
		at++;
	while (at < reader->len && is_letter(reader->text[at]))
		at++;
	return at;
}

static size_t operator_len(const struct code_reader *reader)
{
	static const char *const together[] = {
		"===", "!==", "**=", "<<=", ">>=", "...", "..=", "&&=", "||=", "//=", "<<<",
		"==", "!=", "<=", ">=", "&&", "||", "??", "?.", "=>", "->", "::", ":=", "+=", "-=",
		"*=", "/=", "%=", "&=", "|=", "^=", "++", "--", "**", "<<", ">>", "..", "<-", ";;",
		"$(", "${",
	};
	size_t i;

	for (i = 0; i < sizeof together / sizeof *together; i++)
		if (peek(reader, 0) == together[i][0] && peek(reader, 1) == together[i][1] &&
		    (!together[i][2] || peek(reader, 2) == together[i][2]))
			return strlen(together[i]);
	return 1;
}

/* White space, and newlines after a backslash; true when a here-document begins. */
static bool skip_space(struct code_reader *reader)
{
	while (reader->at < reader->len) {
		char c = peek(reader, 0);

		if (c == '\\' && (peek(reader, 1) == '\n' ||
				  (peek(reader, 1) == '\r' && peek(reader, 2) == '\n'))) {
			advance(reader, reader->at + (peek(reader, 1) == '\n' ? 2 : 3));
		} else if (!is_space(c)) {
			return false;
		} else {
			advance(reader, reader->at + 1);
			reader->fresh |= c == '\n';
			if (c == '\n' && reader->heredoc_len && reader->at < reader->len)
				return true;
		}
	}
	return false;
}

static size_t string_end(const struct code_reader *reader)
{
	if (is_quote(reader, peek(reader, 0)) && !is_lifetime(reader))
		return any_quote_end(reader, reader->at);
	if (has(reader, CODE_SHELL) && peek(reader, 0) == '$' && peek(reader, 1) == '\'')
		return quoted_end(reader, reader->at + 1, true, true);
	if (has(reader, CODE_REGEX) && reader->operand && peek(reader, 0) == '/')
		return regex_end(reader);
	return 0;
}

/* Fills in kind and word, and gives the end. */
/* In a shell, what stands within "for-each" or "--if=x" is no word of the language. */
static bool is_part_of_word(const struct code_reader *reader, size_t end)
{
	static const char joints[] = "-=./:,+@%~";
	char before = reader->at ? reader->text[reader->at - 1] : 0;
	char after = end < reader->len ? reader->text[end] : 0;

	return has(reader, CODE_SHELL) && ((before && strchr(joints, before)) ||
					   (after && strchr(joints, after)));
}

static size_t read_name(const struct code_reader *reader, struct code_token *token)
{
	size_t end = name_end(reader), string = prefixed_end(reader, end - reader->at);

	if (string) {
		token->kind = CODE_STRING;
		return string;
	}
	if (!is_part_of_word(reader, end))
		token->word = code_language_word(reader->language, token->text, end - reader->at);
	token->kind = token->word == CODE_WORD_NAME ? CODE_NAME : CODE_KEYWORD;
	return end;
}

static size_t read_operator(struct code_reader *reader, struct code_token *token)
{
	size_t end = reader->at + operator_len(reader);

	char c = peek(reader, 0);

	token->kind = CODE_OPERATOR;
	if (!has(reader, CODE_SHELL))
		return end;
	/* "((" and "))" around arithmetic, where << is a shift */
	if ((c == '(' || c == ')') && reader->at && reader->text[reader->at - 1] == c)
		reader->arithmetic = c == '(';
	if (end - reader->at == 2 && !memcmp(token->text, "<<", 2) && !reader->arithmetic)
		await_heredoc(reader, end);
	return end;
}

static size_t read_token(struct code_reader *reader, struct code_token *token)
{
	size_t end;

	if ((end = comment_end(reader))) {
		token->kind = CODE_COMMENT;
		return end;
	}
	if (peek(reader, 0) == '#' && reader->fresh && has(reader, CODE_DIRECTIVES)) {
		token->kind = CODE_DIRECTIVE;
		return directive_end(reader);
	}
	if ((end = string_end(reader))) {
		token->kind = CODE_STRING;
		return end;
	}
	if (is_digit(peek(reader, 0)) || (peek(reader, 0) == '.' && is_digit(peek(reader, 1)))) {
		token->kind = CODE_NUMBER;
		return number_end(reader);
	}
	if (begins_name(reader))
		return read_name(reader, token);
	return read_operator(reader, token);
}

/* Whether an operand may follow, so that a `/` begins a regular expression. */
static bool wants_operand(const struct code_token *token)
{
	static const char *const values[] = {
		"this", "super", "true", "false", "null", "undefined",
	};
	size_t i;

	if (token->kind == CODE_OPERATOR)
		return !strchr(")]}<", token->text[0]);
	if (token->kind != CODE_KEYWORD)
		return false;
	for (i = 0; i < sizeof values / sizeof *values; i++)
		if (code_tokens_is(token, values[i]))
			return false;
	return true;
}

bool code_tokens_next(struct code_reader *reader, struct code_token *ret)
{
	bool heredoc = skip_space(reader);
	size_t end;

	if (reader->at >= reader->len)
		return false;
	*ret = (struct code_token){
		.text = reader->text + reader->at, .line = reader->line,
		.column = reader->column, .first = reader->fresh, .kind = CODE_STRING,
	};
	end = heredoc ? heredoc_end(reader) : read_token(reader, ret);
	if (end > reader->len)
		end = reader->len;
	ret->len = end - reader->at;
	if (ret->kind != CODE_COMMENT)
		reader->operand = wants_operand(ret);
	reader->fresh = false;
	advance(reader, end);
	return true;
}

const char *code_tokens_kind_name(enum code_kind kind)
{
	static const char *const names[CODE_KINDS] = {
		[CODE_NAME] = "name", [CODE_KEYWORD] = "keyword", [CODE_NUMBER] = "number",
		[CODE_STRING] = "string", [CODE_OPERATOR] = "operator",
		[CODE_COMMENT] = "comment", [CODE_DIRECTIVE] = "directive",
	};

	return names[kind];
}

bool code_tokens_is(const struct code_token *token, const char *text)
{
	return strlen(text) == token->len && !memcmp(token->text, text, token->len);
}
