/* code_language.h - what a tokenizer must know of a programming language, as a table
 *
 * share/languages.json says how a language is compiled and run; this says how it is read: comments,
 * quotes, words that mean something. Adding a language is adding a row here and golden tokens in
 * tests/unit/tokens/. */
#ifndef TALI_CODE_LANGUAGE_H
#define TALI_CODE_LANGUAGE_H

#include <stdbool.h>
#include <stddef.h>

/* What a word does in a language; everything else is a name. */
enum code_word {
	CODE_WORD_NAME,
	CODE_WORD_KEYWORD,	/* of the language, none of the below */
	CODE_WORD_BRANCH,	/* one way more through the code: if, case, catch */
	CODE_WORD_LOOP,		/* likewise, and comes again: for, while */
	CODE_WORD_LOGIC,	/* likewise within an expression: and, or */
	CODE_WORD_FUNCTION,	/* begins a function: def, fn, func, function */
	CODE_WORD_TYPE,		/* begins a type with members: class, struct, interface, impl */
	CODE_WORD_PUBLIC,	/* makes what follows public: public, pub, export */
	CODE_WORD_HIDDEN,	/* makes it not: private, protected, static (C, C++) */
};

/* Peculiar things that the reader of tokens does for a language. */
enum code_trait {
	CODE_HASH_COMMENT = 1 << 0,	/* from # to the end of the line */
	CODE_SLASH_COMMENT = 1 << 1,	/* from // to the end of the line, and between slash-star */
	CODE_NESTED_COMMENT = 1 << 2,	/* the latter nest */
	CODE_TRIPLE_QUOTES = 1 << 3,	/* three quotes hold lines: python, java */
	CODE_BACKTICK = 1 << 4,		/* a backtick holds lines as they are: go */
	CODE_REGEX = 1 << 5,		/* /…/ where an operand stands */
	CODE_TEMPLATE = 1 << 6,		/* a backtick holds lines and ${…} */
	CODE_RAW_CPP = 1 << 7,		/* R"x(…)x" */
	CODE_RUST = 1 << 8,		/* r#"…"#, and 'name is a lifetime */
	CODE_DIRECTIVES = 1 << 9,	/* a line that begins with # is for the preprocessor */
	CODE_SHELL = 1 << 10,		/* quotes hold lines, $ in names, here-documents */
	CODE_INDENT = 1 << 11,		/* blocks are indented, not bracketed */
	CODE_PREFIXES = 1 << 12,	/* letters before a quote belong to it: b"", f"", L"" */
	CODE_BARE_FUNCTIONS = 1 << 13,	/* NAME(…) { begins a function; no word needs to */
};

struct code_language {
	const char *name;		/* as in share/languages.json: "python", ... */
	const char *const *extensions;	/* with the dot; ends with NULL */
	unsigned traits;
	/* Ends with a NULL word; sorted in no way. */
	const struct code_language_word {
		const char *word;
		enum code_word is;
	} *words;
	/* What prints, as a call or a stream; and what only who debugs writes. End with NULL. */
	const char *const *prints, *const *debugs;
};

/* The language of a file by its name; NULL when it is none that is read. */
const struct code_language *code_language_of(const char *path);

/* By its name, or NULL. */
const struct code_language *code_language_find(const char *name);

/* All of them, from 0; NULL past the last. */
const struct code_language *code_language_at(size_t index);

/* What `len` bytes are in a language. Case counts. */
enum code_word code_language_word(const struct code_language *language, const char *word,
				  size_t len);

#endif
