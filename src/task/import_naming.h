/* import_naming.h - names of a task made of the names that a package has */
#ifndef TALI_IMPORT_NAMING_H
#define TALI_IMPORT_NAMING_H

#include <jansson.h>

/* "two-sum" is "Two Sum"; one line of at most 200 bytes without control characters, "Task" when
 * nothing is left. Yours. */
char *import_naming_title(const char *slug);

/* The same for a text that is a title already: words stay as they are. Yours. */
char *import_naming_line(const char *text);

/* Small letters, digits and '-', at most 64, and the id of no test in `tests` (an array of a
 * manifest): "Adds two numbers" is "adds-two-numbers", a second one "adds-two-numbers-2". Yours. */
char *import_naming_test_id(const char *name, const json_t *tests);

#endif
