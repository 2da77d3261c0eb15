/* classroom_tests.h - the tests of a GitHub Classroom assignment, from either of its two files
 *
 *	.github/classroom/autograding.json   {tests: [{name, setup, run, input, output, comparison,
 *					      timeout, points}]}
 *	.github/workflows/NAME.yml           steps that use autograding-io-grader,
 *					     -command-grader or -python-grader, with: {test-name,
 *					     setup-command, command, input, expected-output,
 *					     comparison-method, timeout, max-score}
 *
 * (github.com/education/autograding, github.com/classroom-resources.) Both are read into the words
 * of the first. */
#ifndef TALI_CLASSROOM_TESTS_H
#define TALI_CLASSROOM_TESTS_H

#include "task/import_source.h"

#define CLASSROOM_TESTS_FILE ".github/classroom/autograding.json"
#define CLASSROOM_TESTS_MAX 200

/* The file that the tests are read from; borrowed from the source. NULL: there is none. A workflow
 * is one whose text names an autograding grader. */
const char *classroom_tests_file(const struct import_source *source);

/* Array of {name, setup, run, input, output, comparison ("exact", "included", "regex"), timeout
 * (minutes), points}, all there; `run` is null where pytest runs all; yours. ERR_INPUT names the
 * file and what in it. */
json_t *classroom_tests_read(const struct import_source *source, const char *file,
			     struct err *err);

#endif
