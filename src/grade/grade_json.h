/* grade_json.h - a grade as JSON (include grade/grade.h) */
#ifndef TALI_GRADE_JSON_H
#define TALI_GRADE_JSON_H

#include "grade/grade.h"

/* The deterministic part: {verdict, points, possible, percent, build, tests: [{id, kind,
 * visibility, verdict, tampered, message, points, possible, cases: [{id, verdict, points,
 * possible, weight, tags, message}]}], restored}. Yours. */
json_t *grade_json(const struct grade *grade);

/* The measured part: {build: RUN|null, tests: {ID: RUN}, cases: {ID: {wall_ms, cpu_ms,
 * memory_peak}}} with RUN of run_report_json; cases that had a run of their own. Yours. */
json_t *grade_measured_json(const struct grade *grade);

/* What `tali run --test` prints, tali.test/1: the deterministic part with the numbers of cases;
 * when the build failed, with what it wrote ("build_output"). Yours. */
json_t *grade_test_json(const struct grade *grade, bool recorded);

#endif
