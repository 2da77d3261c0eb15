/* page_data.h - everything that a page shows of a session, gathered in one walk over it */
#ifndef TALI_PAGE_DATA_H
#define TALI_PAGE_DATA_H

#include "replay/page_files.h"
#include "replay/page_screens.h"
#include "replay/page_steps.h"
#include "replay/page_talk.h"
#include "replay/timeline.h"

struct page_data {
	struct page_steps steps;
	struct page_files files;
	struct page_screens screens;
	struct page_talk talk;
};

/* Walks the timeline, which stands at its end afterwards; sets `data` up, for page_data_release,
 * also on error. From and to are the instants that the page shows; when both are 0, from the first
 * snapshot to the submission, or as far as there are events. `data` must stay where it is. */
int page_data_read(struct page_data *data, struct timeline *timeline, int64_t from, int64_t to,
		   struct err *err);
void page_data_release(struct page_data *data);

#endif
