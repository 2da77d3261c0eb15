/* fuzz_tap.c - TAP reports of any bytes */
#include "grade/tap.h"
#include "report_reader.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	return try_reader(tap_read, data, size);
}
