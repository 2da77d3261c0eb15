/* prove.h - shows that a task version does what its author says: reference, starter and wrong
 * variants */
#ifndef TALI_PROVE_H
#define TALI_PROVE_H

#include "grade/grade.h"

struct prove_request {
	struct sandbox *sandbox;
	struct repo *repo;		/* holds task_tree; result trees are written there */
	const char *task_tree;
	const struct manifest *manifest;
	int repeats;			/* 3 */
	bool reference_only;		/* one run of the reference, to learn the case ids */
	bool allow_weak;
	void (*progress)(void *arg, const char *what, int done, int total);
	void *arg;
};

/* Proof, `tali.proof/1`: {schema, task_tree, proved: bool, repeats, cases: {TEST: [ids the
 * reference passes]}, reference: {verdict, points, possible, wall_ms: {TEST: ms}}, starter:
 * {...}, variants: {NAME: {expect as in the manifest, verdict, fails: [ids], as_expected,
 * message}}, flaky: [ids], faults: [sentences], weak: [names]}. Yours; NULL with ERR_ENV when our
 * side failed. proved is false when: the reference misses a point, the starter earns all points, a
 * variant's verdicts, points or failing ids differ from the manifest, or a case changes between
 * repeats. */
json_t *prove_run(const struct prove_request *request, struct err *err);

#endif
