/* task_import_exercism.c - see task_import_exercism.h */
#include "task/task_import_exercism.h"

static bool detect(const struct import_source *source)
{
	return import_source_has(source, ".meta/config.json");
}

static int run(struct import_call *call, struct err *err)
{
	(void)call;
	return err_set(err, ERR_INPUT, "not yet");
}

const struct import_format task_import_exercism = { "exercism", detect, run };
