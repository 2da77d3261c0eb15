/* harbor_text.h - files of a Harbor task that speak of the folder it works in */
#ifndef TALI_HARBOR_TEXT_H
#define TALI_HARBOR_TEXT_H

#include "task/import_draft.h"
#include "task/import_source.h"

/* Copies a file and reports "FROM -> TO". In a text, the folder `base` (see harbor_image.h) becomes
 * "/app" wherever it stands as a whole name; the report says so. `said` may differ from `draft`,
 * and gets the report. */
int harbor_text_map(struct import_draft *draft, struct import_draft *said,
		    const struct import_source *source, const char *base, const char *from,
		    const char *to, struct err *err);

/* The text with that change in `ret` (emptied first); whether there was one. */
bool harbor_text_rewrite(const char *text, size_t len, const char *base, struct buf *ret);

#endif
