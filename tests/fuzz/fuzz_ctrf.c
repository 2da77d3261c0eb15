/* fuzz_ctrf.c - CTRF reports of any bytes */
#include "grade/ctrf.h"
#include "report_reader.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	return try_reader(ctrf_read, data, size);
}
