/* case_listing.h - a report of cases as one line, for tests */
#ifndef CASE_LISTING_H
#define CASE_LISTING_H

#include "base/buf.h"
#include "grade/case_report.h"

static inline const char *outcome_name(enum case_outcome outcome)
{
	static const char *const names[] = { "passed", "skipped", "failed", "error" };

	return names[outcome];
}

/* "name outcome[: message]" of each case in one line; yours. */
static inline char *listing(const struct case_report *report)
{
	struct buf out = BUF_INIT(1 << 20);

	for (int i = 0; i < report->count; i++) {
		const struct case_entry *entry = &report->cases[i];

		buf_add_format(&out, "%s%s %s", i ? "; " : "", entry->name,
			       outcome_name(entry->outcome));
		if (entry->message)
			buf_add_format(&out, ": %s", entry->message);
	}
	if (report->broken)
		buf_add_format(&out, " BROKEN %s", report->broken);
	return buf_take(&out);
}

#endif
