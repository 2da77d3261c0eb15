/* case_report.c - the cases that a test runner reports */
#include "grade/case_report.h"

#include "base/auto.h"
#include "base/buf.h"
#include "base/hash.h"
#include "grade/grade_text.h"

#include <stdarg.h>
#include <stdlib.h>
#include <string.h>

static void entry_release(struct case_entry *entry)
{
	free(entry->name);
	free(entry->group);
	free(entry->message);
}

void case_report_release(struct case_report *report)
{
	for (int i = 0; i < report->count; i++)
		entry_release(&report->cases[i]);
	free(report->cases);
	free(report->broken);
	*report = (struct case_report)CASE_REPORT_INIT;
}

/* One line of printable text. Two long names that begin alike must not become one. */
static char *clean_name(const char *name, size_t len)
{
	AUTO_FREE char *text = grade_text_clean(name, len, CASE_REPORT_NAME_MAX);
	char hex[HASH_HEX_SIZE];
	struct hash hash;

	if (!text)
		return NULL;
	for (char *at = text; *at; at++)
		if (*at == '\n' || *at == '\t')
			*at = ' ';
	if (len <= CASE_REPORT_NAME_MAX)
		return TAKE(text);
	hash = hash_of(name, len);

	return buf_format("%s%.16s", text, hash_hex(&hash, hex));
}

struct case_entry *case_report_add(struct case_report *report, const char *name, size_t name_len)
{
	struct case_entry *entry;

	if (report->count == CASE_REPORT_MAX_CASES)
		return NULL;
	if (report->count == report->size) {
		report->size = report->size ? 2 * report->size : 16;
		report->cases = buf_realloc(report->cases, (size_t)report->size,
					    sizeof(*report->cases));
	}
	entry = &report->cases[report->count++];
	*entry = (struct case_entry){ .name = clean_name(name, name_len) };
	if (!entry->name)
		entry->name = buf_strdup("(no name)");

	return entry;
}

void case_report_set_group(struct case_entry *entry, const char *group, size_t len)
{
	free(entry->group);
	entry->group = clean_name(group, len);
}

void case_report_say(struct case_entry *entry, const char *text, size_t len)
{
	if (!entry->message)
		entry->message = grade_text_clean(text, len, CASE_REPORT_MESSAGE_MAX);
}

void case_report_break(struct case_report *report, const char *format, ...)
{
	va_list args;
	char *text;

	if (report->broken)
		return;
	va_start(args, format);
	if (vasprintf(&text, format, args) < 0)
		abort();
	va_end(args);
	report->broken = grade_text_clean(text, strlen(text), CASE_REPORT_MESSAGE_MAX);
	free(text);
}

static int by_name(const void *a, const void *b)
{
	const struct case_entry *const *left = a, *const *right = b;
	int order = strcmp((*left)->name, (*right)->name);

	return order ? order : (*left > *right) - (*left < *right);
}

/* The entries in order of their names; yours. */
static struct case_entry **sorted(const struct case_report *report)
{
	struct case_entry **list = buf_realloc(NULL, (size_t)report->count, sizeof(*list));

	for (int i = 0; i < report->count; i++)
		list[i] = &report->cases[i];
	qsort(list, (size_t)report->count, sizeof(*list), by_name);

	return list;
}

static bool same_name(const struct case_entry *a, const struct case_entry *b)
{
	return !strcmp(a->name, b->name);
}

static void qualify(struct case_entry *entry)
{
	AUTO_FREE char *old = NULL;

	if (!entry->group)
		return;
	old = entry->name;
	entry->name = buf_format("%s.%s", entry->group, old);
}

static void qualify_shared(struct case_report *report)
{
	AUTO_FREE struct case_entry **list = sorted(report);
	AUTO_FREE bool *shared = buf_alloc((size_t)report->count + 1);

	for (int i = 1; i < report->count; i++)
		if (same_name(list[i - 1], list[i]))
			shared[i - 1] = shared[i] = true;
	for (int i = 0; i < report->count; i++)
		if (shared[i])
			qualify(list[i]);
}

static void fold(struct case_entry *into, struct case_entry *from)
{
	if (from->outcome > into->outcome)
		into->outcome = from->outcome;
	if (!into->message)
		into->message = TAKE(from->message);
	into->ms += from->ms;
	entry_release(from);
	*from = (struct case_entry){ 0 };
}

static void drop_folded(struct case_report *report)
{
	int kept = 0;

	for (int i = 0; i < report->count; i++)
		if (report->cases[i].name)
			report->cases[kept++] = report->cases[i];
	report->count = kept;
}

const char *case_report_settle(struct case_report *report)
{
	const char *twice = NULL;

	qualify_shared(report);

	AUTO_FREE struct case_entry **list = sorted(report);
	for (int first = 0, i = 1; i < report->count; i++) {
		if (!same_name(list[first], list[i]))
			first = i;
		else if (list[first]->outcome >= CASE_FAILED && list[i]->outcome >= CASE_FAILED)
			fold(list[first], list[i]);
		else
			twice = list[first]->name;
	}
	drop_folded(report);

	return twice;
}

int case_report_counted(const struct case_report *report, enum case_outcome outcome)
{
	int count = 0;

	for (int i = 0; i < report->count; i++)
		count += report->cases[i].outcome == outcome;
	return count;
}
