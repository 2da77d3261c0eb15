/* candidate-edit.c - `tali candidate edit`: another name, address or notes */
#include "cmd.h"

#include "report/view.h"

#include <stdlib.h>
#include <string.h>

static const char *arg_candidate, *arg_name, *arg_email, *arg_notes;

static const struct opt candidate_edit_opts[] = {
	{ .pos = &arg_candidate, .name = "CANDIDATE", .help = "e-mail address or id" },
	{ .str = &arg_name, .name = "name", .arg = "NAME", .help = "another name" },
	{ .str = &arg_email, .name = "email", .arg = "EMAIL", .help = "another address" },
	{ .str = &arg_notes, .name = "notes", .arg = "TEXT",
	  .help = "notes of the hiring team, in place of the old ones" },
	{ 0 }
};

static void replace(char **field, const char *value)
{
	free(*field);
	*field = buf_strdup(value);
}

static int change_email(struct store *store, struct candidate *candidate, struct err *err)
{
	AUTO(candidate_release) struct candidate other = CANDIDATE_INIT;
	AUTO_FREE char *email = candidate_email_read(arg_email, err);
	int row = email ? candidate_find_email(store, email, &other, err) : -1;

	if (row == 1 && strcmp(other.id, candidate->id) != 0)
		return err_set(err, ERR_STATE, "there is a candidate '%s' already", email);
	if (row >= 0)
		replace(&candidate->email, email);
	return row < 0 ? -1 : 0;
}

static int candidate_edit_main(const struct cmd_ctx *ctx, struct err *err)
{
	AUTO(candidate_release) struct candidate candidate = CANDIDATE_INIT;
	AUTO(store_rollback) struct store *tx = ctx->store;

	if (store_begin(ctx->store, err) < 0 ||
	    candidate_find(ctx->store, arg_candidate, &candidate, err) < 0 ||
	    (arg_email && change_email(ctx->store, &candidate, err) < 0))
		return -1;
	if (arg_name)
		replace(&candidate.name, arg_name);
	if (arg_notes)
		replace(&candidate.notes, arg_notes);
	if (candidate_save(ctx->store, &candidate, err) < 0 || store_commit(ctx->store, err) < 0)
		return -1;
	if (ctx->json)
		return cmd_print_json(ctx, view_candidate(&candidate), err);
	return 0;
}

const struct cmd cmd_candidate_edit = {
	.name = "candidate edit",
	.summary = "change a candidate's name, address or notes",
	.json = "tali.candidate/1",
	.needs = CMD_STORE_WRITE,
	.opts = candidate_edit_opts,
	.run = candidate_edit_main,
};
