/* journal-import.c - `tali journal import`: a recording of elsewhere becomes an assessment here */
#include "cmd.h"

#include "assess/import.h"
#include "assess/recording.h"
#include "assess/replaying.h"
#include "assess/transcripts.h"
#include "journal/journal_read.h"
#include "report/view.h"
#include "transcript_print.h"

#include <string.h>

static const char *arg_file, *arg_key, *arg_from, *arg_name, *arg_positions, *arg_into;

static const struct opt journal_import_opts[] = {
	{ .pos = &arg_file, .name = "FILE", .help = "exported journal, or a recording (--from)" },
	{ .str = &arg_key, .name = "key", .arg = "PUB",
	  .help = "public key of the store it comes from: keys/sign.pub, or its text" },
	{ .str = &arg_from, .name = "from", .arg = "FORMAT",
	  .help = "editing-trace, asciicast, atif, claude-code or codex" },
	{ .str = &arg_name, .name = "name", .arg = "PATH",
	  .help = "editing trace: name of the file (that of FILE)" },
	{ .str = &arg_positions, .name = "positions", .arg = "UNIT",
	  .help = "editing trace: code-points (the default), utf16 or bytes" },
	{ .str = &arg_into, .name = "into", .arg = "ASSESSMENT",
	  .help = "put a transcript (--from atif, claude-code or codex) on its record" },
	{ 0 }
};

static int import_export(const struct cmd_ctx *ctx, struct assessment *ret, struct err *err)
{
	uint8_t key[SIGN_PUBLIC_SIZE];

	if (!arg_key)
		return err_set(err, ERR_USAGE, "say with --key whose signature to check, or with "
			       "--from what it is a recording of");
	if (arg_name || arg_positions)
		return err_set(err, ERR_USAGE, "--name and --positions go with --from");
	return journal_read_key(arg_key, key, err) < 0
		       ? -1 : import_journal(ctx->store, arg_file, key, ret, err);
}

static int import_recording(const struct cmd_ctx *ctx, struct assessment *ret, struct err *err)
{
	struct recording_request request = { .path = arg_file, .format = arg_from,
					     .options.file = arg_name };

	if (arg_key)
		return err_set(err, ERR_USAGE, "--key goes with an exported journal");
	if ((arg_name || arg_positions) && strcmp(arg_from, "editing-trace") != 0)
		return err_set(err, ERR_USAGE, "--name and --positions go with an editing trace");
	if (arg_positions &&
	    foreign_positions_read(arg_positions, &request.options.positions, err) < 0)
		return -1;
	return recording_import(ctx->store, &request, ret, err);
}

static int import_transcript(const struct cmd_ctx *ctx, struct err *err)
{
	AUTO(assessment_release) struct assessment assessment = ASSESSMENT_INIT;
	AUTO_JSON json_t *compared = NULL;

	if (!arg_from)
		return err_set(err, ERR_USAGE, "say with --from what wrote it: claude-code, codex "
			       "or atif");
	if (arg_key || arg_name || arg_positions)
		return err_set(err, ERR_USAGE, "--key, --name and --positions do not go with "
			       "--into");
	if (assessment_find(ctx->store, arg_into, &assessment, err) < 0 ||
	    transcripts_add(ctx->store, &assessment, arg_from, arg_file, err) < 0)
		return -1;
	compared = transcripts_compare(ctx->store, assessment.id, err);
	if (!compared)
		return -1;
	if (ctx->json)
		return cmd_print_json(ctx, TAKE(compared), err);
	transcript_print(ctx->out, compared);
	return 0;
}

static int journal_import_main(const struct cmd_ctx *ctx, struct err *err)
{
	AUTO(assessment_release) struct assessment assessment = ASSESSMENT_INIT;

	if (arg_into)
		return import_transcript(ctx, err);
	if ((arg_from ? import_recording : import_export)(ctx, &assessment, err) < 0)
		return -1;
	replaying_prepare(ctx->store, assessment.id);
	if (ctx->json)
		return cmd_print_json(ctx, view_assessment(&assessment), err);
	fprintf(ctx->out, "%s\n", assessment.id);
	return 0;
}

const struct cmd cmd_journal_import = {
	.name = "journal import",
	.summary = "take in an exported journal or a foreign recording",
	.json = "tali.assessment/1",
	.needs = CMD_STORE_WRITE,
	.opts = journal_import_opts,
	.run = journal_import_main,
};
