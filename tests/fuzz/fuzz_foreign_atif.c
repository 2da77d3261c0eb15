/* fuzz_foreign_atif.c - ATIF trajectories of any bytes */
#include "journal/foreign_atif.h"

#include "foreign_input.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	return try_foreign(foreign_atif_read, data, size);
}
