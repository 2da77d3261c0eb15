/* journal-import.c - `tali journal import`: a recording of elsewhere becomes an assessment here */
#include "cmd.h"

#include "assess/import.h"
#include "journal/journal_read.h"
#include "report/view.h"

static const char *arg_file, *arg_key;

static const struct opt journal_import_opts[] = {
	{ .pos = &arg_file, .name = "FILE", .help = "what `tali journal export` wrote" },
	{ .str = &arg_key, .name = "key", .arg = "PUB",
	  .help = "public key of the store it comes from: keys/sign.pub, or its text" },
	{ 0 }
};

static int journal_import_main(const struct cmd_ctx *ctx, struct err *err)
{
	AUTO(assessment_release) struct assessment assessment = ASSESSMENT_INIT;
	uint8_t key[SIGN_PUBLIC_SIZE];

	if (!arg_key)
		return err_set(err, ERR_USAGE, "say with --key whose signature to check");
	if (journal_read_key(arg_key, key, err) < 0 ||
	    import_journal(ctx->store, arg_file, key, &assessment, err) < 0)
		return -1;
	if (ctx->json)
		return cmd_print_json(ctx, view_assessment(&assessment), err);
	fprintf(ctx->out, "%s\n", assessment.id);
	return 0;
}

const struct cmd cmd_journal_import = {
	.name = "journal import",
	.summary = "make an assessment of an exported journal",
	.json = "tali.assessment/1",
	.needs = CMD_STORE_WRITE,
	.opts = journal_import_opts,
	.run = journal_import_main,
};
