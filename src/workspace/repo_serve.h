/* repo_serve.h - a history laid out for git's own upload-pack and receive-pack, and what was pushed
 * taken back (include workspace/repo.h)
 *
 * The folder becomes a bare repository: main at a commit, with all that can be reached from it as
 * one pack and nothing else; HEAD; settings that refuse whatever is not an addition to main. Who
 * runs there is not trusted afterwards. */
#ifndef TALI_REPO_SERVE_H
#define TALI_REPO_SERVE_H

#include "workspace/repo.h"

#define REPO_SERVE_PACK_MOST ((size_t)64 << 20)	/* bytes of a history, and of a push */

/* A history in memory. */
struct repo_serve_pack {
	char commit[REPO_OID_SIZE];
	struct buf pack, index;
};

#define REPO_SERVE_PACK_INIT { .pack = BUF_INIT(REPO_SERVE_PACK_MOST), \
			       .index = BUF_INIT(REPO_SERVE_PACK_MOST) }
void repo_serve_pack_release(struct repo_serve_pack *pack);

/* ERR_INPUT when it is larger than REPO_SERVE_PACK_MOST, ERR_INTEGRITY. */
int repo_serve_pack_make(struct repo *repo, const char *commit, struct repo_serve_pack *ret,
			 struct err *err);

/* Lays it out in an empty folder (descriptor). `hook` is the text of the pre-receive hook; NULL:
 * nothing can be pushed. */
int repo_serve_lay(const struct repo_serve_pack *pack, const char *hook, int folder_fd,
		   struct err *err);

/* After receive-pack: reads the packs that came to the folder into the repository, on disk, and
 * gives the commit that main is at now. What it gives is checked: it adds to the commit that was
 * laid out, everything that can be reached from its tree is there, and the tree has regular files
 * and folders alone, within repo_limits, and no pointers of Git LFS; whether .gitattributes are
 * among them. No ref moves. ERR_INPUT says what is wrong with a push, ERR_INTEGRITY when it is none. */
int repo_serve_take(struct repo *repo, const struct repo_serve_pack *laid, int folder_fd,
		    char ret_commit[REPO_OID_SIZE], bool *ret_attributes, struct err *err);

#endif
