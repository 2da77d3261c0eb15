/* fuzz_foreign_codex.c - sessions of Codex of any bytes */
#include "journal/foreign_codex.h"

#include "foreign_input.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	return try_foreign(foreign_codex_read, data, size);
}
