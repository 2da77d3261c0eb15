/* curl_library.h - libcurl, loaded when it is first used
 *
 * `curl(curl_easy_init)()` calls curl_easy_init through a table that curl_library_load fills: with
 * all that libcurl links to it takes milliseconds to load, which most commands need not wait. */
#ifndef TALI_CURL_LIBRARY_H
#define TALI_CURL_LIBRARY_H

#include "base/err.h"

#include <stdbool.h>
#include <stdint.h>

#define CURL_DISABLE_TYPECHECK		/* its macros hide the names of functions */
#include <curl/curl.h>

#undef curl_easy_setopt
#undef curl_easy_getinfo
#undef curl_multi_setopt

#define CURL_LIBRARY_FUNCTIONS(X) \
	X(curl_global_init) X(curl_easy_init) X(curl_easy_setopt) X(curl_easy_getinfo) \
	X(curl_easy_perform) X(curl_easy_recv) X(curl_easy_send) \
	X(curl_easy_pause) X(curl_easy_cleanup) X(curl_easy_strerror) X(curl_slist_append) \
	X(curl_slist_free_all) X(curl_multi_init) X(curl_multi_setopt) X(curl_multi_add_handle) \
	X(curl_multi_remove_handle) X(curl_multi_perform) X(curl_multi_poll) \
	X(curl_multi_wakeup) X(curl_multi_info_read) X(curl_multi_cleanup)

#define CURL_LIBRARY_MEMBER(name) __typeof__(name) *name;
struct curl_library {
	CURL_LIBRARY_FUNCTIONS(CURL_LIBRARY_MEMBER)
};
extern struct curl_library curl_library;

#define curl(name) (*curl_library.name)

/* Loads and initialises the library once. ERR_ENV. Any thread. */
int curl_library_load(struct err *err);

/* What holds for every connection of ours: http and https alone, no proxy, no credentials in the
 * address; certificates by `ca_file`, or NULL for those of the system. False when libcurl lacks
 * something of it. */
bool curl_library_restrict(CURL *easy, int64_t connect_ms, const char *ca_file);

#endif
