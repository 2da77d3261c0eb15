/* provider_options.h - where a key comes from: a file, a descriptor, or a person at a terminal */
#ifndef TALI_PROVIDER_OPTIONS_H
#define TALI_PROVIDER_OPTIONS_H

#include "base/err.h"

/* Reads a key, to be given to provider_key_wipe: of the file (`file`, "-" is standard input), of
 * the descriptor (`fd`, >= 0), else typed at /dev/tty without being shown. NULL: ERR_USAGE when
 * there is neither file, descriptor nor terminal; ERR_INPUT; ERR_ENV. */
char *provider_options_key(const char *file, long fd, struct err *err);

#endif
