/* env.c - `tali env`: what points a candidate's own tools at the models of the session */
#include "build.h"

#include "base/json.h"
#include "base/term.h"
#include "base/utf8.h"
#include "work/env_check.h"
#include "work/env_script.h"
#include "work/env_table.h"

#include <stdlib.h>
#include <string.h>
#include <unistd.h>

static const char *arg_shell = "bash", *arg_model, *arg_server;
static bool arg_check, arg_force;

static const struct opt env_opts[] = {
	{ .str = &arg_shell, .name = "shell", .arg = "SHELL",
	  .help = "whose words: bash (the default), zsh, fish, powershell or json" },
	{ .str = &arg_model, .name = "model", .arg = "MODEL",
	  .help = "the model that tools ask unless they are told another" },
	{ .str = &arg_server, .name = "server", .arg = "URL",
	  .help = "where `tali serve` listens, when the session is in a store" },
	{ .flag = &arg_check, .name = "check", .help = "see whether tools can work; print nothing "
						       "else" },
	{ .flag = &arg_force, .name = "force", .help = "print the token even to a terminal" },
	{ 0 }
};

static unsigned env_spares(const struct session *session)
{
	return session->server ? CMD_STORE_READ : 0;
}

/* --- whose session it is */

static int state_in_store(const struct cmd_ctx *ctx, struct remote_state *ret, struct err *err)
{
	char token[RAND_TOKEN_LEN + 1];
	AUTO_FREE char *link = NULL;
	size_t len;

	if (!arg_server)
		return err_set(err, ERR_USAGE, "the session is in the store %s: say with --server "
			       "where its `tali serve` listens", ctx->store_path);
	if (build_token(ctx, token, err) < 0)
		return -1;
	for (len = strlen(arg_server); len && arg_server[len - 1] == '/';)
		len--;
	link = buf_format("%.*s/t/%s", (int)len, arg_server, token);
	if (remote_state_link(link, &ret->server, &ret->token, err) < 0)
		return -1;
	ret->path = remote_state_path(ctx->session.assessment_id, err);
	ret->folder = buf_strdup(ctx->session.folder);
	return ret->path ? 0 : -1;
}

static int find_state(const struct cmd_ctx *ctx, struct remote_state *ret, struct err *err)
{
	if (!ctx->session.server)
		return state_in_store(ctx, ret, err);
	if (arg_server)
		return err_set(err, ERR_USAGE, "--server goes with a session in a store; this one "
			       "is at %s", ctx->session.server);
	return remote_state_get(&ctx->session, ret, err);
}

/* --- what is printed */

static json_t *document(const struct cmd_ctx *ctx, const struct remote_state *state)
{
	return json_pack("{s:s, s:s, s:s}", "schema", "tali.env/1", "assessment",
			 ctx->session.assessment_id, "server", state->server);
}

static int check_words(const struct env_words *words, struct err *err)
{
	const char *const all[] = { words->state, words->folder, words->model };

	for (size_t i = 0; i < sizeof(all) / sizeof(*all); i++)
		if (all[i] && !utf8_valid(all[i], strlen(all[i])))
			return err_set(err, ERR_INPUT, "'%s' is not UTF-8", all[i]);
	return 0;
}

static int print_variables(const struct cmd_ctx *ctx, const struct remote_state *state,
			   struct err *err)
{
	const struct env_words words = { state->server, state->token, state->path, state->folder,
					 arg_model };
	AUTO(buf_release) struct buf script = BUF_INIT(1u << 20);
	AUTO_JSON json_t *variables = env_table_variables(&words);
	json_t *view;

	if (check_words(&words, err) < 0 || env_table_write(&words, err) < 0)
		return -1;
	if (ctx->json || !strcmp(arg_shell, "json")) {
		view = document(ctx, state);
		json_object_set(view, "variables", variables);
		json_object_set_new(view, "clients", env_table_clients(&words));
		return cmd_print_json(ctx, view, err);
	}
	if (env_script_write(arg_shell, variables, &script, err) < 0)
		return -1;
	fwrite(buf_str(&script), 1, script.len, ctx->out);
	return 0;
}

/* Where the variables are in the environment of this very process. */
static json_t *shell_check(const struct remote_state *state)
{
	const struct env_words words = { state->server, state->token, state->path, state->folder,
					 NULL };
	AUTO_JSON json_t *variables = env_table_variables(&words);
	const json_t *value;
	const char *name;
	bool set = true;

	json_object_foreach(variables, name, value) {
		const char *here = getenv(name);

		set &= json_is_null(value) ? !here
					   : here && !strcmp(here, json_string_value(value));
	}
	return json_pack("{s:s, s:s, s:s}", "what", "shell", "state", set ? "ok" : "note", "text",
			 set ? "Its variables point tools at this session."
			     : "Its variables do not point tools at this session: "
			       "eval \"$(tali env)\"");
}

static int print_check(const struct cmd_ctx *ctx, struct remote_state *state, struct err *err)
{
	AUTO(remote_close) struct remote remote = { .state = *state };
	AUTO_JSON json_t *checks = NULL;
	enum err_code why;
	const json_t *check;
	json_t *view;
	size_t i;

	*state = (struct remote_state)REMOTE_STATE_INIT;
	remote.client = http_client_open(err);
	if (!remote.client)
		return -1;
	checks = env_check(&remote, &why);
	json_array_append_new(checks, shell_check(&remote.state));
	if (ctx->json) {
		view = document(ctx, &remote.state);
		json_object_set(view, "checks", checks);
		if (cmd_print_json(ctx, view, err) < 0)
			return -1;
	}
	json_array_foreach(checks, i, check)
		if (!ctx->json) {
			fprintf(ctx->out, "%-5s %-10s ", json_str(check, "state", ""),
				json_str(check, "what", ""));
			term_print_safe(ctx->out, json_str(check, "text", ""));
			putc('\n', ctx->out);
		}
	return why ? err_set(err, why, "%s", "") : 0;
}

static int env_main(const struct cmd_ctx *ctx, struct err *err)
{
	AUTO(remote_state_release) struct remote_state state = REMOTE_STATE_INIT;

	if (!arg_check && !arg_force && isatty(fileno(ctx->out)))
		return err_set(err, ERR_USAGE, "this would show the token of your session: "
			       "eval \"$(tali env)\", or say --force");
	if (find_state(ctx, &state, err) < 0)
		return -1;
	return arg_check ? print_check(ctx, &state, err) : print_variables(ctx, &state, err);
}

const struct cmd cmd_env = {
	.name = "env",
	.summary = "print what points your own tools at the session's models",
	.json = "tali.env/1",
	.needs = CMD_WORK | CMD_STORE_READ,
	.spares = env_spares,
	.opts = env_opts,
	.run = env_main,
};
