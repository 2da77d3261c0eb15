/* kattis_limits.c - the limits of a Kattis package as those of a task */
#include "task/kattis_limits.h"

#include "base/auto.h"
#include "base/json.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#define PROBLEM KATTIS_PROBLEM_YAML
#define INI KATTIS_PROBLEM_INI
#define TIME_FILE ".timelimit"
#define DEFAULT_SECONDS 5	/* where the package says no time limit */
#define DEFAULT_MEMORY_MB 2048	/* the format's usual defaults */
#define DEFAULT_OUTPUT_MB 8

static const char *const modern_limits[] = {
	"time_multipliers", "time_limit", "time_resolution", "memory", "output", "code",
	"compilation_time", "compilation_memory", "validation_time", "validation_memory",
	"validation_output", "validation_passes", NULL
};
static const char *const legacy_limits[] = {
	"time_multiplier", "time_safety_margin", "memory", "output", "code", "compilation_time",
	"compilation_memory", "validation_time", "validation_memory", "validation_output",
	"time_limit", NULL
};

/* 0 when it is not there. */
static int read_number(const struct kattis *kattis, const json_t *limits, const char *key,
		       double *ret, struct err *err)
{
	const json_t *value = json_object_get(limits, key);

	*ret = json_number_value(value);
	if (value && (!json_is_number(value) || *ret <= 0))
		return kattis_fail(kattis, PROBLEM, key, err, "%s must be a number over 0", key);
	return 0;
}

static double number_of_text(const char *text)
{
	char *end;
	double value = strtod(text, &end);

	end += strspn(end, " \t\r\n");
	return end > text && !*end && isfinite(value) && value > 0 ? value : 0;
}

/* The time limit of DOMjudge's files, which problem.yaml goes before. */
static int read_time_files(const struct kattis *kattis, double *seconds, struct err *err)
{
	const char *said = json_str(kattis->ini, "timelimit", NULL);
	AUTO(buf_release) struct buf text = BUF_INIT(100);

	if (*seconds == 0 && import_source_has(kattis->source, TIME_FILE)) {
		if (import_source_text(kattis->source, TIME_FILE, 100, &text, err) < 0)
			return -1;
		*seconds = number_of_text(buf_str(&text));
		if (*seconds == 0)
			return err_set(err, ERR_INPUT, TIME_FILE ":1: must be a number over 0");
		import_draft_mapped(kattis->draft, TIME_FILE, "task.json limits");
	}
	if (*seconds == 0 && said) {
		*seconds = number_of_text(said);
		if (*seconds == 0)
			return kattis_fail(kattis, INI, "timelimit", err,
					   "timelimit must be a number over 0");
		import_draft_mapped(kattis->draft, INI ": timelimit", "task.json limits");
	}
	return 0;
}

static void set_time(const struct kattis *kattis, json_t *limits, double seconds)
{
	AUTO_FREE char *what = NULL;

	if (seconds == 0) {
		seconds = DEFAULT_SECONDS;
		what = buf_format("time limit: %d s", DEFAULT_SECONDS);
		import_draft_changed(kattis->draft, what,
				     "the package says none; the format would measure the accepted "
				     "submissions, which differs from machine to machine");
	}
	json_object_set_new(limits, "cpu_seconds", json_real(seconds));
	json_object_set_new(limits, "wall_seconds", json_real(2 * seconds + 2));
}

static void note_unused_limits(const struct kattis *kattis, const json_t *limits)
{
	static const char own[] = "tali has a limit of its own for that";
	static const char measuring[] = "the time limit is not measured";
	static const struct {
		const char *key, *why;
	} unused[] = {
		{ "code", own }, { "compilation_time", own }, { "compilation_memory", own },
		{ "validation_time", own }, { "validation_memory", own },
		{ "validation_output", own }, { "time_multiplier", measuring },
		{ "time_safety_margin", measuring }, { "time_multipliers", measuring },
		{ "time_resolution", measuring },
	};

	for (size_t i = 0; i < sizeof(unused) / sizeof(*unused); i++) {
		AUTO_FREE char *what = buf_format("limits: %s", unused[i].key);

		if (json_object_get(limits, unused[i].key))
			import_draft_left_out(kattis->draft, what, unused[i].why);
	}
}

int kattis_limits_read(struct kattis *kattis, struct err *err)
{
	const json_t *said = json_object_get(kattis->root, "limits");
	json_t *manifest = import_draft_manifest(kattis->draft), *limits = json_object();
	double seconds = 0, memory = 0, output = 0;

	json_object_set_new(manifest, "limits", limits);
	if (said && !json_is_object(said))
		return kattis_fail(kattis, PROBLEM, "limits", err,
				   "limits must hold keys with values");
	if (said && kattis_check_keys(kattis, PROBLEM, said,
				      kattis->modern ? modern_limits : legacy_limits, err) < 0)
		return -1;
	if (read_number(kattis, said, "time_limit", &seconds, err) < 0 ||
	    read_number(kattis, said, "memory", &memory, err) < 0 ||
	    read_number(kattis, said, "output", &output, err) < 0 ||
	    read_time_files(kattis, &seconds, err) < 0)
		return -1;
	if (memory == 0)
		import_draft_changed(kattis->draft, "memory: 2048 MiB",
				     "the package says none; it is the format's usual limit");
	memory = memory > 0 ? memory : DEFAULT_MEMORY_MB;
	output = output > 0 ? output : DEFAULT_OUTPUT_MB;
	if (memory > 1e6 || output > 1e6)
		return kattis_fail(kattis, PROBLEM, "limits", err, "a limit is out of range");
	set_time(kattis, limits, seconds);
	json_object_set_new(limits, "memory_mb", json_integer((json_int_t)ceil(memory)));
	json_object_set_new(limits, "output_kb", json_integer((json_int_t)ceil(output * 1024)));
	note_unused_limits(kattis, said);
	return 0;
}
