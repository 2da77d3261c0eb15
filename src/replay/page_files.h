/* page_files.h - the files of a session as steps of a page
 *
 * Follows the fold with a copy of each text, which tells where a byte stands in lines and UTF-16
 * units. A page has room for so many bytes of text; a file for which there is none is shown without
 * its text from then on. */
#ifndef TALI_PAGE_FILES_H
#define TALI_PAGE_FILES_H

#include "journal/fold.h"
#include "replay/page_steps.h"
#include "replay/page_table.h"

#define PAGE_TEXTS_MAX (64u << 20)	/* bytes of files and edits in a page */

struct page_file;

struct page_files {
	struct page_steps *steps;	/* borrowed */
	struct page_table paths;	/* JSON strings */
	struct page_file **files;	/* by path */
	size_t count;
	size_t room;			/* bytes that texts may still take */
};

#define PAGE_FILES_INIT(to) \
	{ .steps = (to), .paths = PAGE_TABLE_INIT, .room = PAGE_TEXTS_MAX }

void page_files_release(struct page_files *files);

/* After the fold took one part of an event with this data at `instant`. */
int page_files_edit(struct page_files *files, struct fold *fold, const json_t *edit,
		    int64_t instant, struct err *err);
int page_files_file(struct page_files *files, struct fold *fold, const json_t *data,
		    int64_t instant, struct err *err);
int page_files_snapshot(struct page_files *files, struct fold *fold, int64_t instant,
			struct err *err);
void page_files_open(struct page_files *files, const json_t *data, int64_t instant);
void page_files_cursor(struct page_files *files, const json_t *data, int64_t instant);

#endif
