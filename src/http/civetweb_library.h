/* civetweb_library.h - civetweb, loaded when it is first used
 *
 * `civetweb(mg_read)(...)` calls mg_read through a table that civetweb_library_load fills. What is
 * not named here is not used: no form parser (CVE-2025-9648), no files, no CGI, no websockets of
 * its own (they take frames without mask, and allocate what a header claims), no TLS (the build of
 * Debian crashes at the first handshake). */
#ifndef TALI_CIVETWEB_LIBRARY_H
#define TALI_CIVETWEB_LIBRARY_H

#include "base/err.h"

#include <civetweb.h>

#define CIVETWEB_LIBRARY_FUNCTIONS(X) \
	X(mg_init_library) X(mg_start2) X(mg_stop) X(mg_get_server_ports) X(mg_get_context) \
	X(mg_get_user_data) X(mg_get_request_info) X(mg_get_user_connection_data) X(mg_read) \
	X(mg_disable_connection_keep_alive)

#define CIVETWEB_LIBRARY_MEMBER(name) __typeof__(name) *name;
struct civetweb_library {
	CIVETWEB_LIBRARY_FUNCTIONS(CIVETWEB_LIBRARY_MEMBER)
};
extern struct civetweb_library civetweb_library;

#define civetweb(name) (*civetweb_library.name)

/* Loads the library once. ERR_ENV. Any thread. */
int civetweb_library_load(struct err *err);

#endif
