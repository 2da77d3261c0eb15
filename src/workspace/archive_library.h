/* archive_library.h - libarchive, loaded when it is first used (why: git_library.h) */
#ifndef TALI_ARCHIVE_LIBRARY_H
#define TALI_ARCHIVE_LIBRARY_H

#include "base/err.h"

#include <archive.h>
#include <archive_entry.h>

#define ARCHIVE_LIBRARY_FUNCTIONS(X) \
	X(entry_copy_pathname) X(entry_filetype) X(entry_free) X(entry_hardlink) \
	X(entry_is_encrypted) X(entry_new) X(entry_pathname) X(entry_perm) \
	X(entry_set_filetype) X(entry_set_gname) X(entry_set_mtime) X(entry_set_perm) \
	X(entry_set_size) X(entry_set_uname) X(entry_size) X(entry_size_is_set) \
	X(error_string) X(read_data) X(read_free) X(read_new) X(read_next_header) \
	X(read_open_fd) X(read_support_filter_gzip) X(read_support_format_tar) \
	X(read_support_format_zip) X(write_add_filter_gzip) X(write_close) X(write_data) \
	X(write_free) X(write_header) X(write_new) X(write_open_fd) \
	X(write_set_format_pax_restricted) X(write_set_format_zip) X(write_set_options)

#define ARCHIVE_LIBRARY_MEMBER(name) __typeof__(archive_##name) *name;
struct archive_library {
	ARCHIVE_LIBRARY_FUNCTIONS(ARCHIVE_LIBRARY_MEMBER)
};
extern struct archive_library archive_library;

#define archive(name) (*archive_library.name)

/* Loads the library once. ERR_ENV. */
int archive_library_load(struct err *err);

#endif
