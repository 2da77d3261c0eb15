/* tex_formula.h - formulas of LaTeX as a line that everybody can read
 *
 * "$10^{-6} \le x_i \le n$" becomes "10⁻⁶ ≤ xᵢ ≤ n": symbols, raised and lowered digits and letters
 * where Unicode has them (else "x^(a+b)", "x_max"), fractions with a slash, roots. Nothing is set
 * in two dimensions, so a screen reader and a terminal say the same as a page. */
#ifndef TALI_TEX_FORMULA_H
#define TALI_TEX_FORMULA_H

#include "base/buf.h"

#include <jansson.h>
#include <stdbool.h>

/* Appends the formula (`len` bytes without its dollar signs) as text of Markdown. False when it has
 * a command or environment that is not known, which becomes a key of `unknown`, or is nested more
 * than 20 deep or longer than 2,000 bytes: then nothing is appended. */
bool tex_formula(const char *text, size_t len, json_t *unknown, struct buf *out);

/* The formula that begins at `text`, a dollar sign: "$...$" within a paragraph or "$$...$$". Its
 * length with the signs, and *ret_inner and *ret_len for what is between them; 0 when it is only a
 * dollar sign. */
size_t tex_formula_at(const char *text, const char **ret_inner, size_t *ret_len);

/* Appends Markdown with its formulas as text; code, and formulas that are not known, stay. */
void tex_formula_markdown(const char *text, json_t *unknown, struct buf *out);

#endif
