/* fuzz_yaml.c - YAML of any bytes: JSON comes out that can be written, or an error with a place */
#include "task/yaml.h"

#include "base/auto.h"

#include <stdint.h>
#include <stdlib.h>
#include <string.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	AUTO_JSON json_t *value = NULL;
	AUTO_FREE char *text = NULL;
	struct err err = ERR_INIT;

	if (yaml_parse((const char *)data, size, "in", &value, &err) < 0) {
		if (err.code != ERR_INPUT || strncmp(err.text, "in:", 3) != 0)
			abort();
		return 0;
	}
	text = json_dumps(value, JSON_ENCODE_ANY);
	if (!text)
		abort();
	return 0;
}
