/* pages.h - the addresses of pages and of what they load */
#ifndef TALI_PAGES_H
#define TALI_PAGES_H

#include "web/route.h"

/* GET /, /take-home, /assets/... */
extern const struct route pages_routes[];
/* Where there is nothing: a page for people, and what programs can read. */
extern const struct route pages_missing;

#endif
