/* verify.c - `tali verify`: was anything changed? */
#include "cmd.h"

#include "assess/verify.h"
#include "base/fs.h"
#include "base/term.h"
#include "journal/journal_verify.h"

#include <string.h>

static const char *arg_what, *arg_key;

static const struct opt verify_opts[] = {
	{ .pos = &arg_what, .name = "WHAT", .optional = true,
	  .help = "assessment, or exported journal (a file); nothing: the whole store" },
	{ .str = &arg_key, .name = "key", .arg = "PUB",
	  .help = "public key that must have signed it: keys/sign.pub, or its text" },
	{ 0 }
};

/* `signer` is the key of another store that an assessment was imported from, or "". */
static int print_fine(const struct cmd_ctx *ctx, const char *what, int64_t events, int signatures,
		      const char *head, const char *signer, struct err *err)
{
	if (ctx->json)
		return cmd_print_json(ctx, json_pack("{s:s, s:s, s:b, s:I, s:i, s:s, s:s*}",
						     "schema", "tali.verify/1", "what", what, "ok",
						     true, "events", (json_int_t)events,
						     "signatures", signatures, "head", head,
						     "signer", *signer ? signer : NULL), err);
	fprintf(ctx->out, "%s: ok, %lld events, %d signature%s, head %.16s%s%s\n", what,
		(long long)events, signatures, signatures == 1 ? "" : "s", head,
		*signer ? ", imported, signed by " : "", signer);
	return 0;
}

/* With --json a fault is a result too. */
static int print_fault(const struct cmd_ctx *ctx, const char *what, struct err *err)
{
	struct err ignored = ERR_INIT;

	if (ctx->json && err->code == ERR_INTEGRITY)
		cmd_print_json(ctx, json_pack("{s:s, s:s, s:b, s:s}", "schema", "tali.verify/1",
					      "what", what, "ok", false, "fault", err->text),
			       &ignored);
	return -1;
}

static int verify_file(const struct cmd_ctx *ctx, struct err *err)
{
	uint8_t key[SIGN_PUBLIC_SIZE];
	struct journal_summary summary;

	if (!arg_key && !ctx->store)
		return err_set(err, ERR_USAGE, "say with --key whose signature to check");
	if ((arg_key ? journal_read_key(arg_key, key, err)
		     : store_public_key(ctx->store, key, err)) < 0 ||
	    journal_verify_path(arg_what, key, &summary, err) < 0)
		return print_fault(ctx, arg_what, err);
	return print_fine(ctx, arg_what, summary.events, summary.signatures, summary.head, "",
			  err);
}

/* The key that the store keeps for an assessment must be the one that was given. */
static int check_signer(const struct cmd_ctx *ctx, const struct assessment *assessment,
			struct err *err)
{
	uint8_t wanted[SIGN_PUBLIC_SIZE], kept[SIGN_PUBLIC_SIZE];

	if (!arg_key)
		return 0;
	if (journal_read_key(arg_key, wanted, err) < 0 ||
	    assessment_signer(ctx->store, assessment, kept, err) < 0)
		return -1;
	if (memcmp(wanted, kept, SIGN_PUBLIC_SIZE) != 0)
		return err_set(err, ERR_INTEGRITY, "signed by another key than the one given");
	return 0;
}

static int verify_one(const struct cmd_ctx *ctx, struct err *err)
{
	AUTO(assessment_release) struct assessment assessment = ASSESSMENT_INIT;
	struct verify_summary summary;

	if (assessment_find(ctx->store, arg_what, &assessment, err) < 0)
		return -1;
	if (check_signer(ctx, &assessment, err) < 0 ||
	    verify_assessment(ctx->store, &assessment, &summary, err) < 0) {
		print_fault(ctx, assessment.id, err);
		return err_wrap(err, "assessment %s", assessment.id);
	}
	return print_fine(ctx, assessment.id, summary.events, summary.signatures, summary.head,
			  assessment.signer, err);
}

static void print_checked(void *arg, const char *what, const struct err *fault)
{
	const struct cmd_ctx *ctx = arg;
	struct err ignored = ERR_INIT;

	if (ctx->json) {
		cmd_print_json(ctx, json_pack("{s:s, s:s, s:b, s:s?}", "schema", "tali.verify/1",
					      "what", what, "ok", fault == NULL, "fault",
					      fault ? fault->text : NULL), &ignored);
		return;
	}
	if (!fault && ctx->quiet)
		return;
	fprintf(ctx->out, "%s: ", what);
	term_print(ctx->out, fault ? TERM_RED : TERM_GREEN, fault ? fault->text : "ok");
	putc('\n', ctx->out);
}

static int verify_main(const struct cmd_ctx *ctx, struct err *err)
{
	if (arg_what && (strchr(arg_what, '/') || strchr(arg_what, '.') || fs_exists(arg_what)))
		return verify_file(ctx, err);
	if (arg_key && !arg_what)
		return err_set(err, ERR_USAGE, "--key goes with an exported file or an assessment");
	if (!ctx->store)
		return err_set(err, ERR_NOT_FOUND, "no store at %s", ctx->store_path);
	if (arg_what)
		return verify_one(ctx, err);
	return verify_store(ctx->store, print_checked, (void *)ctx, err);
}

const struct cmd cmd_verify = {
	.name = "verify",
	.summary = "check that nothing was changed: journal, objects, rows",
	.json = "tali.verify/1",
	.needs = CMD_STORE_READ | CMD_STORE_MAYBE,
	.opts = verify_opts,
	.run = verify_main,
};
