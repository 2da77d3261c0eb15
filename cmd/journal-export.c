/* journal-export.c - `tali journal export`: an assessment for other programs */
#include "cmd.h"

#include "assess/recording.h"
#include "journal/journal_export.h"
#include "replay/atif.h"
#include "replay/cast.h"
#include "store/assessment.h"

#include <string.h>

static const char *arg_id, *arg_format = "json", *arg_terminal;
static bool arg_input;

static const struct opt journal_export_opts[] = {
	{ .pos = &arg_id, .name = "ASSESSMENT", .help = "id, or a unique beginning of it" },
	{ .str = &arg_format, .name = "format", .arg = "FORMAT",
	  .help = "json (all of it, the default), asciicast or atif" },
	{ .str = &arg_terminal, .name = "terminal", .arg = "ID",
	  .help = "asciicast: this terminal, not the first" },
	{ .flag = &arg_input, .name = "input", .help = "asciicast: what was typed, too" },
	{ 0 }
};

static int export_cast(const struct cmd_ctx *ctx, const struct assessment *assessment,
		       struct err *err)
{
	const struct cast_request request = { .terminal = arg_terminal, .input = arg_input,
					      .title = recording_title(assessment) };

	return cast_export(ctx->store, assessment, &request, ctx->out, err);
}

static int export_atif(const struct cmd_ctx *ctx, const struct assessment *assessment,
		       struct err *err)
{
	const char *title = recording_title(assessment);
	const char *agent = title == assessment->task_name ? "assistant" : title;

	return atif_export(ctx->store, assessment, agent, ctx->out, err);
}

static int export_json(const struct cmd_ctx *ctx, const struct assessment *assessment,
		       struct err *err)
{
	return journal_export(ctx->store, assessment, ctx->out, err);
}

static int journal_export_main(const struct cmd_ctx *ctx, struct err *err)
{
	AUTO(assessment_release) struct assessment assessment = ASSESSMENT_INIT;
	bool cast = !strcmp(arg_format, "asciicast");

	if ((arg_terminal || arg_input) && !cast)
		return err_set(err, ERR_USAGE, "--terminal and --input go with --format asciicast");
	if (assessment_find(ctx->store, arg_id, &assessment, err) < 0)
		return -1;
	if (cast)
		return export_cast(ctx, &assessment, err);
	if (!strcmp(arg_format, "atif"))
		return export_atif(ctx, &assessment, err);
	if (!strcmp(arg_format, "json"))
		return export_json(ctx, &assessment, err);
	return err_set(err, ERR_USAGE, "formats are json, asciicast and atif, not '%s'",
		       arg_format);
}

const struct cmd cmd_journal_export = {
	.name = "journal export",
	.summary = "print all of an assessment, or its terminal or talk",
	.json = "tali.journal/1",
	.needs = CMD_STORE_READ,
	.opts = journal_export_opts,
	.run = journal_export_main,
};
