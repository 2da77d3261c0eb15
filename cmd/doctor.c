/* doctor.c - `tali doctor`: what this machine can enforce, and how to mend what it cannot */
#include "build.h"

#include "base/term.h"
#include "task/language_probe.h"

#include <string.h>

#define MOST_LINES 48

static bool arg_languages;

static const struct opt doctor_opts[] = {
	{ .flag = &arg_languages, .name = "languages",
	  .help = "only the programming languages, with versions" },
	{ 0 }
};

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

static json_t *languages_json(struct sandbox *sandbox)
{
	json_t *languages = json_array();
	char version[LANGUAGE_VERSION_SIZE];
	int i;

	for (i = 0; i < language_count(); i++)
		json_array_append_new(
			languages, json_pack("{s:s, s:b}", "name", language_at(i)->name,
					     "installed",
					     language_probe(sandbox, language_at(i), version)));
	return languages;
}

static void print_languages(FILE *out, struct sandbox *sandbox)
{
	char version[LANGUAGE_VERSION_SIZE];
	int i;

	fputs("languages installed:", out);
	for (i = 0; i < language_count(); i++)
		if (language_probe(sandbox, language_at(i), version))
			fprintf(out, " %s", language_at(i)->name);
	putc('\n', out);
}

/* "apt-get install python3 python3-pytest"; yours. */
static char *install_command(const struct language *language)
{
	struct buf text = BUF_INIT(1024);

	buf_add_format(&text, "apt-get install");
	for (const char **package = language->debian; package && *package; package++)
		buf_add_format(&text, " %s", *package);
	return text.data;
}

static int print_language(const struct cmd_ctx *ctx, const struct language *language,
			  struct err *err)
{
	char version[LANGUAGE_VERSION_SIZE];
	bool installed = language_probe(ctx->sandbox, language, version);
	AUTO_FREE char *install = install_command(language);

	if (ctx->json)
		return cmd_print_json(ctx,
				      json_pack("{s:s, s:s, s:s, s:b, s:s?, s:s}", "schema",
						"tali.language/1", "name", language->name, "title",
						language->title, "installed", installed, "version",
						installed ? version : NULL, "install", install),
				      err);
	fprintf(ctx->out, "%-12s ", language->name);
	term_print(ctx->out, installed ? TERM_GREEN : TERM_YELLOW,
		   installed ? "installed" : "missing  ");
	fprintf(ctx->out, "  %s\n", installed ? version : install);
	return 0;
}

static int print_language_table(const struct cmd_ctx *ctx, struct err *err)
{
	for (int i = 0; i < language_count(); i++)
		if (print_language(ctx, language_at(i), err) < 0)
			return -1;
	return 0;
}

static int check_machine(const struct cmd_ctx *ctx, struct err *err)
{
	struct probe_line lines[MOST_LINES];
	int count = build_probe(lines, MOST_LINES), i;
	const struct probe_line *lacking = NULL;
	json_t *checks = json_array();

	count += probe_machine(ctx->sandbox, lines + count, MOST_LINES - count);
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

static int doctor_main(const struct cmd_ctx *ctx, struct err *err)
{
	return arg_languages ? print_language_table(ctx, err) : check_machine(ctx, err);
}

const struct cmd cmd_doctor = {
	.name = "doctor",
	.summary = "check what this machine can enforce, and how to mend it",
	.json = "tali.doctor/1",
	.needs = CMD_SANDBOX,
	.opts = doctor_opts,
	.run = doctor_main,
};
