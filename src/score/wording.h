/* wording.h - what a text of a person says by its form: lists, words, repetitions
 *
 * Texts may hold any bytes. Letters are those of ASCII and every byte of a longer character, so all
 * languages have words; nothing depends on the locale. */
#ifndef TALI_WORDING_H
#define TALI_WORDING_H

#include "score/number_map.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* Lines of a list: "- x", "* x", "1. x", "2) x", "[ ] x", each with something behind the mark. What
 * stands between fences (```) is code or output, and no list. */
uint32_t wording_items(const char *text, size_t len);

/* Whether the word stands in the text, between bytes that are no part of a word. ASCII letters are
 * the same in both cases. */
bool wording_has(const char *text, size_t len, const char *word);

/* The words from `at` on: gives the next one and moves on; false at the end. A word is letters,
 * digits and underscores. */
bool wording_next(const char *text, size_t len, size_t *at, const char **ret, size_t *ret_len);
uint32_t wording_count(const char *text, size_t len);

/* A hash of a word that is the same in lower and upper case. */
uint64_t wording_hash(const char *word, size_t len);
/* Whether two words of that length are the same but for case. */
bool wording_same(const char *a, const char *b, size_t len);

/* Terms of a task's statement, each once, in order: words in `code`, and, of the others, those of 6
 * or more letters that stand there twice. Words of less than 3 letters, and those that any
 * statement has, are none. At most `most`; calls visit with each, ended by NUL. */
void wording_terms(const char *statement, size_t most, void (*visit)(void *arg, const char *term),
		   void *arg);

/* The hashes of all runs of 8 words, in lower case, in order; yours. */
#define WORDING_SHINGLE 8
uint64_t *wording_shingles(const char *text, size_t len, size_t *ret_count);

/* The text with blanks for all words of such runs whose hash is a key of `known`: what is said
 * here and not there. Of the same length, ended by NUL; yours. */
char *wording_own(const char *text, size_t len, const struct number_map *known);

#endif
