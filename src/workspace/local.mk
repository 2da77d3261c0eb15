libtali_a_SOURCES += \
	src/workspace/line_diff.c src/workspace/line_diff.h \
	src/workspace/text_diff.c src/workspace/text_diff.h \
	src/workspace/watch.c src/workspace/watch.h \
	src/workspace/watch_tree.c src/workspace/watch_tree.h
server_sources += \
	src/workspace/archive_library.c src/workspace/archive_library.h \
	src/workspace/gunzip.c src/workspace/gunzip.h \
	src/workspace/git_library.c src/workspace/git_library.h \
	src/workspace/archive_file.c src/workspace/archive_file.h \
	src/workspace/deflate.c src/workspace/deflate.h \
	src/workspace/deflate_meter.c src/workspace/deflate_meter.h \
	src/workspace/folder_scan.c src/workspace/folder_scan.h \
	src/workspace/loose_object.c src/workspace/loose_object.h \
	src/workspace/oid_map.c src/workspace/oid_map.h \
	src/workspace/pack_scan.c src/workspace/pack_scan.h \
	src/workspace/repo_borrow.c src/workspace/repo_borrow.h \
	src/workspace/repo.c src/workspace/repo.h \
	src/workspace/repo_build.c src/workspace/repo_build.h \
	src/workspace/repo_clone.c src/workspace/repo_clone.h \
	src/workspace/repo_copy.c src/workspace/repo_copy.h \
	src/workspace/repo_diff.c src/workspace/repo_diff.h \
	src/workspace/repo_filter.c src/workspace/repo_filter.h \
	src/workspace/repo_internal.h \
	src/workspace/repo_lay.c src/workspace/repo_lay.h \
	src/workspace/repo_pack.c src/workspace/repo_pack.h \
	src/workspace/repo_serve.c src/workspace/repo_serve.h \
	src/workspace/repo_read.c src/workspace/repo_read.h \
	src/workspace/repo_stage.c src/workspace/repo_stage.h \
	src/workspace/repo_verify.c src/workspace/repo_verify.h \
	src/workspace/repo_walk.c src/workspace/repo_walk.h \
	src/workspace/repo_write.c src/workspace/repo_write.h \
	src/workspace/text_patch.c src/workspace/text_patch.h

unit_tests += tests/unit/test_archive_file tests/unit/test_repo tests/unit/test_repo_tree \
	tests/unit/test_text_diff tests/unit/test_watch
# it damages repositories with libgit2 itself
tests_unit_test_repo_LDADD = $(LDADD) $(LIBGIT2_LIBS)

fuzz_tests += tests/fuzz/fuzz_pack
