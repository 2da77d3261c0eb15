/* doctor.c - `tali doctor`: what this machine can enforce, and how to mend what it cannot */
#include "cmd.h"

#include "base/term.h"
#include "sandbox/probe.h"
#include "task/language.h"

#include <string.h>

#define MOST_LINES 48

static const char *const state_names[] = { "enforced", "weak", "missing" };
static const enum term_style state_styles[] = { TERM_GREEN, TERM_YELLOW, TERM_RED };

static json_t *line_json(const struct probe_line *line)
{
	return json_pack("{s:s, s:s, s:b, s:s, s:s}", "name", line->name, "state",
			 state_names[line->state], "required", line->required, "how", line->how,
			 "mend", line->mend);
}

static void print_line(FILE *out, const struct probe_line *line)
{
	fprintf(out, "%-20s ", line->name);
	term_print(out, state_styles[line->state], state_names[line->state]);
	fprintf(out, "%*s%s\n", (int)(10 - strlen(state_names[line->state])), "", line->how);
	if (*line->mend)
		fprintf(out, "%-20s   -> %s\n", "", line->mend);
}

/* Asked inside the sandbox: what is not visible there is of no use to a task. */
static bool is_installed(struct sandbox *sandbox, const struct language *language)
{
	struct plan plan = { .argv = (const char *const *)language->detect, .stdin_fd = -1,
			     .limits = plan_default_limits, .allow_weak = true };
	struct sandbox_io io = { .arg = NULL };
	struct run_report report;
	struct err ignored = ERR_INIT;

	return sandbox_run(sandbox, &plan, &io, &report, &ignored) == 0 &&
	       report.verdict == VERDICT_OK;
}

static json_t *languages_json(struct sandbox *sandbox)
{
	json_t *languages = json_array();
	int i;

	for (i = 0; i < language_count(); i++)
		json_array_append_new(languages, json_pack("{s:s, s:b}", "name",
							   language_at(i)->name, "installed",
							   is_installed(sandbox, language_at(i))));
	return languages;
}

static void print_languages(FILE *out, struct sandbox *sandbox)
{
	int i;

	fputs("languages installed:", out);
	for (i = 0; i < language_count(); i++)
		if (is_installed(sandbox, language_at(i)))
			fprintf(out, " %s", language_at(i)->name);
	putc('\n', out);
}

static int doctor_main(const struct cmd_ctx *ctx, struct err *err)
{
	struct probe_line lines[MOST_LINES];
	int count = probe_machine(ctx->sandbox, lines, MOST_LINES), i;
	const struct probe_line *lacking = NULL;
	json_t *checks = json_array();

	for (i = 0; i < count; i++) {
		if (lines[i].required && lines[i].state != PROBE_ENFORCED && !lacking)
			lacking = &lines[i];
		json_array_append_new(checks, line_json(&lines[i]));
		if (!ctx->json && !ctx->quiet)
			print_line(ctx->out, &lines[i]);
	}
	if (ctx->json) {
		if (cmd_print_json(ctx,
				   json_pack("{s:s, s:b, s:o, s:o}", "schema", "tali.doctor/1",
					     "ready", lacking == NULL, "checks", checks,
					     "languages", languages_json(ctx->sandbox)),
				   err) < 0)
			return -1;
	} else {
		json_decref(checks);
		if (!ctx->quiet)
			print_languages(ctx->out, ctx->sandbox);
	}
	if (lacking)
		return err_set(err, ERR_ENV, "%s: %s%s%s", lacking->name,
			       state_names[lacking->state], *lacking->mend ? ": " : "",
			       lacking->mend);
	return 0;
}

const struct cmd cmd_doctor = {
	.name = "doctor",
	.summary = "check this machine: what the sandbox can enforce, and how to mend the rest",
	.json = "tali.doctor/1",
	.needs = CMD_SANDBOX,
	.run = doctor_main,
};
