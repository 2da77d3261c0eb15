/* pages.h - the addresses of pages and of what they load */
#ifndef TALI_PAGES_H
#define TALI_PAGES_H

#include "web/route.h"

/* GET /, /take-home, /assets/... */
extern const struct route pages_routes[];

#endif
