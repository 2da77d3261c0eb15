/* fuzz_report.c - any JSON as a report: no text of it becomes an element, a formula, or moves a
 * terminal */
#include "base/auto.h"
#include "base/hash.h"
#include "report/report_compare.h"
#include "report/report_csv.h"
#include "report/report_html.h"
#include "report/report_text.h"

#include <stdint.h>
#include <stdlib.h>
#include <string.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void check_html(const json_t *report)
{
	AUTO_FREE char *html = NULL;
	struct err err = ERR_INIT;
	size_t len = 0;
	FILE *out = open_memstream(&html, &len);

	if (!out || report_html(report, out, &err) < 0)
		abort();
	fclose(out);
	if (strstr(html, "<marker") || strstr(html, "<script"))
		abort();
}

static void check_text(const json_t *report)
{
	AUTO_FREE char *text = NULL;
	size_t len = 0, i;
	FILE *out = open_memstream(&text, &len);

	if (!out)
		abort();
	report_text(report, out);
	fclose(out);
	for (i = 0; i < len; i++)
		if ((unsigned char)text[i] < ' ' && text[i] != '\n' && text[i] != '\t')
			abort();
}

static void check_csv(const json_t *report)
{
	AUTO_JSON json_t *entries = json_pack("[o]", report_compare_entry(report));
	AUTO_FREE char *lines = NULL;
	size_t len = 0;
	FILE *out = open_memstream(&lines, &len);

	if (!out)
		abort();
	report_csv(entries, out);
	fclose(out);
	if (strstr(lines, ",=") || strstr(lines, ",\"="))
		abort();
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	AUTO_JSON json_t *report = json_loadb((const char *)data, size, 0, NULL);

	/* {{ stays {{ as a text, ,= may stand inside a field */
	if (!json_is_object(report) || memmem(data, size, ",=", 2))
		return 0;
	hash_init();
	check_html(report);
	check_text(report);
	check_csv(report);
	return 0;
}
