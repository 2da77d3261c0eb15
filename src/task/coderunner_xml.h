/* coderunner_xml.h - the CodeRunner questions of a Moodle XML file
 *
 *	<quiz><question type="coderunner"><name><text>...  <questiontext format="html"><text>...
 *	<coderunnertype> <answer> <answerpreload> <allornothing> <template> ...
 *	<testcases><testcase testtype="0" useasexample="1" mark="1.0"><testcode><text>... <stdin>
 *	<expected> <extra>  <file name="..." encoding="base64">...
 *	<answerfiles><file ...>
 *
 * (Moodle's documentation of its XML format, and the export of moodle-qtype_coderunner.) */
#ifndef TALI_CODERUNNER_XML_H
#define TALI_CODERUNNER_XML_H

#include "base/err.h"

#include <jansson.h>
#include <stddef.h>

#define CODERUNNER_XML_MAX_BYTES (32 << 20)
#define CODERUNNER_XML_MAX_DEPTH 32
#define CODERUNNER_XML_MAX_QUESTIONS 1000
#define CODERUNNER_XML_MAX_CASES 10000

/* Array of questions of all types in their order, yours: {line, type, format, fields: {NAME:
 * text, ...}, cases: [{example, precheck (alone), mark, fields: {testcode, stdin, expected,
 * extra, ...}}], files: [{name, data}], answers: [{name, data}]}. `files` lie beside any answer,
 * `answers` belong to that of the question. `fields` has the elements of the question by their
 * names, of <name>, <questiontext> and <generalfeedback> their <text>; one that is there twice
 * has its last value. `data` is base64. ERR_INPUT "NAME:LINE: what": no XML, a document type, no
 * quiz, or over a limit. */
json_t *coderunner_xml_read(const char *text, size_t len, const char *name, struct err *err);

#endif
