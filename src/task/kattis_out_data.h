/* kattis_out_data.h - the tests of a task as the test data of a Kattis package */
#ifndef TALI_KATTIS_OUT_DATA_H
#define TALI_KATTIS_OUT_DATA_H

#include "task/task_export.h"

/* What of a task a package can hold. */
struct kattis_out {
	struct export_call *call;	/* borrowed */
	bool scoring;			/* else one hidden test for all or nothing */
	bool interactive;
	const char **judge;		/* argv of the validator of its own, borrowed; or NULL */
	const json_t **tests;		/* the entries that are carried, in order, borrowed */
	int *numbers;			/* of each in the manifest */
	size_t count;
};

void kattis_out_release(struct kattis_out *out);

/* Picks the tests that a package can hold: io tests, or interactive ones when the first hidden one
 * is that, with one validator. The others go to the report. ERR_INPUT when no hidden test is
 * left. */
int kattis_out_pick(struct kattis_out *out, struct err *err);

/* Writes data/. */
int kattis_out_data(const struct kattis_out *out, struct err *err);

/* The test that an entry was read into. */
const struct manifest_test *kattis_out_test(const struct kattis_out *out, size_t i);
/* Whether the path, below start/ or hidden/, is a case of one of the tests. */
bool kattis_out_is_case(const struct kattis_out *out, const char *path);

/* "KEY: VALUE" with the value as JSON, which YAML is a superset of. */
void kattis_out_line(struct buf *text, const char *key, const json_t *value);

#endif
