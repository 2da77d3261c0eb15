/* code_functions.c - see code_functions.h */
#include "score/code_functions.h"

#include "base/buf.h"

#include <stdlib.h>
#include <string.h>

#define NONE CODE_TEXT_NONE

enum block_kind { BLOCK_PLAIN, BLOCK_NESTED, BLOCK_FUNCTION };

/* What is open: a brace until its partner, a line of python until its column, a word of a shell
 * until the word that closes it. */
struct block {
	enum block_kind kind;
	uint32_t end;			/* token, or NONE */
	uint32_t column;
	bool begun;			/* function: the first line of its body was seen */
	/* of a function: what held around it */
	uint32_t outer_nesting;
	size_t outer;
	struct code_function function;
};

struct finder {
	const struct code_text *text;
	struct block *blocks;
	size_t depth;
	size_t inner;			/* 1 + index of the innermost function; 0: none is open */
	uint32_t nesting;		/* nested blocks open since it began */
	uint32_t brackets_end;		/* indented languages: lines before this token go on */
	struct code_head pending;	/* body NONE: none was announced */
	void (*visit)(void *arg, const struct code_function *function);
	void *arg;
};

static bool has(const struct finder *finder, unsigned trait)
{
	return finder->text->language->traits & trait;
}

static bool is(const struct finder *finder, size_t index, const char *word)
{
	return code_text_is(finder->text, index, word);
}

static bool is_any(const struct finder *finder, size_t index, const char *const *words)
{
	return code_text_is_any(finder->text, index, words);
}

/* `case` and `match` are names too in python: "match = …", "match.group()". */
static bool is_python_name(const struct finder *finder, size_t at)
{
	static const char *const after[] = { "=", ".", ",", ":", "+=", NULL };

	return has(finder, CODE_INDENT) &&
	       (is(finder, at, "case") || is(finder, at, "match")) &&
	       (!finder->text->tokens[at].first || is_any(finder, at + 1, after));
}

/* --- blocks */

static struct block *push(struct finder *finder, enum block_kind kind, uint32_t end,
			  uint32_t column)
{
	struct block *block;

	if ((finder->depth & (finder->depth - 1)) == 0)
		finder->blocks = buf_realloc(finder->blocks, finder->depth ? finder->depth * 2 : 1,
					     sizeof *finder->blocks);
	block = &finder->blocks[finder->depth++];
	*block = (struct block){ .kind = kind, .end = end, .column = column };
	return block;
}

static void push_nested(struct finder *finder, uint32_t end, uint32_t column)
{
	struct code_function *function;

	push(finder, BLOCK_NESTED, end, column);
	if (!finder->inner)
		return;
	function = &finder->blocks[finder->inner - 1].function;
	if (++finder->nesting > function->nesting)
		function->nesting = finder->nesting;
}

static void push_function(struct finder *finder, const struct code_head *head, uint32_t end,
			  uint32_t column)
{
	struct block *block = push(finder, BLOCK_FUNCTION, end, column);

	block->function = (struct code_function){
		.line = head->line, .complexity = 1, .parameters = head->parameters,
		.is_public = head->is_public && !finder->inner, .documented = head->documented,
	};
	memcpy(block->function.name, head->name, sizeof head->name);
	block->outer = finder->inner;
	block->outer_nesting = finder->nesting;
	finder->inner = finder->depth;
	finder->nesting = 0;
}

/* `last` is the line on which it ends. */
static void pop(struct finder *finder, uint32_t last)
{
	struct block *block = &finder->blocks[--finder->depth];

	if (block->kind == BLOCK_NESTED && finder->inner)
		finder->nesting--;
	if (block->kind != BLOCK_FUNCTION)
		return;
	finder->inner = block->outer;
	finder->nesting = block->outer_nesting;
	block->function.lines = last - block->function.line + 1;
	finder->visit(finder->arg, &block->function);
}

/* The line on which the token before this one ends. */
static uint32_t line_before(const struct finder *finder, size_t at)
{
	return at ? code_text_last_line(&finder->text->tokens[at - 1]) : 1;
}

/* --- braces */

/* A name before a brace: the end of a condition, or the type of a value that the brace begins. */
static bool name_is_type(const struct finder *finder, size_t at)
{
	const struct code_token *name = &finder->text->tokens[at];

	if (has(finder, CODE_BACKTICK))
		return name->text + name->len == name[1].text;
	return has(finder, CODE_RUST) && name->text[0] >= 'A' && name->text[0] <= 'Z';
}

/* A brace that begins neither a value nor a type nests. */
static bool brace_nests(const struct finder *finder, size_t at)
{
	static const char *const words[] = {
		"else", "do", "try", "finally", "loop", "unsafe", "async", "move", "select",
	};
	const struct code_token *before = at ? &finder->text->tokens[at - 1] : NULL;
	size_t i;

	if (!before || finder->text->tokens[at].len > 1)
		return false;
	if (before->kind == CODE_OPERATOR)
		return memchr(")]}{;", before->text[0], 5) || is(finder, at - 1, "=>") ||
		       is(finder, at - 1, "->");
	for (i = 0; i < sizeof words / sizeof *words; i++)
		if (is(finder, at - 1, words[i]))
			return true;
	return before->kind == CODE_NAME ? !name_is_type(finder, at - 1)
					 : before->kind != CODE_KEYWORD;
}

static void open_brace(struct finder *finder, size_t at)
{
	uint32_t end = finder->text->partners[at];
	struct code_head head;

	if (finder->pending.body == at) {
		finder->pending.body = NONE;
		push_function(finder, &finder->pending, end, 0);
	} else if (code_head_bare(finder->text, at, finder->inner > 0, &head)) {
		push_function(finder, &head, end, 0);
	} else if (brace_nests(finder, at) && !has(finder, CODE_SHELL)) {
		push_nested(finder, end, 0);
	} else {
		push(finder, BLOCK_PLAIN, end, 0);
	}
}

/* All that was opened since the partner ends too. */
static void close_brace(struct finder *finder, size_t at)
{
	if (finder->text->partners[at] == NONE)
		return;
	while (finder->depth && finder->blocks[finder->depth - 1].end != at)
		pop(finder, finder->text->tokens[at].line);
	if (finder->depth)
		pop(finder, finder->text->tokens[at].line);
}

/* --- indentation and words */

static void open_line(struct finder *finder, size_t at)
{
	const struct code_token *token = &finder->text->tokens[at];
	static const char *const words[] = { "else", "try", "finally", "with", "match", NULL };
	size_t word = is(finder, at, "async") ? at + 1 : at, i;
	uint32_t last = line_before(finder, at);
	struct code_head head;

	while (finder->depth && finder->blocks[finder->depth - 1].column >= token->column)
		pop(finder, last);
	if (code_head_word(finder->text, word, &head)) {
		push_function(finder, &head, NONE, token->column);
		return;
	}
	if (is_python_name(finder, word))
		return;
	if (word < finder->text->count && (finder->text->tokens[word].word == CODE_WORD_BRANCH ||
					   finder->text->tokens[word].word == CODE_WORD_LOOP))
		push_nested(finder, NONE, token->column);
	for (i = 0; words[i]; i++)
		if (is(finder, word, words[i]))
			push_nested(finder, NONE, token->column);
}

static void indent_step(struct finder *finder, size_t at)
{
	uint32_t end = finder->text->partners[at];

	if (at < finder->brackets_end)
		return;
	if (finder->text->tokens[at].first)
		open_line(finder, at);
	if (end != NONE && end > at)
		finder->brackets_end = end;
}

static void shell_step(struct finder *finder, size_t at)
{
	const struct code_token *token = &finder->text->tokens[at];

	if (token->kind != CODE_KEYWORD)
		return;
	if (token->word == CODE_WORD_LOOP || is(finder, at, "if") || is(finder, at, "case"))
		push_nested(finder, NONE, 0);
	else if ((is(finder, at, "done") || is(finder, at, "fi") || is(finder, at, "esac")) &&
		 finder->depth && finder->blocks[finder->depth - 1].kind == BLOCK_NESTED)
		pop(finder, token->line);
}

/* --- ways through */

static bool is_ternary(const struct finder *finder, size_t at)
{
	/* List<?>, List<? extends T> */
	static const char *const types[] = { ":", ")", ",", ">", "extends", NULL };

	if (!is(finder, at, "?") || has(finder, CODE_RUST | CODE_SHELL | CODE_INDENT) ||
	    is_any(finder, at + 1, types))
		return false;
	return !is(finder, at + 1, "super") || is(finder, at + 2, ".") || is(finder, at + 2, "(");
}

/* Whether a type may end before token `at`, so that && makes it a reference. */
static bool is_reference(const struct finder *finder, size_t at)
{
	static const char *const values[] = { "true", "false", "nullptr", "this", NULL };

	if (!has(finder, CODE_RAW_CPP) || !at || is_any(finder, at - 1, values))
		return false;
	return finder->text->tokens[at - 1].kind == CODE_KEYWORD || is(finder, at - 1, ">") ||
	       is(finder, at + 2, "=");
}

/* A closure without parameters: || where a value would begin. */
static bool is_closure(const struct finder *finder, size_t at)
{
	static const char *const ends[] = { ")", "]", "}", "?", NULL };
	static const char *const words[] = { "move", "return", NULL };

	if (!has(finder, CODE_RUST) || !at)
		return false;
	return is_any(finder, at - 1, words) ||
	       (finder->text->tokens[at - 1].kind == CODE_OPERATOR &&
		!is_any(finder, at - 1, ends));
}

static bool is_logic(const struct finder *finder, size_t at)
{
	if (is(finder, at, "||"))
		return !is_closure(finder, at);
	return is(finder, at, "??") || (is(finder, at, "&&") && !is_reference(finder, at));
}

static bool is_arm(const struct finder *finder, size_t at)
{
	if (has(finder, CODE_SHELL))
		return is(finder, at, ";;");
	return has(finder, CODE_RUST) && is(finder, at, "=>") && at && !is(finder, at - 1, "_");
}

static bool is_way(const struct finder *finder, size_t at)
{
	const struct code_token *token = &finder->text->tokens[at];

	if (token->kind == CODE_OPERATOR)
		return is_logic(finder, at) || is_ternary(finder, at) || is_arm(finder, at);
	if (is_python_name(finder, at))
		return false;
	return token->word == CODE_WORD_BRANCH || token->word == CODE_WORD_LOOP ||
	       token->word == CODE_WORD_LOGIC;
}

/* A python docstring is a comment that comes right after the head's colon. */
static void note_docstring(struct finder *finder, size_t at)
{
	const struct code_text *text = finder->text;
	struct block *block;

	if (!finder->inner || !has(finder, CODE_INDENT) || !text->tokens[at].first ||
	    at < finder->brackets_end)
		return;
	block = &finder->blocks[finder->inner - 1];
	if (is(finder, at - 1, ":") && !block->begun &&
	    text->comments_before[at] > text->comments_before[at - 1] &&
	    text->comments[text->comments_before[at - 1]].kind == CODE_STRING)
		block->function.documented = true;
	block->begun = true;
}

static void step(struct finder *finder, size_t at)
{
	note_docstring(finder, at);
	if (has(finder, CODE_INDENT))
		indent_step(finder, at);
	else if (code_text_is(finder->text, at, "{") || code_text_is(finder->text, at, "${"))
		open_brace(finder, at);
	else if (code_text_is(finder->text, at, "}"))
		close_brace(finder, at);
	else if (has(finder, CODE_SHELL))
		shell_step(finder, at);
	else if (finder->pending.body == NONE)
		code_head_word(finder->text, at, &finder->pending);
	if (finder->inner && is_way(finder, at))
		finder->blocks[finder->inner - 1].function.complexity++;
}

void code_functions_find(const struct code_text *text,
			 void (*visit)(void *arg, const struct code_function *function),
			 void *arg)
{
	struct finder finder = {
		.text = text, .pending = { .body = NONE }, .visit = visit, .arg = arg,
	};
	uint32_t last = 1;
	size_t i;

	for (i = 0; i < text->count; i++)
		step(&finder, i);
	last = line_before(&finder, text->count);
	while (finder.depth)
		pop(&finder, last);
	free(finder.blocks);
}
