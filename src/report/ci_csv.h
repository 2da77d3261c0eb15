/* ci_csv.h - grades as comma-separated values: a line for each submission, for a spreadsheet
 *
 * Columns: submission (its archive, or the assessment), task, verdict, percent, points, possible,
 * score; for each test of any of them "test ID", its points; fault. What was not graded has the
 * verdict "refused" (because of what was handed in) or "error" (our side failed), no numbers, and
 * says why in the last column. Texts are no formulas (report_csv.h). */
#ifndef TALI_CI_CSV_H
#define TALI_CI_CSV_H

#include "report/result.h"

result_writer ci_csv_write;

#endif
