/* journal-export.c - `tali journal export`: the journal as JSON lines */
#include "cmd.h"

#include "journal/journal_export.h"
#include "store/assessment.h"

static const char *arg_id;

static const struct opt journal_export_opts[] = {
	{ .pos = &arg_id, .name = "ASSESSMENT", .help = "id, or a unique beginning of it" },
	{ 0 }
};

static int journal_export_main(const struct cmd_ctx *ctx, struct err *err)
{
	AUTO(assessment_release) struct assessment assessment = ASSESSMENT_INIT;

	if (assessment_find(ctx->store, arg_id, &assessment, err) < 0)
		return -1;
	return journal_export(ctx->store, &assessment, ctx->out, err);
}

const struct cmd cmd_journal_export = {
	.name = "journal export",
	.summary = "print a journal as JSON lines that `tali verify` checks anywhere",
	.json = "tali.journal/1",
	.needs = CMD_STORE_READ,
	.opts = journal_export_opts,
	.run = journal_export_main,
};
