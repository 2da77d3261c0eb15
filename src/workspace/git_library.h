/* git_library.h - libgit2, loaded when it is first used
 *
 * It brings some twenty libraries with it, which take longer to load than most commands to run. So
 * `git(odb_write)(...)` calls git_odb_write through a table that git_library_load fills. */
#ifndef TALI_GIT_LIBRARY_H
#define TALI_GIT_LIBRARY_H

#include "base/err.h"

#include <git2.h>
#include <git2/sys/commit.h>
#include <git2/sys/odb_backend.h>
#include <git2/sys/repository.h>

#define GIT_LIBRARY_FUNCTIONS(X) \
	X(commit_author) X(config_free) X(config_open_ondisk) X(indexer_append) \
	X(indexer_commit) X(indexer_free) X(indexer_hash) X(indexer_new) \
	X(packbuilder_foreach) X(repository_set_config) \
	X(commit_create_from_ids) X(commit_free) X(commit_id) X(commit_lookup) \
	X(commit_parent_id) X(commit_parentcount) X(commit_time) X(commit_tree_id) \
	X(diff_options_init) X(error_last) X(graph_descendant_of) X(index_add) \
	X(index_entrycount) X(index_free) \
	X(index_get_byindex) X(index_new) X(index_open) X(index_path) X(index_remove) \
	X(index_write) X(index_write_tree_to) X(libgit2_init) X(libgit2_opts) \
	X(object_free) X(object_lookup) X(object_type) X(object_type2string) \
	X(odb_add_backend) X(odb_add_disk_alternate) X(odb_backend_data_alloc) \
	X(odb_backend_loose) X(odb_exists) X(odb_free) X(odb_hash) X(odb_init_backend) \
	X(odb_object_data) X(odb_object_free) X(odb_object_size) X(odb_object_type) \
	X(odb_open) X(odb_read) X(odb_read_header) X(odb_write) X(oid_cpy) X(oid_equal) \
	X(oid_fromstr) X(oid_is_zero) X(oid_streq) X(oid_tostr) X(packbuilder_free) \
	X(packbuilder_insert) X(packbuilder_insert_walk) X(packbuilder_name) \
	X(packbuilder_new) X(packbuilder_write) X(patch_free) X(patch_from_buffers) \
	X(patch_get_hunk) X(patch_get_line_in_hunk) X(patch_line_stats) X(patch_num_hunks) \
	X(patch_num_lines_in_hunk) \
	X(reference_name_is_valid) X(reference_name_to_id) \
	X(repository_free) X(repository_odb) X(repository_open_bare) \
	X(repository_wrap_odb) X(revwalk_free) X(revwalk_new) X(revwalk_push) \
	X(signature_free) X(signature_new) X(tag_target_id) X(tag_target_type) \
	X(tree_entry_byindex) X(tree_entry_bypath) X(tree_entry_filemode) \
	X(tree_entry_free) X(tree_entry_id) X(tree_entry_name) X(tree_entry_type) \
	X(tree_entrycount) X(tree_free) X(tree_lookup) X(treebuilder_free) \
	X(treebuilder_insert) X(treebuilder_new) X(treebuilder_remove) \
	X(treebuilder_write)

#define GIT_LIBRARY_MEMBER(name) __typeof__(git_##name) *name;
struct git_library {
	GIT_LIBRARY_FUNCTIONS(GIT_LIBRARY_MEMBER)
};
extern struct git_library git_library;

#define git(name) (*git_library.name)

/* Loads the library once, cut off from the configuration of system and user. ERR_ENV. */
int git_library_load(struct err *err);

#endif
