/* schema_fault.h - collects what schema.c finds, each with the JSON pointer of where it is */
#ifndef TALI_SCHEMA_FAULT_H
#define TALI_SCHEMA_FAULT_H

#include "base/schema.h"

struct schema_faults {
	struct schema_fault *list;	/* NULL: only counted */
	int most, count;
	char pointer[256];		/* of the value at hand */
	int cut;			/* keys entered that the pointer had no room for */
};

/* One fault of the value at hand: one line, made free of control characters. */
void schema_fault_add(struct schema_faults *faults, const char *format, ...)
	__attribute__((format(printf, 2, 3)));

/* Goes down to the member `key` and back up. */
void schema_fault_enter(struct schema_faults *faults, const char *key);
void schema_fault_leave(struct schema_faults *faults);

#endif
