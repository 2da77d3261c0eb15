/* language_probe.c - see language_probe.h */
#include "task/language_probe.h"

#include "base/auto.h"
#include "base/buf.h"

#include <ctype.h>
#include <string.h>

#define OUTPUT_MOST 4096

/* Some write their version to standard output, some to standard error. */
static void take_output(void *arg, int stream, const void *data, size_t len)
{
	(void)stream;
	buf_add(arg, data, len);
}

static void first_line(const char *text, char version[LANGUAGE_VERSION_SIZE])
{
	size_t len;

	text += strspn(text, " \t\r\n");
	len = strcspn(text, "\r\n");
	if (len >= LANGUAGE_VERSION_SIZE)
		len = LANGUAGE_VERSION_SIZE - 1;
	for (size_t i = 0; i < len; i++)
		version[i] = isprint((unsigned char)text[i]) ? text[i] : ' ';
	version[len] = '\0';
}

bool language_probe(struct sandbox *sandbox, const struct language *language,
		    char version[LANGUAGE_VERSION_SIZE])
{
	AUTO(buf_release) struct buf output = BUF_INIT(OUTPUT_MOST);
	struct plan plan = { .argv = (const char *const *)language->detect, .stdin_fd = -1,
			     .limits = plan_default_limits, .allow_weak = true };
	struct sandbox_io io = { .arg = &output, .output = take_output };
	struct run_report report;
	struct err ignored = ERR_INIT;

	*version = '\0';
	if (sandbox_run(sandbox, &plan, &io, &report, &ignored) < 0 ||
	    report.verdict != VERDICT_OK)
		return false;
	first_line(buf_str(&output), version);
	return true;
}
