/* live_git.h - a live session for ordinary git: clone, fetch and push over HTTP
 *
 * git's own upload-pack and receive-pack run in the sandbox, on a copy of the session's history
 * (workspace/repo_serve.h); what they say is handed on as it is. What the candidate typed is saved
 * before a fetch, so that is always all there is.
 *
 * The rule for a push: it must add to main as it was when git looked (else git says "fetch
 * first"). Files that the push changes and nobody else changed meanwhile are taken as they are
 * pushed; files that only the page changed stay; when both changed one, and not to the same, the
 * push is refused as a whole and says which. Meanwhile is since main as git was told it: what was
 * saved after it is no commit yet, so that who is sent each save can push it, too. A push that is
 * taken is a snapshot of reason "push", and its files are on record. */
#ifndef TALI_LIVE_GIT_H
#define TALI_LIVE_GIT_H

#include "assess/live.h"
#include "workspace/repo.h"

#define LIVE_GIT_ASKED_MOST REPO_SERVE_PACK_MOST	/* bytes of a request */

enum live_git_service { LIVE_GIT_UPLOAD_PACK, LIVE_GIT_RECEIVE_PACK };

const char *live_git_name(enum live_git_service service);	/* "git-upload-pack" */

/* What git tells who asks for the refs, or answers to a request (gitprotocol-pack(5), v2(5)).
 * `protocol` is what the header Git-Protocol said, or NULL. ERR_STATE: for a push, that the session
 * is not active or time is up; ERR_INPUT: the request is none; ERR_ENV. What is refused of a push
 * is an answer like others. `out` must hold REPO_SERVE_PACK_MOST. */
int live_git_refs(struct live *live, struct store *store, enum live_git_service service,
		  const char *protocol, struct buf *out, struct err *err);
int live_git_ask(struct live *live, struct store *store, enum live_git_service service,
		 const char *protocol, const struct buf *asked, struct buf *out, struct err *err);

/* What git answers to a push that it refuses, with the sentence that the user reads, in place of
 * what is in `out`. */
void live_git_refusal(struct buf *out, const char *why);

#endif
