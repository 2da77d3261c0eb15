/* lazy.h - a shared library that is loaded when it is first needed */
#ifndef TALI_LAZY_H
#define TALI_LAZY_H

#include "base/err.h"

/* Loads the library of this soname for good and writes the address of each named function (names
 * end with NULL) into the slot of the same place. ERR_ENV when library or function is missing. */
int lazy_load(const char *soname, const char *const *names, void **slots, struct err *err);

#endif
