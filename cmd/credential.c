/* credential.c - `tali credential`: git's credential helper for the repositories of sessions
 *
 * (gitcredentials(7), git-credential(1): lines key=value up to an empty one, in and out) */
#include "cmd.h"

#include "work/remote_state.h"

#include <ctype.h>
#include <string.h>

#define LINE_MOST 8192
#define LINES_MOST 64

static const char *arg_operation;

static const struct opt credential_opts[] = {
	{ .pos = &arg_operation, .name = "OPERATION",
	  .help = "get; store and erase, which git says too, do nothing" },
	{ 0 }
};

struct asked {
	char protocol[16], host[300], path[300];	/* "" when not told */
};

/* Keeps the value when the line has the key; one that is too long is as good as none. */
static void keep(const char *line, const char *key, char *value, size_t size)
{
	size_t len = strlen(key);

	if (!strncmp(line, key, len) && line[len] == '=' && strlen(line + len + 1) < size)
		memcpy(value, line + len + 1, strlen(line + len + 1) + 1);
}

static void read_asked(struct asked *asked)
{
	char line[LINE_MOST];

	for (int i = 0; i < LINES_MOST && fgets(line, sizeof(line), stdin); i++) {
		line[strcspn(line, "\r\n")] = '\0';
		if (!*line)
			break;
		keep(line, "protocol", asked->protocol, sizeof(asked->protocol));
		keep(line, "host", asked->host, sizeof(asked->host));
		keep(line, "path", asked->path, sizeof(asked->path));
	}
	for (char *c = asked->host; *c; c++)
		*c = (char)tolower((unsigned char)*c);
}

/* "git/ID.git"; false for any other path. */
static bool read_id(const char *path, char id[RAND_ID_LEN + 1])
{
	if (strlen(path) != 4 + RAND_ID_LEN + 4 || strncmp(path, "git/", 4) != 0 ||
	    strcmp(path + 4 + RAND_ID_LEN, ".git") != 0)
		return false;
	memcpy(id, path + 4, RAND_ID_LEN);
	id[RAND_ID_LEN] = '\0';
	return rand_is_id(id);
}

/* Of what is not ours nothing is said: git asks the next. */
static int credential_main(const struct cmd_ctx *ctx, struct err *err)
{
	AUTO(remote_state_release) struct remote_state state = REMOTE_STATE_INIT;
	struct asked asked = { "", "", "" };
	struct err none = ERR_INIT;
	char id[RAND_ID_LEN + 1];
	AUTO_FREE char *server = NULL;

	if (!strcmp(arg_operation, "store") || !strcmp(arg_operation, "erase"))
		return 0;
	if (strcmp(arg_operation, "get") != 0)
		return err_set(err, ERR_USAGE, "'%s' is not get, store or erase", arg_operation);
	read_asked(&asked);
	server = buf_format("%s://%s", asked.protocol, asked.host);
	if (!read_id(asked.path, id) || remote_state_find(server, id, &state, &none) < 0)
		return 0;
	fprintf(ctx->out, "username=tali\npassword=%s\n", state.token);
	return 0;
}

const struct cmd cmd_credential = {
	.name = "credential",
	.summary = "tell git the credentials of a session at a server",
	.opts = credential_opts,
	.run = credential_main,
};
