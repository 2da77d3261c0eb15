/* tex_markdown.h - the LaTeX of problem statements as Markdown
 *
 * The commands and environments that statements use: sections, Input, Output, Interaction,
 * emphasis, code, lists, verbatim, tables, links, pictures, quotes, dashes. Formulas become
 * text (tex_formula.h). What is not known stays as it stands. */
#ifndef TALI_TEX_MARKDOWN_H
#define TALI_TEX_MARKDOWN_H

#include "base/buf.h"

#include <jansson.h>

/* Appends the Markdown of `text` (UTF-8, ends with NUL) to `out`. Names of pictures get
 * `picture_folder` ("files/") put before. The names of commands and environments that are not known
 * become keys of `unknown`. A "\nextsample" or "\remainingsamples" becomes "{{nextsample}}" or
 * "{{remainingsamples}}", and "\constant{x}" becomes "{{x}}". Takes time in proportion to the text:
 * an argument that does not end within 2,000 bytes, and braces more than 50 deep, are text. */
void tex_markdown(const char *text, const char *picture_folder, json_t *unknown, struct buf *out);

#endif
