/* fuzz_pack.c - git packs of any bytes: measured in bounds, or refused with a reason */
#include "base/auto.h"
#include "workspace/pack_scan.h"

#include <stdint.h>
#include <stdlib.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	static const struct pack_limits limits = { 1000, 1 << 20, 4 << 20 };
	AUTO_FILE FILE *file = size ? fmemopen((void *)data, size, "r") : NULL;
	struct err err = ERR_INIT;
	uint64_t objects = 0;

	if (!file)
		return 0;
	if (pack_scan(file, &limits, &objects, &err) < 0) {
		if ((err.code != ERR_INTEGRITY && err.code != ERR_INPUT) || !err.text[0])
			abort();
	} else if (objects > limits.objects) {
		abort();
	}
	return 0;
}
