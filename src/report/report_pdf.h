/* report_pdf.h - a report as PDF, on A4
 *
 * The same report gives the same bytes on the same machine: its date is that of the score run. */
#ifndef TALI_REPORT_PDF_H
#define TALI_REPORT_PDF_H

#include "base/err.h"

#include <jansson.h>
#include <stdio.h>

/* What there is more of, the HTML report has. */
#define REPORT_PDF_MOMENTS 200	/* of the timeline */
#define REPORT_PDF_PROMPTS 60
#define REPORT_PDF_STEPS 60	/* tests over time */
#define REPORT_PDF_LINES 1000	/* of changed files */

/* Writes a tali.report/1; `out` is not closed. ERR_ENV when cairo, Pango or a font is missing, or
 * writing failed. */
int report_pdf(const json_t *report, FILE *out, struct err *err);

#endif
