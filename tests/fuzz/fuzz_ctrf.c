/* fuzz_ctrf.c - CTRF reports of any bytes */
#include "base/auto.h"
#include "grade/ctrf.h"

#include <stdint.h>
#include <stdlib.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	AUTO(case_report_release) struct case_report report = CASE_REPORT_INIT;
	struct err err = ERR_INIT;

	if (ctrf_read((const char *)data, size, &report, &err) < 0) {
		if (report.count || err.code != ERR_INPUT || !err.text[0])
			abort();
		return 0;
	}
	case_report_settle(&report);
	for (int i = 0; i < report.count; i++)
		if (!report.cases[i].name || !report.cases[i].name[0])
			abort();

	return 0;
}
