/* fuzz_junit.c - JUnit reports of any bytes */
#include "grade/junit.h"
#include "report_reader.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	return try_reader(junit_read, data, size);
}
