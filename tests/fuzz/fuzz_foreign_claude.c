/* fuzz_foreign_claude.c - sessions of Claude Code of any bytes */
#include "journal/foreign_claude.h"

#include "foreign_input.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	return try_foreign(foreign_claude_read, data, size);
}
