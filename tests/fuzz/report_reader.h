/* report_reader.h - what must hold of a reader of reports, whatever bytes it reads */
#ifndef TALI_REPORT_READER_H
#define TALI_REPORT_READER_H

#include "base/auto.h"
#include "grade/case_report.h"

#include <stdint.h>
#include <stdlib.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

typedef int report_reader(const char *text, size_t len, struct case_report *ret, struct err *err);

/* It refuses with a reason and leaves nothing, or each case has a name. */
static inline int try_reader(report_reader *read, const uint8_t *data, size_t size)
{
	AUTO(case_report_release) struct case_report report = CASE_REPORT_INIT;
	struct err err = ERR_INIT;

	if (read((const char *)data, size, &report, &err) < 0) {
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

#endif
