/* fuzz_gotest.c - go test reports of any bytes */
#include "grade/gotest.h"
#include "report_reader.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	return try_reader(gotest_read, data, size);
}
