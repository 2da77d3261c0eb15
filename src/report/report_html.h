/* report_html.h - a report as one HTML file (share/web/report*)
 *
 * It needs no script and no network. Its policy (Content-Security-Policy in a meta element) allows
 * the one style sheet that is in it, by its hash, and nothing else. Every text is escaped where it
 * stands (template.h). */
#ifndef TALI_REPORT_HTML_H
#define TALI_REPORT_HTML_H

#include "base/err.h"

#include <jansson.h>
#include <stdio.h>

/* Writes a tali.report/1; `out` is not closed. ERR_INTEGRITY when the template is not in order,
 * which tests exclude. */
int report_html(const json_t *report, FILE *out, struct err *err);

#endif
