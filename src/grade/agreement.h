/* agreement.h - holds the report of a command test against how its run ended and which cases
 * were expected
 *
 * The report was written by a process that also held the candidate's code, so it alone decides
 * nothing:
 *
 * run ended      report                                          result
 * well           none, empty, not readable                       tampered
 * well           a failed case (2); does not add up              tampered
 * well           an expected case is missing                     tampered
 * exit status    all there, all passed                           tampered
 * exit status    some failed                                     as reported (1)
 * exit status    none                                            runtime_error
 * signal         as with an exit status
 * limit          all there, all passed                           the limit, for every case
 * limit          anything else                                   as reported (1)
 * forbidden call anything                                        security_violation, for every case
 * any            a name twice, once passed; an unexpected pass   tampered
 * any            a control case (must_fail) that did not fail    tampered
 * any            a control case missing while others passed      tampered
 *
 * (2) but for TAP, whose runners often end with 0 whatever happened, and for a reward: its script
 * says all in that number, which counts only when the run ended well.
 *
 * Control cases are taken out; a runner that ends with an exit status because only they failed is
 * as good as one that ended well.
 *
 * (1) and what is missing gets the verdict of the run.
 *
 * An unexpected case that failed (a test file that could not be loaded) is kept, with weight 0.
 * One that shares its name with others is called GROUP.NAME in a report: an expected case is found
 * by either, and of several that have its name the worst counts.
 * An expected case that is skipped is wrong_answer, for the reference passes it. When nothing
 * is expected, the cases found share the points, and the passes of a run that was cut off count
 * for nothing. */
#ifndef TALI_AGREEMENT_H
#define TALI_AGREEMENT_H

#include "grade/case_report.h"
#include "grade/grade.h"

/* Adds the cases to `test` (has none so far; its `test` and `run` are set) and says whether it
 * was tampered with. `report` is NULL when there is none, then `fault` says why. `expected`:
 * array of ids, or NULL. The report is changed. */
void agreement_judge(struct grade_test *test, struct case_report *report, const char *fault,
		     const json_t *expected);

/* A test whose exit status is the result: one case, "TEST/exit". */
void agreement_judge_exit(struct grade_test *test);

#endif
