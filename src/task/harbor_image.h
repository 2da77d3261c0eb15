/* harbor_image.h - what a Dockerfile says of the files that a candidate starts with
 *
 * No image is built. Of a Dockerfile, FROM (the last stage counts), WORKDIR, COPY and ADD of files
 * of the package, and ENV are understood; the report says what was left out, with its line. */
#ifndef TALI_HARBOR_IMAGE_H
#define TALI_HARBOR_IMAGE_H

#include "task/import_draft.h"
#include "task/import_source.h"

struct harbor_image {
	char *base;		/* the folder that is the workspace; "/app" when none is said */
	struct buf env;		/* lines for a shell: export NAME='VALUE' */
};

#define HARBOR_IMAGE_INIT { .env = BUF_INIT(1 << 20) }
void harbor_image_release(struct harbor_image *image);

/* Adds a line to the environment. Names that are none, and values that are made of other
 * variables, are left out with a word: `where` is what the report calls it. */
void harbor_image_set(struct harbor_image *image, struct import_draft *draft, const char *where,
		      const char *name, const char *value);

/* Reads `context`/Dockerfile ("" is the top of the package), and copies what goes to the workspace
 * into start/. Without a Dockerfile, all of the context, unless it is the top. ERR_INPUT
 * "FILE:LINE: what" when it names a file that is not there. */
int harbor_image_read(struct harbor_image *image, struct import_draft *draft,
		      const struct import_source *source, const char *context, struct err *err);

#endif
