/* schema_fault.c - see schema_fault.h */
#include "base/schema_fault.h"

#include "base/auto.h"
#include "base/buf.h"

#include <stdarg.h>
#include <stdio.h>
#include <string.h>

/* One line without control characters, and no half of a UTF-8 sequence at the end. */
static void make_printable(char *text, bool was_cut)
{
	size_t len = strlen(text);

	while (was_cut && len && (text[len - 1] & 0xc0) == 0x80)
		len--;
	if (was_cut && len && (text[len - 1] & 0x80))
		len--;
	text[len] = '\0';
	for (unsigned char *at = (unsigned char *)text; *at; at++) {
		if (*at < 0x20 || *at == 0x7f)
			*at = '?';
		else if (*at == 0xc2 && at[1] >= 0x80 && at[1] < 0xa0)
			at[0] = at[1] = '?';
	}
}

void schema_fault_add(struct schema_faults *faults, const char *format, ...)
{
	struct schema_fault *fault;
	va_list args;
	int len;

	if (faults->count++ >= faults->most)
		return;
	fault = &faults->list[faults->count - 1];
	memcpy(fault->pointer, faults->pointer, sizeof(fault->pointer));
	va_start(args, format);
	len = vsnprintf(fault->text, sizeof(fault->text), format, args);
	va_end(args);
	make_printable(fault->text, len >= (int)sizeof(fault->text));
}

void schema_fault_enter(struct schema_faults *faults, const char *key)
{
	AUTO(buf_release) struct buf step = BUF_INIT(2 * strlen(key) + 1);
	size_t len = strlen(faults->pointer);

	buf_add_byte(&step, '/');
	for (; *key; key++) {
		if (*key == '~' || *key == '/')
			buf_add_str(&step, *key == '~' ? "~0" : "~1");
		else
			buf_add_byte(&step, *key);
	}
	make_printable(step.data, false);
	if (faults->cut || len + step.len >= sizeof(faults->pointer))
		faults->cut++;
	else
		memcpy(faults->pointer + len, step.data, step.len + 1);
}

void schema_fault_leave(struct schema_faults *faults)
{
	if (faults->cut)
		faults->cut--;
	else
		*strrchr(faults->pointer, '/') = '\0';
}
