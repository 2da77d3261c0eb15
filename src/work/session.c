/* session.c - see session.h */
#include "work/session.h"

#include "base/auto.h"
#include "base/buf.h"
#include "base/fs.h"
#include "base/json.h"

#include <stdlib.h>
#include <string.h>

#define POINTER ".git/tali.json"
#define SCHEMA "tali.work/1"
#define POINTER_MAX_BYTES 16384

void session_release(struct session *session)
{
	free(session->folder);
	free(session->below);
	free(session->store);
	free(session->server);
	*session = (struct session)SESSION_INIT;
}

static int read_pointer(const char *path, struct session *ret, struct err *err)
{
	AUTO_JSON json_t *root = json_read(path, POINTER_MAX_BYTES, err);
	const char *store = json_str(root, "store", NULL);
	const char *server = json_str(root, "server", NULL);
	const char *id = json_str(root, "assessment", NULL);

	if (!root)
		return -1;
	if (strcmp(json_str(root, "schema", ""), SCHEMA) != 0 || !store == !server || !id ||
	    !rand_is_id(id))
		return err_set(err, ERR_INPUT, "%s: not a " SCHEMA " file", path);
	ret->store = store ? buf_strdup(store) : NULL;
	ret->server = server ? buf_strdup(server) : NULL;
	memcpy(ret->assessment_id, id, sizeof(ret->assessment_id));
	return 0;
}

int session_find(const char *from, struct session *ret, struct err *err)
{
	AUTO_FREE char *start = realpath(from ? from : ".", NULL);
	AUTO_FREE char *folder = buf_strdup(start);

	while (folder && *folder) {
		AUTO_FREE char *pointer = fs_join(folder, POINTER);
		size_t len = strlen(folder);

		if (fs_exists(pointer)) {
			if (read_pointer(pointer, ret, err) < 0)
				return -1;
			ret->below = buf_strdup(start[len] ? start + len + 1 : "");
			ret->folder = TAKE(folder);
			return 0;
		}
		*strrchr(folder, '/') = '\0';
	}
	return err_set(err, ERR_NOT_FOUND, "not in a work folder (made by `tali start`)");
}

int session_write(const char *folder, const char *store, const char *server,
		  const char *assessment_id, struct err *err)
{
	AUTO_FREE char *path = fs_join(folder, POINTER);
	AUTO_JSON json_t *root = json_pack("{s:s, s:s*, s:s*, s:s}", "schema", SCHEMA, "store",
					   store, "server", server, "assessment", assessment_id);
	AUTO_FREE char *text = json_dumps(root, JSON_INDENT(2));

	return fs_write(path, 0600, text, strlen(text), err);
}
