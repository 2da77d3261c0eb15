/* fuzz_foreign_trace.c - editing traces of any bytes */
#include "journal/foreign_trace.h"

#include "foreign_input.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	return try_foreign(foreign_trace_read, data, size);
}
