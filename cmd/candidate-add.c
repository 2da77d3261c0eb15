/* candidate-add.c - `tali candidate add`: a candidate without an invitation yet */
#include "cmd.h"

#include "report/view.h"

#include <stdlib.h>

static const char *arg_email, *arg_name, *arg_notes;

static const struct opt candidate_add_opts[] = {
	{ .pos = &arg_email, .name = "EMAIL", .help = "e-mail address" },
	{ .str = &arg_name, .name = "name", .arg = "NAME", .help = "name (else the address)" },
	{ .str = &arg_notes, .name = "notes", .arg = "TEXT", .help = "notes of the hiring team" },
	{ 0 }
};

/* A deleted candidate comes back with what is said now. */
static void replace(char **field, const char *value)
{
	if (!value)
		return;
	free(*field);
	*field = buf_strdup(value);
}

static int candidate_add_main(const struct cmd_ctx *ctx, struct err *err)
{
	AUTO(candidate_release) struct candidate candidate = CANDIDATE_INIT;
	AUTO(store_rollback) struct store *tx = ctx->store;
	AUTO_FREE char *email = candidate_email_read(arg_email, err);
	int row;

	if (!email || store_begin(ctx->store, err) < 0)
		return -1;
	row = candidate_find_email(ctx->store, email, &candidate, err);
	if (row == 1 && !candidate.deleted)
		return err_set(err, ERR_STATE, "there is a candidate '%s' already", email);
	if (row < 0)
		return -1;
	if (row == 0) {
		candidate.email = buf_strdup(email);
		candidate.name = buf_strdup(arg_name ? arg_name : email);
		candidate.notes = buf_strdup(arg_notes ? arg_notes : "");
		row = candidate_add(ctx->store, &candidate, err);
	} else {
		candidate.deleted = 0;
		replace(&candidate.name, arg_name);
		replace(&candidate.notes, arg_notes);
		row = candidate_save(ctx->store, &candidate, err);
	}
	if (row < 0 || store_commit(ctx->store, err) < 0)
		return -1;
	if (ctx->json)
		return cmd_print_json(ctx, view_candidate(&candidate), err);
	fprintf(ctx->out, "%s\t%s\n", candidate.email, candidate.id);
	return 0;
}

const struct cmd cmd_candidate_add = {
	.name = "candidate add",
	.summary = "add a candidate",
	.json = "tali.candidate/1",
	.needs = CMD_STORE_WRITE,
	.opts = candidate_add_opts,
	.run = candidate_add_main,
};
