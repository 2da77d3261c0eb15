/* remote_clone.h - the work folder of a session at a server, laid out by ordinary git
 *
 * The clone's own settings: the repository at SERVER/git/ID.git, the credential helper `tali
 * credential` for it alone, no redirects, the candidate's name, rebasing when pulled, and no other
 * bytes in files than those of the repository (.git/info/attributes). While it is not whole and
 * known to the sync, .git/tali.unfinished says of which repository it is. */
#ifndef TALI_REMOTE_CLONE_H
#define TALI_REMOTE_CLONE_H

#include "work/remote_state.h"

enum remote_folder {
	REMOTE_FOLDER_REFUSED = -1,	/* there is something else */
	REMOTE_FOLDER_FREE,		/* not there, or empty */
	REMOTE_FOLDER_UNFINISHED,	/* a clone of this session that was cut off */
	REMOTE_FOLDER_OURS,		/* the session's */
};

/* What a folder is to a session. REMOTE_FOLDER_REFUSED: ERR_STATE, ERR_ENV. */
enum remote_folder remote_clone_look(const char *folder, const char *server,
				     const char *assessment_id, struct err *err);

/* Clones into state->folder, which is free or unfinished, and lets it point at the session. ERR_ENV
 * with what git said; then it may be repeated. It is done when remote_clone_done says so. */
int remote_clone(const struct remote_state *state, const char *name, const char *email,
		 struct err *err);

/* Whether remote_clone_done was not reached; and that all is done. */
bool remote_clone_is_undone(const struct remote_state *state);
int remote_clone_done(const struct remote_state *state, struct err *err);

#endif
