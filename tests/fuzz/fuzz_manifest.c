/* fuzz_manifest.c - any bytes as task.json: refused with a fault, or a manifest that can be used */
#include "task/manifest.h"

#include "base/auto.h"
#include "sandbox/plan.h"
#include "task/rubric.h"

#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void use(const struct manifest *manifest)
{
	AUTO_JSON json_t *rubric = rubric_for(manifest);
	struct plan_limits limits;
	struct err err = ERR_INIT;

	if (!rubric || manifest_limits(manifest, NULL, &limits, &err) < 0)
		abort();
	for (int i = 0; i < manifest->test_count; i++) {
		AUTO_JSON json_t *tags = manifest_case_tags(&manifest->tests[i], "test_a");

		if (!tags || manifest_case_weight(&manifest->tests[i], "test_a") < 0)
			abort();
	}
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	AUTO(manifest_release) struct manifest manifest = MANIFEST_INIT;
	AUTO_JSON json_t *faults = json_array();
	struct err err = ERR_INIT;

	if (manifest_parse((const char *)data, size, "task.json", &manifest, faults, &err) == 0)
		use(&manifest);
	else if (err.code != ERR_INPUT || !err.text[0] || json_array_size(faults) == 0)
		abort();
	return 0;
}
