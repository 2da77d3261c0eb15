/* code_json.c - see code_json.h */
#include "score/code_json.h"

#define FILES_MOST 500
#define FINDINGS_MOST 100

static json_t *count_json(const struct code_count *count)
{
	const struct {
		const char *name;
		uint32_t value;
	} members[] = {
		{ "lines", count->lines },
		{ "changed_lines", count->changed_lines },
		{ "code_lines", count->code_lines },
		{ "comment_lines", count->comment_lines },
		{ "duplicate_lines", count->duplicate_lines },
		{ "leftovers", count->leftovers },
		{ "functions", count->functions },
		{ "public_functions", count->public_functions },
		{ "documented", count->documented },
		{ "complexity", count->complexity },
		{ "complexity_max", count->complexity_max },
		{ "function_lines", count->function_lines },
		{ "function_lines_max", count->function_lines_max },
		{ "nesting_max", count->nesting_max },
		{ "names", count->names },
		{ "short_names", count->short_names },
		{ "odd_names", count->odd_names },
	};
	json_t *object = json_object();

	for (size_t i = 0; i < sizeof(members) / sizeof(*members); i++)
		json_object_set_new(object, members[i].name, json_integer(members[i].value));
	return object;
}

/* Paths of a tree may be any bytes. */
static json_t *path_json(const char *path)
{
	json_t *text = json_string(path);

	return text ? text : json_string("?");
}

json_t *code_json(const struct code_metrics *metrics)
{
	json_t *files = json_array(), *findings = json_array();

	for (size_t i = 0; i < metrics->file_count && json_array_size(files) < FILES_MOST; i++) {
		const struct code_file *file = &metrics->files[i];

		if (file->count.changed_lines)
			json_array_append_new(files, json_pack("{s:o, s:s, s:o}", "path",
							       path_json(file->path), "language",
							       file->language, "count",
							       count_json(&file->count)));
	}
	for (size_t i = 0; i < metrics->finding_count && i < FINDINGS_MOST; i++) {
		const struct code_finding *finding = &metrics->findings[i];

		json_array_append_new(
			findings, json_pack("{s:s, s:o, s:I, s:I}", "what",
					    code_metrics_fault_name(finding->fault), "path",
					    path_json(metrics->files[finding->file].path), "line",
					    (json_int_t)finding->line, "lines",
					    (json_int_t)finding->lines));
	}
	return json_pack("{s:o, s:o, s:o}", "total", count_json(&metrics->total), "files", files,
			 "findings", findings);
}
