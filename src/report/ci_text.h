/* ci_text.h - foreign text made fit for the logs and files of pipelines
 *
 * What candidates' programs say ends up in build logs, where a line that begins with "::" or holds
 * "##[" is a command to the runner, and in XML, which has no escape for most control characters. */
#ifndef TALI_CI_TEXT_H
#define TALI_CI_TEXT_H

#include <jansson.h>
#include <stddef.h>
#include <stdio.h>

#define CI_TEXT_MESSAGE 2000	/* bytes of one message */
#define CI_TEXT_NAME 300	/* bytes of one name */

/* The text in at most `most` bytes (at least 4) of valid UTF-8 that XML 1.0 allows: escape
 * sequences of terminals are taken out, other control characters but line feed and tab become
 * U+FFFD, and no line of it is a command: "::" at the beginning of a line becomes ": :", and "##"
 * before a bracket or a letter "# #". What was cut ends in "...". Yours, never NULL. */
char *ci_text_clean(const char *text, size_t most);

/* The same in one line: line feeds and tabs become blanks. Yours. */
char *ci_text_line(const char *text, size_t most);

/* Writes clean text as it may stand in XML and HTML, in attributes too. */
void ci_text_xml(FILE *out, const char *text);

/* Writes a JSON value and a line feed, over several lines when `indent` is not 0; "##" in strings
 * is escaped, so that no line is a command. Takes the value. */
void ci_text_json(FILE *out, json_t *value, int indent);

/* Points and percentages as JSON: at most four decimals, whole numbers as integers. Yours. */
json_t *ci_text_number(double value);

#endif
