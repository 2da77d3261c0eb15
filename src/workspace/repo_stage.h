/* repo_stage.h - new objects, held back until all of a call's are there, then put in place durably
 *
 * The stage is a backend of the object database, before the others: what is written stays in
 * memory, and can be read at once. Publishing writes and fsyncs the files, and only then gives them
 * their places: no object that can be found is half on disk, so "it exists" may be trusted later. A
 * few small objects become loose ones; otherwise they become one pack. When too much is held, a
 * pack is published before its time. */
#ifndef TALI_REPO_STAGE_H
#define TALI_REPO_STAGE_H

#include "base/err.h"

#include "workspace/git_library.h"

#define REPO_STAGE_LOOSE 100		  /* more objects than this are packed, */
#define REPO_STAGE_LOOSE_BYTES (8u << 20) /* or more bytes in all */
#define REPO_STAGE_BYTES (32u << 20)	  /* more than this is not held for long */

struct repo_stage;

/* A stage for the database (which owns it from then on); `objects` is the path of its folder. */
struct repo_stage *repo_stage_new(git_repository *git, git_odb *odb, const char *objects,
				  struct err *err);

/* Puts all that was written since the last time in place. Objects come before those that refer to
 * them. What could not be published is forgotten. */
int repo_stage_publish(struct repo_stage *stage, struct err *err);

/* To be called while blobs are written: publishes before its time when much is held. */
int repo_stage_relieve(struct repo_stage *stage, struct err *err);

/* fsync of a file or folder. */
int repo_stage_sync(const char *path, struct err *err);

/* Writes one pack of the objects in it to the folder and fsyncs it; gives its name "pack-...",
 * yours. */
char *repo_stage_write_pack(git_packbuilder *builder, const char *folder, struct err *err);

#endif
