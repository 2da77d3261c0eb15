/* candidate-delete.c - `tali candidate delete`: out of the lists; the assessments stay */
#include "cmd.h"

#include "report/view.h"

static const char *arg_candidate;

static const struct opt candidate_delete_opts[] = {
	{ .pos = &arg_candidate, .name = "CANDIDATE", .help = "e-mail address or id" },
	{ 0 }
};

static int candidate_delete_main(const struct cmd_ctx *ctx, struct err *err)
{
	AUTO(candidate_release) struct candidate candidate = CANDIDATE_INIT;
	AUTO(store_rollback) struct store *tx = ctx->store;

	if (store_begin(ctx->store, err) < 0 ||
	    candidate_find(ctx->store, arg_candidate, &candidate, err) < 0)
		return -1;
	if (!candidate.deleted)
		candidate.deleted = store_now(ctx->store);
	if (candidate_save(ctx->store, &candidate, err) < 0 || store_commit(ctx->store, err) < 0)
		return -1;
	return ctx->json ? cmd_print_json(ctx, view_candidate(&candidate), err) : 0;
}

const struct cmd cmd_candidate_delete = {
	.name = "candidate delete",
	.summary = "take a candidate out of the lists",
	.json = "tali.candidate/1",
	.needs = CMD_STORE_WRITE,
	.opts = candidate_delete_opts,
	.run = candidate_delete_main,
};
