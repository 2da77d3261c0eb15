/* repo_copy.h - a tree from one repository into another (include workspace/repo.h) */
#ifndef TALI_REPO_COPY_H
#define TALI_REPO_COPY_H

#include "workspace/repo.h"

/* Stages the objects of `tree` (trees and blobs) of one repository in another; those that are there
 * (or that it borrows) stay. */
int repo_copy_tree(struct repo *to, struct repo *from, const char *tree, struct err *err);

#endif
