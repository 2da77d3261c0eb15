/* fuzz_foreign_cast.c - asciicasts of any bytes */
#include "journal/foreign_cast.h"

#include "foreign_input.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	return try_foreign(foreign_cast_read, data, size);
}
