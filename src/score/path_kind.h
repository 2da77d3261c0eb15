/* path_kind.h - what a file of the work is for, by its name */
#ifndef TALI_PATH_KIND_H
#define TALI_PATH_KIND_H

enum path_kind {
	PATH_CODE,	/* all that is not one of the others */
	PATH_TEST,	/* tests/x, test_x, x_test.y, x.test.y, x.spec.y, XTest.java ... */
	PATH_TEXT	/* README, x.md, x.txt ... */
};

enum path_kind path_kind_of(const char *path);

#endif
