/* remote_state.c - see remote_state.h */
#include "work/remote_state.h"

#include "base/auto.h"
#include "base/buf.h"
#include "base/fs.h"
#include "base/json.h"

#include <ctype.h>
#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <time.h>

#define SCHEMA "tali.remote/1"
#define STATE_MAX_BYTES 65536
#define TOKEN_MAX 200		/* bytes; ours have RAND_TOKEN_LEN */
#define HOST_MAX 253
#define LOCK_TRY_MS 20

void remote_state_release(struct remote_state *state)
{
	if (state->token)
		explicit_bzero(state->token, strlen(state->token));
	free(state->path);
	free(state->server);
	free(state->folder);
	free(state->token);
	*state = (struct remote_state)REMOTE_STATE_INIT;
}

/* --- links */

static bool is_host(const char *host, size_t len)
{
	bool literal = len > 2 && host[0] == '[' && host[len - 1] == ']';

	if (len == 0 || len > HOST_MAX)
		return false;
	for (size_t i = literal; i < len - literal; i++)
		if (literal ? !isxdigit((unsigned char)host[i]) && !strchr(":.", host[i])
			    : !isalnum((unsigned char)host[i]) && !strchr("-._", host[i]))
			return false;
	return true;
}

static bool is_port(const char *port, size_t len)
{
	long number = strtol(port, NULL, 10);

	return len >= 1 && len <= 5 && strspn(port, "0123456789") >= len && number > 0 &&
	       number <= 65535;
}

/* Names could mean anything; these mean this machine. */
static bool is_loopback(const char *host, size_t len)
{
	AUTO_FREE char *name = buf_format("%.*s", (int)len, host);
	unsigned a, b, c, d;
	char rest;

	return !strcasecmp(name, "localhost") || !strcmp(name, "[::1]") ||
	       (sscanf(name, "%3u.%3u.%3u.%3u%c", &a, &b, &c, &d, &rest) == 4 && a == 127 &&
		b < 256 && c < 256 && d < 256);
}

/* Host and port, up to `len`; the scheme is one of the two. */
static int check_authority(const char *authority, size_t len, bool tls, struct err *err)
{
	const char *end = authority + len;
	const char *after = *authority == '[' ? memchr(authority, ']', len) : authority;
	const char *colon = after ? memchr(after, ':', (size_t)(end - after)) : NULL;
	size_t host = (size_t)((colon ? colon : end) - authority);

	if (!is_host(authority, host) ||
	    (colon && !is_port(colon + 1, (size_t)(end - colon - 1))))
		return err_set(err, ERR_USAGE, "the link has no proper host");
	if (!tls && !is_loopback(authority, host))
		return err_set(err, ERR_USAGE,
			       "the link is http://, which anybody on the way can read: "
			       "only https:// will do");
	return 0;
}

int remote_state_link(const char *link, char **ret_server, char **ret_token, struct err *err)
{
	bool tls = !strncasecmp(link, "https://", 8);
	const char *authority = link + (tls ? 8 : 7), *token;
	size_t len, token_len;

	if (!tls && strncasecmp(link, "http://", 7) != 0)
		return err_set(err, ERR_USAGE, "not a link: it begins with https://");
	len = strcspn(authority, "/?#");
	if (check_authority(authority, len, tls, err) < 0)
		return -1;
	if (strncmp(authority + len, "/t/", 3) != 0)
		return err_set(err, ERR_USAGE,
			       "not the link of an invitation: https://HOST/t/TOKEN");
	token = authority + len + 3;
	token_len = strspn(token, "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789");
	if (token_len == 0 || token_len > TOKEN_MAX ||
	    (token[token_len] && strcmp(token + token_len, "/") != 0))
		return err_set(err, ERR_USAGE,
			       "not the link of an invitation: https://HOST/t/TOKEN");
	*ret_server = buf_format("%s://%.*s", tls ? "https" : "http", (int)len, authority);
	for (char *c = *ret_server; *c; c++)
		*c = (char)tolower((unsigned char)*c);
	*ret_token = buf_format("%.*s", (int)token_len, token);
	return 0;
}

/* --- on disk */

static char *states_folder(struct err *err)
{
	const char *state = getenv("XDG_STATE_HOME"), *home = getenv("HOME");

	if (state && *state == '/')
		return fs_join(state, "tali");
	if (home && *home == '/')
		return fs_join(home, ".local/state/tali");
	err_set(err, ERR_ENV, "no place for what a session needs: $HOME is not set");
	return NULL;
}

char *remote_state_path(const char *assessment_id, struct err *err)
{
	AUTO_FREE char *states = NULL;

	if (!rand_is_id(assessment_id)) {
		err_set(err, ERR_INPUT, "that is no id of an assessment");
		return NULL;
	}
	states = states_folder(err);
	return states ? fs_join(states, assessment_id) : NULL;
}

/* What only its owner can have made: what others may write could send the token anywhere. */
static int check_owner(const char *path, struct err *err)
{
	struct stat st;

	if (lstat(path, &st) < 0)
		return errno == ENOENT ? err_set(err, ERR_NOT_FOUND, "%s is missing", path)
				       : err_sys(err, "%s", path);
	if (!S_ISDIR(st.st_mode) || st.st_uid != geteuid() || st.st_mode & 022)
		return err_set(err, ERR_STATE, "%s is not a folder that you alone can write", path);
	return 0;
}

static int read_token(struct remote_state *state, struct err *err)
{
	AUTO_FREE char *path = fs_join(state->path, "token");
	struct buf text = BUF_INIT(TOKEN_MAX + 1);
	int failed = fs_read(AT_FDCWD, path, TOKEN_MAX, &text, err);

	if (failed == 0) {
		text.data[strcspn(buf_str(&text), "\r\n")] = '\0';
		state->token = buf_strdup(buf_str(&text));
	}
	if (text.data)
		explicit_bzero(text.data, text.size);
	buf_release(&text);
	return failed;
}

/* Of the folder state->path. ERR_NOT_FOUND when there is none. */
static int read_state(const char *assessment_id, struct remote_state *state, struct err *err)
{
	AUTO_FREE char *path = fs_join(state->path, "state.json");
	AUTO_JSON json_t *root = NULL;
	const char *client;

	if (check_owner(state->path, err) < 0)
		return -1;
	root = json_read(path, STATE_MAX_BYTES, err);
	if (!root)
		return -1;
	client = json_str(root, "client", "");
	if (strcmp(json_str(root, "schema", ""), SCHEMA) != 0 || !rand_is_id(client) ||
	    strcmp(json_str(root, "assessment", ""), assessment_id) != 0 ||
	    !json_str(root, "server", NULL) || !json_str(root, "folder", NULL))
		return err_set(err, ERR_INPUT, "%s: not a " SCHEMA " file", path);
	memcpy(state->assessment_id, assessment_id, RAND_ID_LEN + 1);
	memcpy(state->client, client, RAND_ID_LEN + 1);
	state->server = buf_strdup(json_str(root, "server", NULL));
	state->folder = buf_strdup(json_str(root, "folder", NULL));
	return read_token(state, err);
}

static int write_state(const struct remote_state *state, struct err *err)
{
	AUTO_FREE char *path = fs_join(state->path, "state.json");
	AUTO_FREE char *token = fs_join(state->path, "token");
	AUTO_JSON json_t *root = json_pack("{s:s, s:s, s:s, s:s, s:s}", "schema", SCHEMA, "server",
					   state->server, "assessment", state->assessment_id,
					   "folder", state->folder, "client", state->client);
	AUTO_FREE char *text = root ? json_dumps(root, JSON_INDENT(2)) : NULL;

	if (!text)
		return err_set(err, ERR_INPUT, "the path of the work folder is not UTF-8");
	if (fs_write(token, 0600, state->token, strlen(state->token), err) < 0)
		return -1;
	return fs_write(path, 0600, text, strlen(text), err);
}

/* Whether a work folder is still that of this session. */
static bool points_here(const char *folder, const char *server, const char *assessment_id)
{
	AUTO(session_release) struct session session = SESSION_INIT;
	struct err ignored = ERR_INIT;

	return session_find(folder, &session, &ignored) == 0 && !*session.below &&
	       session.server && !strcmp(session.server, server) &&
	       !strcmp(session.assessment_id, assessment_id);
}

/* What is left of a session before: it is gone on with where it is the same one, and gives way
 * where nothing needs it any more. */
static int look_at_old(const struct remote_state *old, struct remote_state *fresh, struct err *err)
{
	bool same = !strcmp(old->server, fresh->server);

	if ((!same || strcmp(old->folder, fresh->folder) != 0) &&
	    points_here(old->folder, old->server, old->assessment_id))
		return err_set(err, ERR_STATE, "this session%s has its work folder in %s",
			       same ? "" : " of another server", old->folder);
	if (!same)
		return fs_remove_tree(AT_FDCWD, fresh->path, err);
	memcpy(fresh->client, old->client, sizeof(fresh->client));
	return 0;
}

int remote_state_put(const char *server, const char *token, const char *assessment_id,
		     const char *folder, struct remote_state *ret, struct err *err)
{
	AUTO(remote_state_release) struct remote_state old = REMOTE_STATE_INIT;
	AUTO(remote_state_release) struct remote_state fresh = {
		.path = remote_state_path(assessment_id, err), .server = buf_strdup(server),
		.folder = realpath(folder, NULL), .token = buf_strdup(token),
	};
	struct err why = ERR_INIT;

	if (!fresh.path)
		return -1;
	if (!fresh.folder)
		return err_sys(err, "%s", folder);
	memcpy(fresh.assessment_id, assessment_id, sizeof(fresh.assessment_id));
	rand_id(fresh.client);
	old.path = buf_strdup(fresh.path);
	if (read_state(assessment_id, &old, &why) == 0) {
		if (look_at_old(&old, &fresh, err) < 0)
			return -1;
	} else if (why.code != ERR_NOT_FOUND && why.code != ERR_INPUT) {
		*err = why;
		return -1;
	}
	if (fs_mkdirs(fresh.path, 0700, err) < 0 || write_state(&fresh, err) < 0)
		return -1;
	*ret = fresh;
	fresh = (struct remote_state)REMOTE_STATE_INIT;
	return 0;
}

int remote_state_get(const struct session *session, struct remote_state *ret, struct err *err)
{
	AUTO(remote_state_release) struct remote_state state = {
		.path = remote_state_path(session->assessment_id, err),
	};

	if (!state.path)
		return -1;
	if (read_state(session->assessment_id, &state, err) < 0)
		return err->code != ERR_NOT_FOUND ? -1 :
		       err_set(err, ERR_NOT_FOUND, "this machine does not know the session any "
			       "more: `tali start` its link again, in this folder");
	if (!session->server || strcmp(state.server, session->server) != 0)
		return err_set(err, ERR_STATE, "the session is at %s, and this folder says %s",
			       state.server, session->server ? session->server : "otherwise");
	if (strcmp(state.folder, session->folder) != 0)
		return err_set(err, ERR_STATE,
			       "the session has its work folder in %s; `tali start` the link again "
			       "when it was moved", state.folder);
	*ret = state;
	state = (struct remote_state)REMOTE_STATE_INIT;
	return 0;
}

int remote_state_find(const char *server, const char *assessment_id, struct remote_state *ret,
		      struct err *err)
{
	AUTO(remote_state_release) struct remote_state state = {
		.path = remote_state_path(assessment_id, err),
	};

	if (!state.path || read_state(assessment_id, &state, err) < 0)
		return -1;
	if (strcmp(state.server, server) != 0)
		return err_set(err, ERR_STATE, "the session is at %s", state.server);
	*ret = state;
	state = (struct remote_state)REMOTE_STATE_INIT;
	return 0;
}

/* --- who works on it */

int remote_state_lock(const struct remote_state *state, int wait_ms, struct err *err)
{
	static const struct timespec pause = { .tv_nsec = LOCK_TRY_MS * 1000000L };
	AUTO_FREE char *path = fs_join(state->path, "lock");
	AUTO_FD int fd = open(path, O_RDWR | O_CREAT | O_CLOEXEC | O_NOFOLLOW, 0600);

	if (fd < 0)
		return err_sys(err, "%s", path);
	while (flock(fd, LOCK_EX | LOCK_NB) < 0) {
		if (errno != EWOULDBLOCK && errno != EINTR)
			return err_sys(err, "%s", path);
		if (wait_ms <= 0)
			return err_set(err, ERR_ENV,
				       "another tali works on this session; try again");
		wait_ms -= LOCK_TRY_MS;
		nanosleep(&pause, NULL);
	}
	return TAKE_FD(fd);
}

int remote_state_watcher(const struct remote_state *state)
{
	AUTO_FREE char *path = fs_join(state->path, "watch.pid");
	AUTO_FD int fd = open(path, O_RDWR | O_CLOEXEC | O_NOFOLLOW | O_NONBLOCK);
	struct flock held = { .l_type = F_WRLCK, .l_whence = SEEK_SET };

	if (fd < 0 || fcntl(fd, F_GETLK, &held) < 0 || held.l_type == F_UNLCK)
		return 0;
	return held.l_pid > 0 ? (int)held.l_pid : 0;
}
