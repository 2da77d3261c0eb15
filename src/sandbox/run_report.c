/* run_report.c - how a sandboxed run ended and what it used */
#include "sandbox/run_report.h"

#include <stdio.h>
#include <string.h>

static const char *const verdict_names[VERDICTS] = {
	[VERDICT_OK] = "ok",
	[VERDICT_WRONG_ANSWER] = "wrong_answer",
	[VERDICT_TIME_LIMIT] = "time_limit",
	[VERDICT_WALL_LIMIT] = "wall_limit",
	[VERDICT_MEMORY_LIMIT] = "memory_limit",
	[VERDICT_OUTPUT_LIMIT] = "output_limit",
	[VERDICT_PROCESS_LIMIT] = "process_limit",
	[VERDICT_DISK_LIMIT] = "disk_limit",
	[VERDICT_RUNTIME_ERROR] = "runtime_error",
	[VERDICT_COMPILE_ERROR] = "compile_error",
	[VERDICT_SECURITY_VIOLATION] = "security_violation",
	[VERDICT_INTERNAL_ERROR] = "internal_error",
};

static const char *const guard_names[GUARD_COUNT] = {
	"user namespace", "process namespace", "mount namespace", "network namespace",
	"ipc namespace", "host name namespace", "cgroup namespace", "system call filter",
	"landlock", "no new privileges", "cpu limit", "wall limit",
	"memory limit", "process limit", "output limit", "disk limit",
	"file size limit", "open files limit", "inode limit",
};

const char *verdict_name(enum verdict verdict)
{
	return verdict_names[verdict];
}

int verdict_parse(const char *name, enum verdict *ret, struct err *err)
{
	for (int i = 0; i < VERDICTS; i++) {
		if (strcmp(verdict_names[i], name) == 0) {
			*ret = (enum verdict)i;
			return 0;
		}
	}
	return err_set(err, ERR_INPUT, "unknown verdict '%s'", name);
}

const char *run_guard_name(enum run_guard guard)
{
	for (int i = 0; i < GUARD_COUNT; i++)
		if ((unsigned)guard == 1U << i)
			return guard_names[i];
	return "";
}

const char *run_report_text(const struct run_report *report, char text[64])
{
	const char *name = verdict_name(report->verdict);

	if (report->verdict != VERDICT_RUNTIME_ERROR)
		snprintf(text, 64, "%s", name);
	else if (report->signal)
		snprintf(text, 64, "%s (signal %d)", name, report->signal);
	else
		snprintf(text, 64, "%s (exit status %d)", name, report->exit_status);
	return text;
}

json_t *run_guards_json(uint32_t mask)
{
	json_t *names = json_array();

	for (int i = 0; i < GUARD_COUNT; i++)
		if (mask & 1U << i)
			json_array_append_new(names, json_string(guard_names[i]));
	return names;
}

json_t *run_report_json(const struct run_report *report)
{
	json_t *object = json_object();

	json_object_set_new(object, "verdict", json_string(verdict_name(report->verdict)));
	json_object_set_new(object, "exit_status", report->exit_status < 0
			    ? json_null() : json_integer(report->exit_status));
	json_object_set_new(object, "signal", report->signal
			    ? json_integer(report->signal) : json_null());
	json_object_set_new(object, "cpu_ms", json_integer((json_int_t)report->cpu_ms));
	json_object_set_new(object, "wall_ms", json_integer((json_int_t)report->wall_ms));
	json_object_set_new(object, "memory_peak", json_integer((json_int_t)report->memory_peak));
	json_object_set_new(object, "processes_peak", json_integer(report->processes_peak));
	json_object_set_new(object, "output_bytes", json_integer((json_int_t)report->output_bytes));
	json_object_set_new(object, "weak", run_guards_json(report->weak));
	return object;
}

void run_report_read(const json_t *value, struct run_report *ret)
{
	const json_t *status = json_object_get(value, "exit_status");
	const json_t *signal = json_object_get(value, "signal");
	const char *verdict = json_string_value(json_object_get(value, "verdict"));
	struct err ignored = ERR_INIT;

	*ret = (struct run_report){ .verdict = VERDICT_OK, .exit_status = -1 };
	if (verdict && verdict_parse(verdict, &ret->verdict, &ignored) < 0)
		ret->verdict = VERDICT_INTERNAL_ERROR;
	if (json_is_integer(status))
		ret->exit_status = (int)(json_integer_value(status) & 0xff);
	if (json_is_integer(signal))
		ret->signal = (int)(json_integer_value(signal) & 0x7f);
}
