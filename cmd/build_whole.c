/* build_whole.c - see build.h: a tali that has stores, and serves */
#include "build.h"

#include "assess/deadline.h"
#include "assess/secret.h"
#include "assess/start.h"
#include "assess/workplace_local.h"
#include "report/view.h"
#include "store/config.h"

#include <string.h>
#include <unistd.h>

static int open_store(struct cmd_ctx *ctx, struct err *err)
{
	enum store_mode mode = ctx->needs & CMD_STORE_WRITE ? STORE_WRITE : STORE_READ;
	struct err due = ERR_INIT;

	ctx->store = store_open(ctx->store_path, mode, ctx->clock, err);
	if (!ctx->store) {
		if (!(ctx->needs & CMD_STORE_MAYBE) || err->code != ERR_NOT_FOUND)
			return -1;
		*err = (struct err)ERR_INIT;
		return 0;
	}
	if (deadline_enforce(ctx->store, &due) < 0)
		cmd_say(ctx, "%s", due.text);
	return 0;
}

int build_run(const struct cmd *cmd, struct cmd_ctx *ctx, const char *store, struct err *err)
{
	AUTO_FREE char *path = store_locate(store);
	struct workplace_local local = { .session = &ctx->session, .sandbox = ctx->sandbox,
					 .allow_weak = ctx->allow_weak };
	int result;

	ctx->store_path = ctx->needs & CMD_WORK && !store ? ctx->session.store : path;
	if (ctx->needs & (CMD_STORE_READ | CMD_STORE_WRITE) && open_store(ctx, err) < 0)
		return -1;
	if (ctx->needs & CMD_PLACE) {
		local.store = ctx->store;
		workplace_local_open(&local);
		ctx->place = &local.place;
	}
	result = cmd->run(ctx, err);
	store_close(&ctx->store);
	return result;
}

static bool is_of_other_server(const struct store *store, const char *words)
{
	struct err ignored = ERR_INIT;
	AUTO_FREE char *url = config_get(store, "server.url", NULL, &ignored);

	return strstr(words, "://") && url && strncmp(words, url, strlen(url)) != 0;
}

json_t *build_start(const struct cmd_ctx *ctx, const struct build_start *start, bool *ret_laid_out,
		    struct err *err)
{
	AUTO(start_result_release) struct start_result result = START_RESULT_INIT;
	AUTO_FREE char *source = buf_format("uid:%u", (unsigned)getuid());
	struct start_request request = { .words = start->words, .code = start->code,
					 .folder = start->folder, .source = source,
					 .again = start->again };
	json_t *view;

	if (start_session(ctx->store, &request, &result, err) < 0) {
		if (err->code == ERR_NOT_FOUND && is_of_other_server(ctx->store, start->words))
			err_wrap(err, "the store %s was asked, not the link's server (--server)",
				 ctx->store_path);
		return NULL;
	}
	view = view_assessment(&result.assessment);
	json_object_set_new(view, "schema", json_string("tali.start/1"));
	json_object_set_new(view, "folder", json_string(result.folder));
	json_object_set_new(view, "resumed", json_boolean(result.resumed));
	*ret_laid_out = result.laid_out;
	return view;
}

int build_token(const struct cmd_ctx *ctx, char token[RAND_TOKEN_LEN + 1], struct err *err)
{
	AUTO(assessment_release) struct assessment assessment = ASSESSMENT_INIT;

	if (assessment_get(ctx->store, ctx->session.assessment_id, &assessment, err) < 0)
		return -1;
	return secret_token(ctx->store, &assessment, token, err);
}

int build_probe(struct probe_line *lines, int most)
{
	(void)lines;
	(void)most;
	return 0;
}
