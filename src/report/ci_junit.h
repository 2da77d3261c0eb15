/* ci_junit.h - scores as JUnit XML
 *
 * testsuites > testsuite > (properties, testcase..., system-out, system-err), in the order and with
 * the attributes that both schemas in use ask for (Jenkins' junit-10.xsd and windyroad's
 * JUnit.xsd). A submission is a suite; classname is TASK.TEST. A wrong answer is a <failure>, what
 * our side or the archive is to blame for an <error>. */
#ifndef TALI_CI_JUNIT_H
#define TALI_CI_JUNIT_H

#include "report/result.h"

void ci_junit_write(FILE *out, const struct result_item *items, size_t count);

#endif
