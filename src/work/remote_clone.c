/* remote_clone.c - see remote_clone.h */
#include "work/remote_clone.h"

#include "base/auto.h"
#include "base/buf.h"
#include "base/fs.h"
#include "work/git_program.h"
#include "work/own_program.h"
#include "work/remote_call.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>

#define UNFINISHED ".git/tali.unfinished"
#define CONFIG_MAX 65536
#define SAID_MAX 65536

static char *url_of(const char *server, const char *assessment_id)
{
	return buf_format("%s/git/%s.git", server, assessment_id);
}

/* --- what is there */

static enum remote_folder look_inside(const char *folder, const char *url, struct err *err)
{
	AUTO_FREE char *mark = fs_join(folder, UNFINISHED);
	AUTO(buf_release) struct buf text = BUF_INIT(0);
	struct err ignored = ERR_INIT;
	struct dirent *entry;
	bool empty = true;
	DIR *dir;

	if (fs_read(AT_FDCWD, mark, CONFIG_MAX, &text, &ignored) == 0 &&
	    !strcmp(buf_str(&text), url))
		return REMOTE_FOLDER_UNFINISHED;
	dir = opendir(folder);
	if (!dir) {
		err_sys(err, "%s", folder);
		return REMOTE_FOLDER_REFUSED;
	}
	while ((entry = readdir(dir)))
		empty &= !strcmp(entry->d_name, ".") || !strcmp(entry->d_name, "..");
	closedir(dir);
	if (empty)
		return REMOTE_FOLDER_FREE;
	err_set(err, ERR_STATE, "%s is not empty", folder);
	return REMOTE_FOLDER_REFUSED;
}

enum remote_folder remote_clone_look(const char *folder, const char *server,
				     const char *assessment_id, struct err *err)
{
	AUTO(session_release) struct session session = SESSION_INIT;
	AUTO_FREE char *url = url_of(server, assessment_id);
	struct err ignored = ERR_INIT;

	if (!fs_exists(folder))
		return REMOTE_FOLDER_FREE;
	if (session_find(folder, &session, &ignored) < 0 || *session.below)
		return look_inside(folder, url, err);
	if (session.server && !strcmp(session.server, server) &&
	    !strcmp(session.assessment_id, assessment_id))
		return REMOTE_FOLDER_OURS;
	err_set(err, ERR_STATE, "%s is the work folder of another assessment", folder);
	return REMOTE_FOLDER_REFUSED;
}

/* --- settings of the clone */

/* As git reads it: in quotes, without control characters. */
static void add_setting(struct buf *out, const char *key, const char *value)
{
	buf_add_format(out, "\t%s = \"", key);
	for (; *value; value++) {
		if (*value == '"' || *value == '\\')
			buf_add_byte(out, '\\');
		if ((unsigned char)*value >= 0x20 && *value != 0x7f)
			buf_add_byte(out, *value);
	}
	buf_add_str(out, "\"\n");
}

static void add_settings(struct buf *out, const struct remote_state *state, const char *name,
			 const char *email)
{
	AUTO_FREE char *url = url_of(state->server, state->assessment_id);
	AUTO_FREE char *word = own_program_word();
	AUTO_FREE char *helper = buf_format("!%s credential", word);
	AUTO_FREE char *ca_file = remote_ca_file() ? realpath(remote_ca_file(), NULL) : NULL;

	buf_add_str(out, "# of tali\n[remote \"origin\"]\n");
	add_setting(out, "url", url);
	add_setting(out, "fetch", "+refs/heads/*:refs/remotes/origin/*");
	buf_add_str(out, "[branch \"main\"]\n");
	add_setting(out, "remote", "origin");
	add_setting(out, "merge", "refs/heads/main");
	/* the empty one takes away all others */
	buf_add_format(out, "[credential \"%s\"]\n\thelper =\n", state->server);
	add_setting(out, "helper", helper);
	add_setting(out, "useHttpPath", "true");
	buf_add_format(out, "[http \"%s\"]\n", state->server);
	add_setting(out, "followRedirects", "false");
	if (ca_file)
		add_setting(out, "sslCAInfo", ca_file);
	buf_add_str(out, "[pull]\n");
	add_setting(out, "rebase", "true");
	buf_add_str(out, "[rebase]\n");
	add_setting(out, "autoStash", "true");
	buf_add_str(out, "[user]\n");
	add_setting(out, "name", name);
	add_setting(out, "email", email);
}

/* What is in the folder is what the server has, byte for byte: the candidate's own settings of git
 * (core.autocrlf) and the task's attributes would make other files of them. */
static int keep_bytes(const struct remote_state *state, struct err *err)
{
	static const char text[] = "# of tali: files are here as they are at the server\n"
				   "* -text -ident -filter -working-tree-encoding\n";
	AUTO_FREE char *folder = fs_join(state->folder, ".git/info");
	AUTO_FREE char *path = fs_join(folder, "attributes");

	if (fs_mkdirs(folder, 0755, err) < 0)
		return -1;
	return fs_write(path, 0644, text, sizeof(text) - 1, err);
}

static int configure(const struct remote_state *state, const char *name, const char *email,
		     struct err *err)
{
	AUTO_FREE char *path = fs_join(state->folder, ".git/config");
	AUTO(buf_release) struct buf text = BUF_INIT(4 * CONFIG_MAX);
	AUTO(buf_release) struct buf all = BUF_INIT(4 * CONFIG_MAX);

	if (fs_read(AT_FDCWD, path, CONFIG_MAX, &text, err) < 0)
		return -1;
	buf_add(&all, buf_str(&text), text.len);
	add_settings(&all, state, name, email);
	if (fs_write(path, 0600, all.data, all.len, err) < 0)
		return -1;
	return keep_bytes(state, err);
}

/* --- git */

/* The last line that says something. */
static const char *last_line(struct buf *said)
{
	char *line;

	while (said->len > 0 && strchr("\r\n ", said->data[said->len - 1]))
		said->data[--said->len] = '\0';
	line = said->data ? strrchr(said->data, '\n') : NULL;
	return line ? line + 1 : buf_str(said);
}

/* Runs git in the folder, with no trust in what comes: no other protocol, no submodules, filters
 * and links, objects checked. */
static int git(const struct remote_state *state, const char *const *words, struct err *err)
{
	static const char *const careful[] = {
		"protocol.allow=never", "protocol.http.allow=always", "protocol.https.allow=always",
		"core.askPass=true", "core.symlinks=false", "fetch.fsckObjects=true",
		"fetch.recurseSubmodules=false", "submodule.recurse=false",
		"http.lowSpeedLimit=100", "http.lowSpeedTime=60", "advice.detachedHead=false",
		"filter.lfs.smudge=", "filter.lfs.process=", "filter.lfs.required=false",
		"init.defaultBranch=main",
	};
	const char *argv[64] = { "git", "-C", state->folder };
	size_t count = 3;
	AUTO(buf_release) struct buf said = BUF_INIT(SAID_MAX);
	int status;

	for (size_t i = 0; i < sizeof(careful) / sizeof(*careful); i++) {
		argv[count++] = "-c";
		argv[count++] = careful[i];
	}
	while (*words)
		argv[count++] = *words++;
	status = git_program_said(argv, &said, err);
	if (status == 0)
		return 0;
	if (status < 0)
		return -1;
	return err_set(err, ERR_ENV, "git: %s", last_line(&said));
}

static void close_folder(DIR **folder)
{
	if (*folder)
		closedir(*folder);
}

/* What a clone left that was cut off, but for the mark: git would not pass its own locks. */
static int begin_anew(const char *inside, struct err *err)
{
	AUTO(close_folder) DIR *folder = opendir(inside);
	const char *mark = strchr(UNFINISHED, '/') + 1;
	struct dirent *entry;

	if (!folder)
		return err_sys(err, "%s", inside);
	while ((entry = readdir(folder)))
		if (strcmp(entry->d_name, ".") != 0 && strcmp(entry->d_name, "..") != 0 &&
		    strcmp(entry->d_name, mark) != 0 &&
		    fs_remove_tree(dirfd(folder), entry->d_name, err) < 0)
			return -1;
	return 0;
}

int remote_clone(const struct remote_state *state, const char *name, const char *email,
		 struct err *err)
{
	static const char *const init[] = { "init", "-q", ".", NULL };
	static const char *const fetch[] = { "fetch", "-q", "--no-tags", "origin", "main", NULL };
	static const char *const track[] = { "update-ref", "refs/heads/main",
					     "refs/remotes/origin/main", NULL };
	static const char *const head[] = { "symbolic-ref", "HEAD", "refs/heads/main", NULL };
	static const char *const lay_out[] = { "reset", "-q", "--hard", "refs/heads/main", NULL };
	AUTO_FREE char *url = url_of(state->server, state->assessment_id);
	AUTO_FREE char *inside = fs_join(state->folder, ".git");
	AUTO_FREE char *mark = fs_join(state->folder, UNFINISHED);

	if (fs_mkdirs(inside, 0755, err) < 0 || fs_write(mark, 0600, url, strlen(url), err) < 0 ||
	    begin_anew(inside, err) < 0 || git(state, init, err) < 0 ||
	    configure(state, name, email, err) < 0 ||
	    git(state, fetch, err) < 0 || git(state, track, err) < 0 ||
	    git(state, head, err) < 0 || git(state, lay_out, err) < 0)
		return -1;
	return session_write(state->folder, NULL, state->server, state->assessment_id, err);
}

bool remote_clone_is_undone(const struct remote_state *state)
{
	AUTO_FREE char *mark = fs_join(state->folder, UNFINISHED);

	return fs_exists(mark);
}

int remote_clone_done(const struct remote_state *state, struct err *err)
{
	AUTO_FREE char *mark = fs_join(state->folder, UNFINISHED);

	return unlink(mark) < 0 && errno != ENOENT ? err_sys(err, "%s", mark) : 0;
}
