/* task_export.c - see task_export.h */
#include "task/task_export.h"

#include "base/auto.h"
#include "base/buf.h"
#include "task/task_export_harbor.h"
#include "task/task_export_kattis.h"
#include "task/task_folder.h"

#include <string.h>

static const struct export_format *const formats[] = {
	&task_export_harbor,
	&task_export_kattis,
};
#define FORMATS (sizeof(formats) / sizeof(*formats))

static const struct export_format *find_format(const char *name, struct err *err)
{
	AUTO(buf_release) struct buf names = BUF_INIT(1000);

	for (size_t i = 0; i < FORMATS; i++) {
		if (!strcmp(formats[i]->name, name))
			return formats[i];
		buf_add_format(&names, "%s%s", i ? ", " : "", formats[i]->name);
	}
	err_set(err, ERR_USAGE, "no format '%s'; there are task, %s", name, buf_str(&names));
	return NULL;
}

int task_export_write(const char *folder, const char *as, const char *into, char **ret_folder,
		      json_t **ret_report, struct err *err)
{
	const struct export_format *format = find_format(as, err);
	AUTO(manifest_release) struct manifest manifest = MANIFEST_INIT;
	AUTO(import_source_close) struct import_source *source = NULL;
	AUTO(import_draft_free) struct import_draft *package = NULL;
	AUTO_JSON json_t *faults = json_array();

	if (!format || task_folder_check(folder, &manifest, faults, err) < 0)
		return -1;
	source = import_source_open(folder, err);
	package = source ? import_draft_new(into, manifest.name, err) : NULL;
	if (!package ||
	    format->run(&(struct export_call){ source, &manifest, package }, err) < 0)
		return -1;
	*ret_folder = buf_strdup(import_draft_folder(package));
	*ret_report = import_draft_report(package);
	return 0;
}
